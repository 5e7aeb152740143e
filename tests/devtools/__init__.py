"""Tests of the launcher and the demo."""
