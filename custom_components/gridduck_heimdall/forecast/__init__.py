"""What lines and sites are expected to carry, and whether it will fit."""
