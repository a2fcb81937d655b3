"""Personal data that offers hold, for the retention schedule (accounts/retention_schedule.py)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts.retention_schedule import Area, Erasure, Rule, TableRule
from hiring.offers.models import Offer, OfferGenre, OfferLanguage, OfferSample, Provider

RULES = (
    Rule(
        area=Area.PUBLISHING,
        holds=_("The services you offer, with samples of your work, and who you are if you offer them as a business."),
        purpose=_(
            "So that clients find you. The law requires that they see the name, address, phone number and email "
            "address of a business."
        ),
        kept=_("Until you delete the service; one that was hired, as long as its contract."),
        erasure=Erasure.DELETED,
        left=_("A service that was hired stays without text, samples and name."),
        file="services",
        tables=(
            TableRule(
                Provider,
                of=("user",),
                names=("trader_name", "trader_address", "trader_phone", "trader_email"),
                copied=(
                    "capacity",
                    "trader_name",
                    "trader_address",
                    "trader_phone",
                    "trader_email",
                    "register_number",
                    "is_available",
                    "away_until",
                    "changed_at",
                ),
            ),
            TableRule(
                Offer,
                of=("provider",),
                copied=(
                    "public_id",
                    "kind",
                    "title",
                    "text",
                    "price_kind",
                    "price_minor",
                    "currency",
                    "share_bps",
                    "turnaround_days",
                    "places",
                    "ai_use",
                    "state",
                    "created_at",
                    "published_at",
                ),
            ),
            TableRule(OfferLanguage, of=("offer__provider",), copied=("offer__public_id", "language", "target")),
            TableRule(OfferGenre, of=("offer__provider",), copied=("offer__public_id", "code")),
            TableRule(
                OfferSample,
                of=("offer__provider",),
                copied=("offer__public_id", "title", "genre", "before", "text", "alt", "work__public_id", "added_at"),
            ),
        ),
    ),
)
