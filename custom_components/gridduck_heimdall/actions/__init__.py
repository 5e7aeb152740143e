"""What each action does; `services.py` registers them."""
