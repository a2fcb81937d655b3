"""What completion reads."""
