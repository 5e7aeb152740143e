"""Clients of both clouds, without Home Assistant."""
