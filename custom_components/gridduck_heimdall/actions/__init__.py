"""Handlers of the actions; `services.py` registers them."""
