"""The personal data that sending holds (see accounts/retention_schedule.py)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts.retention_schedule import Area, Erasure, Rule, TableRule
from storefront.sending.models import Delivery, Device, Screen

RULES = (
    Rule(
        area=Area.COMMUNITY,
        holds=_("The addresses of your e-readers, and which books we sent to them."),
        purpose=_("So that books arrive where you read them."),
        kept=_("Until you remove a device. A code on an e-reader’s screen is gone after ten minutes."),
        erasure=Erasure.DELETED,
        file="sent_to_devices",
        tables=(
            TableRule(
                Device,
                of=("owner",),
                names=("name", "address"),
                copied=("name", "address", "confirmed_at", "gets_purchases", "made_at"),
            ),
            TableRule(
                Delivery,
                of=("device__owner",),
                names=("file_name",),
                copied=("device__name", "work__title", "state", "file_name", "refusal", "made_at", "done_at"),
            ),
            TableRule(Screen, of=("giver",), copied=("work__title", "opened_at")),
        ),
    ),
)
