"""Forms for visitors without an account."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import forms
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


def email_field(label: StrOrPromise, help_text: StrOrPromise) -> forms.EmailField:
    widget = forms.EmailInput(attrs={"autocomplete": "email"})
    return forms.EmailField(label=label, max_length=254, help_text=help_text, widget=widget)


class FindOrdersForm(forms.Form):
    email = email_field(_("Your email address"), _("The address your receipt was sent to."))
