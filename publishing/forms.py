"""Forms of the desk: they turn text into clean values and leave saving alone."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import IO, Any, cast

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from accounts.names import refuse_reserved
from common.errors import DomainError
from common.fields import TextField
from common.guarded import GuardedForm
from common.money import exponent
from conversion.engine.api import DESIGNS, pandoc
from publishing import thema
from publishing.languages import language_choices
from publishing.models import ContentWarning, Contributor, ContributorRole, SplitAgreement, Work
from publishing.models.work import MOST_COMPLETING_BPS
from publishing.services.covers import inspect_cover
from publishing.services.gate import REASON_CHARACTERS
from publishing.services.pricing import MOST_MINOR, OpenPrice

# What the file chooser offers first; the conversion's gate has the last word, by content.
MANUSCRIPT_TYPES = ".docx,.odt,.epub,.md,.markdown,.html,.htm,.txt,.pdf,.cbz,.zip"
MORE_TYPES = ".tex,.org,.rst,.textile,.mediawiki,.fb2,.docbook,.ipynb,.typ"  # where pandoc is installed
COVER_TYPES = "image/jpeg,image/png,image/webp,image/tiff,image/avif,image/svg+xml"
# What a field shows until its author has thought of a price.
SUGGESTED_MINOR = 499
SAMPLES_BPS = (500, 1000, 1500, 2000, 3000, 5000)


class ManuscriptForm(forms.Form):
    manuscript = forms.FileField(
        label=_("Manuscript"),
        error_messages={"empty": _("This file is empty, so there is nothing to make a book of.")},
        widget=forms.FileInput,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.takes_more = pandoc.program() is not None
        types = f"{MANUSCRIPT_TYPES},{MORE_TYPES}" if self.takes_more else MANUSCRIPT_TYPES
        self.fields["manuscript"].widget.attrs["accept"] = types


class NewManuscriptForm(ManuscriptForm):
    notes = TextField(
        label=_("What is new"),
        required=False,
        max_length=2000,
        help_text=_("Shown to the readers of the edition before."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class CoverForm(forms.Form):
    cover = forms.FileField(
        label=_("Picture"),
        required=False,
        help_text=_("JPEG or PNG, 1600 × 2560 pixels or more, at most 20 MB."),
        widget=forms.FileInput(attrs={"accept": COVER_TYPES}),
    )

    def clean_cover(self) -> UploadedFile[Any]:
        """Refuse what cannot be a cover beside the field; what else there is to say is kept in `remarks`."""
        upload: UploadedFile[Any] | None = self.cleaned_data["cover"]
        if upload is None:
            raise forms.ValidationError(_("Choose a picture first."))
        try:
            self.remarks = inspect_cover(cast(IO[bytes], upload)).remarks
        except DomainError as error:
            raise forms.ValidationError(error.text) from error
        return upload


class DetailsForm(GuardedForm):
    """Fields are those of `publishing.services.Details`."""

    title = TextField(label=_("Title"), max_length=300)
    subtitle = TextField(label=_("Subtitle"), max_length=300, required=False)
    description = TextField(
        label=_("Description"),
        max_length=4000,
        required=False,
        help_text=_("What a reader sees beside the cover. The first two sentences matter most."),
        widget=forms.Textarea(attrs={"rows": 7}),
    )
    language = forms.ChoiceField(label=_("Language of the book"))
    subject = forms.ChoiceField(
        label=_("Subject"),
        help_text=_("Where readers find it, by the book trade’s Thema scheme."),
        choices=[("", _("Choose a subject")), *thema.choices()],
    )
    series = TextField(
        label=_("Series"),
        max_length=200,
        required=False,
        help_text=_("If the book is one of several. The same name puts your books together."),
    )
    series_number = forms.IntegerField(label=_("Number in the series"), required=False, min_value=1, max_value=999)
    warnings = forms.MultipleChoiceField(
        label=_("Content warnings"),
        required=False,
        choices=ContentWarning.choices,
        help_text=_("Readers see them before they buy, and may leave such books out."),
        widget=forms.CheckboxSelectMultiple,
    )
    is_adult = forms.BooleanField(
        label=_("For adults only (18+)"),
        required=False,
        help_text=_("Not shown in lists unless a reader asks for such books."),
    )
    sample_bps = forms.TypedChoiceField(
        label=_("Sample"),
        help_text=_("How much of the text anybody may read before buying."),
        coerce=int,
        choices=[(bps, f"{bps // 100} %") for bps in SAMPLES_BPS],
    )
    imprint = TextField(
        label=_("Imprint"),
        max_length=120,
        required=False,
        help_text=_("The name you publish under, if it is not your own."),
        validators=[refuse_reserved],
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("series_number") and not cleaned.get("series"):
            self.add_error("series", _("Name the series the number belongs to, or leave the number empty."))
        return cleaned

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        present = str(self.initial.get("language", ""))
        language = self.fields["language"]
        assert isinstance(language, forms.ChoiceField)  # noqa: S101  declared above
        language.choices = [("", str(_("Choose a language"))), *language_choices(present)]


class AmountField(forms.DecimalField):
    """An amount in major units, with a point or a comma before its last places."""

    widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})

    def to_python(self, value: Any) -> Any:
        text = str(value or "").strip()
        return super().to_python(re.sub(r"^(\d+),(\d{1,3})$", r"\1.\2", text))


class PriceForm(GuardedForm):
    """One field per currency of the shop; an empty one means: not sold in it.

    With `is_open_USD` readers choose what they pay, from the price up; `suggested_USD` is what the field first shows.
    """

    def __init__(self, *args: Any, work: Work, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for price in work.prices.all():
            self.initial[price.currency] = as_decimal(price.list_price_minor, price.currency)
            self.initial[f"is_open_{price.currency}"] = price.is_open
            if price.suggested_minor is not None:
                self.initial[f"suggested_{price.currency}"] = as_decimal(price.suggested_minor, price.currency)
        for currency in settings.CURRENCIES:
            self.fields[currency] = AmountField(
                label=currency,
                required=False,
                min_value=0,
                max_value=as_decimal(MOST_MINOR, currency),
                decimal_places=exponent(currency),
            )
            if currency == settings.DEFAULT_CURRENCY and not self.initial:
                self.fields[currency].widget.attrs["placeholder"] = as_decimal(SUGGESTED_MINOR, currency)
            self.fields[f"is_open_{currency}"] = forms.BooleanField(
                label=_("Readers may pay more: this is the least"), required=False
            )
            self.fields[f"suggested_{currency}"] = AmountField(
                label=_("Suggestion"),
                required=False,
                min_value=0,
                max_value=as_decimal(MOST_MINOR, currency),
                decimal_places=exponent(currency),
            )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors and all(cleaned[currency] is None for currency in settings.CURRENCIES):
            self.add_error(None, _("Name a price in one currency at least. 0 makes the book free."))
        return cleaned

    @property
    def prices(self) -> dict[str, int | OpenPrice | None]:
        """Minor units by currency."""
        return {currency: self._price(currency) for currency in settings.CURRENCIES}

    def _price(self, currency: str) -> int | OpenPrice | None:
        least, suggested = (
            None if value is None else int(value.scaleb(exponent(currency)))
            for value in (self.cleaned_data[currency], self.cleaned_data[f"suggested_{currency}"])
        )
        if least is None or not self.cleaned_data[f"is_open_{currency}"]:
            return least
        return OpenPrice(least, suggested)


class AddressForm(GuardedForm):
    slug = TextField(
        label=_("Address"),
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=_("Lowercase letters, digits and hyphens, such as the-salt-road."),
    )


class CompletingForm(GuardedForm):
    percent = AmountField(
        label=_("Percent off for completing the series"),
        min_value=0,
        max_value=MOST_COMPLETING_BPS // 100,
        decimal_places=2,
        help_text=_("From 0 to 50. 0 makes no offer."),
    )

    @property
    def discount_bps(self) -> int:
        return int(self.cleaned_data["percent"].scaleb(2))


class ReleaseForm(GuardedForm):
    day = forms.DateField(
        label=_("Day of release"),
        help_text=_("The book goes on sale at the beginning of that day (UTC)."),
        widget=forms.DateInput(attrs={"type": "date"}),
    )


class ContributorForm(forms.Form):
    name = TextField(label=_("Name as credited"), max_length=120, validators=[refuse_reserved])
    role = forms.ChoiceField(label=_("Role"), choices=ContributorRole.choices)
    email = forms.EmailField(
        label=_("Their e-mail address"),
        required=False,
        help_text=_(
            "We ask them by mail, with an account here or without. Once they accept they see this work and may get a "
            "share. Until then they are credited only."
        ),
    )


class InviteForm(forms.Form):
    email = forms.EmailField(
        label=_("Their e-mail address"),
        required=False,
        help_text=_("We write to them. Whoever accepts sees this work and may get a share."),
    )


class ContributorNameForm(GuardedForm):
    """`is_on_page` is asked only of the person whose name it is."""

    name = TextField(label=_("Name as credited"), max_length=120, validators=[refuse_reserved])
    is_on_page = forms.BooleanField(
        label=_("The name leads to my page, and the book stands there"),
        help_text=_("Not for a pen name that nobody is to connect with your other names."),
        required=False,
    )

    def __init__(self, *args: Any, is_own: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not is_own:
            del self.fields["is_on_page"]


class SplitForm(forms.Form):
    """A share in percent for everybody who can be paid."""

    def __init__(self, *args: Any, work: Work, agreement: SplitAgreement | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        shares = {share.contributor_id: share.share_bps for share in agreement.shares.all()} if agreement else {}
        self.people: dict[str, Contributor] = {}
        for contributor in work.contributors.exclude(user=None, left=None):
            self.people[contributor.public_id] = contributor
            self.fields[contributor.public_id] = AmountField(
                label=f"{contributor.name} ({contributor.get_role_display()})",
                min_value=0,
                max_value=100,
                decimal_places=2,
                initial=Decimal(shares.get(contributor.pk, 0)).scaleb(-2),
            )

    @property
    def shares(self) -> dict[Contributor, int]:
        """Basis points by contributor."""
        return {
            self.people[name]: int(value.scaleb(2)) for name, value in self.cleaned_data.items() if name in self.people
        }


class OverrideForm(forms.Form):
    reason = TextField(
        label=_("Why it is right as it is"),
        min_length=REASON_CHARACTERS,
        max_length=500,
        help_text=_("Kept with this edition, with your name and the day. Another upload asks again."),
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"min_length": _("Say it in a few words more: %(limit_value)d characters at least.")},
    )


class NotesForm(GuardedForm):
    notes = TextField(
        label=_("What is new"),
        required=False,
        max_length=2000,
        help_text=_("Shown to the readers of the edition before."),
        widget=forms.Textarea(attrs={"rows": 6}),
    )


class DesignForm(GuardedForm):
    design = forms.ChoiceField(choices=[(name, name) for name in DESIGNS], widget=forms.RadioSelect)
    keep_design = forms.BooleanField(
        label=_("Keep my own design in the EPUB"),
        required=False,
        help_text=_("Your style sheet through a list of what is safe, and your fonts."),
    )
    embed_fonts = forms.BooleanField(
        label=_("Put the fonts into the EPUB"),
        required=False,
        help_text=_("It looks the same everywhere, is larger, and some readers cannot change it."),
    )


def as_decimal(amount_minor: int, currency: str) -> Decimal:
    return Decimal(amount_minor).scaleb(-exponent(currency))
