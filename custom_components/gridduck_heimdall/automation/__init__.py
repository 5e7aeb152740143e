"""Shared parts of the integration's triggers and conditions."""
