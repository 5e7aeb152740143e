"""Traces the main journeys through the integration."""
