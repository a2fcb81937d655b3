"""What a book is also given out as: plain text, Markdown, the author's own PDF."""
