"""Forms of the reconciliation: which items are shown, and what finance says and proposes about one."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from common import clock
from common.fields import TextField
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
    """Each state of it is an address."""

    text = TextField(label=_("Order or id"), required=False, max_length=120)
    state = forms.ChoiceField(label=_("State"), required=False, choices=_STATES)
    age = forms.ChoiceField(
        label=_("Age"), required=False, choices=[("", _("Any")), *((name, label) for name, label, *_days in AGES)]
    )
    month = PeriodField(label=_("Month"), required=False, max_length=7)
    currency = forms.ChoiceField(label=_("Currency"), required=False, choices=currency_choices)

    def asked(self) -> dict[str, str]:
        """What `selectors.reconciliation.items_by` takes; what is not valid is left out."""
        self.is_valid()
        asked: dict[str, str] = {name: value for name, value in self.cleaned_data.items() if value}
        state = asked.pop("state", OPEN)
        return {**asked, "state": "" if state == ALL else state}


class ExplainForm(forms.Form):
    reason = TextField(
        label=_("Why does it not agree?"), max_length=500, widget=forms.Textarea(attrs={"rows": 3, "maxlength": 500})
    )
    until = forms.DateField(
        label=_("Set aside until"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=_(
            "The last day on which it keeps no month open, once a second person agrees. "
            "Leave it empty to set nothing aside."
        ),
    )
    seen = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    def clean_until(self) -> date | None:
        """Refuses days so far off that nobody means them; how long is allowed the service says."""
        day: date | None = self.cleaned_data["until"]
        if day is not None and abs((day - clock.now().date()).days) > _FARTHEST_DAYS:
            raise forms.ValidationError(_("That is too far away."))
        return day

    @property
    def ends_at(self) -> datetime | None:
        """The end of the day that was chosen, by UTC."""
        day: date | None = self.cleaned_data["until"]
        return datetime.combine(day + timedelta(days=1), time(), tzinfo=UTC) if day else None


class CorrectForm(forms.Form):
    """An entry over the whole difference; the amount is not for choosing."""

    against = forms.TypedChoiceField(
        label=_("What was it?"), choices=ProviderAgainst.choices, coerce=ProviderAgainst, help_text=_("The other side.")
    )
    reason = TextField(label=_("Reason"), max_length=300)


class MatchForm(forms.Form):
    entry = forms.IntegerField(
        label=_("Journal entry"), min_value=1, help_text=_("Its number. It has to make up the difference exactly.")
    )
    reason = TextField(label=_("Reason"), max_length=300)
