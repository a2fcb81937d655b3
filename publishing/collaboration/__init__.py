"""People who work on the text of a book with its author: who was invited, in which role, and what each may do."""
