"""Forms of the cart."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import forms
from django.utils.translation import gettext_lazy as _

from common.fields import TextField

if TYPE_CHECKING:
    pass


class CodeForm(forms.Form):
    code = TextField(label=_("Code"), max_length=40)


class GiftForm(forms.Form):
    recipient = forms.EmailField(label=_("Their e-mail address"))
    deliver_on = forms.DateField(
        label=_("Day"),
        required=False,
        help_text=_("We write to them at 12:00 UTC that day. Leave it empty to write as soon as you have paid."),
        widget=forms.DateInput(attrs={"type": "date"}),
    )
    message = TextField(
        label=_("A few words"),
        required=False,
        max_length=1000,
        help_text=_("They stand in the mail and beside the book."),
        widget=forms.Textarea(attrs={"rows": 4}),
    )
