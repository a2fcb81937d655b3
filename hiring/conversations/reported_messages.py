"""Messages that a member reports: a moderator reads the one message, and may hide it from everybody in it."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.permissions import Visitor
from hiring.conversations import permissions
from hiring.conversations.models import Message
from storefront.community import reportables
from storefront.community.models import Reported

_WORDS = reportables.Words(
    form_title=_("Report a message"),
    page_title=_("A message"),
    heading=_("A decision about your message"),
    opening=_("A message of yours was reported, and a moderator has made a decision about it."),
    appeal_opening=_("You appealed against a decision about your message. A second person has looked at it."),
    told_reporter=_("On %(day)s you reported a message. A moderator has looked at it."),
    effects=_("Nobody can see the message and its files while the decision is in force. A contract is not affected."),
)


def register() -> None:
    """Let members report messages."""
    kind = reportables.Kind(words=_WORDS, find=_find, lock=_lock, may_report=_may_report, set_hidden=_set_hidden)
    reportables.register(Reported.MESSAGE, kind)


def _find(public_id: str) -> reportables.Thing | None:
    message = Message.objects.filter(public_id=public_id).select_related("author", "conversation").first()
    if message is None:
        return None
    words = "\n\n".join(filter(None, [message.body, *(file.name for file in message.files.all())]))
    title = message.conversation.title or str(message.author)
    return reportables.Thing(message.author, title, words, message.hidden_at is not None)


def _lock(public_id: str) -> Message | None:
    return Message.objects.select_for_update().filter(public_id=public_id).first()


def _may_report(user: Visitor, public_id: str) -> bool:
    message = Message.objects.filter(public_id=public_id).select_related("conversation").first()
    return isinstance(user, User) and message is not None and permissions.is_member(user, message.conversation)


def _set_hidden(public_id: str, is_hidden: bool, at: datetime) -> None:
    rows = Message.objects.filter(public_id=public_id)
    rows.filter(hidden_at__isnull=is_hidden).update(hidden_at=at if is_hidden else None)
