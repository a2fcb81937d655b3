"""The form for the countries where a work is sold.

Countries are entered by name in a field with the browser's own autocompletion, so the form works without scripts.
"""

from __future__ import annotations

import unicodedata
from typing import Any

from babel import Locale
from django import forms
from django.utils.translation import gettext_lazy as _

from common.edit_conflicts import GuardedForm
from common.fields import TextField
from publishing.errors import CountryUnknown
from publishing.territories import GROUPS, Territory, TerritoryRule, is_iso_country, iso_choices


class TerritoryForm(GuardedForm):
    """The rule and its countries. `countries` are the countries chosen so far; `add` and `group` add more with any
    button.
    """

    rule = forms.ChoiceField(
        label=_("Where readers can buy it"), choices=TerritoryRule.choices, widget=forms.RadioSelect
    )
    countries = forms.MultipleChoiceField(
        label=_("Countries"), required=False, choices=iso_choices, widget=forms.CheckboxSelectMultiple
    )
    add = TextField(
        label=_("Add countries"),
        required=False,
        max_length=1000,
        help_text=_("A name or a two-letter code. Separate several with commas."),
        widget=forms.TextInput(attrs={"list": "countries", "autocomplete": "off"}),
    )
    group = forms.ChoiceField(
        label=_("Add a group"),
        required=False,
        choices=lambda: [("", "—"), *((key, label) for key, (label, _countries) in GROUPS.items())],
    )

    def clean_add(self) -> list[str]:
        return countries_named(self.cleaned_data["add"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        group = GROUPS.get(cleaned.get("group", ""))
        more = [*cleaned.get("add", []), *(group[1] if group is not None else ())]
        if more and cleaned.get("rule") == TerritoryRule.WORLD:
            self.add_error(
                "rule", _("Choose whether the book is sold only in these countries, or everywhere except in them.")
            )
        cleaned["countries"] = sorted({*cleaned.get("countries", []), *more})
        return cleaned

    @property
    def territory(self) -> Territory:
        return Territory.of(self.cleaned_data["rule"], self.cleaned_data["countries"])


def countries_named(text: str) -> list[str]:
    """Return the codes of the countries in a text with commas. Raises a field's error for an unknown one."""
    # A country's name may contain commas, so try the whole text first.
    whole = named(text)
    if whole:
        return [whole]
    found = []
    for part in filter(None, map(str.strip, text.replace(";", ",").split(","))):
        code = named(part)
        if not code:
            raise forms.ValidationError(CountryUnknown(country=part).text)
        found.append(code)
    return found


def named(text: str) -> str:
    """Return the code of the country with this name, in the active language or in English; "" when there is none."""
    wanted = _plain(text)
    if not wanted:
        return ""
    if is_iso_country(wanted.upper()):
        return wanted.upper()
    names: dict[str, str] = {
        _plain(name): code for code, name in Locale("en").territories.items() if is_iso_country(code)
    }
    names |= {_plain(name): code for code, name in iso_choices()}
    return names.get(wanted, "")


def _plain(text: str) -> str:
    """Remove accents and case."""
    bare = unicodedata.normalize("NFKD", " ".join(text.split()))
    return "".join(letter for letter in bare if not unicodedata.combining(letter)).casefold()
