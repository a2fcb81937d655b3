"""Forms of the cart."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from common.fields import TextField
from common.widgets import DayInput


class CodeForm(forms.Form):
    code = TextField(label=_("Coupon code"), max_length=40)


class GiftForm(forms.Form):
    recipient = forms.EmailField(label=_("Recipient’s email address"))
    deliver_on = forms.DateField(
        label=_("Delivery date"),
        required=False,
        help_text=_("We email them at 12:00 UTC on this day. Leave empty to send the gift as soon as you have paid."),
        widget=DayInput(),
    )
    message = TextField(
        label=_("Message"),
        required=False,
        max_length=1000,
        help_text=_("Shown in the email and next to the book."),
        widget=forms.Textarea(attrs={"rows": 4}),
    )
