"""Forms for the reader's country and region."""

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
    """Asks where the reader lives, which decides the tax."""

    country = forms.ChoiceField(label=_("Country where you live"), choices=CountryChoices(), widget=LongSelect)


class RegionForm(forms.Form):
    """Asks which language the pages use and which country's prices they show."""

    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
    country = forms.ChoiceField(
        label=_("Country"),
        choices=CountryChoices(),
        widget=LongSelect,
        required=False,
        help_text=_("If we sell in that country’s currency, prices are shown in it, with the tax that applies there."),
    )
    to = TextField(widget=forms.HiddenInput, required=False)
