"""Forms of the author dashboard. They validate and clean input; services save it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, time
from decimal import Decimal
from typing import IO, Any, cast

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.text import get_text_list
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from accounts.reserved_names import refuse_reserved
from common import clock
from common.edit_conflicts import GuardedForm
from common.errors import DomainError
from common.fields import TextField
from common.form_tokens import OnceForm
from common.widgets import DayInput
from conversion.engine.api import DESIGNS, pandoc
from publishing import detail_choices
from publishing.languages import language_choices
from publishing.models import ContentWarning, Contributor, ContributorRole, SplitAgreement, Work
from publishing.models.work import MAX_COMPLETING_BPS, MAX_READING_AGE
from publishing.price_forms import AmountField
from publishing.record import blurb, name_ids
from publishing.record.people import MAX_BIOGRAPHY, PersonRecord
from publishing.selectors import shares_at
from publishing.services.covers import inspect_cover
from publishing.services.overrides import MIN_REASON_LENGTH

# File types that the browser's file chooser offers. The conversion's admission check decides by content.
MANUSCRIPT_TYPES = ".docx,.odt,.rtf,.epub,.md,.markdown,.html,.htm,.txt,.pdf,.cbz,.zip,.json"
MORE_TYPES = ".tex,.org,.rst,.textile,.mediawiki,.fb2,.docbook,.ipynb,.typ"  # accepted only where pandoc is installed
COVER_TYPES = "image/jpeg,image/png,image/webp,image/tiff,image/avif,image/svg+xml"


class ManuscriptForm(forms.Form):
    manuscript = forms.FileField(
        label=_("Manuscript"),
        error_messages={"empty": _("This file is empty, so we cannot make a book from it.")},
        widget=forms.FileInput,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        takes_more = pandoc.program() is not None
        labels = list(dict.fromkeys(kind.label for kind in pandoc.KINDS.values()))
        self.more_formats = get_text_list(labels, gettext("and")) if takes_more else ""
        types = f"{MANUSCRIPT_TYPES},{MORE_TYPES}" if takes_more else MANUSCRIPT_TYPES
        self.fields["manuscript"].widget.attrs["accept"] = types


class NewWorkForm(OnceForm, ManuscriptForm):
    """The manuscript that a work begins with."""


class BeginForm(OnceForm):
    """What a book that is written here begins with."""

    title = TextField(label=_("Title"), max_length=300, help_text=_("A working title is enough. You can change it."))
    language = forms.ChoiceField(label=_("Language of the book"))

    def __init__(self, *args: Any, usual_language: str = "", **kwargs: Any) -> None:
        kwargs.setdefault("auto_id", "begin_%s")  # the page has another form
        super().__init__(*args, **kwargs)
        language = self.fields["language"]
        assert isinstance(language, forms.ChoiceField)  # noqa: S101  declared above
        language.choices = language_choices(usual_language)
        here = usual_language or get_language() or ""
        language.initial = here if here in dict(language.choices) else "en"


class NewManuscriptForm(ManuscriptForm):
    notes = TextField(
        label=_("What’s new"),
        required=False,
        max_length=2000,
        help_text=_("Shown to readers of the previous edition."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class CoverForm(forms.Form):
    cover = forms.FileField(
        label=_("Picture"),
        required=False,
        help_text=_("JPEG or PNG, at least 1600 × 2560 pixels, at most 20 MB."),
        widget=forms.FileInput(attrs={"accept": COVER_TYPES}),
    )

    def clean_cover(self) -> UploadedFile[Any]:
        """Reject an unusable picture with a field error; collect milder warnings in `remarks`."""
        upload: UploadedFile[Any] | None = self.cleaned_data["cover"]
        if upload is None:
            raise forms.ValidationError(_("Choose a picture first."))
        try:
            self.remarks = inspect_cover(cast(IO[bytes], upload)).remarks
        except DomainError as error:
            raise forms.ValidationError(error.text) from error
        return upload


class DetailsForm(GuardedForm):
    """The work's details. The fields match `publishing.services.Details`."""

    title = TextField(label=_("Title"), max_length=300)
    subtitle = TextField(label=_("Subtitle"), max_length=300, required=False)
    description = TextField(
        label=_("Description"),
        max_length=blurb.MAX_SOURCE_LENGTH,
        required=False,
        help_text=_(
            "Readers see this next to the cover. The first two sentences matter most. **bold**, *italic*, lines with - "
            "for lists, > for quotations, #### for headings."
        ),
        widget=forms.Textarea(attrs={"rows": 9}),
    )
    language = forms.ChoiceField(label=_("Language of the book"))
    subject = forms.ChoiceField(
        label=_("Subject"),
        help_text=_("Where readers find the book. The subjects follow Thema, the book trade’s classification."),
    )
    series = TextField(
        label=_("Series"),
        max_length=200,
        required=False,
        help_text=_("For a book that belongs to a series. Books with the same series name are shown together."),
    )
    series_number = forms.IntegerField(label=_("Number in the series"), required=False, min_value=1, max_value=999)
    reading_age = forms.IntegerField(
        label=_("Reading age"),
        required=False,
        min_value=0,
        max_value=MAX_READING_AGE,
        help_text=_("The lowest age in years for which the book is meant, from 0 to 18. You can leave this empty."),
    )
    warnings = forms.MultipleChoiceField(
        label=_("Content warnings"),
        required=False,
        choices=ContentWarning.choices,
        help_text=_("Readers see these before they buy, and can hide such books."),
        widget=forms.CheckboxSelectMultiple,
    )
    is_adult = forms.BooleanField(
        label=_("For adults only (18+)"),
        required=False,
        help_text=_("Not shown in lists unless a reader chooses to see such books."),
    )
    sample_bps = forms.TypedChoiceField(
        label=_("Sample"),
        help_text=_("How much of the text anyone can read before buying."),
        coerce=int,
    )
    imprint = TextField(
        label=_("Imprint"),
        max_length=120,
        required=False,
        help_text=_("Your publishing house, if you have one. A pen name belongs to the credits."),
        validators=[refuse_reserved],
    )

    def clean_description(self) -> str:
        text: str = self.cleaned_data["description"]
        length = len(blurb.plain(text))
        if length > blurb.MAX_LENGTH:
            more = _("Readers would see %(length)d characters. Shorten it to %(most)d.")
            raise forms.ValidationError(more, params={"length": length, "most": blurb.MAX_LENGTH})
        return text

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("series_number") and not cleaned.get("series"):
            self.add_error("series", _("Enter the series this number belongs to, or leave the number empty."))
        age = cleaned.get("reading_age")
        if cleaned.get("is_adult") and age is not None and age < MAX_READING_AGE:
            self.add_error("reading_age", _("A book for adults only cannot have a reading age below 18."))
        return cleaned

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        subject = self.fields["subject"]
        assert isinstance(subject, forms.ChoiceField)  # noqa: S101  declared above
        subject.choices = detail_choices.subjects(str(self.initial.get("subject", "")))
        sample = self.fields["sample_bps"]
        assert isinstance(sample, forms.ChoiceField)  # noqa: S101  declared above
        sample.choices = detail_choices.samples(self.initial.get("sample_bps"))
        present = str(self.initial.get("language", ""))
        language = self.fields["language"]
        assert isinstance(language, forms.ChoiceField)  # noqa: S101  declared above
        language.choices = [("", str(_("Choose a language"))), *language_choices(present)]


EDITION, REVISION = "edition", "revision"


class AddressForm(GuardedForm):
    slug = TextField(
        label=_("Address"),
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=_("Lowercase letters, digits and hyphens, such as the-salt-road."),
    )


class CompletingForm(GuardedForm):
    percent = AmountField(
        label=_("Discount for completing the series, in percent"),
        min_value=0,
        max_value=MAX_COMPLETING_BPS // 100,
        decimal_places=2,
        help_text=_("From 0 to 50. With 0 there is no discount."),
    )

    @property
    def discount_bps(self) -> int:
        return int(self.cleaned_data["percent"].scaleb(2))


class ReleaseForm(GuardedForm):
    day = forms.DateField(
        label=_("Release date"),
        help_text=_("The book goes on sale at the start of that day (UTC)."),
        widget=DayInput(),
    )


class ContributorForm(forms.Form):
    name = TextField(label=_("Credited name"), max_length=120, validators=[refuse_reserved])
    role = forms.ChoiceField(label=_("Role"), choices=ContributorRole.choices)
    email = forms.EmailField(
        label=_("Contributor’s email address"),
        required=False,
        help_text=_(
            "We email them to ask whether they accept, with or without an account here. Once they accept, they can "
            "see this book and get a share. Until then, only their name is credited."
        ),
    )


class InviteForm(forms.Form):
    email = forms.EmailField(
        label=_("Contributor’s email address"),
        required=False,
        help_text=_("We email them. If they accept, they can see this book and get a share."),
    )


class ContributorNameForm(GuardedForm):
    """A contributor's credited name. Only the person behind the name is asked about `is_on_page`."""

    name = TextField(label=_("Credited name"), max_length=120, validators=[refuse_reserved])
    role = forms.ChoiceField(label=_("Role"), choices=ContributorRole.choices)
    biography = TextField(
        label=_("Biography"),
        required=False,
        max_length=MAX_BIOGRAPHY,
        help_text=_("Two or three sentences for this book’s page. It also goes to shops and into “About the author”."),
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    orcid = TextField(
        label=_("ORCID iD"), required=False, max_length=60, help_text=_("For researchers: 0000-0002-1825-0097.")
    )
    isni = TextField(
        label=_("ISNI"),
        required=False,
        max_length=60,
        help_text=_("A number of names that libraries use: 0000 0001 2281 955X."),
    )
    is_on_page = forms.BooleanField(
        label=_("Link this name to my page and show the book there"),
        help_text=_("Leave this unticked for a pen name that nobody should connect with your other names."),
        required=False,
    )

    def __init__(self, *args: Any, is_own: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not is_own:
            del self.fields["is_on_page"]

    @staticmethod
    def initial_of(person: Contributor) -> dict[str, Any]:
        """Return the form's values for a contributor."""
        names = ("name", "role", "biography", "orcid", "is_on_page")
        return {name: getattr(person, name) for name in names} | {"isni": name_ids.shown_isni(person.isni)}

    def clean_orcid(self) -> str:
        return _number_of_person(self.cleaned_data["orcid"], name_ids.cleaned_orcid)

    def clean_isni(self) -> str:
        text = _number_of_person(self.cleaned_data["isni"], name_ids.cleaned_isni)
        return name_ids.shown_isni(text)

    @property
    def person(self) -> PersonRecord:
        return PersonRecord(**{name: self.cleaned_data[name] for name in ("role", "biography", "orcid", "isni")})


def _number_of_person(text: str, cleaned: Callable[[str], str]) -> str:
    try:
        return cleaned(text) if text else ""
    except DomainError as error:
        raise forms.ValidationError(error.text) from error


class SplitForm(forms.Form):
    """A share in percent for each contributor who can be paid. Shares that end by themselves are not in it."""

    def __init__(self, *args: Any, work: Work, agreement: SplitAgreement | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = shares_at(agreement, clock.now()) if agreement is not None else []
        shares = {one.contributor.pk: one.share_bps for one in rows if one.end is None}
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
        """Shares in basis points, by contributor."""
        return {
            self.people[name]: int(value.scaleb(2)) for name, value in self.cleaned_data.items() if name in self.people
        }


class OverrideForm(forms.Form):
    reason = TextField(
        label=_("Why this is correct as it is"),
        min_length=MIN_REASON_LENGTH,
        max_length=500,
        help_text=_("We keep this with the edition, with your name and the date. After another upload, we ask again."),
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"min_length": _("Write a little more: at least %(limit_value)d characters.")},
    )


class NotesForm(GuardedForm):
    notes = TextField(
        label=_("What’s new"),
        required=False,
        max_length=2000,
        help_text=_("Shown to readers of the previous edition."),
        widget=forms.Textarea(attrs={"rows": 6}),
    )


class EditionForm(forms.Form):
    """How an edition in preparation goes on sale, when another one was on sale before."""

    kind = forms.ChoiceField(widget=forms.RadioSelect)
    notes = TextField(
        label=_("What’s new"),
        required=False,
        max_length=2000,
        help_text=_("Shown on the book’s page and to its readers."),
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    wants_mail = forms.BooleanField(
        label=_("Tell the buyers by email"),
        required=False,
        help_text=_("Only for a new edition. You see the email first. Readers can unsubscribe from it."),
    )
    day = forms.DateField(
        label=_("On a later day"),
        required=False,
        help_text=_("Leave this empty to publish now. Otherwise it goes on sale at the start of that day (UTC)."),
        widget=DayInput(),
    )

    def __init__(self, *args: Any, edition_label: str, revision_label: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"] = forms.ChoiceField(
            label=_("Publish it as"),
            choices=[
                (EDITION, _("Edition %(number)s: a new edition") % {"number": edition_label}),
                (REVISION, _("%(number)s: a correction") % {"number": revision_label}),
            ],
            widget=forms.RadioSelect,
            help_text=_("A correction reaches all readers at once, without an email."),
        )

    @property
    def is_revision(self) -> bool:
        return bool(self.cleaned_data["kind"] == REVISION)

    @property
    def due_at(self) -> datetime | None:
        """The start of the chosen day."""
        day = self.cleaned_data["day"]
        return datetime.combine(day, time.min, tzinfo=UTC) if day else None


class WatermarkForm(GuardedForm):
    is_watermarked = forms.BooleanField(
        label=_("Mark each copy"),
        required=False,
        help_text=_("Readers are told on the book’s page and before they pay."),
    )


class DesignForm(GuardedForm):
    design = forms.ChoiceField(choices=[(name, name) for name in DESIGNS], widget=forms.RadioSelect)
    keep_design = forms.BooleanField(
        label=_("Keep my own design in the EPUB"),
        required=False,
        help_text=_("Keeps your fonts, and the parts of your style sheet that are safe."),
    )
    embed_fonts = forms.BooleanField(
        label=_("Embed the fonts in the EPUB"),
        required=False,
        help_text=_(
            "The book looks the same everywhere, but the file is larger and not every e-reader can change the font."
        ),
    )
