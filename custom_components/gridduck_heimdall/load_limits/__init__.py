"""Keeps measured loads at or below their limits by snoozing assets.

This package runs all load limits: it reads loads, limits and assets, has `control_law` decide,
sends commands, and shows what happens. docs/load-limits.md explains the control law.
"""
