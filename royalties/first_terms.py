"""The royalty terms and processor fees of a new installation; data, changed by adding later rows.

Processor fees are what the provider lists for a domestic card: 2.9 % + 0.30 in the United States, 1.5 % + 0.25 in the
euro area, 1.5 % + 0.20 in the United Kingdom, 3.6 % in Japan. A foreign card costs more; the platform bears the
difference.
"""

from __future__ import annotations

from datetime import UTC, datetime

from django.apps.registry import Apps

_SINCE = datetime(2020, 1, 1, tzinfo=UTC)
_PLATFORM_FEE_BPS = 800
_PROCESSOR_FEES = {"USD": (290, 30), "EUR": (150, 25), "GBP": (150, 20), "JPY": (360, 0)}


def install(apps: Apps) -> None:
    """Add the first rows of every currency. `apps` is a migration's registry or the running one."""
    terms = apps.get_model("royalties", "RoyaltyTerms")
    schedules = apps.get_model("royalties", "ProcessorFeeSchedule")
    for currency, (rate_bps, fixed_minor) in _PROCESSOR_FEES.items():
        terms._default_manager.get_or_create(
            currency=currency,
            effective_at=_SINCE,
            defaults={"name": "Octavo terms", "family": "octavo", "platform_fee_bps": _PLATFORM_FEE_BPS},
        )
        schedules._default_manager.get_or_create(
            currency=currency,
            effective_at=_SINCE,
            defaults={"rate_bps": rate_bps, "fixed_minor": fixed_minor, "source": "provider's list, domestic card"},
        )
