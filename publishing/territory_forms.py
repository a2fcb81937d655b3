"""The form that says where a work is sold. Countries are found by name in a field that browsers complete by themselves,
so nothing of it needs scripts."""

from __future__ import annotations

import unicodedata
from typing import Any

from babel import Locale
from django import forms
from django.utils.translation import gettext_lazy as _

from common.fields import TextField
from common.guarded import GuardedForm
from publishing.errors import CountryUnknown
from publishing.territories import GROUPS, Territory, TerritoryRule, is_iso_country, iso_choices


class TerritoryForm(GuardedForm):
    """`countries` are those chosen so far; `add` and `group` put more to them when the form is sent, by any button."""

    rule = forms.ChoiceField(label=_("Readers can buy it"), choices=TerritoryRule.choices, widget=forms.RadioSelect)
    countries = forms.MultipleChoiceField(
        label=_("Countries"), required=False, choices=iso_choices, widget=forms.CheckboxSelectMultiple
    )
    add = TextField(
        label=_("Add countries"),
        required=False,
        max_length=1000,
        help_text=_("A name or a code of two letters; several with commas between them."),
        widget=forms.TextInput(attrs={"list": "countries", "autocomplete": "off"}),
    )
    group = forms.ChoiceField(
        label=_("Add a group"),
        required=False,
        choices=lambda: [("", "—"), *((key, label) for key, (label, _countries) in GROUPS.items())],
    )

    def clean_add(self) -> list[str]:
        text: str = self.cleaned_data["add"]
        # A name may hold commas itself; nothing else does.
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

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        group = GROUPS.get(cleaned.get("group", ""))
        more = [*cleaned.get("add", []), *(group[1] if group is not None else ())]
        if more and cleaned.get("rule") == TerritoryRule.WORLD:
            self.add_error("rule", _("Say what the countries are for: not to sell there, or to sell only there."))
        cleaned["countries"] = sorted({*cleaned.get("countries", []), *more})
        return cleaned

    @property
    def territory(self) -> Territory:
        return Territory.of(self.cleaned_data["rule"], self.cleaned_data["countries"])


def named(text: str) -> str:
    """The code of the country with that name, in the language of the page or in English; "" for none."""
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
    """Letters without accents and case."""
    bare = unicodedata.normalize("NFKD", " ".join(text.split()))
    return "".join(letter for letter in bare if not unicodedata.combining(letter)).casefold()
