"""Models of wishes, followed authors, emails about new editions, marked copies, and digests of files."""

from storefront.library.models.edition_mail import EditionMailing, EditionMailStop, EditionNotice
from storefront.library.models.file_digest import DigestKind, FileDigest
from storefront.library.models.follow import Follow, FollowNotice, NewBookMail, ReaderMail
from storefront.library.models.watermarked_copy import WatermarkedCopy
from storefront.library.models.wish import AlertKind, ListingCheck, Wish, WishAlert

__all__ = [
    "AlertKind",
    "DigestKind",
    "EditionMailStop",
    "EditionMailing",
    "EditionNotice",
    "FileDigest",
    "Follow",
    "FollowNotice",
    "ListingCheck",
    "NewBookMail",
    "ReaderMail",
    "WatermarkedCopy",
    "Wish",
    "WishAlert",
]
