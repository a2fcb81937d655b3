"""Passages that a text shares with books of others: found after each upload, shown to those who may know of them."""
