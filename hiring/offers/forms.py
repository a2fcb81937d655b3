"""Forms of offers: the search, who offers, an offer, its samples."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from accounts import regions
from accounts.models import User
from accounts.reserved_names import refuse_reserved
from common.amounts import example, read_amount
from common.fields import TextField
from common.widgets import DayInput
from hiring.contract_terms import AiUse
from hiring.offers.models import MAX_PLACES, Capacity, Offer, PriceKind
from hiring.offers.selectors import USUAL_WORDS, OfferFilter, credited_works
from hiring.offers.services.offers import OfferInput, ProviderInput
from hiring.service_kinds import TEXT_KINDS, ServiceKind
from publishing import thema
from publishing.languages import language_choices
from publishing.price_forms import AmountField

MAX_LANGUAGES, MAX_GENRES = 6, 12
MAX_WORDS = 2_000_000
MAX_PRICE_MINOR = 10_000_000


class OfferSearch(forms.Form):
    """Filters of the list of offers. What cannot be read filters nothing."""

    kind = forms.ChoiceField(
        label=_("Service"), required=False, choices=[("", _("All services")), *ServiceKind.choices]
    )
    language = forms.ChoiceField(label=_("Language of the text"), required=False)
    target = forms.ChoiceField(label=_("Translated to"), required=False)
    genre = forms.ChoiceField(label=_("Genre"), required=False, choices=[("", _("All genres")), *thema.choices()])
    budget = TextField(label=_("Your budget"), required=False, max_length=40)
    currency = forms.ChoiceField(label=_("Currency"), required=False)
    words = forms.IntegerField(label=_("Words in the text"), required=False, min_value=1, max_value=MAX_WORDS)
    free_only = forms.BooleanField(label=_("Takes work now"), required=False)
    order = forms.ChoiceField(
        label=pgettext_lazy("of a list", "Order"),
        required=False,
        choices=[
            ("newest", _("Newest first")),
            ("price", _("Lowest price first")),
            ("fast", _("Shortest time first")),
        ],
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        anything = [("", _("Any language")), *language_choices()]
        self.fields["language"].choices = anything  # type: ignore[attr-defined]
        self.fields["target"].choices = anything  # type: ignore[attr-defined]
        self.fields["currency"].choices = currency_choices()  # type: ignore[attr-defined]

    @property
    def wanted(self) -> OfferFilter:
        """Return the filters that could be read."""
        self.is_valid()
        found = self.cleaned_data
        currency = found.get("currency") or usual_currencies()[0]
        budget = read_amount(found.get("budget", ""), currency, language=get_language() or "en")
        return OfferFilter(
            kind=found.get("kind", ""),
            language=found.get("language", ""),
            target=found.get("target", ""),
            genre=found.get("genre", ""),
            currency=currency,
            budget_minor=budget.amount_minor if budget is not None and budget.amount_minor > 0 else None,
            words=found.get("words") or USUAL_WORDS,
            free_only=bool(found.get("free_only")),
            order=found.get("order") or "newest",
        )


class ProviderForm(forms.Form):
    """Who offers services, and whether they take work."""

    is_available = forms.BooleanField(label=_("I am available for work"), required=False, initial=True)
    away_until = forms.DateField(
        label=_("Away until"),
        required=False,
        widget=DayInput(),
        help_text=_("Your services stay visible, but nobody is sent to you before the day after."),
    )
    capacity = forms.ChoiceField(
        label=_("You offer your services"),
        choices=Capacity.choices,
        widget=forms.RadioSelect,
        help_text=_(
            "Whoever earns money with services regularly is a business in the eyes of the law, even without a company. "
            "The law requires that clients see who a business is."
        ),
    )
    trader_name = TextField(label=_("Name of the business"), max_length=120, required=False)
    trader_address = TextField(
        label=_("Address"), max_length=400, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    trader_phone = TextField(label=_("Phone"), max_length=40, required=False)
    trader_email = forms.EmailField(label=_("Email"), max_length=254, required=False)
    register_number = TextField(
        label=_("Register and number"),
        max_length=120,
        required=False,
        help_text=_("If you are in a trade register or a similar one."),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("capacity") == Capacity.TRADER:
            for name in ("trader_name", "trader_address", "trader_phone", "trader_email"):
                if not cleaned.get(name) and name not in self.errors:
                    self.add_error(name, _("A business has to say this. It is shown with your services."))
        return cleaned

    @property
    def told(self) -> ProviderInput:
        return ProviderInput(**self.cleaned_data | {"capacity": Capacity(self.cleaned_data["capacity"])})


class OfferForm(forms.Form):
    """An offer. A translation has one pair of languages for each language it is made from."""

    kind = forms.ChoiceField(label=_("Service"), choices=ServiceKind.choices)
    title = TextField(
        label=_("Title"),
        max_length=120,
        help_text=_("In a few words, as it stands in lists: “Line editing for crime and thrillers”."),
        validators=[refuse_reserved],
    )
    text = TextField(
        label=_("What you do"),
        max_length=4000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 9}),
        help_text=_("How you work, what the client gets, what you need from them."),
    )
    languages = forms.MultipleChoiceField(
        label=_("Languages you work in"),
        widget=forms.SelectMultiple(attrs={"size": 6}),
        help_text=_("For a translation: the languages you translate from. Hold Ctrl or ⌘ to choose several."),
    )
    target = forms.ChoiceField(label=_("Translated to"), required=False, help_text=_("For translations only."))
    genres = forms.MultipleChoiceField(
        label=_("Genres you know"),
        required=False,
        choices=thema.choices(),
        widget=forms.SelectMultiple(attrs={"size": 8}),
        help_text=_("Up to 12. Requests in these genres reach you first."),
    )
    price_kind = forms.ChoiceField(label=_("Price"), choices=PriceKind.choices, widget=forms.RadioSelect)
    price = TextField(label=_("Amount"), required=False, max_length=40)
    currency = forms.ChoiceField(label=_("Currency"), required=False)
    share = AmountField(
        label=_("Share of the royalties, in percent"),
        required=False,
        min_value=0,
        max_value=100,
        decimal_places=2,
        help_text=_("For a price that is a share. Both agree on it, and on when it ends, for each book anew."),
    )
    turnaround_days = forms.IntegerField(
        label=_("Days you need"), min_value=1, max_value=365, initial=14, help_text=_("From payment to delivery.")
    )
    places = forms.IntegerField(
        label=_("Free places"),
        min_value=0,
        max_value=MAX_PLACES,
        initial=1,
        help_text=_("How many more clients you take. Each contract takes a place until it ends."),
    )
    ai_use = forms.ChoiceField(
        label=_("Use of AI"),
        choices=AiUse.choices,
        widget=forms.RadioSelect,
        initial=AiUse.NONE,
        help_text=_("Clients see this, and it becomes part of each contract."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["languages"].choices = language_choices()  # type: ignore[attr-defined]
        self.fields["target"].choices = [("", "—"), *language_choices()]  # type: ignore[attr-defined]
        self.fields["currency"].choices = currency_choices()  # type: ignore[attr-defined]
        shown = example(usual_currencies()[0], language=get_language() or "en")
        self.fields["price"].help_text = _("For example %(amount)s.") % {"amount": shown}

    def clean_languages(self) -> list[str]:
        return self._at_most("languages", MAX_LANGUAGES)

    def clean_genres(self) -> list[str]:
        return self._at_most("genres", MAX_GENRES)

    def _at_most(self, name: str, limit: int) -> list[str]:
        chosen: list[str] = self.cleaned_data[name]
        if len(chosen) > limit:
            raise forms.ValidationError(_("Choose at most %(limit)d."), params={"limit": limit})
        return chosen

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        kind, price_kind = cleaned.get("kind"), cleaned.get("price_kind")
        if kind == ServiceKind.TRANSLATION:
            if not cleaned.get("target"):
                self.add_error("target", _("Choose the language you translate to."))
            elif cleaned["target"] in cleaned.get("languages", []):
                self.add_error("target", _("Choose another language than those you translate from."))
        if price_kind == PriceKind.WORDS and kind and kind not in TEXT_KINDS:
            self.add_error("price_kind", _("Only services that work on the text can be priced per 1,000 words."))
        if price_kind == PriceKind.SHARE:
            if not cleaned.get("share") and "share" not in self.errors:
                self.add_error("share", _("Enter the share that you ask for, such as 10."))
        elif price_kind:
            self._clean_price(cleaned)
        return cleaned

    def _clean_price(self, cleaned: dict[str, Any]) -> None:
        currency = cleaned.get("currency") or usual_currencies()[0]
        amount = read_amount(cleaned.get("price", ""), currency, language=get_language() or "en")
        if amount is None or not 0 < amount.amount_minor <= MAX_PRICE_MINOR:
            self.add_error("price", _("Enter an amount above 0, such as 450."))
            return
        cleaned["price_minor"], cleaned["currency"] = amount.amount_minor, currency

    @property
    def told(self) -> OfferInput:
        found = self.cleaned_data
        target = found["target"] if found["kind"] == ServiceKind.TRANSLATION else ""
        return OfferInput(
            kind=found["kind"],
            title=found["title"],
            text=found["text"],
            languages=[(one, target) for one in found["languages"]],
            genres=found["genres"],
            price_kind=found["price_kind"],
            price_minor=found.get("price_minor", 0),
            currency=found.get("currency", ""),
            turnaround_days=found["turnaround_days"],
            places=found["places"],
            ai_use=found["ai_use"],
            share_bps=int((found["share"] or Decimal(0)).scaleb(2)),
        )


def initial_of(offer: Offer) -> dict[str, Any]:
    """Return the values of an offer as its form shows them."""
    pairs = list(offer.languages.all())
    price = offer.price
    return {
        **{name: getattr(offer, name) for name in ("kind", "title", "text", "price_kind", "currency", "ai_use")},
        "languages": [one.language for one in pairs],
        "target": pairs[0].target if pairs else "",
        "genres": [one.code for one in offer.genres.all()],
        "price": f"{price.decimal}" if price is not None and price else "",
        "share": Decimal(offer.share_bps).scaleb(-2) if offer.share_bps else None,
        "turnaround_days": offer.turnaround_days,
        "places": offer.places,
    }


class TextSampleForm(forms.Form):
    title = TextField(label=_("Title of the sample"), max_length=120)
    before = TextField(
        label=_("The passage before"), required=False, max_length=3000, widget=forms.Textarea(attrs={"rows": 5})
    )
    text = TextField(label=_("The passage as you left it"), max_length=3000, widget=forms.Textarea(attrs={"rows": 5}))
    genre = forms.ChoiceField(label=_("Genre"), required=False, choices=[("", "—"), *thema.choices()])


class PictureSampleForm(forms.Form):
    picture = forms.FileField(
        label=_("A picture of your work"),
        help_text=_("JPEG, PNG, WebP, AVIF, TIFF or SVG, at least 640 pixels wide, at most %(limit)d MB."),
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp,image/avif,image/tiff,image/svg+xml"}),
    )
    title = TextField(label=_("Title of the picture"), max_length=120)
    alt = TextField(
        label=_("What it shows"),
        max_length=300,
        help_text=_("For people who cannot see it, and for search: “A lighthouse in fog, drawn in ink”."),
    )
    genre = forms.ChoiceField(label=_("Genre"), required=False, choices=[("", "—"), *thema.choices()])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        picture = self.fields["picture"]
        picture.help_text = str(picture.help_text) % {"limit": settings.MAX_COVER_BYTES // (1024 * 1024)}


class WorkSampleForm(forms.Form):
    """Choose a book on sale here that credits the provider."""

    work_id = forms.ChoiceField(label=_("A book here that credits you"))

    def __init__(self, *args: Any, provider: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(one.public_id, one.title) for one in credited_works(provider)]
        self.fields["work_id"].choices = choices  # type: ignore[attr-defined]
        self.is_empty = not choices


def usual_currencies() -> list[str]:
    """Return the currencies of services, the visitor's own first."""
    own = regions.current().currency
    return sorted(settings.HIRING_CURRENCIES, key=lambda code: code != own)


def currency_choices() -> list[tuple[str, str]]:
    return [(code, code) for code in usual_currencies()]
