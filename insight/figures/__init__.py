"""Figures: sums of events and sales by day, and the pages that show them."""
