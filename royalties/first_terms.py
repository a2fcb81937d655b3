"""The royalty terms, processor fees and protection terms of a new installation; data, changed by adding later rows.

Processor fees are what the provider lists for a domestic card (`payments.card_fees`, with its sources). A foreign card
costs more; the platform bears the difference.
"""

from __future__ import annotations

from datetime import UTC, datetime

from django.apps.registry import Apps

from payments.card_fees import LISTED

_SINCE = datetime(2020, 1, 1, tzinfo=UTC)
_PLATFORM_FEE_BPS = 800

# Fed with 5 % of the platform's own fees up to the first figure; bears up to the second of one dispute.
_PROTECTION = {"USD": (500_000, 10_000), "EUR": (500_000, 10_000), "GBP": (400_000, 8_000), "JPY": (750_000, 15_000)}
_PROTECTION_FEED_BPS = 500


def install(apps: Apps) -> None:
    """Add the first rows of every currency. `apps` is a migration's registry or the running one."""
    terms = apps.get_model("royalties", "RoyaltyTerms")
    schedules = apps.get_model("royalties", "ProcessorFeeSchedule")
    # In the migration that calls this first, terms belong to no plan yet.
    of_no_plan = {"plan": None} if any(field.name == "plan" for field in terms._meta.get_fields()) else {}
    for currency, fees in LISTED.items():
        terms._default_manager.get_or_create(
            currency=currency,
            effective_at=_SINCE,
            **of_no_plan,
            defaults={"name": "Octavo terms", "family": "octavo", "platform_fee_bps": _PLATFORM_FEE_BPS},
        )
        schedules._default_manager.get_or_create(
            currency=currency,
            effective_at=_SINCE,
            defaults={"rate_bps": fees.rate_bps, "fixed_minor": fees.fixed_minor, "source": fees.source},
        )


def install_protection(apps: Apps) -> None:
    """Add the first terms of the protection fund. `apps` is a migration's registry or the running one."""
    terms = apps.get_model("royalties", "ProtectionTerms")
    for currency, (fund_cap_minor, dispute_cap_minor) in _PROTECTION.items():
        terms._default_manager.get_or_create(
            currency=currency,
            effective_at=_SINCE,
            defaults={
                "feed_bps": _PROTECTION_FEED_BPS,
                "fund_cap_minor": fund_cap_minor,
                "dispute_cap_minor": dispute_cap_minor,
            },
        )
