"""Tests of what looks ahead."""
