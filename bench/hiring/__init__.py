"""A simulated year of hiring, and a ring that hires its own boss: the figures of docs/market.md."""
