"""Taxes that the sandbox's payment page calculates if a session asks for it (`automatic_tax`).

A few rates for e-books, enough to try out prices with tax included and added; not a table for tax returns.
"""

from __future__ import annotations

from common.money import BPS, apply_bps, divide_half_up
from payments.stripe.sandbox.resources import Json

_RATES_BPS = {
    "AT": 1000,
    "AU": 1000,
    "BE": 600,
    "DE": 700,
    "ES": 400,
    "FR": 550,
    "IE": 900,
    "IT": 400,
    "JP": 1000,
    "NL": 900,
    "PL": 500,
    "SE": 600,
    "US": 600,
}


def taxed(session: Json, country: str) -> Json:
    """Return what changes in the session once the buyer's country is known: lines, tax and total."""
    if not session["automatic_tax"]["enabled"]:
        return {}
    rate_bps = _RATES_BPS.get(country, 0)
    lines = [_taxed_line(line, rate_bps) for line in session["_lines"]]
    return {
        "_lines": lines,
        "amount_total": sum(line["amount_total"] for line in lines),
        "total_details": session["total_details"] | {"amount_tax": sum(line["amount_tax"] for line in lines)},
        "automatic_tax": session["automatic_tax"] | {"status": "complete"},
    }


def _taxed_line(line: Json, rate_bps: int) -> Json:
    asked = line["amount_subtotal"]
    if line["_is_taxed_on_top"]:
        tax = apply_bps(asked, rate_bps)
        return line | {"amount_tax": tax, "amount_total": asked + tax}
    return line | {"amount_tax": divide_half_up(asked * rate_bps, BPS + rate_bps)}
