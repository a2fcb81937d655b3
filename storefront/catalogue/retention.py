"""The personal data this app stores, for the retention schedule (accounts/retention_schedule.py)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts.retention_schedule import Area, Erasure, Rule, TableRule
from storefront.catalogue.models import Bundle, BundlePrice, BundleWork

RULES = (
    Rule(
        area=Area.PUBLISHING,
        holds=_("Your bundles."),
        purpose=_("So that readers can buy them."),
        kept=_("As long as the orders that used them."),
        erasure=Erasure.PSEUDONYM,
        left=_("Bundles that were part of an order. All your bundles are taken off sale."),
        file="publishing",
        tables=(
            TableRule(Bundle, of=("owner",), copied=("public_id", "title", "description", "state", "created_at")),
            TableRule(BundleWork, of=("bundle__owner",), copied=("bundle__public_id", "work__title", "consented_at")),
            TableRule(BundlePrice, of=("bundle__owner",), copied=("bundle__public_id", "currency", "price_minor")),
        ),
    ),
)
