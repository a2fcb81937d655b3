"""The form that redeems a gift."""

from __future__ import annotations

from typing import TYPE_CHECKING

from accounts.region_forms import CountryForm
from storefront.checkout.entitlements.forms import ConsentField

if TYPE_CHECKING:
    pass


class RedeemForm(CountryForm):
    consent = ConsentField()
