"""Tests of the scripts and of the package around the integration."""
