"""Judges the control law of load limits by evenings on a simulated feeder."""
