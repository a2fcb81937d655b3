"""Models of wishes, followed authors and emails about new editions."""

from storefront.library.models.edition_mail import EditionMailing, EditionMailStop, EditionNotice
from storefront.library.models.follow import Follow, FollowNotice, NewBookMail, ReaderMail
from storefront.library.models.wish import AlertKind, ListingCheck, Wish, WishAlert

__all__ = [
    "AlertKind",
    "EditionMailStop",
    "EditionMailing",
    "EditionNotice",
    "Follow",
    "FollowNotice",
    "ListingCheck",
    "NewBookMail",
    "ReaderMail",
    "Wish",
    "WishAlert",
]
