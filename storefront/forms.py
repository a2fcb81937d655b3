"""Forms of the shop."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.countries import country_choices

STARS = [(5, _("5 stars")), (4, _("4 stars")), (3, _("3 stars")), (2, _("2 stars")), (1, _("1 star"))]


class ReviewForm(forms.Form):
    stars = forms.TypedChoiceField(label=_("Your rating"), choices=STARS, coerce=int, widget=forms.RadioSelect)
    title = forms.CharField(label=_("In one line"), max_length=120, required=False)
    body = forms.CharField(
        label=_("Your review"),
        max_length=5000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_("What would you tell a friend who thinks of buying it? Your name stands beside it."),
    )


class CountryForm(forms.Form):
    """Where the reader lives decides the tax."""

    country = forms.ChoiceField(label=_("Country where you live"), choices=country_choices)


class PayForm(CountryForm):
    """The last step: the total that was shown, and consent to supply at once."""

    digest = forms.CharField(widget=forms.HiddenInput)
    consent = forms.BooleanField(
        label=_(
            "Open the books at once. I know that with the first download or page opened I lose the fourteen-day right "
            "of withdrawal that the law gives for distance sales."
        ),
        help_text=_("Our own promise stays: you can give a book back within fourteen days, here on the site."),
        error_messages={"required": _("Without this consent we may not open the books before fourteen days are over.")},
    )
