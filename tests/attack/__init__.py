"""Attacks: fuzzed answers, foreign names, and secrets that must not come out."""
