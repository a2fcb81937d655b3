"""The form of the defaults for new books."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from accounts.countries import country_name
from accounts.reserved_names import refuse_reserved
from common.edit_conflicts import GuardedForm
from common.errors import DomainError
from common.fields import TextField
from common.money import exponent
from conversion.engine.api import MatterKind
from publishing import detail_choices
from publishing.house_defaults.values import Defaults
from publishing.languages import language_choices
from publishing.matter_form import MAX_WORDS_LENGTH
from publishing.models import MatterSetting
from publishing.price_forms import AmountField, as_decimal
from publishing.record.errors import MiningNotReservable
from publishing.record.licences import Licence
from publishing.record.people import MAX_BIOGRAPHY
from publishing.services.prices import MAX_PRICE_MINOR
from publishing.territories import Territory, TerritoryRule
from publishing.territory_forms import countries_named

# Fields that are called as in `Defaults`.
_PLAIN = (
    *("credited_name", "biography", "imprint", "language", "sample_bps", "licence"),
    *("rights_line", "is_mining_reserved", "is_price_open"),
)
# Kinds of front and back pages that are switched on and off alike in all books; a dedication is of one book.
_SWITCHES = {
    MatterKind.TITLE: "title_on",
    MatterKind.COPYRIGHT: "copyright_on",
    MatterKind.ABOUT: "about_on",
    MatterKind.ALSO_BY: "also_by_on",
}


class HouseDefaultsForm(GuardedForm):
    """What new books begin with. The fields match `values.Defaults`."""

    credited_name = TextField(
        label=_("Credited name"),
        required=False,
        max_length=120,
        help_text=_("The author’s name in your books. Leave this empty to use the name of your account."),
        validators=[refuse_reserved],
    )
    is_on_page = forms.BooleanField(
        label=_("Link this name to my page and show the book there"),
        required=False,
        help_text=_("Leave this unticked for a pen name that nobody should connect with your other names."),
    )
    biography = TextField(
        label=_("Biography"),
        required=False,
        max_length=MAX_BIOGRAPHY,
        help_text=_("Two or three sentences for the pages of your books."),
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    imprint = TextField(
        label=_("Imprint"),
        max_length=120,
        required=False,
        help_text=_("Your publishing house, if you have one. A pen name belongs to the credits."),
        validators=[refuse_reserved],
    )
    language = forms.ChoiceField(
        label=_("Language of the book"),
        required=False,
        help_text=_("For a manuscript that does not name its language. Most do."),
    )
    sample_bps = forms.TypedChoiceField(label=_("Sample"), coerce=int)
    licence = forms.ChoiceField(
        label=_("Licence"), choices=[choice for choice in Licence.choices if choice[0] != Licence.PUBLIC_DOMAIN]
    )
    rights_line = TextField(
        label=_("Line on rights"),
        required=False,
        max_length=300,
        help_text=_("Such as “© Ann Lee”. It stands on the copyright page instead of “All rights reserved.”"),
    )
    is_mining_reserved = forms.BooleanField(
        label=_("Reserve text and data mining"),
        required=False,
        help_text=_("Possible where all rights are reserved."),
    )
    rule = forms.ChoiceField(
        label=_("Where readers can buy it"), choices=TerritoryRule.choices, widget=forms.RadioSelect
    )
    countries = TextField(
        label=_("Countries"),
        required=False,
        max_length=3000,
        help_text=_("Names or two-letter codes, separated by commas. Not needed for the whole world."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    price_currency = forms.ChoiceField(
        label=_("Currency of the first price"), choices=lambda: [(code, code) for code in settings.CURRENCIES]
    )
    price = AmountField(
        label=_("First price"),
        required=False,
        min_value=0,
        decimal_places=2,
        help_text=_("Proposed on the page of prices. Nothing is sold at it before you save it there."),
    )
    is_price_open = forms.BooleanField(label=_("This is the minimum; readers can pay more"), required=False)
    title_on = forms.BooleanField(label=_("Title page"), required=False)
    copyright_on = forms.BooleanField(label=_("Copyright page"), required=False)
    copyright_words = TextField(
        label=_("Words at the end of the copyright page"),
        required=False,
        max_length=MAX_WORDS_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    about_on = forms.BooleanField(label=_("About the author"), required=False)
    also_by_on = forms.BooleanField(label=_("Also by the author"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        sample, language = self.fields["sample_bps"], self.fields["language"]
        assert isinstance(sample, forms.ChoiceField)  # noqa: S101  declared above
        assert isinstance(language, forms.ChoiceField)  # noqa: S101  declared above
        sample.choices = detail_choices.samples(self.initial.get("sample_bps"))
        present = str(self.initial.get("language", ""))
        language.choices = [("", str(_("As the manuscript says"))), *language_choices(present)]

    @staticmethod
    def initial_of(defaults: Defaults) -> dict[str, Any]:
        """Return the form's values for defaults."""
        names = (*_PLAIN, "is_on_page")
        pages = {one.kind: one for one in defaults.matter}
        currency = defaults.price_currency or settings.DEFAULT_CURRENCY
        price = defaults.price_minor
        copyright_page = pages.get(MatterKind.COPYRIGHT)
        return {
            **{name: getattr(defaults, name) for name in names},
            "rule": defaults.territory.rule,
            "countries": ", ".join(country_name(code) for code in defaults.territory.countries),
            "price_currency": currency,
            "price": None if price is None else as_decimal(price, currency),
            **{switch: kind in pages and pages[kind].is_on for kind, switch in _SWITCHES.items()},
            "copyright_words": copyright_page.words if copyright_page is not None else "",
        }

    def clean_countries(self) -> list[str]:
        return countries_named(self.cleaned_data["countries"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("is_mining_reserved") and cleaned.get("licence", Licence.RESERVED) != Licence.RESERVED:
            self.add_error("is_mining_reserved", MiningNotReservable().text)
        if cleaned.get("rule", TerritoryRule.WORLD) != TerritoryRule.WORLD and not cleaned.get("countries", True):
            self.add_error("countries", _("Name at least one country, or choose the whole world."))
        price, currency = cleaned.get("price"), cleaned.get("price_currency")
        if price is not None and currency:
            most = as_decimal(MAX_PRICE_MINOR, currency)
            if price > most or price != round(price, exponent(currency)):
                self.add_error("price", _("Enter a price between 0 and %(most)s.") % {"most": f"{most} {currency}"})
        return cleaned

    def refuse(self, error: DomainError) -> None:
        """Show what the service refused."""
        self.add_error(None, error.text)

    @property
    def defaults(self) -> Defaults:
        """The defaults that a valid form asks for."""
        given = self.cleaned_data
        names = (*_PLAIN, "is_on_page", "price_currency")
        currency, price = given["price_currency"], given["price"]
        return Defaults(
            **{name: given[name] for name in names},
            territory=Territory.of(given["rule"], given["countries"]),
            price_minor=None if price is None else int(price.scaleb(exponent(currency))),
            matter=tuple(
                MatterSetting(
                    kind, is_on=given[switch], words=given["copyright_words"] if kind is MatterKind.COPYRIGHT else ""
                )
                for kind, switch in _SWITCHES.items()
            ),
        )
