"""Full-text search for books, authors and series."""
