"""Forms of advance copies."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from common import clock
from common.fields import TextField
from common.widgets import DayInput
from storefront.advance_copies.models import MAX_COPIES, Offer
from storefront.advance_copies.services.offers import OfferInput

MAX_ADDRESSES = 50  # in one form
_USUAL_DAYS = 60
_USUAL_COPIES = 50
_BETWEEN = re.compile(r"[\s,;]+")


class OfferForm(forms.Form):
    """What readers get, until when, and how they come by it."""

    last_day = forms.DateField(
        label=_("Last day"),
        widget=DayInput,
        help_text=_("Readers can read up to and including this day, 180 days from now at most."),
    )
    max_copies = forms.IntegerField(
        label=_("Copies at most"),
        min_value=1,
        max_value=MAX_COPIES,
        help_text=_("At a time, with open invitations: up to 200."),
    )
    note = TextField(
        label=_("Note to readers"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("For example: “The last proofreading is still to come.”"),
    )
    may_download = forms.BooleanField(
        label=_("Readers may download the files"),
        required=False,
        help_text=_(
            "Files have no copy protection, and stay with the reader after the last day. Without this, readers "
            "read in the browser only."
        ),
    )
    wants_reviews = forms.BooleanField(
        label=_("Ask for an honest review"),
        required=False,
        help_text=_("Whatever readers think, and never in return for money. We remind each reader once."),
    )
    takes_requests = forms.BooleanField(
        label=_("Anybody with the link may ask for a copy"),
        required=False,
        help_text=_("You decide about each request. Search engines do not list the page."),
    )

    @property
    def told(self) -> OfferInput:
        return OfferInput(**self.cleaned_data)


class InvitationForm(forms.Form):
    emails = TextField(
        label=_("Email addresses"),
        max_length=8000,
        widget=forms.Textarea(attrs={"rows": 4, "autocomplete": "off", "spellcheck": "false"}),
        help_text=_(
            "One a line, up to 50. Invite only people who know you or asked for it. Each gets a link of their "
            "own; they need a free account to accept."
        ),
    )
    language = forms.ChoiceField(label=_("Language of the email"), choices=settings.LANGUAGES)

    def clean_emails(self) -> list[str]:
        """Return the addresses, each once. Names what is none."""
        addresses = list(dict.fromkeys(filter(None, _BETWEEN.split(self.cleaned_data["emails"]))))
        if len(addresses) > MAX_ADDRESSES:
            words = ngettext("Enter %(count)d address at most.", "Enter %(count)d addresses at most.", MAX_ADDRESSES)
            raise ValidationError(words % {"count": MAX_ADDRESSES})
        for address in addresses:
            try:
                validate_email(address)
            except ValidationError:
                words = _now("“%(address)s” is not an email address.")
                raise ValidationError(words % {"address": address[:100]}) from None
        return addresses


class RequestForm(forms.Form):
    words = TextField(
        label=_("Who you are as a reader"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("What you like to read, and where you review. The author sees this and your name."),
    )


class ExtensionForm(forms.Form):
    last_day = forms.DateField(label=_("New last day"), widget=DayInput)


class WithdrawalForm(forms.Form):
    words = TextField(label=_("A word to the reader"), required=False, max_length=500)


def initial_of(offer: Offer | None) -> dict[str, Any]:
    """Return what the form shows first."""
    if offer is None:
        day: date = clock.now().date() + timedelta(days=_USUAL_DAYS)
        return {"last_day": day, "max_copies": _USUAL_COPIES, "may_download": True, "wants_reviews": True}
    names = ("last_day", "max_copies", "note", "may_download", "wants_reviews", "takes_requests")
    return {name: getattr(offer, name) for name in names}
