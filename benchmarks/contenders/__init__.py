"""What the cases of this package's own run: each contender in a process of its own."""
