"""Forms of the sandbox's pages."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.countries import CountryChoices
from common.fields import TextField
from common.money import exponent
from common.widgets import LongSelect
from payments.labels import provider_label
from payments.models import FaultKind, SandboxRate
from payments.stripe.sandbox import rates
from payments.stripe.sandbox.cards import CARDS, TestCard
from payments.stripe.sandbox.disputes import OUTCOMES, REASONS


def reason_choices() -> list[tuple[str, str]]:
    """Return the reasons of disputes with their labels in the active language."""
    return [(reason, provider_label(reason)) for reason in REASONS]


class PayForm(forms.Form):
    """The payment method, and the country the buyer pays from."""

    card = forms.ChoiceField(
        label=_("Pay with"),
        widget=forms.RadioSelect,
        choices=[(card.token, card.label) for card in CARDS.values()],
        initial="us",
    )
    country = forms.ChoiceField(label=_("Billing country"), choices=CountryChoices(), widget=LongSelect)

    save = forms.BooleanField(label=_("Save it for my next purchase"), required=False)

    def clean_card(self) -> TestCard:
        return CARDS[self.cleaned_data["card"]]


class EmptyForm(forms.Form):
    """A simulated action without parameters."""


class ChargeForm(forms.Form):
    charge_id = TextField(widget=forms.HiddenInput)


class RefundForm(forms.Form):
    refund_id = TextField(widget=forms.HiddenInput)


class AccountForm(forms.Form):
    account_id = TextField(widget=forms.HiddenInput)


class PayoutForm(forms.Form):
    payout_id = TextField(widget=forms.HiddenInput)


class CurrencyForm(forms.Form):
    currency = TextField(widget=forms.HiddenInput, max_length=3)


class DisputeForm(ChargeForm):
    """Why a buyer's bank disputes a payment, and whether it is only an inquiry."""

    reason = forms.ChoiceField(label=_("Reason"), choices=reason_choices)
    is_inquiry = forms.BooleanField(label=_("Inquiry only: no money moves yet"), required=False)


class OutcomeForm(forms.Form):
    dispute_id = TextField(widget=forms.HiddenInput)
    outcome = forms.ChoiceField(choices=[(outcome, outcome) for outcome in OUTCOMES])


class DashboardRefundForm(ChargeForm):
    """A refund of everything left of a payment, or of a part in its own currency."""

    currency = TextField(widget=forms.HiddenInput, max_length=3)
    amount = forms.DecimalField(label=_("Partial amount"), min_value=Decimal("0.001"), required=False)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        currency, amount = given.pop("currency", ""), given.pop("amount", None)
        given["amount_minor"] = None
        if amount is not None:
            minor = amount.scaleb(exponent(currency))
            if minor != int(minor):
                self.add_error(None, _("This currency does not have that many decimal places."))
            given["amount_minor"] = int(minor)
        return given


class FaultForm(forms.Form):
    """The fault that the next requests suffer."""

    kind = forms.ChoiceField(
        label=_("Type of fault"),
        choices=[
            (FaultKind.LOST_BEFORE.value, _("Request lost")),
            (FaultKind.LOST_AFTER.value, _("Request carried out, response lost")),
            (FaultKind.RATE_LIMITED.value, _("Too many requests (429)")),
            (FaultKind.SERVER_ERROR.value, _("Provider error (500)")),
            (FaultKind.IN_USE.value, _("Same request still in progress (409)")),
            (FaultKind.BALANCE_INSUFFICIENT.value, _("Insufficient balance")),
        ],
    )
    path = forms.ChoiceField(
        label=_("Affected requests"),
        choices=[
            ("/v1/checkout/sessions", _("Payment pages")),
            ("/v1/payment_intents", _("Payments")),
            ("/v1/refunds", _("Refunds")),
            ("/v1/transfers", _("Transfers and reversals")),
            ("/v1/disputes", _("Disputes")),
            ("/v2/core/accounts", _("Payee accounts")),
            ("/", _("All requests")),
        ],
    )
    times = forms.IntegerField(label=_("Number of requests"), min_value=1, max_value=100, initial=3)

    def clean_kind(self) -> FaultKind:
        return FaultKind(self.cleaned_data["kind"])


def _currencies() -> list[tuple[str, str]]:
    return [(code, code) for code in sorted(rates.current_rates(SandboxRate.objects.all()))]


class RateForm(forms.Form):
    """An exchange rate that applies from now on."""

    currency = forms.ChoiceField(label=_("Currency"), choices=_currencies)
    rate = forms.DecimalField(label=_("Value of one unit"), max_digits=20, decimal_places=8, min_value=Decimal("1E-8"))
