"""Pages of offers: for everybody, and for providers."""
