"""The demo: what script/demo starts, sets up and shows."""
