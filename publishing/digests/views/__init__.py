"""The page behind the link in each email."""
