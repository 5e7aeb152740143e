"""What the integration's triggers and conditions share."""
