"""The search of the audit log."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts import audit_register
from accounts.audit_register import Area
from common.fields import TextField


def _verbs() -> list[tuple[Any, Any]]:
    """Each area, and below it what happened in it."""
    groups = [
        (area.label, [(verb.code, verb.words) for verb in audit_register.verbs() if verb.area == area]) for area in Area
    ]
    return [("", _("Everything")), (_("All of one area"), list(Area.choices)), *groups]


class AuditFilter(forms.Form):
    """Every state of it is an address."""

    person = TextField(label=_("Person"), required=False, max_length=254)
    verb = forms.ChoiceField(label=_("What happened"), required=False, choices=_verbs)
    subject = TextField(label=_("About"), required=False, max_length=60)
    since = forms.DateField(label=_("Since"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    until = forms.DateField(label=_("Until"), required=False, widget=forms.DateInput(attrs={"type": "date"}))

    @property
    def used(self) -> list[str]:
        """The fields by which it narrows the list."""
        return [name for name, value in self.cleaned_data.items() if value]
