"""Forms of the finance office about readers' money."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from common.fields import TextField
from common.money import Money, exponent
from royalties.forms import currency_choices
from storefront.checkout.models import DisputeStatus, OrderState, RefundState
from storefront.checkout.tax.evidence import Verdict


class OrdersFilter(forms.Form):
    text = TextField(label=_("Order, payment or email address"), required=False, max_length=120)
    state = forms.ChoiceField(label=_("State"), required=False, choices=[("", _("All")), *OrderState.choices])
    evidence = forms.ChoiceField(label=_("Tax evidence"), required=False, choices=[("", _("Any")), *Verdict.choices])
    currency = forms.ChoiceField(label=_("Currency"), required=False, choices=currency_choices)


class RefundsFilter(forms.Form):
    state = forms.ChoiceField(label=_("State"), required=False, choices=[("", _("All")), *RefundState.choices])


class DisputesFilter(forms.Form):
    status = forms.ChoiceField(label=_("State"), required=False, choices=[("", _("All")), *DisputeStatus.choices])


class RefundForm(forms.Form):
    """How much of a line to refund, and why. An empty amount means everything that is left."""

    amount = forms.DecimalField(label=_("Amount"), required=False, min_value=Decimal("0.001"), max_digits=12)
    reason = TextField(label=_("Reason"), max_length=200)

    def __init__(self, *args: Any, currency: str, **kwargs: Any) -> None:
        self.currency = currency
        super().__init__(*args, **kwargs)

    def clean_amount(self) -> Money | None:
        """Return the amount in minor units; refuse more decimal places than the currency has."""
        amount: Decimal | None = self.cleaned_data["amount"]
        if amount is None:
            return None
        minor = amount.scaleb(exponent(self.currency))
        if minor != minor.to_integral_value():
            raise forms.ValidationError(_("This currency does not have that many decimal places."))
        return Money(int(minor), self.currency)


class BankTransferForm(forms.Form):
    bank_reference = TextField(label=_("Bank transfer reference"), max_length=80)


class AnswerForm(forms.Form):
    explanation = TextField(
        label=_("In your own words"),
        required=False,
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("What should the bank know that is not in the documents below?"),
    )
