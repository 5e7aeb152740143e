"""The control law of load limits: which asset is off until when, as pure functions.

The modules here know neither Home Assistant nor a cloud, send nothing and read no clock.
docs/load-limits.md explains them.
"""
