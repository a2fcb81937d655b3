"""Maintenance mode: the shop can be read but not changed, or is closed to all but operators."""
