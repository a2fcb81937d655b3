"""Forms of messages."""

from __future__ import annotations

from collections.abc import Sequence

from django import forms
from django.utils.translation import gettext_lazy as _

from common.fields import SeveralFilesField, TextField
from common.form_tokens import OnceForm
from hiring.conversations.models import MAX_BODY
from hiring.conversations.services.messages import GivenFile


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
