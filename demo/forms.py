"""The form that moves the demonstration's clock."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


class ClockForm(forms.Form):
    days = forms.IntegerField(label=_("Days to move forward"), min_value=1, max_value=366, initial=16)
