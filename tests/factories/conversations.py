"""Conversations between members."""

from __future__ import annotations

import io
from collections.abc import Mapping
from datetime import datetime
from itertools import count

from accounts.models import User
from common import clock
from hiring.conversations.models import Conversation, Message
from hiring.conversations.services import messages
from hiring.conversations.services.messages import GivenFile

_subjects = (f"tst_{number}" for number in count(1))


def make_conversation(*members: User, subject: str = "", title: str = "", at: datetime | None = None) -> Conversation:
    """A conversation about something that only the tests know."""
    return messages.start(members=members, subject=subject or next(_subjects), title=title, at=at or clock.now())


def send(
    author: User,
    conversation: Conversation,
    body: str = "Hello.",
    *,
    files: Mapping[str, bytes] | None = None,
    at: datetime | None = None,
) -> Message:
    given = [GivenFile(io.BytesIO(content), name) for name, content in (files or {}).items()]
    return messages.post(actor=author, conversation=conversation, body=body, files=given, at=at or clock.now())
