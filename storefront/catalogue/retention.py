"""What this app holds of people (accounts/schedule.py)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts.schedule import Area, Erasure, Held, Rule
from storefront.catalogue.models import Bundle, BundlePrice, BundleWork

RULES = (
    Rule(
        area=Area.PUBLISHING,
        holds=_("Your bundles."),
        purpose=_("So that readers can buy them."),
        kept=_("As long as the orders in which they were used."),
        erasure=Erasure.PSEUDONYM,
        left=_("What was used in an order. Bundles are taken off sale."),
        file="publishing",
        tables=(
            Held(Bundle, of=("owner",), copied=("public_id", "title", "description", "state", "created_at")),
            Held(BundleWork, of=("bundle__owner",), copied=("bundle__public_id", "work__title", "consented_at")),
            Held(BundlePrice, of=("bundle__owner",), copied=("bundle__public_id", "currency", "price_minor")),
        ),
    ),
)
