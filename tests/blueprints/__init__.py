"""Each blueprint, loaded into an automation, beside both simulated clouds."""
