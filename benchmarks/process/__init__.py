"""What a real process of Home Assistant costs, as seen from outside."""
