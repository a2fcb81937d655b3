"""The fee plans and payout costs of a new installation; data, changed by adding later rows.

The provider's prices are those that it is said to list for platforms which pay for their payees: 2 for each account in
a month with a payout, 0.25 and 0.25 % for each payout (`source` says so to whoever reads them). At 8 % an author's
commission pays for that from about 27 a month on (`costs.break_even_payout`), so payouts from 30 on cost their payee
nothing.
"""

from __future__ import annotations

from datetime import UTC, datetime

from django.apps.registry import Apps

from payments import payout_fees

_SINCE = datetime(2020, 1, 1, tzinfo=UTC)
_CURRENCIES = ("USD", "EUR", "GBP")

_LIKE_LISTED = "the figures for US dollars, not checked, until the provider's list for this currency is entered"
_OWN_BANK = "an estimate, until the price list of your bank is entered"

# (rail, currency): per payout, rate, per account and month, borne by us from, source
_STRIPE = (payout_fees.PER_PAYOUT_MINOR, payout_fees.RATE_BPS, payout_fees.PER_ACCOUNT_AND_MONTH_MINOR, 3000)
_COSTS = {
    ("stripe", "USD"): (*_STRIPE, payout_fees.SOURCE),
    ("stripe", "EUR"): (*_STRIPE, _LIKE_LISTED),
    ("stripe", "GBP"): (*_STRIPE, _LIKE_LISTED),
    ("bank", "EUR"): (20, 0, 0, 1000, _OWN_BANK),
    ("bank", "USD"): (1500, 0, 0, 20000, _OWN_BANK),
    ("bank", "GBP"): (1200, 0, 0, 16000, _OWN_BANK),
}

# code: kind, name, summary, commission, monthly, whether we bear the cost of small payouts, conversion
_PLANS = {
    "share": (
        "commission",
        "Share",
        "Nothing to pay until you sell. We take a part of each sale.",
        800,
        {},
        False,
        0,
    ),
    "studio": (
        "monthly",
        "Studio",
        "A monthly fee for the infrastructure, half the share, and every payout free.",
        400,
        {"USD": 900, "EUR": 900, "GBP": 800},
        True,
        0,
    ),
}


def install(apps: Apps) -> None:
    """Add the first rows. `apps` is a migration's registry or the running one."""
    _install_costs(apps)
    plans = apps.get_model("royalties", "FeePlan")
    for position, (code, values) in enumerate(_PLANS.items()):
        kind, name, summary, commission, monthly, bears, conversion = values
        plan, _ = plans._default_manager.get_or_create(
            code=code,
            defaults={
                "kind": kind,
                "name": name,
                "summary": summary,
                "position": position,
                "bears_payout_cost": bears,
                "conversion_bps": conversion,
            },
        )
        for currency in _CURRENCIES:
            apps.get_model("royalties", "PlanPrice")._default_manager.get_or_create(
                plan=plan,
                currency=currency,
                effective_at=_SINCE,
                defaults={"monthly_minor": monthly.get(currency, 0)},
            )
            apps.get_model("royalties", "RoyaltyTerms")._default_manager.get_or_create(
                plan=plan,
                currency=currency,
                effective_at=_SINCE,
                defaults={"name": f"{name} plan", "family": "octavo", "platform_fee_bps": commission},
            )


def uninstall(apps: Apps) -> None:
    """Take the plans' terms away again: earlier releases know of one row of terms per moment only."""
    apps.get_model("royalties", "RoyaltyTerms")._default_manager.exclude(plan=None).delete()


def _install_costs(apps: Apps) -> None:
    costs = apps.get_model("royalties", "PayoutCost")
    for (rail, currency), (per_payout, rate, per_month, free_from, source) in _COSTS.items():
        costs._default_manager.get_or_create(
            rail=rail,
            currency=currency,
            effective_at=_SINCE,
            defaults={
                "per_payout_minor": per_payout,
                "rate_bps": rate,
                "per_month_minor": per_month,
                "free_from_minor": free_from,
                "source": source,
            },
        )
