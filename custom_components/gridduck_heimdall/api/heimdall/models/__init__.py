"""Frozen models of responses, by module of the service."""
