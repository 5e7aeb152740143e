"""Prepares a release: its version, its section of the changelog, the publisher's address."""
