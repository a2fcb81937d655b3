"""Who a payee is for tax: what the law has us ask, checked as far as a form can."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.countries import CountryChoices
from common import clock
from common.fields import TextField
from common.widgets import DayInput, LongSelect
from royalties.services.payee_details import StatedDetails

_YOUNGEST, _OLDEST = 14, 120
_NUMBER = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ./-]{2,28}[A-Za-z0-9]")


class PayeeDetailsForm(forms.Form):
    """A private person gives a birth date, a business its registration number; both an address and a tax number."""

    capacity = forms.ChoiceField(
        label=_("You are paid as"),
        choices=[
            ("private", pgettext_lazy("capacity", "A private person")),
            ("business", pgettext_lazy("capacity", "A business, self-employed included")),
        ],
        widget=forms.RadioSelect,
    )
    name = TextField(label=_("Full legal name"), max_length=140, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    birth_date = forms.DateField(
        label=_("Date of birth"),
        required=False,
        widget=DayInput(attrs={"autocomplete": "bday"}),
        help_text=_("Of a private person or a sole trader."),
    )
    registration_number = TextField(
        label=_("Business registration number"),
        required=False,
        max_length=60,
        help_text=_("Of a company: register and number. A sole trader without one gives the date of birth instead."),
    )
    address = TextField(
        label=_("Address"),
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "street-address"}),
        help_text=_("Street and number, postal code, town."),
    )
    country = forms.ChoiceField(label=_("Country where you pay tax"), choices=CountryChoices(), widget=LongSelect)
    tax_number = TextField(
        label=_("Tax identification number"),
        required=False,
        max_length=30,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        help_text=_("The number under which your country’s tax office knows you."),
    )
    birth_place = TextField(
        label=_("Place of birth"),
        required=False,
        max_length=120,
        help_text=_("Only if your country gives no tax numbers."),
    )
    vat_number = TextField(
        label=_("VAT number"), required=False, max_length=30, help_text=_("Of a business that has one.")
    )

    def clean_birth_date(self) -> date | None:
        born: date | None = self.cleaned_data["birth_date"]
        if born is not None:
            years = (clock.now().date() - born).days // 365
            if not _YOUNGEST <= years <= _OLDEST:
                raise forms.ValidationError(_("Check the year of this date."))
        return born

    def clean_tax_number(self) -> str:
        return _checked(self.cleaned_data["tax_number"])

    def clean_vat_number(self) -> str:
        return _checked(self.cleaned_data["vat_number"])

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        is_business = values.get("capacity") == "business"
        if not is_business and values.get("birth_date") is None and "birth_date" not in self.errors:
            self.add_error("birth_date", _("Enter your date of birth."))
        if is_business and not values.get("registration_number") and values.get("birth_date") is None:
            self.add_error(
                "registration_number", _("Enter the registration number, or the date of birth of a sole trader.")
            )
        if not values.get("tax_number") and not values.get("birth_place") and "tax_number" not in self.errors:
            self.add_error("tax_number", _("Enter your tax number, or your place of birth if your country gives none."))
        return values

    @property
    def stated(self) -> StatedDetails:
        """Return the values of a valid form."""
        values = self.cleaned_data
        born = values["birth_date"]
        return StatedDetails(
            is_business=values["capacity"] == "business",
            name=values["name"],
            birth_date=born.isoformat() if born is not None else "",
            registration_number=values["registration_number"],
            address=values["address"],
            country=values["country"],
            tax_number=values["tax_number"],
            birth_place="" if values["tax_number"] else values["birth_place"],
            vat_number=values["vat_number"] if values["capacity"] == "business" else "",
        )


class PurposeForm(forms.Form):
    """Why finance reads what a payee stated."""

    purpose = TextField(
        label=_("Why do you need the details?"),
        max_length=200,
        help_text=_("Your name and this reason go into the audit log."),
    )


def _checked(number: str) -> str:
    """Return a number with its letters upper-case. Raises ValidationError for what cannot be one."""
    if number and not _NUMBER.fullmatch(number):
        raise forms.ValidationError(_("A number has 4 to 30 letters and digits."))
    return number.upper()
