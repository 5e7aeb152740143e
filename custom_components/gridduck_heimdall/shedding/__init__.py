"""Shedding load: which assets give way, that they did, and that they come back one by one."""
