"""The form that makes an app password."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from common.fields import TextField
from storefront.devices.errors import BadName
from storefront.devices.models import Scope


class AppPasswordForm(forms.Form):
    """A name, which is also the user name on the device, and what the app may do."""

    name = TextField(
        label=_("Name of the device or app"),
        max_length=40,
        help_text=_("For example “kobo”. It is also the user name that you enter there, so keep it short."),
    )
    scopes = forms.MultipleChoiceField(
        label=_("What it may do"),
        choices=Scope.choices,
        initial=[Scope.CATALOGUE],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one thing that the app may do.")},
    )

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        if ":" in name:
            raise forms.ValidationError(BadName().text)
        return name
