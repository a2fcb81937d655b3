"""Models of wishes and followed authors."""

from storefront.library.models.follow import Follow, FollowNotice, NewBookMail, ReaderMail
from storefront.library.models.wish import AlertKind, ListingCheck, Wish, WishAlert

__all__ = [
    "AlertKind",
    "Follow",
    "FollowNotice",
    "ListingCheck",
    "NewBookMail",
    "ReaderMail",
    "Wish",
    "WishAlert",
]
