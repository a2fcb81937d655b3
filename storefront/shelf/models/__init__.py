"""Models of what people decide about the books in their library."""

from storefront.shelf.models.choice import BookChoice, ReadingStatus
from storefront.shelf.models.library_view import LibraryView

__all__ = ["BookChoice", "LibraryView", "ReadingStatus"]
