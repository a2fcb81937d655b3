"""Queries about passages; they change nothing."""
