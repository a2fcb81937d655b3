"""What visitors do with a book's page, counted without cookies and without following anybody (decision 120)."""
