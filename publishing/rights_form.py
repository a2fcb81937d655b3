"""The form for the statements that are required before a book is sold."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from common.edit_conflicts import GuardedForm
from common.fields import TextField
from publishing import author_terms
from publishing.models import AiUse, RightsBasis


class RightsForm(GuardedForm):
    """Statements on rights and AI use. `terms_version` is the version of the terms that the page showed."""

    basis = forms.ChoiceField(label=_("Why you may publish it"), choices=RightsBasis.choices, widget=forms.RadioSelect)
    ai_text = forms.ChoiceField(
        label=_("AI in the text"),
        choices=AiUse.choices,
        widget=forms.RadioSelect,
        help_text=_(
            "Assisted: a program wrote or rewrote passages, and you went through them. Generated: it wrote most of the "
            "text. Spelling and grammar checks do not count."
        ),
    )
    ai_images = forms.ChoiceField(
        label=_("AI in the pictures"),
        choices=AiUse.choices,
        widget=forms.RadioSelect,
        help_text=_("If the book has no pictures, choose “No AI”."),
    )
    ai_cover = forms.ChoiceField(
        label=_("AI in the cover"),
        choices=AiUse.choices,
        widget=forms.RadioSelect,
        help_text=_("Covers that we draw use no AI."),
    )
    ai_translation = forms.ChoiceField(
        label=_("AI in the translation"),
        choices=AiUse.choices,
        widget=forms.RadioSelect,
        help_text=_("If the book is not a translation, choose “No AI”."),
    )
    accepts_terms = forms.BooleanField(label=_("I accept the author terms"))
    terms_version = TextField(required=False, widget=forms.HiddenInput, initial=author_terms.CURRENT)

    def __init__(self, *args: Any, asks_terms: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.asks_terms = asks_terms
        if not asks_terms:
            del self.fields["accepts_terms"]
            del self.fields["terms_version"]
