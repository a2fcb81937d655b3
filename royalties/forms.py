"""Forms of the earnings and finance pages: they turn text into clean values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, time
from decimal import Decimal
from typing import Any, cast

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from accounts.countries import CountryChoices, country_name
from common.fields import TextField
from common.money import Money, exponent
from common.periods import Month
from common.templatetags.money import percent
from common.widgets import DayInput, LongSelect
from payments.rails import BeneficiaryRefused, RailCode, coverage
from payments.rails.beneficiaries import beneficiary
from payments.rails.camt053 import LARGEST_BYTES
from publishing.models import Work
from royalties.models import EntryKind, FeePlan, ManualKind, PayoutAccount, PayoutSchedule, SaleState, TaxForm
from royalties.models.payout import SMALLEST_MINIMUM_UNITS


def countries_of(rail: RailCode) -> list[tuple[str, str]]:
    """Return (code, name) of the countries that the rail reaches, sorted by name in the active language."""
    countries = coverage.countries_of(rail)
    return sorted(((code, country_name(code)) for code in countries), key=lambda pair: pair[1])


def provider_countries() -> list[tuple[str, str]]:
    return countries_of(RailCode.STRIPE)


def bank_countries() -> list[tuple[str, str]]:
    return countries_of(RailCode.BANK)


def currency_choices() -> list[tuple[str, str]]:
    """Return a choice for all currencies, and one for each currency of the shop."""
    return [("", gettext("All")), *((currency, currency) for currency in settings.CURRENCIES)]


def _plain_text(autocomplete: str) -> forms.TextInput:
    return forms.TextInput(attrs={"autocomplete": autocomplete, "spellcheck": "false"})


class PeriodField(forms.CharField):
    """A month as YYYY-MM, or "" when it is not required."""

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

    text = TextField(label=_("Title or reference"), required=False, max_length=80)
    state = forms.ChoiceField(label=_("State"), required=False, choices=[("", _("All")), *SaleState.choices])
    currency = forms.ChoiceField(label=_("Currency"), required=False, choices=currency_choices)
    since = PeriodField(label=_("From month"), required=False, max_length=7)
    until = PeriodField(label=_("To month"), required=False, max_length=7)
    work = TextField(required=False, max_length=40, widget=forms.HiddenInput)
    country = TextField(required=False, max_length=2, widget=forms.HiddenInput)


class MonthsFilter(forms.Form):
    """From one month to another, both included."""

    since = PeriodField(label=_("From month"), required=False, max_length=7)
    until = PeriodField(label=_("To month"), required=False, max_length=7)


class SalesFilter(forms.Form):
    """The filters of finance's list of sales."""

    text = TextField(label=_("Title, sale or order"), required=False, max_length=80)
    state = forms.ChoiceField(label=_("State"), required=False, choices=[("", _("All")), *SaleState.choices])
    currency = forms.ChoiceField(label=_("Currency"), required=False, choices=currency_choices)
    period = PeriodField(label=_("Month"), required=False, max_length=7)
    user = TextField(required=False, max_length=40, widget=forms.HiddenInput)


class EntriesFilter(forms.Form):
    text = TextField(label=_("Reference or event"), required=False, max_length=150)
    kind = forms.ChoiceField(label=_("Kind"), required=False, choices=[("", _("All")), *EntryKind.choices])


class PeopleFilter(forms.Form):
    text = TextField(label=_("Name or email address"), required=False, max_length=120)
    currency = forms.ChoiceField(label=_("Currency"), required=False, choices=currency_choices)


class StatementsFilter(PeopleFilter):
    period = PeriodField(label=_("Month"), required=False, max_length=7)


def _chosen_countries() -> list[tuple[str, str]]:
    """Begin with none: at the provider, a country that was left as it stood cannot be changed later."""
    return [("", gettext("Choose a country")), *provider_countries()]


class PayoutCountryForm(forms.Form):
    country = forms.ChoiceField(
        label=_("Country of your bank account"),
        choices=_chosen_countries,
        widget=LongSelect,
        help_text=_(
            "We can pay out to accounts in these countries. The payment provider asks for everything else on its own "
            "page."
        ),
    )


class ScheduleForm(forms.Form):
    """How often, from which minimum (in whole units of any currency) and in which currency somebody is paid."""

    schedule = forms.ChoiceField(label=_("How often"), choices=PayoutSchedule.choices)
    minimum = forms.IntegerField(
        label=_("Minimum payout"),
        min_value=SMALLEST_MINIMUM_UNITS,
        max_value=10_000,
        help_text=_("In whole dollars, euros or pounds. Smaller amounts wait for the next payout."),
    )
    currency = forms.ChoiceField(
        label=_("Currency"),
        required=False,
        choices=lambda: [("", gettext("Currency of each sale")), *((code, code) for code in settings.CURRENCIES)],
        help_text=_("Other currencies are converted when you are paid. The payout shows the rate and its date."),
    )

    @classmethod
    def of(cls, account: PayoutAccount) -> ScheduleForm:
        return cls(
            initial={"schedule": account.schedule, "minimum": account.minimum_units, "currency": account.currency}
        )


class BankForm(forms.Form):
    """A bank account, checked as far as possible before money is sent to it."""

    holder = TextField(label=_("Account holder"), max_length=70, widget=_plain_text("name"))
    country = forms.ChoiceField(label=_("Country of the bank"), choices=bank_countries, widget=LongSelect)
    iban = TextField(
        label=_("IBAN"),
        required=False,
        max_length=42,
        widget=_plain_text("off"),
        help_text=_("Required in Europe. Spaces do not matter."),
    )
    bic = TextField(
        label=_("BIC"),
        required=False,
        max_length=11,
        widget=_plain_text("off"),
        help_text=_("If your bank has one."),
    )
    account_number = TextField(
        label=_("Account number"),
        required=False,
        max_length=40,
        widget=_plain_text("off"),
        help_text=_("Only if your account has no IBAN."),
    )
    bank_code = TextField(
        label=_("Routing number, sort code or BSB"), required=False, max_length=20, widget=_plain_text("off")
    )

    _SENTENCES = {
        "holder_missing": _("Enter the name of the account holder."),
        "country_not_reached": _("We cannot pay to this country yet."),
        "iban_missing": _("Accounts in this country need an IBAN."),
        "iban_checksum": _("This IBAN has a wrong digit: its check digits do not match."),
        "iban_invalid": _("This is not an IBAN: its length or characters are wrong."),
        "iban_elsewhere": _("This IBAN belongs to a different country from the one you chose."),
        "bic_invalid": _("This is not a BIC: a BIC has 8 or 11 characters, such as COBADEFFXXX."),
        "number_invalid": _("Enter the account number, 4 to 34 letters and digits."),
        "routing_invalid": _("This routing number has a wrong digit: its check digit does not match."),
        "bank_missing": _("Enter the bank code or the BIC."),
    }

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if self.errors:
            return values
        try:
            values["beneficiary"] = beneficiary(
                holder=values["holder"],
                country=values["country"],
                iban_text=values["iban"],
                bic_text=values["bic"],
                account_number=values["account_number"],
                bank_code=values["bank_code"],
            )
        except BeneficiaryRefused as refused:
            self.add_error(refused.field, self._SENTENCES[refused.code])
        return values


class PayNowForm(forms.Form):
    currency = forms.ChoiceField(choices=[(currency, currency) for currency in settings.CURRENCIES])


class PlanForm(forms.Form):
    """A plan for the months from the next one on. The service knows which plans exist."""

    plan = TextField(max_length=20)
    currency = forms.ChoiceField(choices=[(currency, currency) for currency in settings.CURRENCIES])


class StatementUploadForm(forms.Form):
    statement = forms.FileField(label=_("Bank statement"), help_text=_("A camt.053 file of up to 10 MB."))

    def clean_statement(self) -> UploadedFile[bytes]:
        file: UploadedFile[bytes] = self.cleaned_data["statement"]
        if (file.size or 0) > LARGEST_BYTES:
            raise forms.ValidationError(gettext("The file is larger than 10 MB."))
        return file


class SettleRowForm(forms.Form):
    note = TextField(max_length=200)
    is_sweep = forms.BooleanField(required=False)


class RateForm(forms.Form):
    """An exchange rate with its source."""

    base = forms.ChoiceField(label=_("Convert from"), choices=[(code, code) for code in settings.CURRENCIES])
    quote = forms.ChoiceField(label=_("Convert to"), choices=[(code, code) for code in settings.CURRENCIES])
    rate = forms.DecimalField(
        label=pgettext_lazy("exchange", "Rate"), max_digits=18, decimal_places=8, min_value=Decimal("0.00000001")
    )
    true_on = forms.DateField(label=pgettext_lazy("date of a rate", "Date"), widget=DayInput())
    source = TextField(label=_("Source"), max_length=120, help_text=_("For example “ECB reference rate”."))

    @property
    def true_at(self) -> datetime:
        return datetime.combine(self.cleaned_data["true_on"], time(), tzinfo=UTC)


class ProposeForm(forms.Form):
    currency = forms.ChoiceField(choices=[(currency, currency) for currency in settings.CURRENCIES])


class CloseForm(forms.Form):
    period = PeriodField(label=_("Month"), max_length=7)


class PreviewForm(forms.Form):
    """A list price that an author is considering, in minor units."""

    work = TextField(max_length=40)
    currency = forms.ChoiceField(choices=[(currency, currency) for currency in settings.CURRENCIES])
    price_minor = forms.IntegerField(min_value=0, max_value=10_000_000)


class WhatIfForm(forms.Form):
    """A price, a plan and a tax rate that an author is considering for one of their works."""

    work = forms.ChoiceField(label=_("Book"))
    currency = forms.ChoiceField(
        label=_("Currency"), choices=[(currency, currency) for currency in settings.CURRENCIES]
    )
    price = forms.DecimalField(
        label=_("Price, tax included"),
        min_value=0,
        max_value=100_000,
        max_digits=10,
        widget=forms.NumberInput(attrs={"step": "any", "inputmode": "decimal"}),
    )
    plan = forms.ChoiceField(label=_("Plan"))
    tax = forms.TypedChoiceField(label=_("Reader’s tax rate"), coerce=int)

    def __init__(
        self,
        data: Mapping[str, Any],
        *,
        works: Sequence[Work],
        plans: Sequence[FeePlan],
        rates: Iterable[int],
    ) -> None:
        super().__init__(data)
        self._choices("work").choices = [(work.public_id, str(work)) for work in works]
        self._choices("plan").choices = [(plan.code, plan.name) for plan in plans]
        self._choices("tax").choices = [
            (rate, percent(rate) if rate else gettext("No tax")) for rate in sorted({0, *rates})
        ]

    def _choices(self, name: str) -> forms.ChoiceField:
        return cast("forms.ChoiceField", self.fields[name])

    def clean(self) -> dict[str, Any]:
        """Reject fractions that the currency does not have."""
        values: dict[str, Any] = super().clean() or {}
        price, currency = values.get("price"), values.get("currency")
        if price is not None and currency:
            minor = price.scaleb(exponent(currency))
            if minor != minor.to_integral_value():
                self.add_error("price", _("This currency does not have that many decimal places."))
        return values

    @property
    def asked(self) -> Money:
        currency = self.cleaned_data["currency"]
        return Money(int(self.cleaned_data["price"].scaleb(exponent(currency))), currency)


class ReserveForm(forms.Form):
    """Whose earnings are held in reserve, which part of them, for how long and why."""

    user = TextField(label=_("Contributor"), max_length=254, help_text=_("Email address or ID."))
    rate = forms.IntegerField(label=_("Percentage of cleared royalties"), min_value=1, max_value=50, initial=10)
    days = forms.IntegerField(label=_("Days in reserve for each amount"), min_value=1, max_value=180, initial=30)
    lasts = forms.IntegerField(label=_("Days until the rule ends"), min_value=1, max_value=366, initial=90)
    reason = TextField(label=_("Reason (shown to the contributor)"), max_length=300)


class AmountForm(forms.Form):
    """An amount in one of the shop's currencies."""

    currency = forms.ChoiceField(
        label=_("Currency"), choices=[(currency, currency) for currency in settings.CURRENCIES]
    )
    amount_given = forms.DecimalField(label=_("Amount"), max_digits=12)

    def clean(self) -> dict[str, Any]:
        """Reject fractions that the currency does not have."""
        values: dict[str, Any] = super().clean() or {}
        amount, currency = values.get("amount_given"), values.get("currency")
        if amount is not None and currency:
            minor = amount.scaleb(exponent(currency))
            if minor != minor.to_integral_value():
                self.add_error("amount_given", _("This currency does not have that many decimal places."))
        return values

    @property
    def amount(self) -> Money:
        currency = self.cleaned_data["currency"]
        return Money(int(self.cleaned_data["amount_given"].scaleb(exponent(currency))), currency)


class CorrectionForm(AmountForm):
    """A correction of what is payable, or the write-off of a debt."""

    user = TextField(label=_("Contributor"), max_length=254, help_text=_("Email address or ID."))
    kind = forms.TypedChoiceField(
        label=_("Kind"),
        choices=[(kind.value, kind.label) for kind in (ManualKind.ADJUSTMENT, ManualKind.WRITE_OFF)],
        coerce=ManualKind,
    )
    amount_given = forms.DecimalField(
        label=_("Amount"), max_digits=12, help_text=_("Positive in the contributor’s favour, negative against them.")
    )
    reason = TextField(label=_("Reason (shown to the contributor)"), max_length=300)
    field_order = ("user", "kind", "currency", "amount_given", "reason")


class TaxFormForm(forms.Form):
    """A tax form as its signer fills it in. It has no field for a taxpayer number, because none is stored."""

    form = forms.TypedChoiceField(label=_("Form"), choices=TaxForm.choices, coerce=TaxForm)
    name = TextField(label=_("Name of the taxpayer (person or company)"), max_length=120)
    country = forms.ChoiceField(label=_("Country of tax residence"), choices=CountryChoices(), widget=LongSelect)
    claims_treaty = forms.BooleanField(
        label=_("I claim the rate of my country’s tax treaty with the United States"), required=False
    )
    has_taxpayer_number = forms.BooleanField(
        label=_("I have a taxpayer identification number (TIN), here or in the United States"),
        required=False,
        help_text=_("You need one to claim a treaty rate. Do not enter the number itself anywhere on this page."),
    )
    signed_on = forms.DateField(label=_("Signed on"), widget=DayInput())
    signature = TextField(
        label=_("Your full name, as your signature"),
        max_length=120,
        help_text=_("You sign, under penalties of perjury, that everything here is true and that the income is yours."),
    )


class TaxDecisionForm(forms.Form):
    reason = TextField(label=_("Reason (shown to the contributor)"), max_length=300)


class RemittanceForm(AmountForm):
    """A payment of withheld tax to the tax office."""

    note = TextField(label=_("Reference of the deposit"), max_length=200)
