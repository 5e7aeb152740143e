"""How well congestion is foreseen, in a simulated world of lines.

`python -m benchmarks.forecast` prints the table of docs/forecast.md.
"""
