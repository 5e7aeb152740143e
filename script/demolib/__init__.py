"""The demo: both simulated clouds and a real Home Assistant that shows them."""
