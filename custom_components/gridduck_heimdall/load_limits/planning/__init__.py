"""What load limits are going to curtail, and what they boost ahead of that."""
