"""Models of wishes, followed authors and reading positions."""

from storefront.library.models.follow import Follow, FollowNotice, NewBookMail, ReaderMail
from storefront.library.models.reading import Locator, ReadingPosition
from storefront.library.models.wish import AlertKind, ListingCheck, Wish, WishAlert

__all__ = [
    "AlertKind",
    "Follow",
    "FollowNotice",
    "ListingCheck",
    "Locator",
    "NewBookMail",
    "ReaderMail",
    "ReadingPosition",
    "Wish",
    "WishAlert",
]
