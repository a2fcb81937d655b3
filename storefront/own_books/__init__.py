"""A person's own books: EPUBs from elsewhere that they read here. Nobody else sees that they exist."""
