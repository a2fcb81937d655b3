"""The sample books of the demonstration and their metadata."""
