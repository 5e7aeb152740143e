"""Writes the parts of the reference that the code knows."""
