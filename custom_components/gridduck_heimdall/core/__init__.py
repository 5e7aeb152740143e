"""Shared by all clouds; nothing here names a cloud."""
