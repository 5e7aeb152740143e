"""The Heimdall Power backend."""
