"""Both clouds as real HTTP servers on loopback, with faults on demand.

For tests, the demo and benchmarks. The integration never imports it.
"""
