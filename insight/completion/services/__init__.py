"""What completion does."""
