"""How long a tax form is valid, and which withholding rate it leaves. No database.

Under the law of the United States (26 U.S.C. 1441 and 1442; IRS, Instructions for the Requester of Forms W-8BEN and
W-8BEN-E): 30 % of royalties from sources there, less by treaty where the form claims one and its signer has a taxpayer
number; nothing from persons of the United States, who sign a W-9. People who have signed nothing are treated as
foreign. Backup withholding (24 % from a person of the United States without a number) is not done, because a W-9
without a number is not accepted.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from royalties.models import TaxForm

_YEARS = 3


@dataclass(frozen=True, slots=True)
class Stated:
    """What a form says about its signer, as far as the rate depends on it."""

    form: TaxForm
    country: str
    claims_treaty: bool
    has_taxpayer_number: bool


def expires_on(form: TaxForm, signed_on: date) -> date | None:
    """Return the last day of the third year after the year of signing; None for a W-9, which does not expire.

    The rule is 26 CFR 1.1441-1(e)(4)(ii).
    """
    return None if form == TaxForm.W9 else date(signed_on.year + _YEARS, 12, 31)


def rate_bps(stated: Stated | None, *, without_form_bps: int, treaty_bps: int | None) -> int:
    """Return the rate to withhold. `treaty_bps` is that of the signer's country, None without a treaty."""
    if stated is None:
        return without_form_bps
    if stated.form == TaxForm.W9:
        return 0
    if stated.claims_treaty and stated.has_taxpayer_number and treaty_bps is not None:
        return min(treaty_bps, without_form_bps)
    return without_form_bps
