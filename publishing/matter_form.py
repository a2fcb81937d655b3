"""The form for front and back pages that are made from the record."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from common.edit_conflicts import GuardedForm
from common.fields import TextField
from conversion.engine.api import MatterKind
from publishing.models import MatterSetting

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

MAX_WORDS_LENGTH = 4000


def _words(label: StrOrPromise, help_text: StrOrPromise, rows: int) -> TextField:
    return TextField(
        label=label,
        help_text=help_text,
        required=False,
        max_length=MAX_WORDS_LENGTH,
        widget=forms.Textarea(attrs={"rows": rows}),
    )


class MatterForm(GuardedForm):
    """A switch and words of the author's own for each kind of page."""

    title_on = forms.BooleanField(label=_("Title page"), required=False)
    title_words = _words(_("Words below the names"), _("“A novel”, for example. Each line is a line of the page."), 2)
    copyright_on = forms.BooleanField(label=_("Copyright page"), required=False)
    copyright_words = _words(
        _("Words at its end"),
        _("Thanks for pictures and fonts, a note on permissions. An empty line starts a paragraph."),
        4,
    )
    dedication_on = forms.BooleanField(label=_("Dedication"), required=False)
    dedication_words = _words(_("Dedication"), _("The page is made once you write something here."), 2)
    about_on = forms.BooleanField(label=_("About the author"), required=False)
    about_words = _words(
        _("Words instead of the profile"),
        _("Leave this empty to use what the authors’ profiles say. A pen name takes nothing from a profile."),
        6,
    )
    also_by_on = forms.BooleanField(label=_("Also by the author"), required=False)
    also_by_words = _words(
        _("Words below the list"),
        _("The list has all books on sale here under the same author’s name. It is made anew with each edition."),
        3,
    )

    @classmethod
    def initial_of(cls, settings: Mapping[MatterKind, MatterSetting]) -> dict[str, Any]:
        """Return the form's values for a work's settings."""
        found: dict[str, Any] = {}
        for kind, setting in settings.items():
            name = kind.name.lower()
            found |= {f"{name}_on": setting.is_on, f"{name}_words": setting.words}
        return found

    def settings(self) -> tuple[MatterSetting, ...]:
        """Return the settings that a valid form asks for."""
        values = self.cleaned_data
        return tuple(
            MatterSetting(kind, is_on=values[f"{kind.name.lower()}_on"], words=values[f"{kind.name.lower()}_words"])
            for kind in MatterKind
        )
