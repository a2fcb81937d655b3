"""Forms for prices and bundles."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from common.amounts import example, read_amount
from common.edit_conflicts import GuardedForm
from common.fields import TextField
from common.money import Money, exponent
from publishing.forms import AmountField
from publishing.services.prices import MAX_PRICE_MINOR
from storefront.catalogue.errors import PriceTooHigh


class AmountForm(forms.Form):
    """An amount chosen by a reader, typed the way the page's language writes it."""

    amount = TextField(required=False)

    def __init__(self, *args: Any, currency: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.currency = currency

    def clean_amount(self) -> Money:
        text, language = self.cleaned_data["amount"], (get_language() or "en").partition("-")[0]
        amount = read_amount(text, self.currency, language=language)
        if amount is None:
            facts = {"text": text[:40], "currency": self.currency, "example": example(self.currency, language=language)}
            raise forms.ValidationError(
                _("“%(text)s” is not a valid amount in %(currency)s. Enter an amount like %(example)s."),
                code="no_amount",
                params=facts,
            )
        if amount.amount_minor > MAX_PRICE_MINOR:
            raise forms.ValidationError(PriceTooHigh(most=Money(MAX_PRICE_MINOR, self.currency)).text)
        return amount

    @property
    def chosen(self) -> Money:
        found: Money = self.cleaned_data["amount"]
        return found

    @property
    def problem(self) -> str:
        """The amount's error messages, "" if there are none."""
        return " ".join(str(error) for error in self.errors.get("amount", []))


class MoneyByCurrencyForm(GuardedForm):
    """One optional amount for each currency of the shop, in fields named `amount_USD`."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for currency in settings.CURRENCIES:
            places = exponent(currency)
            most = Money(MAX_PRICE_MINOR, currency).decimal
            self.fields[f"amount_{currency}"] = AmountField(
                label=currency, required=False, min_value=0, max_value=most, decimal_places=places
            )

    @property
    def amounts(self) -> dict[str, int]:
        """Minor units by currency, for the fields that were filled in."""
        found = {}
        for currency in settings.CURRENCIES:
            value = self.cleaned_data.get(f"amount_{currency}")
            if value:
                found[currency] = int(value.scaleb(exponent(currency)))
        return found

    @property
    def amount_fields(self) -> list[forms.BoundField]:
        return [self[f"amount_{currency}"] for currency in settings.CURRENCIES]


class BundleForm(MoneyByCurrencyForm):
    title = TextField(label=_("Title"), max_length=200)
    description = TextField(
        label=_("Description"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 4})
    )
