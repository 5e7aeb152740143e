"""Launch both simulated clouds and a real Home Assistant as processes, and ask all of them."""
