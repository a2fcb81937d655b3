"""The checkout form."""

from __future__ import annotations

from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.region_forms import CountryForm
from common.fields import TextField
from storefront.checkout.entitlements.forms import ConsentField
from storefront.checkout.guests.forms import email_field


class PayForm(CountryForm):
    """Checkout: where the reader lives, where the receipt goes, and consent to immediate supply.

    `digest` and `shown_country` identify the offer that the page showed; `shown_prices` is what it said of each book.
    A person who is logged in already has an email address.
    """

    email = email_field(
        _("Your email address"),
        _("We send the receipt there, with a link that opens your books whenever you like."),
    )
    digest = TextField(widget=forms.HiddenInput)
    shown_country = TextField(widget=forms.HiddenInput, required=False)
    shown_prices = TextField(widget=forms.HiddenInput, required=False)
    consent = ConsentField(
        help_text=_("Our own promise still applies: you can return a book within fourteen days, here on the site.")
    )
    needs_consent = TextField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, is_guest: bool, page: str = "", **kwargs: Any) -> None:
        """`page` is the address of the page with the form, if it is not the one that buys a cart."""
        super().__init__(*args, **kwargs)
        if not is_guest:
            del self.fields["email"]
        # With JavaScript, the price follows the country; without it, the button first shows the other price.
        self.fields["country"].widget.attrs |= {
            "autocomplete": "country",
            "hx-get": page or reverse("checkout:pay"),
            # Typing a country's name fires a change at each letter; only the last one counts.
            "hx-trigger": "change delay:250ms",
            "hx-sync": "this:replace",
            "hx-target": "#quote",
            "hx-select": "#quote",
            "hx-select-oob": "#pay",
            "hx-swap": "outerHTML",
        }
        # An order of only gifts supplies nothing to the payer. The service checks again and decides.
        self.fields["consent"].required = self["needs_consent"].value() != "False"
