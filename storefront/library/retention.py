"""The personal data this app holds (see accounts/retention_schedule.py)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts.retention_schedule import Area, Erasure, Rule, TableRule
from storefront.library.models import (
    EditionMailing,
    EditionMailStop,
    EditionNotice,
    FileDigest,
    Follow,
    FollowNotice,
    ReaderMail,
    WatermarkedCopy,
    Wish,
    WishAlert,
)

RULES = (
    Rule(
        area=Area.BUYING,
        holds=_(
            "For each watermarked book that you downloaded: a secret number from which its hidden marks follow, and "
            "digests of the marked files. The files themselves are not stored."
        ),
        purpose=_(
            "So that you get the same file each time, KOReader can sync it, and we can find out whose copy a file is "
            "that turns up where it should not be. Every such search is recorded."
        ),
        kept=_("As long as you have your account."),
        erasure=Erasure.DELETED,
        file="watermarks",
        tables=(
            TableRule(
                WatermarkedCopy,
                of=("entitlement__user", "given_to"),
                names=("shown_name",),
                copied=("public_id", "entitlement__work__title", "given_work__title", "shown_name", "made_at"),
            ),
            TableRule(FileDigest, of=("copy__entitlement__user", "copy__given_to"), copied=("digest",)),
        ),
    ),
    Rule(
        area=Area.COMMUNITY,
        holds=_("Your wish list, and the authors you follow."),
        purpose=_("So that we can tell you about lower prices and new books."),
        kept=_("Until you remove them."),
        erasure=Erasure.DELETED,
        file="lists",
        tables=(
            TableRule(
                Wish, of=("user",), copied=("work__title", "currency", "wished_minor", "below_minor", "wished_at")
            ),
            TableRule(Follow, of=("user",), by=("author",), copied=("author__display_name", "followed_at")),
        ),
    ),
    Rule(
        area=Area.COMMUNITY,
        holds=_("Which emails you want, and which books we have told you about."),
        purpose=_("So that you get the emails you want, and each only once."),
        kept=_("As long as you have your account."),
        erasure=Erasure.DELETED,
        file="mails",
        tables=(
            TableRule(ReaderMail, of=("user",), copied=("price_alerts", "new_books", "weekly_sent_at")),
            TableRule(
                EditionMailing,
                of=("owner",),
                names=("name",),
                copied=("edition__public_id", "name", "day"),
            ),
            TableRule(WishAlert, of=("wish__user",), copied=("wish__work__title", "kind", "made_at", "mailed_at")),
            TableRule(FollowNotice, of=("user",), copied=("work__title", "made_at", "mailed_at")),
            TableRule(EditionNotice, of=("user",), copied=("mailing__edition__work__title", "made_at", "mailed_at")),
            TableRule(
                EditionMailStop,
                of=("user",),
                by=("owner",),
                names=("name",),
                copied=("work__title", "name", "stopped_at"),
            ),
        ),
    ),
)
