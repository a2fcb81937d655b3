"""Forms of the sandbox's pages."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.countries import country_choices
from payments.stripe.sandbox.cards import CARDS, TestCard


class PayForm(forms.Form):
    """How the buyer pays, and from where."""

    card = forms.ChoiceField(
        label=_("Pay with"),
        widget=forms.RadioSelect,
        choices=[(card.token, card.label) for card in CARDS.values()],
        initial="us",
    )
    country = forms.ChoiceField(label=_("Country of your billing address"), choices=country_choices)

    def clean_card(self) -> TestCard:
        return CARDS[self.cleaned_data["card"]]
