"""Forms of reviews of contracts."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from common.fields import TextField
from hiring.reviews.models import MAX_ANSWER, MAX_BODY


class ContractReviewForm(forms.Form):
    """Stars and words about the other side."""

    stars = forms.TypedChoiceField(
        label=_("How was it to work together?"),
        coerce=int,
        choices=[(count, ngettext_lazy("%d star", "%d stars") % count) for count in range(5, 0, -1)],
        widget=forms.RadioSelect,
    )
    body = TextField(
        label=_("In your own words"),
        required=False,
        max_length=MAX_BODY,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("Say what was agreed and how it went. Leave out what the other told you in confidence."),
    )


class AnswerForm(forms.Form):
    """One answer to a review about oneself."""

    text = TextField(label=_("Your answer"), max_length=MAX_ANSWER, widget=forms.Textarea(attrs={"rows": 4}))
