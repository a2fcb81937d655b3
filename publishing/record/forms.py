"""The form of the record. It cleans what was typed; the service checks it again and saves it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from common.edit_conflicts import GuardedForm
from common.errors import DomainError
from common.fields import TextField
from publishing.models import IsbnFormat, Work
from publishing.record import isbn, keywords, licences, selectors, thema_codes
from publishing.record.licences import Licence
from publishing.record.services import Record

_NUMBER = {"autocomplete": "off", "inputmode": "text", "placeholder": "978-…"}


class SubjectsField(forms.MultipleChoiceField):
    """Codes of Thema in the order in which the page shows them, the main one first."""

    def valid_value(self, value: Any) -> bool:
        return thema_codes.is_known(str(value))


class RecordForm(GuardedForm):
    """The record of a work. `find` searches for subjects with the button beside it; `main` is the first of them."""

    isbn_epub = TextField(
        label=_("ISBN of the EPUB"), required=False, max_length=40, widget=forms.TextInput(attrs=_NUMBER)
    )
    isbn_print = TextField(
        label=_("ISBN of the printed book"), required=False, max_length=40, widget=forms.TextInput(attrs=_NUMBER)
    )
    subjects = SubjectsField(label=_("Subjects"), required=False)
    main = TextField(required=False, max_length=20, widget=forms.HiddenInput)
    find = TextField(
        label=_("Find a subject"),
        required=False,
        max_length=60,
        help_text=_("In your own words, such as “cosy mystery”, “romantasy” or “First World War”."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    keywords = TextField(
        label=_("Keywords"),
        required=False,
        max_length=600,
        help_text=_(
            "Up to 7, separated by commas: what readers would type who do not know the book. Not the title, not "
            "other authors."
        ),
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    licence = forms.ChoiceField(label=_("Licence"), choices=licences.choices)
    public_domain_source = TextField(
        label=_("Source of the free text"),
        required=False,
        max_length=300,
        help_text=_("Only for the public domain: edition, year and where it can be seen."),
    )
    rights_line = TextField(
        label=_("Line on rights"),
        required=False,
        max_length=300,
        help_text=_("Such as “© 2026 Ann Lee”. It stands on the copyright page instead of “All rights reserved.”"),
    )
    is_mining_reserved = forms.BooleanField(
        label=_("Reserve text and data mining"),
        required=False,
        help_text=_(
            "Says to people and machines that the text must not be collected to train AI (Article 4 of Directive (EU) "
            "2019/790). Possible where all rights are reserved."
        ),
    )

    @staticmethod
    def initial_of(work: Work) -> dict[str, Any]:
        """Return the form's values for a work."""
        numbers = selectors.isbns_of(work)
        return {
            **{f"isbn_{kind}": isbn.shown(numbers[kind]) if kind in numbers else "" for kind in IsbnFormat},
            "subjects": selectors.subjects_of(work),
            "keywords": ", ".join(work.keywords),
            "licence": work.licence,
            "public_domain_source": work.public_domain_source,
            "rights_line": work.rights_line,
            "is_mining_reserved": work.is_mining_reserved,
        }

    def clean_isbn_epub(self) -> str:
        return _number(self.cleaned_data["isbn_epub"])

    def clean_isbn_print(self) -> str:
        return _number(self.cleaned_data["isbn_print"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        numbers = [cleaned.get("isbn_epub"), cleaned.get("isbn_print")]
        if numbers[0] and numbers[0] == numbers[1]:
            self.add_error("isbn_print", _("The printed book needs another ISBN than the EPUB."))
        cleaned["subjects"] = self.chosen(cleaned.get("subjects", []), cleaned.get("main", ""))
        return cleaned

    @staticmethod
    def chosen(codes: Sequence[str], main: str) -> list[str]:
        """Return the codes with the main one first: that which was named, or else the first that can be."""
        subjects = [code for code in codes if not thema_codes.is_qualifier(code)]
        first = main if main in subjects else next(iter(subjects), "")
        rest = [code for code in dict.fromkeys([*subjects, *codes]) if code != first]
        return [first, *rest] if first else rest

    @property
    def record(self) -> Record:
        values = self.cleaned_data
        return Record(
            isbns={kind.value: values[f"isbn_{kind}"] for kind in IsbnFormat},
            subjects=tuple(values["subjects"]),
            keywords=tuple(keywords.parted(values["keywords"])),
            licence=values["licence"] or Licence.RESERVED,
            public_domain_source=values["public_domain_source"],
            rights_line=values["rights_line"],
            is_mining_reserved=values["is_mining_reserved"],
        )


def _number(text: str) -> str:
    """Return the number as it is shown. Raises a field's error."""
    if not text:
        return ""
    try:
        return isbn.shown(isbn.cleaned(text))
    except DomainError as error:
        raise forms.ValidationError(error.text) from error
