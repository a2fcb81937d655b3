"""The form that makes a share link."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from common.fields import TextField
from insight.events.models import ShareLink


class LinkForm(forms.Form):
    label = TextField(
        label=_("Where you will share it"),
        max_length=ShareLink.MAX_LABEL,
        error_messages={"required": _("Name the place, such as “Newsletter in May”.")},
    )
