"""Tests of what assistants may see and do."""
