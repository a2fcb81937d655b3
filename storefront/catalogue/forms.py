"""Forms for prices and bundles."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.countries import country_name
from common.amounts import example, read_amount
from common.edit_conflicts import GuardedForm
from common.fields import TextField
from common.money import Money, exponent
from common.widgets import MomentInput
from publishing import fixed_prices
from publishing.errors import PromotionEmpty
from publishing.models import Work
from publishing.price_forms import AmountField
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


class PromotionForm(MoneyByCurrencyForm):
    """A promotion of a work: from when until when (UTC), and its price in each currency that has a list price."""

    begins_at = forms.DateTimeField(
        label=_("Begins (UTC)"), required=False, widget=MomentInput(), help_text=_("Leave empty to begin now.")
    )
    ends_at = forms.DateTimeField(
        label=_("Ends (UTC)"), widget=MomentInput(), help_text=_("The list price is back from this moment on.")
    )
    is_free = forms.BooleanField(label=_("Give the book away, in every currency"), required=False)

    def __init__(self, *args: Any, currencies: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.currencies = currencies
        for currency in settings.CURRENCIES:
            if currency not in currencies:
                del self.fields[f"amount_{currency}"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("is_free") and self.amounts:
            self.add_error("is_free", _("Either give the book away or enter prices, not both."))
        elif not self.errors and not cleaned.get("is_free") and not self.amounts:
            self.add_error(None, PromotionEmpty().text)
        return cleaned

    @property
    def prices(self) -> dict[str, int]:
        """Minor units by currency; 0 in all of them if the book is given away."""
        return dict.fromkeys(self.currencies, 0) if self.cleaned_data["is_free"] else self.amounts

    @property
    def shown_amounts(self) -> list[forms.BoundField]:
        return [self[f"amount_{currency}"] for currency in settings.CURRENCIES if currency in self.currencies]


class FixedPricesForm(GuardedForm):
    """Where the law fixes the price of a work: yes, no, or what the table says."""

    def __init__(self, *args: Any, work: Work, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for law in fixed_prices.laws_on(on):
            if law.applies_to(work.language):
                usual = _("yes") if law.binds_self_published else _("no")
                self.fields[f"fixed_{law.country}"] = forms.ChoiceField(
                    label=country_name(law.country),
                    required=False,
                    choices=[
                        ("", _("As usual for authors who publish themselves: %(usual)s") % {"usual": usual}),
                        ("yes", _("The price is fixed")),
                        ("no", _("The price is not fixed")),
                    ],
                    help_text=law.source,
                )
                chosen = work.fixed_prices.get(law.country)
                self.initial[f"fixed_{law.country}"] = "" if chosen is None else ("yes" if chosen else "no")

    @property
    def choices(self) -> dict[str, bool]:
        """What the author chose, by country."""
        return {name.removeprefix("fixed_"): chosen == "yes" for name, chosen in self.cleaned_data.items() if chosen}


class SuggestionForm(forms.Form):
    """One price from which the others are suggested."""

    price = AmountField(label=_("Price"), min_value=0, decimal_places=3)
    currency = forms.ChoiceField(label=_("Currency"), choices=[(code, code) for code in settings.CURRENCIES])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if "price" in cleaned and "currency" in cleaned and self.price_entered.amount_minor > MAX_PRICE_MINOR:
            self.add_error("price", PriceTooHigh(most=Money(MAX_PRICE_MINOR, cleaned["currency"])).text)
        return cleaned

    @property
    def price_entered(self) -> Money:
        currency = self.cleaned_data["currency"]
        return Money(int(self.cleaned_data["price"].scaleb(exponent(currency))), currency)
