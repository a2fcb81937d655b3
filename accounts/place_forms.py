"""Forms of the shop."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from accounts.countries import CountryChoices
from common.fields import TextField
from common.widgets import LongSelect

if TYPE_CHECKING:
    pass


class CountryForm(forms.Form):
    """Where the reader lives decides the tax."""

    country = forms.ChoiceField(label=_("Country where you live"), choices=CountryChoices(), widget=LongSelect)


class RegionForm(forms.Form):
    """Which words the pages use, and which country's prices they show."""

    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
    country = forms.ChoiceField(
        label=_("Country"),
        choices=CountryChoices(),
        widget=LongSelect,
        required=False,
        help_text=_("Prices are shown in its currency where we sell in it, with the tax that is due there."),
    )
    to = TextField(widget=forms.HiddenInput, required=False)
