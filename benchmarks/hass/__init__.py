"""What the cases around Home Assistant share: a real core, and what they are set beside."""
