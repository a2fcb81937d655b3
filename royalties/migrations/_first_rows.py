"""Terms, fees, plans and rates that a new installation starts with, frozen. Only the first migration imports this.

All of them are dated rows. What changes later is a later row, which finance adds or a migration of its own.
"""

import csv
from datetime import UTC, date, datetime
from pathlib import Path

_SINCE = datetime(2020, 1, 1, tzinfo=UTC)

_PLATFORM_FEE_BPS = 800

# What the provider lists for a domestic card. A foreign card costs more; the platform bears the difference.
# currency: rate, fixed part, source
_PROCESSOR_FEES = {
    "USD": (290, 30, "stripe.com/pricing as of 2026-09-20, domestic card"),
    "EUR": (150, 25, "support.stripe.com, pricing updates for the EEA of 2023-04-10, standard card of the EEA"),
    "GBP": (150, 20, "support.stripe.com, pricing updates for the UK of 2023-04-10, standard card of the UK"),
    "JPY": (360, 0, "as others report it in 2026, not checked with the provider"),
}

# Fed with 5 % of the platform's own fees up to the first figure; bears up to the second of one dispute.
_PROTECTION = {"USD": (500_000, 10_000), "EUR": (500_000, 10_000), "GBP": (400_000, 8_000), "JPY": (750_000, 15_000)}
_PROTECTION_FEED_BPS = 500

# The provider's prices are those that it is said to list for platforms which pay for their payees: 2 for each account
# in a month with a payout, 0.25 and 0.25 % for each payout. At 8 % an author's commission pays for that from about 27 a
# month on (`royalties.payout_costs.break_even_payout`), so payouts from 30 on cost their payee nothing.
_STRIPE = (25, 25, 200, 3000)
_LISTED = "stripe.com/connect/pricing as others report it in 2026, in US dollars, not checked with the provider"
_LIKE_LISTED = "the figures for US dollars, not checked, until the provider's list for this currency is entered"
_OWN_BANK = "an estimate, until the price list of your bank is entered"
# (rail, currency): per payout, rate, per account and month, borne by us from, source
_PAYOUT_COSTS = {
    ("stripe", "USD"): (*_STRIPE, _LISTED),
    ("stripe", "EUR"): (*_STRIPE, _LIKE_LISTED),
    ("stripe", "GBP"): (*_STRIPE, _LIKE_LISTED),
    ("bank", "EUR"): (20, 0, 0, 1000, _OWN_BANK),
    ("bank", "USD"): (1500, 0, 0, 20000, _OWN_BANK),
    ("bank", "GBP"): (1200, 0, 0, 16000, _OWN_BANK),
}

# Of each plan its row, its share of a sale and its monthly fee by currency.
_PLANS = (
    (
        {
            "code": "share",
            "kind": "commission",
            "name": "Share",
            "summary": "Nothing to pay until you sell. We take a part of each sale.",
            "position": 0,
            "bears_payout_cost": False,
        },
        800,
        {"USD": 0, "EUR": 0, "GBP": 0},
    ),
    (
        {
            "code": "studio",
            "kind": "monthly",
            "name": "Studio",
            "summary": "A monthly fee for the infrastructure, half the share, and every payout free.",
            "position": 1,
            "bears_payout_cost": True,
        },
        400,
        {"USD": 900, "EUR": 900, "GBP": 800},
    ),
)

# Rates of the United States' tax treaties for royalties of literary copyrights, after the column "Copyrights" (income
# code 12) of the IRS's Table 1, "Tax Rates on Income Other Than Personal Service Income Under Chapter 3, Internal
# Revenue Code, and Income Tax Treaties" (Rev. Feb 2019), with what changed since: Chile (in force for amounts paid from
# 1 February 2024), Hungary (terminated from 1 January 2024) and Russia (suspended from 16 August 2024). A country
# without a row has no rate here: 30 % are withheld, which is the law without a treaty (26 U.S.C. 1441(a)). The table
# says nothing about who is entitled to a treaty's rate; the contributor states that on the form.
_TREATIES = Path(__file__).with_name("us_treaty_rates.csv")
_TREATIES_SOURCE = "IRS Table 1 (Rev. Feb 2019), copyrights"


def add(apps, schema_editor):
    """Add the rows of every table."""
    for add_some in (
        _add_terms,
        _add_processor_fees,
        _add_protection,
        _add_payout_costs,
        _add_plans,
        _add_treaty_rates,
    ):
        add_some(apps, schema_editor)


def _add_terms(apps, schema_editor):
    rows = _rows(apps, schema_editor, "RoyaltyTerms")
    for currency in _PROCESSOR_FEES:
        rows.create(name="Octavo terms", platform_fee_bps=_PLATFORM_FEE_BPS, **_from_the_start(currency))


def _add_processor_fees(apps, schema_editor):
    rows = _rows(apps, schema_editor, "ProcessorFeeSchedule")
    for currency, (rate_bps, fixed_minor, source) in _PROCESSOR_FEES.items():
        rows.create(rate_bps=rate_bps, fixed_minor=fixed_minor, source=source, **_from_the_start(currency))


def _add_protection(apps, schema_editor):
    rows = _rows(apps, schema_editor, "ProtectionTerms")
    for currency, (fund_cap_minor, dispute_cap_minor) in _PROTECTION.items():
        rows.create(
            feed_bps=_PROTECTION_FEED_BPS,
            fund_cap_minor=fund_cap_minor,
            dispute_cap_minor=dispute_cap_minor,
            **_from_the_start(currency),
        )


def _add_payout_costs(apps, schema_editor):
    rows = _rows(apps, schema_editor, "PayoutCost")
    for (rail, currency), (per_payout, rate_bps, per_month, free_from, source) in _PAYOUT_COSTS.items():
        rows.create(
            rail=rail,
            per_payout_minor=per_payout,
            rate_bps=rate_bps,
            per_month_minor=per_month,
            free_from_minor=free_from,
            source=source,
            **_from_the_start(currency),
        )


def _add_plans(apps, schema_editor):
    plans, prices, terms = (_rows(apps, schema_editor, name) for name in ("FeePlan", "PlanPrice", "RoyaltyTerms"))
    for values, platform_fee_bps, monthly in _PLANS:
        plan = plans.create(**values)
        for currency, monthly_minor in monthly.items():
            since = _from_the_start(currency)
            prices.create(plan=plan, monthly_minor=monthly_minor, **since)
            terms.create(plan=plan, name=f"{plan.name} plan", platform_fee_bps=platform_fee_bps, **since)


def _add_treaty_rates(apps, schema_editor):
    rows = _rows(apps, schema_editor, "TreatyRate")
    with _TREATIES.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            rows.create(
                country=row["country"],
                effective_on=date.fromisoformat(row["effective_on"]),
                rate_bps=int(row["rate_bps"]),
                article=row["article"],
                source=_TREATIES_SOURCE,
            )


def _rows(apps, schema_editor, name):
    return apps.get_model("royalties", name).objects.using(schema_editor.connection.alias)


def _from_the_start(currency):
    return {"currency": currency, "effective_at": _SINCE}
