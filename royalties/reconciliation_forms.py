"""Forms of the reconciliation: filters of the item list, and explanations and proposals for one item."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from common import clock
from common.fields import TextField
from common.widgets import DayInput
from royalties.forms import PeriodField, currency_choices
from royalties.models import OPEN_ITEM_STATES, ItemState, ProviderAgainst
from royalties.selectors.reconciliation import AGES, OPEN

ALL = "all"
_STATES = [
    ("", pgettext_lazy("state", "Open")),
    ("holding", _("Open too long")),
    ("set_aside", _("Set aside")),
    *((state.value, state.label) for state in (*OPEN_ITEM_STATES, ItemState.LATE, ItemState.MATCHED)),
    (ALL, _("All")),
]

_FARTHEST_DAYS = 366


class ItemsFilter(forms.Form):
    """The filters of the item list. They are sent by GET, so that every selection has a URL."""

    text = TextField(label=_("Order or ID"), required=False, max_length=120)
    state = forms.ChoiceField(label=_("State"), required=False, choices=_STATES)
    age = forms.ChoiceField(
        label=_("Age"), required=False, choices=[("", _("Any")), *((name, label) for name, label, *_days in AGES)]
    )
    month = PeriodField(label=_("Month"), required=False, max_length=7)
    currency = forms.ChoiceField(label=_("Currency"), required=False, choices=currency_choices)

    def asked(self) -> dict[str, str]:
        """Return the arguments for `selectors.reconciliation.items_by`, without values that are not valid."""
        self.is_valid()
        asked: dict[str, str] = {name: value for name, value in self.cleaned_data.items() if value}
        state = asked.pop("state", OPEN)
        return {**asked, "state": "" if state == ALL else state}


class ExplainForm(forms.Form):
    reason = TextField(
        label=_("Reason for the difference"), max_length=500, widget=forms.Textarea(attrs={"rows": 3, "maxlength": 500})
    )
    until = forms.DateField(
        label=_("Set aside until"),
        required=False,
        widget=DayInput(),
        help_text=_(
            "Once a second person agrees, the item does not block closing a month up to and including this day. Leave "
            "empty to set nothing aside."
        ),
    )
    seen = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    def clean_until(self) -> date | None:
        """Reject days that are obviously a mistake. The service decides how long an item may be set aside."""
        day: date | None = self.cleaned_data["until"]
        if day is not None and abs((day - clock.now().date()).days) > _FARTHEST_DAYS:
            raise forms.ValidationError(_("Choose a day within one year of today."))
        return day

    @property
    def ends_at(self) -> datetime | None:
        """Return the end of the chosen day, in UTC."""
        day: date | None = self.cleaned_data["until"]
        return datetime.combine(day, time.max, tzinfo=UTC) if day else None


class CorrectForm(forms.Form):
    """A proposed entry. It is always over the whole difference, so there is no field for the amount."""

    against = forms.TypedChoiceField(
        label=_("Contra account"),
        choices=ProviderAgainst.choices,
        coerce=ProviderAgainst,
        help_text=_("The other side of the entry."),
    )
    reason = TextField(label=_("Reason"), max_length=300)


class MatchForm(forms.Form):
    entry = forms.IntegerField(
        label=_("Journal entry"),
        min_value=1,
        help_text=_("The number of the entry. Its amount has to match the difference exactly."),
    )
    reason = TextField(label=_("Reason"), max_length=300)
