"""Forms of sending books."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from common.fields import TextField
from common.form_tokens import OnceForm


class DeviceForm(forms.Form):
    """A device to add."""

    name = TextField(label=_("Name"), max_length=40, help_text=_("As you call it: “Kindle in the kitchen”."))
    address = forms.EmailField(
        label=_("Email address of the device"),
        help_text=_("Find it in the device’s settings. It ends in @kindle.com or @pbsync.com; or it is your own."),
    )


class CodeForm(forms.Form):
    """A code that an e-reader shows."""

    code = TextField(
        label=_("Code"),
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "autocapitalize": "characters"}),
    )


class SendForm(OnceForm):
    """A book to send to a device."""

    device = TextField(max_length=40)
