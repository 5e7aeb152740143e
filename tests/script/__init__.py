"""Tests of the scripts, the demo and the package around the integration."""
