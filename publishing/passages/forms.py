"""The answer about words that also stand in somebody else's book."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from common.fields import TextField
from publishing.passages.models import Answer

_LEAST_CHARACTERS = 10


class AnswerForm(forms.Form):
    """Every answer but the promise to remove the passages says more in words."""

    answer = forms.ChoiceField(
        label=_("Why do these words stand in your book?"),
        choices=Answer.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose an answer.")},
    )
    explanation = TextField(
        label=_("Details"),
        required=False,
        max_length=2000,
        help_text=_(
            "Needed unless you remove the passages. For a licence: who gave it, when, and for what. For free words: "
            "where they come from. For a quotation: what it is there for. Only moderators read this."
        ),
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def clean(self) -> dict[str, Any]:
        """Require details where the answer alone says too little."""
        given = super().clean() or {}
        answer, explanation = given.get("answer"), given.get("explanation", "")
        if answer and answer != Answer.REMOVE and len(explanation.strip()) < _LEAST_CHARACTERS:
            self.add_error("explanation", _("Say a little more, so that somebody else can check it."))
        return given
