"""Forms of messages."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from common.fields import TextField
from common.form_tokens import OnceForm
from hiring.conversations.models import MAX_BODY
from hiring.conversations.services.messages import GivenFile


class SeveralFilesInput(forms.ClearableFileInput):
    """A file input that takes several files at once."""

    allow_multiple_selected = True
    template_name = "django/forms/widgets/file.html"


class SeveralFilesField(forms.FileField):
    """Several uploaded files; a list, empty if none was chosen."""

    widget = SeveralFilesInput

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile[Any]]:
        given = data if isinstance(data, (list, tuple)) else [data] if data else []
        return [super(SeveralFilesField, self).clean(one, initial) for one in given]


class MessageForm(OnceForm):
    """A message to people who are in a conversation, or to one person."""

    body = TextField(
        label=_("Message"),
        max_length=MAX_BODY,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    attachments = SeveralFilesField(label=_("Files"), required=False)

    def given_files(self) -> Sequence[GivenFile]:
        return [GivenFile(one, one.name or "") for one in self.cleaned_data["attachments"]]


class InboxFilter(forms.Form):
    text = TextField(label=_("Name or words"), required=False, max_length=120)
    only_unread = forms.BooleanField(label=_("Unread only"), required=False)
