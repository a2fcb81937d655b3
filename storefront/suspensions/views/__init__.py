"""Views of suspensions."""
