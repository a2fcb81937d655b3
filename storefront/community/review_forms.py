"""The form for writing a review."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import forms
from django.utils.translation import gettext_lazy as _

from common.fields import TextField

if TYPE_CHECKING:
    pass

STARS = [(5, _("5 stars")), (4, _("4 stars")), (3, _("3 stars")), (2, _("2 stars")), (1, _("1 star"))]


class ReviewForm(forms.Form):
    stars = forms.TypedChoiceField(label=_("Your rating"), choices=STARS, coerce=int, widget=forms.RadioSelect)
    title = TextField(label=_("Headline"), max_length=120, required=False)
    body = TextField(
        label=_("Your review"),
        max_length=5000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_("What would you tell a friend who is thinking of buying it? Your name is shown with your review."),
    )
