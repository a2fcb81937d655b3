"""The form of checkout."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.place_forms import CountryForm
from common.fields import TextField
from storefront.checkout.entitlements.forms import ConsentField
from storefront.checkout.guests.forms import email_field

if TYPE_CHECKING:
    pass


class PayForm(CountryForm):
    """Checkout: where the reader lives, where the receipt goes, and consent to supply at once.

    `digest` and `shown_country` name the offer that the page showed. A person signed in has an address already.
    """

    email = email_field(
        _("Your e-mail address"),
        _("The receipt goes there, with a link that opens your books again whenever you like."),
    )
    digest = TextField(widget=forms.HiddenInput)
    shown_country = TextField(widget=forms.HiddenInput, required=False)
    consent = ConsentField(
        help_text=_("Our own promise stays: you can give a book back within fourteen days, here on the site.")
    )
    needs_consent = TextField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, is_guest: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not is_guest:
            del self.fields["email"]
        # Where scripts run, the price beside follows the country; elsewhere the button shows another price first.
        self.fields["country"].widget.attrs |= {
            "autocomplete": "country",
            "hx-get": reverse("checkout:pay"),
            # A name typed on the keyboard is a change at each letter; the last one counts.
            "hx-trigger": "change delay:250ms",
            "hx-sync": "this:replace",
            "hx-target": "#quote",
            "hx-select": "#quote",
            "hx-select-oob": "#pay",
            "hx-swap": "outerHTML",
        }
        # An order of gifts alone opens nothing for whoever pays. The service asks again and has the last word.
        self.fields["consent"].required = self["needs_consent"].value() != "False"
