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
from payments.models import FaultKind, SandboxRate
from payments.stripe.sandbox import rates
from payments.stripe.sandbox.cards import CARDS, TestCard
from payments.stripe.sandbox.disputes import OUTCOMES, REASONS

REASON_CHOICES = [(reason, reason.replace("_", " ")) for reason in REASONS]


class PayForm(forms.Form):
    """How the buyer pays, and from where."""

    card = forms.ChoiceField(
        label=_("Pay with"),
        widget=forms.RadioSelect,
        choices=[(card.token, card.label) for card in CARDS.values()],
        initial="us",
    )
    country = forms.ChoiceField(label=_("Country of your billing address"), choices=CountryChoices(), widget=LongSelect)

    def clean_card(self) -> TestCard:
        return CARDS[self.cleaned_data["card"]]


class NothingForm(forms.Form):
    """A happening that needs no more than a press."""


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
    """Why a buyer's bank complains, and how seriously."""

    reason = forms.ChoiceField(label=_("Reason"), choices=REASON_CHOICES)
    is_inquiry = forms.BooleanField(label=_("The bank only asks; no money moves yet"), required=False)


class OutcomeForm(forms.Form):
    dispute_id = TextField(widget=forms.HiddenInput)
    outcome = forms.ChoiceField(choices=[(outcome, outcome) for outcome in OUTCOMES])


class DashboardRefundForm(ChargeForm):
    """All of what is left of a payment, or a part of it in its own currency."""

    currency = TextField(widget=forms.HiddenInput, max_length=3)
    amount = forms.DecimalField(label=_("Only this much of it"), min_value=Decimal("0.001"), required=False)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        currency, amount = given.pop("currency", ""), given.pop("amount", None)
        given["amount_minor"] = None
        if amount is not None:
            minor = amount.scaleb(exponent(currency))
            if minor != int(minor):
                self.add_error(None, _("The currency has no such small coins."))
            given["amount_minor"] = int(minor)
        return given


class FaultForm(forms.Form):
    """What the next requests suffer."""

    kind = forms.ChoiceField(
        label=_("What goes wrong"),
        choices=[
            (FaultKind.LOST_BEFORE.value, _("the request is lost")),
            (FaultKind.LOST_AFTER.value, _("it is carried out and the answer is lost")),
            (FaultKind.RATE_LIMITED.value, _("too many requests (429)")),
            (FaultKind.SERVER_ERROR.value, _("the provider fails (500)")),
            (FaultKind.IN_USE.value, _("the same request is still being worked on (409)")),
            (FaultKind.BALANCE_INSUFFICIENT.value, _("the balance is too short")),
        ],
    )
    path = forms.ChoiceField(
        label=_("In requests about"),
        choices=[
            ("/v1/checkout/sessions", _("payment pages")),
            ("/v1/payment_intents", _("payments")),
            ("/v1/refunds", _("refunds")),
            ("/v1/transfers", _("transfers and reversals")),
            ("/v1/disputes", _("disputes")),
            ("/v2/core/accounts", _("payees' accounts")),
            ("/", _("anything")),
        ],
    )
    times = forms.IntegerField(label=_("How many"), min_value=1, max_value=100, initial=3)

    def clean_kind(self) -> FaultKind:
        return FaultKind(self.cleaned_data["kind"])


def _currencies() -> list[tuple[str, str]]:
    return [(code, code) for code in sorted(rates.current_rates(SandboxRate.objects.all()))]


class RateForm(forms.Form):
    """A rate of exchange from now on."""

    currency = forms.ChoiceField(label=_("Currency"), choices=_currencies)
    rate = forms.DecimalField(label=_("One of it is worth"), max_digits=20, decimal_places=8, min_value=Decimal("1E-8"))
