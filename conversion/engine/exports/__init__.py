"""Further export formats of a book: plain text, Markdown, the author's own PDF."""
