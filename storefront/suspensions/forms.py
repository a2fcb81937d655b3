"""Forms of warnings, suspensions, endings and appeals."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.restrictions import Activity
from common.fields import TextField
from storefront.suspensions.models import EndingGround
from storefront.suspensions.rules import DURATIONS, SuspensionRule


class ReasonForm(forms.Form):
    reason = TextField(
        label=_("Reason"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("The person reads exactly what you write here."),
    )


class WarningForm(ReasonForm):
    activity = forms.ChoiceField(label=_("What may be suspended"), choices=Activity, widget=forms.RadioSelect)

    field_order = ["activity", "reason"]


class SuspensionForm(ReasonForm):
    rule = forms.ChoiceField(label=_("Rule"), choices=SuspensionRule, widget=forms.RadioSelect)
    days = forms.TypedChoiceField(label=_("For how long"), coerce=int, widget=forms.RadioSelect)
    evidence = TextField(
        label=_("Evidence"),
        max_length=3000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("What the decisions have in common. The decisions themselves are attached. The person reads it."),
    )

    field_order = ["rule", "days", "evidence", "reason"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast("forms.TypedChoiceField", self.fields["days"]).choices = [
            (days, ngettext("%(n)d day", "%(n)d days", days) % {"n": days}) for days in DURATIONS
        ]


class EndingForm(ReasonForm):
    ground = forms.ChoiceField(
        label=_("Why, and when"), choices=EndingGround, initial=EndingGround.RULES, widget=forms.RadioSelect
    )
    rule = TextField(label=_("The rule or the law"), max_length=300)
    evidence = TextField(
        label=_("Evidence"),
        max_length=3000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("What happened and how you know. The person reads it."),
    )

    field_order = ["ground", "rule", "evidence", "reason"]
