"""The readers of sums."""
