"""The form of list prices, and fields for amounts."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from common.edit_conflicts import GuardedForm
from common.money import exponent
from publishing.house_defaults.selectors import defaults_of
from publishing.models import Work
from publishing.services.prices import MAX_PRICE_MINOR, OpenPrice

# What the form proposes for a book without a price, in the default currency.
_FIRST_PRICE_MINOR = 499
_OF_THE_SHOP = {settings.DEFAULT_CURRENCY: _FIRST_PRICE_MINOR}


class AmountField(forms.DecimalField):
    """An amount in major units, with a point or a comma as the decimal separator."""

    widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})

    def to_python(self, value: Any) -> Any:
        text = str(value or "").strip()
        return super().to_python(re.sub(r"^(\d+),(\d{1,3})$", r"\1.\2", text))


class PriceForm(GuardedForm):
    """One price field per currency of the shop; an empty field means that the work is not sold in that currency.

    `is_open_USD` lets readers choose what they pay, from the price up; `suggested_USD` is the amount shown to them
    first.
    """

    def __init__(self, *args: Any, work: Work, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for price in work.prices.all():
            self.initial[price.currency] = as_decimal(price.list_price_minor, price.currency)
            self.initial[f"is_open_{price.currency}"] = price.is_open
            if price.suggested_minor is not None:
                self.initial[f"suggested_{price.currency}"] = as_decimal(price.suggested_minor, price.currency)
        self._proposal = {} if self.initial else first_price(work.owner)
        for currency, minor in self._proposal.items():
            self.initial[currency] = as_decimal(minor, currency)
            self.initial[f"is_open_{currency}"] = defaults_of(work.owner).is_price_open
        for currency in settings.CURRENCIES:
            self.fields[currency] = AmountField(
                label=currency,
                required=False,
                min_value=0,
                max_value=as_decimal(MAX_PRICE_MINOR, currency),
                decimal_places=exponent(currency),
            )
            self.fields[f"is_open_{currency}"] = forms.BooleanField(
                label=_("This is the minimum; readers can pay more"), required=False
            )
            self.fields[f"suggested_{currency}"] = AmountField(
                label=_("Suggested price"),
                required=False,
                min_value=0,
                max_value=as_decimal(MAX_PRICE_MINOR, currency),
                decimal_places=exponent(currency),
            )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors and all(cleaned[currency] is None for currency in settings.CURRENCIES):
            self.add_error(None, _("Enter a price in at least one currency. A price of 0 makes the book free."))
        return cleaned

    @property
    def is_from_defaults(self) -> bool:
        """Whether the price that is proposed is the owner's own default."""
        return bool(self._proposal) and self._proposal != _OF_THE_SHOP

    def proposed_minor(self, currency: str) -> int | None:
        """Return the price in minor units that is filled in where the book has none yet."""
        return self._proposal.get(currency)

    @property
    def prices(self) -> dict[str, int | OpenPrice | None]:
        """Prices in minor units, by currency."""
        return {currency: self._price(currency) for currency in settings.CURRENCIES}

    def _price(self, currency: str) -> int | OpenPrice | None:
        least, suggested = (
            None if value is None else int(value.scaleb(exponent(currency)))
            for value in (self.cleaned_data[currency], self.cleaned_data[f"suggested_{currency}"])
        )
        if least is None or not self.cleaned_data[f"is_open_{currency}"]:
            return least
        return OpenPrice(least, suggested)


def first_price(owner: User) -> dict[str, int]:
    """Return what is proposed for a book without a price, in minor units: the owner's default, else the shop's."""
    defaults = defaults_of(owner)
    if defaults.price_minor is None or defaults.price_currency not in settings.CURRENCIES:
        return _OF_THE_SHOP
    return {defaults.price_currency: defaults.price_minor}


def as_decimal(amount_minor: int, currency: str) -> Decimal:
    return Decimal(amount_minor).scaleb(-exponent(currency))
