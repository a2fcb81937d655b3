"""The search form of the audit log."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts import audit_registry
from accounts.audit_registry import Area
from common.fields import TextField
from common.widgets import DayInput


def _verbs() -> list[tuple[Any, Any]]:
    """Return each area with the events that belong to it."""
    groups = [
        (area.label, [(verb.code, verb.words) for verb in audit_registry.verbs() if verb.area == area]) for area in Area
    ]
    return [("", _("All activity")), (_("By area"), list(Area.choices)), *groups]


class AuditFilter(forms.Form):
    """The search form. Each state of it has its own URL."""

    person = TextField(label=_("Person"), required=False, max_length=254)
    verb = forms.ChoiceField(label=_("Event"), required=False, choices=_verbs)
    subject = TextField(label=_("About"), required=False, max_length=60)
    since = forms.DateField(label=_("Since"), required=False, widget=DayInput())
    until = forms.DateField(label=_("Until"), required=False, widget=DayInput())

    @property
    def used(self) -> list[str]:
        """Return the names of the fields that narrow the list."""
        return [name for name, value in self.cleaned_data.items() if value]
