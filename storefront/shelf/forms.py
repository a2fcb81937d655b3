"""Forms of the library."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from common import clock
from common.fields import TextField
from common.widgets import DayInput
from storefront.shelf.models import Collection, ReadingStatus, YearGoal


class StatusForm(forms.Form):
    """The status of a book; without one it follows from the reading."""

    status = forms.ChoiceField(choices=ReadingStatus, required=False)

    @property
    def chosen(self) -> ReadingStatus | None:
        return ReadingStatus(self.cleaned_data["status"]) if self.cleaned_data["status"] else None


class FinishedForm(forms.Form):
    """The day on which a book was finished."""

    day = forms.DateField(label=_("Finished on"), widget=DayInput())

    def clean_day(self) -> object:
        day = self.cleaned_data["day"]
        if not (day.year >= 1900 and day <= clock.now().date()):
            raise forms.ValidationError(_("Enter a day that has passed."), code="day")
        return day


class CollectionForm(forms.Form):
    """The name of a collection."""

    name = TextField(label=_("Name"), max_length=Collection.MAX_NAME)


class GoalForm(forms.Form):
    """How many books or days a person means to read in a year; neither for no goal."""

    books = forms.IntegerField(label=_("Books"), required=False, min_value=1, max_value=YearGoal.MAX_BOOKS)
    days = forms.IntegerField(label=_("Days"), required=False, min_value=1, max_value=YearGoal.MAX_DAYS)


class WishLinkForm(forms.Form):
    """What the page of a shared wish list says."""

    name = TextField(
        label=_("Your name on the page"),
        required=False,
        max_length=60,
        help_text=_("As family and friends know you. Without one the page says “A wish list”."),
    )
    shows_owned = forms.BooleanField(
        label=_("Say which books I have by now"),
        required=False,
        help_text=_("So that nobody gives you a book twice. Others then see that you have it."),
    )
