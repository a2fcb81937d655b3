"""Forms of comments."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from common.fields import TextField
from publishing.comments.models import MAX_BODY, MAX_QUOTE


class BodyForm(forms.Form):
    body = TextField(label=_("Comment"), max_length=MAX_BODY, widget=forms.Textarea(attrs={"rows": 4}))


class CommentForm(BodyForm):
    """A comment on words of a block. `before` comes from a script: what stands before words that were selected."""

    words = TextField(
        label=_("About which words"),
        max_length=MAX_QUOTE,
        required=False,
        help_text=_("Copy them from the paragraph above. Leave the field empty to comment on all of it."),
    )
    before = TextField(max_length=200, required=False, widget=forms.HiddenInput)

    field_order = ["words", "body", "before"]
