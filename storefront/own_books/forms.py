"""The forms of own books."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

_TYPES = ".epub,application/epub+zip"


class UploadForm(forms.Form):
    """A file, and the statement that its sender may have it."""

    file = forms.FileField(
        label=_("EPUB file"),
        error_messages={
            "required": _("Choose a file first."),
            "empty": _("This file is empty. Download or copy it again, then add it."),
        },
        widget=forms.FileInput(attrs={"accept": _TYPES}),
    )
    may_have = forms.BooleanField(
        label=_("This is for my own reading, and I may have this file."),
        error_messages={"required": _("Confirm this to add the book. Only add files that you may have.")},
    )


class RemoveForm(forms.Form):
    """Whether the notes go, too."""

    notes = forms.ChoiceField(
        label=_("Your notes in it"),
        choices=[("keep", _("Keep my notes")), ("delete", _("Delete my notes, too"))],
        initial="keep",
        widget=forms.RadioSelect,
    )
