"""What Home Assistant sees of Heimdall Power."""
