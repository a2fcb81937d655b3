"""Django's PostgreSQL, but that it looks at a connection instead of asking over it whether it still stands."""
