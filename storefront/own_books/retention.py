"""The personal data that own books hold (see accounts/retention_schedule.py)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts.retention_schedule import Area, Erasure, Rule, TableRule
from storefront.own_books.models import OwnBook

RULES = (
    Rule(
        area=Area.READING,
        holds=_("Your own books: EPUB files from elsewhere that you added to read them here."),
        purpose=_("So that you can read them on all your devices. Nobody else sees them, not even our staff."),
        kept=_(
            "Until you remove them or delete your account; in backups up to 30 days longer. If you keep your notes, "
            "the title stays, too."
        ),
        erasure=Erasure.DELETED,
        file="own_books",
        tables=(
            TableRule(
                OwnBook,
                of=("owner",),
                names=("name",),
                copied=(
                    "edition__work__public_id",
                    "edition__work__title",
                    "edition__work__language",
                    "name",
                    "sha256",
                    "size_bytes",
                    "uploaded_at",
                    "ready_at",
                    "removed_at",
                ),
            ),
        ),
    ),
)
