"""Forms of milestones' money in the finance office."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from common.fields import TextField


class ResendForm(forms.Form):
    bank_reference = TextField(
        label=_("Reference of the bank transfer"),
        max_length=80,
        help_text=_("Send the money from our bank first; then enter the reference under which it left."),
    )
