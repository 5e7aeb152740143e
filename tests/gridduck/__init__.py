"""Tests of the GridDuck room."""
