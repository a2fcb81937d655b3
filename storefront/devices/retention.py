"""The personal data that devices and apps hold (see accounts/retention_schedule.py)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts.retention_schedule import Area, Erasure, Rule, TableRule
from storefront.devices.models import AppPassword, ShelfVersion, SyncedPlace

RULES = (
    Rule(
        area=Area.ACCOUNT,
        holds=_("The app passwords you made for devices and apps, and the last day on which each was used."),
        purpose=_("So that your e-reader or app gets your books, and you see which of them still do."),
        kept=_("Until you revoke them."),
        erasure=Erasure.DELETED,
        file="devices",
        tables=(
            TableRule(
                AppPassword,
                of=("user",),
                names=("name",),
                copied=("name", "may_see_catalogue", "may_sync", "made_at", "used_on"),
            ),
            TableRule(
                ShelfVersion, of=("user",), not_copied=_("A digest of your library that tells devices of changes.")
            ),
        ),
    ),
    Rule(
        area=Area.READING,
        holds=_("Where you stopped reading in files on your e-readers, also in books that are not from here."),
        purpose=_("So that you can continue on another device."),
        kept=_("As long as you have your account: the places in the 500 files that were synced last."),
        erasure=Erasure.DELETED,
        file="devices",
        tables=(
            TableRule(
                SyncedPlace,
                of=("user",),
                names=("device",),
                copied=("document", "progress", "percentage", "device", "device_id", "at", "work__title", "match"),
            ),
        ),
    ),
)
