"""Views of market reports."""
