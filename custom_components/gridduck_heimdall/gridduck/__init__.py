"""What Home Assistant sees of GridDuck."""
