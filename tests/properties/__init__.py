"""Properties that hold for random input."""
