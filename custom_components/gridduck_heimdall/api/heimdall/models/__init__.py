"""Frozen models of what the Heimdall service answers, by module of the service."""
