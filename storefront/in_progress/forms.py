"""The form by which an author chooses what to show."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from common.fields import TextField
from storefront.catalogue.selectors.web_book_archive import WebChapter
from storefront.in_progress.models import MAX_CHAPTERS, Showing, ShownChapter
from storefront.in_progress.services.showings import ShowingInput

_LATEST, _PICKED = "latest", "picked"


class ShowingForm(forms.Form):
    which = forms.ChoiceField(
        label=_("Which chapters"),
        choices=[(_LATEST, _("The newest chapters")), (_PICKED, _("The chapters I choose below"))],
        widget=forms.RadioSelect,
    )
    latest = forms.IntegerField(label=_("How many of the newest"), required=False, min_value=1, max_value=MAX_CHAPTERS)
    chapters = forms.MultipleChoiceField(label=_("Chapters"), required=False, widget=forms.CheckboxSelectMultiple)
    note = TextField(
        label=_("Note to readers"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("For example: “A first draft. The names may still change.”"),
    )
    is_indexed = forms.BooleanField(
        label=_("Search engines may list these pages"), required=False, help_text=_("Never for books for adults.")
    )
    is_mine = forms.BooleanField(
        label=_("I hold the rights to this text, and it follows the rules of the shop."),
        error_messages={"required": _("Confirm that you may show this text.")},
    )

    def __init__(self, *args: Any, chapters: list[tuple[int, int, WebChapter]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(one.id, ShownChapter(number=number, title=one.title).label) for _position, number, one in chapters]
        self.fields["chapters"].choices = choices  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or {}
        if found.get("which") == _LATEST and not self.has_error("latest") and not found.get("latest"):
            self.add_error("latest", _("Say how many of the newest chapters to show."))
        if found.get("which") == _PICKED and not self.has_error("chapters") and not found.get("chapters"):
            self.add_error("chapters", _("Choose at least one chapter."))
        return found

    @property
    def told(self) -> ShowingInput:
        found = self.cleaned_data
        is_latest = found["which"] == _LATEST
        return ShowingInput(
            latest=found["latest"] if is_latest else None,
            chapters=() if is_latest else found["chapters"],
            note=found["note"],
            is_indexed=found["is_indexed"],
        )


def initial_of(showing: Showing | None) -> dict[str, Any]:
    """Return what the form shows first: what is shown now, or the newest chapter."""
    if showing is None or not showing.is_on:
        return {"which": _LATEST, "latest": 1, "note": showing.note if showing is not None else ""}
    return {
        "which": _PICKED if showing.latest is None else _LATEST,
        "latest": showing.latest,
        "chapters": [one.chapter_id for one in showing.chapters.all()] if showing.latest is None else [],
        "note": showing.note,
        "is_indexed": showing.is_indexed,
    }
