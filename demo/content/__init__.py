"""The sample books of the demonstration and all that is said about them."""
