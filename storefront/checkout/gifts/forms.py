"""The form that redeems a gift."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.region_forms import CountryForm
from storefront.checkout.entitlements.forms import ConsentField


class RedeemForm(CountryForm):
    """Opens a gift. Whoever opens one of several copies may let its buyer know that it was them."""

    consent = ConsentField()
    shows_opener = forms.BooleanField(
        label=_("Let the person who gave me the link see that I opened it"), required=False
    )

    def __init__(self, *args: Any, is_copy: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not is_copy:
            del self.fields["shows_opener"]
