"""Benchmarks: what the integration costs, beside what else could do the same."""
