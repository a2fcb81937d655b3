"""Views of the market's health."""
