"""Clients of both clouds; nothing here knows of Home Assistant."""
