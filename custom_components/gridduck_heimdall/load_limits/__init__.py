"""Keeps measured loads at or below their limits by snoozing assets.

The modules here are pure: they know neither Home Assistant nor a cloud, send nothing and read no
clock. docs/load-limits.md explains the control law.
"""
