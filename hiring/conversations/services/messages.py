"""Conversations begun, messages sent and read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import IO
from uuid import UUID

from django.conf import settings
from django.db import transaction

from accounts import restrictions
from accounts.models import User
from accounts.restrictions import Activity
from common import storage
from common.text_cleaning import cleaned
from hiring import shared_files
from hiring.conversations import permissions, selectors
from hiring.conversations.errors import MessageTooLong, NothingWritten, TooManyFiles, TooManyNewConversations
from hiring.conversations.models import (
    MAX_BODY,
    MAX_FILES,
    MAX_TITLE,
    Conversation,
    Membership,
    Message,
    MessageFile,
)

_DAY = timedelta(days=1)
_NEWCOMER_FOR = timedelta(days=7)
# New people that one may write to within a day, and while the account is new.
MAX_NEW_A_DAY, MAX_NEW_AS_NEWCOMER = 30, 5


@dataclass(frozen=True, slots=True)
class GivenFile:
    """A file of a message, as it was uploaded."""

    content: IO[bytes]
    name: str


@transaction.atomic
def start(*, members: Sequence[User], subject: str, title: str, at: datetime) -> Conversation:
    """Return the conversation about a subject, begun if it is new, with these people in it. Safe to repeat."""
    conversation, _is_new = Conversation.objects.get_or_create(
        subject=subject,
        defaults={"title": title[:MAX_TITLE], "started_by": members[0], "started_at": at, "changed_at": at},
    )
    for member in members:
        _join(conversation, member, at)
    return conversation


@transaction.atomic
def bind(*, conversation: Conversation, is_bound: bool) -> None:
    """Record whether the conversation is part of an agreement: then it stays open, whoever blocks whom."""
    Conversation.objects.filter(pk=conversation.pk).update(is_bound=is_bound)


@transaction.atomic
def write_to(
    *,
    actor: User,
    other: User,
    body: str,
    files: Sequence[GivenFile] = (),
    form_token: UUID | None = None,
    at: datetime,
) -> Message:
    """Send a message to a person, in the conversation of the two, which is begun if there is none.

    Raises NotReachable, Apart, TooManyNewConversations, and the errors of `post`.
    """
    permissions.require_write_to(actor, other)
    # Both rows are locked, always in the same order: two people who write at once begin one conversation.
    list(User.objects.select_for_update(no_key=True).filter(pk__in=[actor.pk, other.pk]).order_by("pk"))
    conversation = selectors.between(actor, other)
    if conversation is None:
        _require_few_new(actor, at)
        conversation = Conversation.objects.create(started_by=actor, started_at=at, changed_at=at)
        _join(conversation, actor, at)
        _join(conversation, other, at)
    return post(actor=actor, conversation=conversation, body=body, files=files, form_token=form_token, at=at)


@transaction.atomic
def post(
    *,
    actor: User,
    conversation: Conversation,
    body: str,
    files: Sequence[GivenFile] = (),
    form_token: UUID | None = None,
    at: datetime,
) -> Message:
    """Send a message. The same form sent again returns the message that it made.

    Raises NotFound, Apart, NothingWritten, MessageTooLong, TooManyFiles, and the errors of `shared_files.store`;
    outside of agreements also PostingSuspended.
    """
    permissions.require_write_in(actor, conversation)
    if not conversation.is_bound:
        restrictions.require(actor, Activity.POSTING, at)
    body = _checked(body, files)
    # Its row is the lock: messages get their keys in the order in which they are seen.
    conversation = Conversation.objects.select_for_update().get(pk=conversation.pk)
    if form_token is not None:
        sent = Message.objects.filter(author=actor, form_token=form_token, conversation=conversation).first()
        if sent is not None:
            return sent
    stored = [_store(actor, given) for given in files]
    message = Message.objects.create(
        conversation=conversation, author=actor, body=body, sent_at=at, form_token=form_token
    )
    MessageFile.objects.bulk_create(
        MessageFile(message=message, file=one.file, sha256=one.sha256, name=one.name, size_bytes=one.size_bytes)
        for one in stored
    )
    conversation.newest, conversation.changed_at = message.pk, at
    conversation.save(update_fields=["newest", "changed_at"])
    others = Membership.objects.filter(conversation=conversation).exclude(user=actor)
    others.filter(unread_since=None).update(unread_since=at)
    mark_read(user=actor, conversation=conversation, until=message.pk)
    return message


@transaction.atomic
def mark_read(*, user: User, conversation: Conversation, until: int) -> None:
    """Record that a member has seen the messages up to a key. It never goes back."""
    mine = Membership.objects.filter(conversation=conversation, user=user)
    mine.filter(read_until__lt=until).update(read_until=until)
    newest = Conversation.objects.filter(pk=conversation.pk).values("newest")
    mine.exclude(unread_since=None).filter(read_until__gte=newest).update(unread_since=None, mailed_at=None)


@transaction.atomic
def mute(*, user: User, conversation: Conversation, is_muted: bool) -> None:
    """Stop the emails about a conversation, or start them again. Raises NotFound for those who are not members."""
    permissions.require_member(user, conversation)
    Membership.objects.filter(conversation=conversation, user=user).update(is_muted=is_muted)


def _join(conversation: Conversation, member: User, at: datetime) -> None:
    Membership.objects.get_or_create(conversation=conversation, user=member, defaults={"joined_at": at})


def _store(actor: User, given: GivenFile) -> storage.Stored:
    return shared_files.store(
        actor=actor,
        content=given.content,
        name=given.name,
        folder="messages",
        most_bytes=settings.MAX_MESSAGE_FILE_BYTES,
    )


def _checked(body: str, files: Sequence[GivenFile]) -> str:
    body = cleaned(body.replace("\r\n", "\n")).strip()
    if not body and not files:
        raise NothingWritten
    if len(body) > MAX_BODY:
        raise MessageTooLong(limit=MAX_BODY)
    if len(files) > MAX_FILES:
        raise TooManyFiles(limit=MAX_FILES)
    return body


def _require_few_new(actor: User, at: datetime) -> None:
    """Raises TooManyNewConversations: a first question costs nothing, a mailing to strangers is stopped."""
    is_newcomer = actor.joined_at > at - _NEWCOMER_FOR
    limit = MAX_NEW_AS_NEWCOMER if is_newcomer else MAX_NEW_A_DAY
    if Conversation.objects.filter(subject="", started_by=actor, started_at__gt=at - _DAY).count() >= limit:
        raise TooManyNewConversations(limit=limit)
