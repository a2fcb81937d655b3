"""Models of what people decide about the books in their library."""

from storefront.shelf.models.choice import BookChoice, ReadingStatus
from storefront.shelf.models.collection import CollectedBook, Collection
from storefront.shelf.models.library_view import LibraryView
from storefront.shelf.models.wish_link import WishLink
from storefront.shelf.models.year_goal import YearGoal

__all__ = [
    "BookChoice",
    "CollectedBook",
    "Collection",
    "LibraryView",
    "ReadingStatus",
    "WishLink",
    "YearGoal",
]
