"""The form by which readers report a typo."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from common.fields import TextField
from storefront.reading.models import TypoReport
from storefront.reading.selectors.typos import Passage

_PLACE = re.compile(r"([0-9]{1,9}):([0-9]{1,9}):([0-9]{1,9})")


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
