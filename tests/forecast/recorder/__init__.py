"""Tests of what reads the recorder and shows forecasts, with both accounts."""
