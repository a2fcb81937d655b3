"""Forms of the earnings and finance pages: text into clean values."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.countries import country_name
from common.money import Money, exponent
from common.periods import Month
from royalties.models import EntryKind, ManualKind, PayoutAccount, SaleState
from royalties.models.payout import DEFAULT_MINIMUM_MINOR, SMALLEST_MINIMUM_MINOR

# Where the provider lets people sign up for payouts themselves.
# fmt: off
_PAYABLE_COUNTRIES = (
    "AT", "BE", "BG", "CA", "CH", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GB",
    "GR", "HR", "HU", "IE", "IS", "IT", "LI", "LT", "LU", "LV", "MT", "NL", "NO", "PL",
    "PT", "RO", "SE", "SI", "SK", "US",
)
# fmt: on


def payable_countries() -> list[tuple[str, str]]:
    """(code, name) by name in the active language."""
    return sorted(((code, country_name(code)) for code in _PAYABLE_COUNTRIES), key=lambda pair: pair[1])


def currency_choices() -> list[tuple[str, str]]:
    """Every currency of the shop, and all of them."""
    return [("", gettext("All")), *((currency, currency) for currency in settings.CURRENCIES)]


class PeriodField(forms.CharField):
    """YYYY-MM, or "" when not required."""

    widget = forms.TextInput(attrs={"type": "month", "placeholder": "2026-11"})

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if text:
            try:
                Month.parse(text)
            except ValueError as error:
                raise forms.ValidationError(str(error)) from error
        return text


class SharesFilter(forms.Form):
    """The filters of a contributor's list of sales."""

    text = forms.CharField(label=_("Title or reference"), required=False, max_length=80)
    state = forms.ChoiceField(label=_("State"), required=False, choices=[("", _("All")), *SaleState.choices])
    currency = forms.ChoiceField(label=_("Currency"), required=False, choices=currency_choices)
    work = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)


class SalesFilter(forms.Form):
    """The filters of finance's list of sales."""

    text = forms.CharField(label=_("Title, sale or order"), required=False, max_length=80)
    state = forms.ChoiceField(label=_("State"), required=False, choices=[("", _("All")), *SaleState.choices])
    currency = forms.ChoiceField(label=_("Currency"), required=False, choices=currency_choices)
    period = PeriodField(label=_("Month"), required=False, max_length=7)
    user = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)


class EntriesFilter(forms.Form):
    text = forms.CharField(label=_("Reference or event"), required=False, max_length=150)
    kind = forms.ChoiceField(label=_("Kind"), required=False, choices=[("", _("All")), *EntryKind.choices])


class PeopleFilter(forms.Form):
    text = forms.CharField(label=_("Name or address"), required=False, max_length=120)
    currency = forms.ChoiceField(label=_("Currency"), required=False, choices=currency_choices)


class StatementsFilter(PeopleFilter):
    period = PeriodField(label=_("Month"), required=False, max_length=7)


class PayoutCountryForm(forms.Form):
    country = forms.ChoiceField(
        label=_("Country of your bank account"),
        choices=payable_countries,
        help_text=_(
            "Payouts reach accounts in these countries. The payment provider asks for the rest on its own page."
        ),
    )


class MinimumForm(forms.Form):
    """The smallest payout, in whole units of any currency."""

    minimum = forms.IntegerField(
        label=_("Smallest payout"),
        min_value=SMALLEST_MINIMUM_MINOR // 100,
        max_value=10_000,
        initial=DEFAULT_MINIMUM_MINOR // 100,
        help_text=_("Smaller amounts wait for the next run."),
    )

    @classmethod
    def of(cls, account: PayoutAccount) -> MinimumForm:
        return cls(initial={"minimum": account.minimum_minor // 100})

    @property
    def minimum_minor(self) -> int:
        return int(self.cleaned_data["minimum"]) * 100


class ProposeForm(forms.Form):
    currency = forms.ChoiceField(choices=[(currency, currency) for currency in settings.CURRENCIES])


class HoldForm(forms.Form):
    reason = forms.CharField(label=_("Why is it held?"), max_length=200)


class CloseForm(forms.Form):
    period = PeriodField(label=_("Month"), max_length=7)


class PreviewForm(forms.Form):
    """A list price that an author thinks of, in minor units."""

    work = forms.CharField(max_length=40)
    currency = forms.ChoiceField(choices=[(currency, currency) for currency in settings.CURRENCIES])
    price_minor = forms.IntegerField(min_value=0, max_value=10_000_000)


class ReserveForm(forms.Form):
    """What is kept of whose earnings, for how long, and why."""

    user = forms.CharField(label=_("Contributor"), max_length=254, help_text=_("Mail address or id."))
    rate = forms.IntegerField(label=_("Percent of what clears"), min_value=1, max_value=50, initial=10)
    days = forms.IntegerField(label=_("Days each amount is kept"), min_value=1, max_value=180, initial=30)
    lasts = forms.IntegerField(label=_("Days until the rule ends"), min_value=1, max_value=366, initial=90)
    reason = forms.CharField(label=_("Reason, as the contributor reads it"), max_length=300)


class CorrectionForm(forms.Form):
    """A correction of what is payable, or the end of a debt."""

    user = forms.CharField(label=_("Contributor"), max_length=254, help_text=_("Mail address or id."))
    kind = forms.TypedChoiceField(label=_("Kind"), choices=ManualKind.choices, coerce=ManualKind)
    currency = forms.ChoiceField(
        label=_("Currency"), choices=[(currency, currency) for currency in settings.CURRENCIES]
    )
    amount_given = forms.DecimalField(
        label=_("Amount"), max_digits=12, help_text=_("To the contributor’s good; negative against it.")
    )
    reason = forms.CharField(label=_("Reason, as the contributor reads it"), max_length=300)

    def clean(self) -> dict[str, Any]:
        """Refuses fractions that the currency does not have."""
        values: dict[str, Any] = super().clean() or {}
        amount, currency = values.get("amount_given"), values.get("currency")
        if amount is not None and currency:
            minor = amount.scaleb(exponent(currency))
            if minor != minor.to_integral_value():
                self.add_error("amount_given", _("This currency has no such fraction."))
        return values

    @property
    def amount(self) -> Money:
        currency = self.cleaned_data["currency"]
        return Money(int(self.cleaned_data["amount_given"].scaleb(exponent(currency))), currency)
