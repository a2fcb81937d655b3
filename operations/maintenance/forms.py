"""The form that opens and closes the shop."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from common.fields import TextField
from common.widgets import MomentInput
from operations.maintenance.models import Mode


class ModeForm(forms.Form):
    mode = forms.ChoiceField(label=_("The shop is"), choices=Mode.choices, widget=forms.RadioSelect)
    message = TextField(
        label=_("Message to visitors"),
        required=False,
        max_length=300,
        help_text=_("What is going on, in a sentence. The page already says that nothing is lost."),
    )
    ends_at = forms.DateTimeField(
        label=_("Expected to end (UTC)"),
        required=False,
        help_text=_("Shown to visitors. Nothing happens by itself at that time."),
        widget=MomentInput(),
    )
