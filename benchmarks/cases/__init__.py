"""The cases: each module here names those it has in `CASES`."""
