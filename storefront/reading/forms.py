"""The forms by which readers report a typo, and change and import notes."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from common.fields import TextField
from publishing.models import Work
from storefront.reading.formats.entries import MAX_BODY
from storefront.reading.models import Note, NoteColour, TypoReport
from storefront.reading.selectors.typos import Passage
from storefront.reading.services import body_versions

_PLACE = re.compile(r"([0-9]{1,9}):([0-9]{1,9}):([0-9]{1,9})")

COLOURS = (
    (NoteColour.YELLOW.value, _("Yellow")),
    (NoteColour.GREEN.value, _("Green")),
    (NoteColour.BLUE.value, _("Blue")),
    (NoteColour.PINK.value, _("Pink")),
    (NoteColour.PURPLE.value, _("Purple")),
)
_MAX_SEEN = 300


class TypoForm(forms.Form):
    """`place` is the passage, as block:start:end: the script knows it, others choose it if the words are there more
    than once."""

    edition = TextField(required=False, max_length=40, widget=forms.HiddenInput)
    chapter = forms.ChoiceField(label=_("Chapter"))
    words = TextField(
        label=_("The wrong words"),
        max_length=TypoReport.MAX_WORDS,
        help_text=_("Exactly as the book has them, with a word or two around them."),
    )
    replacement = TextField(
        label=_("How they should be"),
        required=False,
        max_length=TypoReport.MAX_REPLACEMENT,
        help_text=_("Leave this empty if the words should not be there at all."),
    )
    remark = TextField(
        label=_("Remark for the author"),
        required=False,
        max_length=TypoReport.MAX_REMARK,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    place = TextField(required=False, max_length=40, widget=forms.HiddenInput)

    def __init__(
        self, *args: Any, chapters: Iterable[tuple[str, str]], passages: Iterable[Passage] = (), **kwargs: Any
    ) -> None:
        """`passages` are several with the same words, of which the reader has to choose one."""
        super().__init__(*args, **kwargs)
        cast("forms.ChoiceField", self.fields["chapter"]).choices = list(chapters)
        if choices := [(one.place, f"{one.before}{one.words}{one.after}") for one in passages]:
            self.fields["place"] = forms.ChoiceField(
                label=_("Which of these places do you mean?"),
                choices=choices,
                widget=forms.RadioSelect,
                error_messages={"required": _("The words are there more than once. Choose one of the places.")},
            )

    @property
    def chosen(self) -> tuple[int, int, int] | None:
        """Return the chosen passage, once the form is valid: block, start and end."""
        match = _PLACE.fullmatch(self.cleaned_data.get("place") or "")
        return (int(match[1]), int(match[2]), int(match[3])) if match else None


class TypoDecisionForm(forms.Form):
    state = forms.ChoiceField(choices=[(value, value) for value in ("open", "done", "declined")])


class NoteForm(forms.Form):
    """Colour and text of a note. `seen` has the stamps of the texts that the page shows."""

    colour = forms.ChoiceField(label=_("Colour"), choices=COLOURS, required=False)
    body = TextField(
        label=_("Your note"),
        required=False,
        max_length=MAX_BODY,
        widget=forms.Textarea(attrs={"rows": 6, "dir": "auto"}),
    )
    seen = TextField(required=False, max_length=_MAX_SEEN, widget=forms.HiddenInput)

    @classmethod
    def of(cls, note: Note) -> NoteForm:
        shown = [version.stamp for version in body_versions.shown(note.registers.bodies) if version and version.stamp]
        return cls(initial={"colour": note.colour, "body": note.body, "seen": " ".join(shown)})

    def clean_body(self) -> str:
        return str(self.cleaned_data["body"]).replace("\r\n", "\n").replace("\r", "\n")

    def clean_seen(self) -> list[str]:
        return str(self.cleaned_data["seen"]).split()

    @property
    def problem(self) -> str:
        """Return the first error."""
        return next((str(text) for errors in self.errors.values() for text in errors), "")


class ImportForm(forms.Form):
    """A file of notes, and the book that notes of unknown books belong to."""

    file = forms.FileField(label=_("File"), help_text=_("Markdown, JSON or CSV, up to 5 MB."))
    book = forms.ChoiceField(
        label=_("If the file does not name a book"),
        required=False,
        help_text=_("Notes whose book is not recognised go into this one."),
    )

    def __init__(self, data: Any = None, files: Any = None, *, books: Iterable[Work]) -> None:
        super().__init__(data, files)
        self.books = {work.public_id: work for work in books}
        chosen = cast("forms.ChoiceField", self.fields["book"])
        chosen.choices = [("", _("Leave them out")), *((one.public_id, one.title) for one in self.books.values())]

    @property
    def chosen_work(self) -> Work | None:
        return self.books.get(self.cleaned_data["book"])
