"""History of both clouds in Home Assistant's long-term statistics."""
