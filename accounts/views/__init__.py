"""Views of a person's own pages, and of staff pages about people."""
