"""Forms of the library."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from common import clock
from common.widgets import DayInput
from storefront.shelf.models import ReadingStatus


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
