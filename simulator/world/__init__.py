"""The physical world that both services could see: pure functions of seed and time."""
