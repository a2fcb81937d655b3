"""The personal data this app holds (see accounts/retention_schedule.py)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts.retention_schedule import Area, Erasure, Rule, TableRule
from storefront.reading.models import (
    Device,
    FurthestPlace,
    LastPlace,
    Note,
    NoteImport,
    ReaderSetting,
    SyncState,
    TypoReport,
)

_PLACE = ("work__title", "edition__public_id", "block", "offset", "page", "share_bps", "at")
_TARGET = ("start_block", "start_offset", "end_block", "end_offset", "page", "exact", "prefix", "suffix", "chapter")

RULES = (
    Rule(
        area=Area.READING,
        holds=_("Where you stopped reading on each of your devices. Nobody else sees it, not even the author."),
        purpose=_("So that you can continue where you stopped, on any device."),
        kept=_("As long as you have your account."),
        erasure=Erasure.DELETED,
        file="reading",
        tables=(
            TableRule(Device, of=("user",), names=("name",), copied=("kind", "name", "seen_at")),
            TableRule(LastPlace, of=("device__user",), copied=("device__name", *_PLACE, "words")),
            TableRule(FurthestPlace, of=("user",), copied=_PLACE),
        ),
    ),
    Rule(
        area=Area.READING,
        holds=_("Your highlights, notes and bookmarks. Nobody else sees them, not even the author."),
        purpose=_("So that you find them in your books, on any device and in every edition."),
        kept=_(
            "Until you delete them, and then for another 400 days, so that devices you rarely use delete them, too."
        ),
        erasure=Erasure.DELETED,
        file="reading",
        tables=(
            TableRule(
                Note,
                of=("user",),
                copied=(
                    *("uid", "work__title", "edition__public_id", "kind", "made_at", *_TARGET),
                    *("colour", "body", "other_body", "placed", "changed_at", "deleted_at"),
                ),
            ),
            TableRule(SyncState, of=("user",), not_copied=_("A number that counts your changes.")),
        ),
    ),
    Rule(
        area=Area.READING,
        holds=_("Files of notes that you import."),
        purpose=_("So that you see what a file adds before it is added."),
        kept=_("Seven days."),
        erasure=Erasure.DELETED,
        file="reading",
        tables=(
            TableRule(
                NoteImport,
                of=("user",),
                names=("file_name",),
                copied=("file_name", "work__title", "state", "notes", "asked_at", "done_at"),
            ),
        ),
    ),
    Rule(
        area=Area.READING,
        holds=_("How you like your books to look in the reader."),
        purpose=_("So that they look the same on all your devices."),
        kept=_("As long as you have your account."),
        erasure=Erasure.DELETED,
        file="reading",
        tables=(TableRule(ReaderSetting, of=("user",), copied=("name", "value")),),
    ),
    Rule(
        area=Area.READING,
        holds=_("Typos you reported. The author sees what you proposed and your remark, but not your name."),
        purpose=_("So that the author can correct the book, and you can see what became of your report."),
        kept=_("As long as you have your account."),
        erasure=Erasure.DELETED,
        file="reading",
        tables=(
            TableRule(
                TypoReport,
                of=("user",),
                copied=(
                    *("public_id", "work__title", "edition__public_id", "block", "start", "end", "exact", "chapter"),
                    *("replacement", "remark", "made_at", "state", "decided_at"),
                ),
            ),
        ),
    ),
)
