"""The form that says what a bulk edit changes. Empty fields leave everything as it is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from accounts.reserved_names import refuse_reserved
from common.fields import TextField
from common.money import exponent
from publishing import thema
from publishing.bulk import aims, fields
from publishing.bulk.models import Aim
from publishing.models import AiUse, ContentWarning, ContributorRole
from publishing.models.work import MAX_READING_AGE
from publishing.price_forms import AmountField
from publishing.record import keywords, licences, thema_codes
from publishing.territories import GROUPS, TerritoryRule
from publishing.territory_forms import countries_named

_LEAVE = ("", _("Leave as it is"))
_YES_NO = [_LEAVE, ("yes", _("Yes")), ("no", _("No"))]
_PRICE_WAYS = [
    _LEAVE,
    ("set", _("Set to an amount")),
    ("raise_percent", _("Raise by percent")),
    ("lower_percent", _("Lower by percent")),
    ("raise_amount", _("Raise by an amount")),
    ("lower_amount", _("Lower by an amount")),
]
_MAX_NUMBER = 999
_WITH_WORDS = {"add", "remove", "main"}
# The parts of the form, as the page shows them.
PARTS = [
    (_("Price"), ("price_how", "price_number", "price_currency", "price_rounded")),
    (_("Where it is sold"), ("territory_rule", "territory_countries", "territory_group")),
    (_("Keywords"), ("keywords_add", "keywords_remove")),
    (_("Subjects"), ("subject_main", "subjects_add", "subjects_remove")),
    (
        _("Rights"),
        ("licence", "public_domain_source", "rights_line", "rights_line_remove", "is_mining_reserved"),
    ),
    (_("AI use"), ("ai_text", "ai_images", "ai_cover", "ai_translation")),
    (_("Readers"), ("is_adult", "reading_age", "warnings_add", "warnings_remove")),
    (_("Imprint"), ("imprint", "imprint_remove")),
    (_("Contributor"), ("person_name", "person_role")),
    (_("Series"), ("series", "series_start")),
]


class FilterForm(forms.Form):
    """Which books the list shows."""

    q = TextField(label=_("Title or file name"), required=False, max_length=200)
    series = forms.ChoiceField(label=_("Series"), required=False)
    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[("", _("All books")), ("sale", _("On sale")), ("draft", _("Not on sale"))],
    )

    def __init__(self, *args: Any, series: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["series"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  declared above
        field.choices = [("", _("All series")), *series]

    @property
    def filters(self) -> dict[str, str]:
        """What was asked for; an unknown value asks for nothing."""
        self.is_valid()
        given = getattr(self, "cleaned_data", {})
        return {"query": given.get("q", ""), "series": given.get("series", ""), "state": given.get("state", "")}


class BulkForm(forms.Form):
    price_how = forms.ChoiceField(label=_("Price"), choices=_PRICE_WAYS, required=False)
    price_number = AmountField(label=_("Percent or amount"), required=False, min_value=0, max_digits=9)
    price_currency = forms.ChoiceField(label=_("Currency"), required=False)
    price_rounded = forms.BooleanField(
        label=_("Round to usual prices"),
        required=False,
        initial=True,
        help_text=_("The nearest price as the currency usually has them, such as 4.99 or ¥390."),
    )
    territory_rule = forms.ChoiceField(
        label=_("Where readers can buy it"), choices=[_LEAVE, *TerritoryRule.choices], required=False
    )
    territory_countries = TextField(
        label=_("Countries"),
        required=False,
        max_length=1000,
        help_text=_("A name or a two-letter code. Separate several with commas."),
    )
    territory_group = forms.ChoiceField(
        label=_("Add a group"),
        required=False,
        choices=lambda: [("", "—"), *((key, label) for key, (label, _countries) in GROUPS.items())],
    )
    keywords_add = TextField(
        label=_("Keywords to add"), required=False, max_length=600, help_text=_("Separated by commas.")
    )
    keywords_remove = TextField(label=_("Keywords to remove"), required=False, max_length=600)
    subject_main = forms.ChoiceField(label=_("Main subject"), required=False)
    subjects_add = TextField(
        label=_("Subjects to add"),
        required=False,
        max_length=200,
        help_text=_("Codes of Thema or your own words, separated by commas: FFJ, cosy mystery."),
    )
    subjects_remove = TextField(label=_("Subjects to remove"), required=False, max_length=200)
    licence = forms.ChoiceField(label=_("Licence"), required=False)
    public_domain_source = TextField(label=_("Source of the free text"), required=False, max_length=300)
    rights_line = TextField(label=_("Line on rights"), required=False, max_length=300)
    rights_line_remove = forms.BooleanField(label=_("Remove the line on rights"), required=False)
    is_mining_reserved = forms.ChoiceField(label=_("Reserve text and data mining"), choices=_YES_NO, required=False)
    ai_text = forms.ChoiceField(label=_("AI in the text"), choices=[_LEAVE, *AiUse.choices], required=False)
    ai_images = forms.ChoiceField(label=_("AI in the pictures"), choices=[_LEAVE, *AiUse.choices], required=False)
    ai_cover = forms.ChoiceField(label=_("AI in the cover"), choices=[_LEAVE, *AiUse.choices], required=False)
    ai_translation = forms.ChoiceField(
        label=_("AI in the translation"), choices=[_LEAVE, *AiUse.choices], required=False
    )
    is_adult = forms.ChoiceField(label=_("For adults only (18+)"), choices=_YES_NO, required=False)
    reading_age = forms.IntegerField(label=_("Reading age"), required=False, min_value=0, max_value=MAX_READING_AGE)
    warnings_add = forms.MultipleChoiceField(
        label=_("Content warnings to add"),
        required=False,
        choices=ContentWarning.choices,
        widget=forms.CheckboxSelectMultiple,
    )
    warnings_remove = forms.MultipleChoiceField(
        label=_("Content warnings to remove"),
        required=False,
        choices=ContentWarning.choices,
        widget=forms.CheckboxSelectMultiple,
    )
    imprint = TextField(label=_("Imprint"), required=False, max_length=120, validators=[refuse_reserved])
    imprint_remove = forms.BooleanField(label=_("Remove the imprint"), required=False)
    person_name = TextField(
        label=_("Credited name to add"),
        required=False,
        max_length=120,
        validators=[refuse_reserved],
        help_text=_("Only the name. Invite the person on the book’s own page."),
    )
    person_role = forms.ChoiceField(label=_("Role"), choices=[("", "—"), *ContributorRole.choices], required=False)
    series = TextField(
        label=_("Series"),
        required=False,
        max_length=200,
        help_text=_("The books are numbered in the order of the list."),
    )
    series_start = forms.IntegerField(
        label=_("Number of the first book"), required=False, min_value=1, max_value=_MAX_NUMBER
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices: dict[str, Any] = {
            "price_currency": [("", _("All currencies")), *((one, one) for one in settings.CURRENCIES)],
            "subject_main": [_LEAVE, *thema.choices()],
            "licence": [_LEAVE, *licences.choices()],
        }
        for name, found in choices.items():
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)  # noqa: S101  declared above
            field.choices = found

    def clean_territory_countries(self) -> list[str]:
        return countries_named(self.cleaned_data["territory_countries"])

    def clean_subjects_add(self) -> list[str]:
        return _codes(self.cleaned_data["subjects_add"])

    def clean_subjects_remove(self) -> list[str]:
        return _codes(self.cleaned_data["subjects_remove"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        self._clean_price(cleaned)
        group = GROUPS.get(cleaned.get("territory_group", ""))
        countries = [*cleaned.get("territory_countries", []), *(group[1] if group else ())]
        rule = cleaned.get("territory_rule")
        if bool(countries) != (rule in {TerritoryRule.EXCEPT, TerritoryRule.ONLY}):
            self.add_error(
                "territory_rule",
                _("Choose a rule and its countries, or leave both empty. “Everywhere” needs no countries."),
            )
        cleaned["countries"] = sorted(set(countries))
        if bool(cleaned.get("person_name")) != bool(cleaned.get("person_role")):
            self.add_error("person_role", _("Enter a name and a role, or neither."))
        if cleaned.get("series_start") and not cleaned.get("series"):
            self.add_error("series", _("Enter the series this number belongs to, or leave the number empty."))
        for name in ("rights_line", "imprint"):
            if cleaned.get(name) and cleaned.get(f"{name}_remove"):
                self.add_error(name, _("Enter new words or remove the old ones, not both."))
        if not self.errors and not self.aims:
            self.add_error(None, _("Choose at least one thing to change."))
        return cleaned

    def _clean_price(self, cleaned: dict[str, Any]) -> None:
        how, number, currency = (cleaned.get(f"price_{name}") for name in ("how", "number", "currency"))
        if not how:
            if number is not None:
                self.add_error("price_how", _("Choose what to do with this number."))
            return
        if number is None:
            if "price_number" not in self.errors:
                self.add_error("price_number", _("Enter a number."))
        elif how.endswith("_percent"):
            if number > (100 if how == "lower_percent" else 1000):
                self.add_error("price_number", _("That is too many percent."))
        elif not currency:
            self.add_error("price_currency", _("Choose the currency of the amount."))
        elif -number.as_tuple().exponent > exponent(currency):
            self.add_error("price_number", _("That is more decimal places than the currency has."))

    @property
    def aims(self) -> tuple[Aim, ...]:
        """What is to change. Nothing to add, to remove or to make the main one is no aim."""
        found = [*self._price_aims(), *self._record_aims(), *self._other_aims()]
        return tuple(aim for aim in found if aim.words or aim.how not in _WITH_WORDS)

    def _price_aims(self) -> Iterator[Aim]:
        given = self.cleaned_data
        how = given["price_how"]
        if not how:
            return
        for currency in [given["price_currency"]] if given["price_currency"] else settings.CURRENCIES:
            places = 2 if how.endswith("_percent") else exponent(currency)
            number = int(given["price_number"].scaleb(places))
            way = "price_set" if how == "set" else f"price_{how.rpartition('_')[2]}"
            words = [aims.LADDER] if given["price_rounded"] and how != "set" else []
            if not given["price_currency"]:
                words.append(aims.WHERE_PRICED)
            yield Aim(fields.price_name(currency), way, tuple(words), -number if how.startswith("lower") else number)

    def _record_aims(self) -> Iterator[Aim]:
        given = self.cleaned_data
        for way in ("remove", "add"):
            yield Aim("keywords", way, tuple(keywords.parted(given[f"keywords_{way}"])))
        yield Aim("subjects", "main", tuple(filter(None, [given["subject_main"]])))
        for way in ("remove", "add"):
            yield Aim("subjects", way, tuple(given[f"subjects_{way}"]))
        if given["licence"]:
            yield Aim("licence", "set", (given["licence"], *filter(None, [given["public_domain_source"]])))
        for name in ("rights_line", "imprint"):
            if given[name] or given[f"{name}_remove"]:
                yield Aim(name, "set", tuple(filter(None, [given[name]])))
        for name in ("is_mining_reserved", "is_adult"):
            if given[name]:
                yield Aim(name, "yes_or_no", number=int(given[name] == "yes"))

    def _other_aims(self) -> Iterator[Aim]:
        given = self.cleaned_data
        uses = tuple(given[name] for name in ("ai_text", "ai_images", "ai_cover", "ai_translation"))
        if any(uses):
            yield Aim("ai_use", "some", uses)
        if given["reading_age"] is not None:
            yield Aim("reading_age", "set", (str(given["reading_age"]),))
        for way in ("remove", "add"):
            yield Aim("warnings", way, tuple(given[f"warnings_{way}"]))
        if given["person_name"]:
            yield Aim("people", "add", (f"{given['person_role']} {given['person_name']}",))
        if given["series"]:
            start = given["series_start"]
            yield Aim("series", "number" if start else "set", (given["series"],), start or 0)
        if given["territory_rule"]:
            yield Aim("territory", "set", (given["territory_rule"], *given["countries"]))


def _codes(text: str) -> list[str]:
    """Return the Thema codes that were typed, or that the trade's words stand for. Raises a field's error."""
    found = []
    for part in filter(None, map(str.strip, re.split(r"[,;]", text))):
        if thema_codes.is_known(part.upper()):
            found.append(part.upper())
            continue
        hits = thema_codes.search(part)
        if len(hits) == 1 or (hits and hits[0].heading.casefold() == part.casefold()):
            found.append(hits[0].code)
            continue
        if not hits:
            raise forms.ValidationError(_("No subject has “%(words)s”."), params={"words": part})
        likely = ", ".join(f"{one.code} ({one.heading})" for one in hits[:4])
        message = _("“%(words)s” may be several subjects. Enter a code: %(codes)s.")
        raise forms.ValidationError(message, params={"words": part, "codes": likely})
    return found
