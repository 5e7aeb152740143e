"""The GridDuck backend."""
