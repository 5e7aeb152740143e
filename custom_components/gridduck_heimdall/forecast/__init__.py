"""What lines and sites are expected to carry, whether it will fit, and reports on the past."""
