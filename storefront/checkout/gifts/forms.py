"""The form that redeems a gift."""

from __future__ import annotations

from accounts.region_forms import CountryForm
from storefront.checkout.entitlements.forms import ConsentField


class RedeemForm(CountryForm):
    consent = ConsentField()
