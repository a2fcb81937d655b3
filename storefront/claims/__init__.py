"""Claims on words of books: who claims them, what the author answers, what is held meanwhile, and who decides."""
