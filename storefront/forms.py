"""Forms of the shop."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, time
from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.conf import settings
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.countries import CountryChoices
from common.amounts import example, read_amount
from common.fields import TextField
from common.guarded import GuardedForm
from common.money import Money, exponent
from common.widgets import LongSelect
from publishing.forms import AmountField
from publishing.services.pricing import MOST_MINOR
from storefront.errors import PriceTooHigh

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

STARS = [(5, _("5 stars")), (4, _("4 stars")), (3, _("3 stars")), (2, _("2 stars")), (1, _("1 star"))]


class ReviewForm(forms.Form):
    stars = forms.TypedChoiceField(label=_("Your rating"), choices=STARS, coerce=int, widget=forms.RadioSelect)
    title = TextField(label=_("In one line"), max_length=120, required=False)
    body = TextField(
        label=_("Your review"),
        max_length=5000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_("What would you tell a friend who thinks of buying it? Your name stands beside it."),
    )


class CountryForm(forms.Form):
    """Where the reader lives decides the tax."""

    country = forms.ChoiceField(label=_("Country where you live"), choices=CountryChoices(), widget=LongSelect)


class RegionForm(forms.Form):
    """Which words the pages use, and which country's prices they show."""

    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
    country = forms.ChoiceField(
        label=_("Country"),
        choices=CountryChoices(),
        widget=LongSelect,
        required=False,
        help_text=_("Prices are shown in its currency where we sell in it, with the tax that is due there."),
    )
    to = TextField(widget=forms.HiddenInput, required=False)


class ConsentField(forms.BooleanField):
    """Consent to supply at once, in the wording of `services.consent`."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            label=_(
                "Open the books at once. I know that with the first download or page opened I lose the fourteen-day "
                "right of withdrawal that the law gives for distance sales."
            ),
            error_messages={
                "required": _("Without this consent we may not open the books before fourteen days are over.")
            },
            **kwargs,
        )


def _email(label: StrOrPromise, help_text: StrOrPromise) -> forms.EmailField:
    widget = forms.EmailInput(attrs={"autocomplete": "email"})
    return forms.EmailField(label=label, max_length=254, help_text=help_text, widget=widget)


class FindOrdersForm(forms.Form):
    email = _email(_("Your e-mail address"), _("The one that the receipt went to."))


class PayForm(CountryForm):
    """Checkout: where the reader lives, where the receipt goes, and consent to supply at once.

    `digest` and `shown_country` name the offer that the page showed. A person signed in has an address already.
    """

    email = _email(
        _("Your e-mail address"),
        _("The receipt goes there, with a link that opens your books again whenever you like."),
    )
    digest = TextField(widget=forms.HiddenInput)
    shown_country = TextField(widget=forms.HiddenInput, required=False)
    consent = ConsentField(
        help_text=_("Our own promise stays: you can give a book back within fourteen days, here on the site.")
    )
    needs_consent = TextField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, is_guest: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not is_guest:
            del self.fields["email"]
        # Where scripts run, the price beside follows the country; elsewhere the button shows another price first.
        self.fields["country"].widget.attrs |= {
            "autocomplete": "country",
            "hx-get": reverse("checkout"),
            # A name typed on the keyboard is a change at each letter; the last one counts.
            "hx-trigger": "change delay:250ms",
            "hx-sync": "this:replace",
            "hx-target": "#quote",
            "hx-select": "#quote",
            "hx-select-oob": "#pay",
            "hx-swap": "outerHTML",
        }
        # An order of gifts alone opens nothing for whoever pays. The service asks again and has the last word.
        self.fields["consent"].required = self["needs_consent"].value() != "False"


class AmountForm(forms.Form):
    """An amount that a reader chooses, as people write it in the page's language."""

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
                _("“%(text)s” is no amount in %(currency)s. Write it like %(example)s."), code="no_amount", params=facts
            )
        if amount.amount_minor > MOST_MINOR:
            raise forms.ValidationError(PriceTooHigh(most=Money(MOST_MINOR, self.currency)).text)
        return amount

    @property
    def chosen(self) -> Money:
        found: Money = self.cleaned_data["amount"]
        return found

    @property
    def problem(self) -> str:
        """What is wrong with it, "" when nothing is."""
        return " ".join(str(error) for error in self.errors.get("amount", []))


class CodeForm(forms.Form):
    code = TextField(label=_("Code"), max_length=40)


class GiftForm(forms.Form):
    recipient = forms.EmailField(label=_("Their e-mail address"))
    deliver_on = forms.DateField(
        label=_("Day"),
        required=False,
        help_text=_("We write to them at 12:00 UTC that day. Leave it empty to write as soon as you have paid."),
        widget=forms.DateInput(attrs={"type": "date"}),
    )
    message = TextField(
        label=_("A few words"),
        required=False,
        max_length=1000,
        help_text=_("They stand in the mail and beside the book."),
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class RedeemForm(CountryForm):
    consent = ConsentField()


class MoneyByCurrencyForm(GuardedForm):
    """One optional amount for each currency of the shop, named `amount_USD`."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for currency in settings.CURRENCIES:
            places = exponent(currency)
            most = Money(MOST_MINOR, currency).decimal
            self.fields[f"amount_{currency}"] = AmountField(
                label=currency, required=False, min_value=0, max_value=most, decimal_places=places
            )

    @property
    def amounts(self) -> dict[str, int]:
        """Minor units by currency, of the fields that say anything."""
        found = {}
        for currency in settings.CURRENCIES:
            value = self.cleaned_data.get(f"amount_{currency}")
            if value:
                found[currency] = int(value.scaleb(exponent(currency)))
        return found

    @property
    def amount_fields(self) -> list[forms.BoundField]:
        return [self[f"amount_{currency}"] for currency in settings.CURRENCIES]


class CouponForm(MoneyByCurrencyForm):
    code = forms.RegexField(
        label=_("Code"),
        regex=r"^[A-Za-z0-9-]{3,40}$",
        help_text=_("3 to 40 letters, digits and hyphens. Capitals do not matter."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    percent = AmountField(
        label=_("Percent off"), required=False, min_value=0, max_value=100, decimal_places=2, help_text=_("Or:")
    )
    begins_on = forms.DateField(label=_("First day"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    ends_on = forms.DateField(label=_("Last day"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    uses_limit = forms.IntegerField(
        label=_("How often in all"), required=False, min_value=1, max_value=1_000_000, help_text=_("Empty: no limit.")
    )
    uses_per_person = forms.IntegerField(
        label=_("How often for one person"),
        required=False,
        min_value=1,
        max_value=1000,
        help_text=_("Empty: no limit, and no account needed. With a limit, readers have to log in to use the code."),
    )
    pen_name = forms.ChoiceField(
        label=_("For books by"),
        required=False,
        help_text=_("A code for all your books would tell readers that they are all yours."),
    )
    works = forms.MultipleChoiceField(
        label=_("For these books"),
        required=False,
        help_text=_("None chosen: for all."),
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, works: list[tuple[str, str]], names: Sequence[str] = (), **kwargs: Any) -> None:
        """`names` are those of `coupons.names_of`; there is a choice only between several."""
        super().__init__(*args, **kwargs)
        self._only_name = names[0] if names else ""
        choice = self.fields["pen_name"]
        assert isinstance(choice, forms.ChoiceField)  # noqa: S101 - declared above
        choice.choices = [(name, name or _("Names that lead to your page")) for name in names]
        if len(names) < 2:
            del self.fields["pen_name"]
        field = self.fields["works"]
        assert isinstance(field, forms.MultipleChoiceField)  # noqa: S101 - declared above
        field.choices = works

    @property
    def chosen_name(self) -> str:
        """Whose books it is for when none are chosen."""
        return str(self.cleaned_data.get("pen_name", self._only_name))

    @property
    def percent_bps(self) -> int | None:
        value = self.cleaned_data["percent"]
        return int(value.scaleb(2)) if value else None

    def begins_at(self, now: datetime) -> datetime:
        """The beginning of the first day; now without one."""
        day = self.cleaned_data["begins_on"]
        return datetime.combine(day, time(), UTC) if day else now

    @property
    def ends_at(self) -> datetime | None:
        """The end of the last day."""
        day = self.cleaned_data["ends_on"]
        return datetime.combine(day, time.max, UTC) if day else None


class BundleForm(MoneyByCurrencyForm):
    title = TextField(label=_("Title"), max_length=200)
    description = TextField(
        label=_("Description"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 4})
    )


class WithdrawalForm(forms.Form):
    """What the law lets us ask of whoever withdraws: a name, the books, and where the acknowledgement goes."""

    name = TextField(label=_("Your name"), max_length=120)
    email = forms.EmailField(label=_("E-mail address for the confirmation"), max_length=254)
    line = forms.MultipleChoiceField(error_messages={"required": _("Choose at least one book.")})

    def __init__(self, *args: Any, lines: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast("forms.MultipleChoiceField", self.fields["line"]).choices = lines
        # Their boxes are ticked at first: whoever withdraws from one book of several takes the others out.
        self.ticked = self.data.getlist("line") if isinstance(self.data, QueryDict) else [one for one, _title in lines]
