"""The only writers of sums."""
