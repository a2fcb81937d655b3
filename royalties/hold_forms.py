"""Forms about held money: holding payouts, complaining about a hold, and deciding about the complaint."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

from django import forms
from django.utils.translation import gettext_lazy as _

from common.fields import TextField
from common.widgets import DayInput
from royalties.models import ComplaintOutcome
from royalties.models.hold_notice import CHOSEN_RULES

_HOLD_RULES = [(rule.value, rule.label) for rule in CHOSEN_RULES]


class PersonHoldForm(forms.Form):
    rule = forms.ChoiceField(label=_("Rule"), choices=_HOLD_RULES)
    reason = TextField(
        label=_("What happened"), max_length=300, help_text=_("We send this and the rule to the contributor by email.")
    )
    until = forms.DateField(
        label=_("Until"),
        required=False,
        widget=DayInput(),
        help_text=_("The last day of the hold, in UTC. Leave empty to hold payouts until you lift the hold."),
    )

    @property
    def ends_at(self) -> datetime | None:
        """Return the end of the chosen day, in UTC."""
        day: date | None = self.cleaned_data["until"]
        return datetime.combine(day, time.max, tzinfo=UTC) if day else None


class HoldForm(forms.Form):
    rule = forms.ChoiceField(label=_("Rule"), choices=_HOLD_RULES)
    reason = TextField(
        label=_("What happened"), max_length=200, help_text=_("We send this and the rule to the payee by email.")
    )


class HoldComplaintForm(forms.Form):
    text = TextField(
        label=_("Why is the hold wrong?"),
        max_length=3000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("Someone who has not placed the hold decides. They see what you write here and the reasons above."),
    )


class HoldDecisionForm(forms.Form):
    outcome = forms.ChoiceField(label=_("Decision"), choices=ComplaintOutcome, widget=forms.RadioSelect)
    answer = TextField(
        label=_("Reason"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("The person reads exactly what you write here."),
    )
