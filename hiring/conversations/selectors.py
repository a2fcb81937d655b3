"""What the inbox and a conversation's page show."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Prefetch, Q, QuerySet

from accounts.models import User
from accounts.permissions import Visitor
from common.errors import NotFound
from hiring.conversations import hooks, permissions
from hiring.conversations.models import Block, Conversation, Membership, Message, MessageFile, SeenElsewhere

PAGE_SIZE = 50  # messages


@dataclass(frozen=True, slots=True)
class InboxRow:
    """One line of the inbox."""

    conversation: Conversation
    people: tuple[User, ...]  # the others
    newest: Message | None
    is_unread: bool
    is_own: bool  # the newest message is the reader's own


@dataclass(frozen=True, slots=True)
class Thread:
    """A conversation as one person sees it."""

    conversation: Conversation
    people: tuple[User, ...]  # the others
    messages: tuple[Message, ...]
    older: int  # key of a message to page back from; 0 at the beginning
    first_unread: int  # key of the first message that is new to them; 0 if all are read
    subject: hooks.SubjectPage | None
    membership: Membership | None  # None for a person who only may read
    may_write: bool
    are_apart: bool

    @property
    def newest(self) -> int:
        """The key of the last message shown."""
        return self.messages[-1].pk if self.messages else 0


def by_public_id(public_id: str) -> Conversation:
    """Raises NotFound."""
    found = Conversation.objects.filter(public_id=public_id).first()
    if found is None:
        raise NotFound
    return found


def about(subject: str) -> Conversation | None:
    """Return the conversation about a thing, by the thing's public id."""
    return Conversation.objects.filter(subject=subject).first() if subject else None


def between(one: User, other: User) -> Conversation | None:
    """Return the conversation of two people that is about nothing in particular."""
    of_both = Membership.objects.filter(user=other).values("conversation")
    return Conversation.objects.filter(subject="", memberships__user=one, pk__in=of_both).order_by("pk").first()


def are_apart(one: User, other: User) -> bool:
    """Return whether one of the two has blocked the other."""
    return permissions.are_apart(one, other)


def apart_from(user: User) -> set[int]:
    """Return the keys of everybody who blocked the person or whom they blocked."""
    blocked = Block.objects.filter(blocker=user).values_list("blocked", flat=True)
    return {*blocked, *Block.objects.filter(blocked=user).values_list("blocker", flat=True)}


def blocked_by(user: User) -> QuerySet[Block]:
    return Block.objects.filter(blocker=user).select_related("blocked").order_by("-made_at", "-pk")


def count_unread(user: Visitor) -> int:
    """Return in how many conversations something is new to the person, those that are kept elsewhere included."""
    if not isinstance(user, User):
        return 0
    return Membership.objects.filter(user=user).unread().count() + len(elsewhere_of(user, only_news=True))


def elsewhere_of(user: User, *, only_news: bool = False) -> list[hooks.Elsewhere]:
    """Return the person's conversations that are kept elsewhere: comments on texts, what they asked the shop."""
    seen = dict(SeenElsewhere.objects.filter(user=user).values_list("thing", "seen_at"))
    return hooks.elsewhere(user, seen, only_news=only_news)


def has_any(user: Visitor) -> bool:
    """Return whether the person takes part in a conversation, or has looked at one that is kept elsewhere."""
    if not isinstance(user, User):
        return False
    is_member = Membership.objects.filter(user=user, conversation__newest__gt=0).exists()
    return is_member or SeenElsewhere.objects.filter(user=user).exists()


def memberships_of(user: User, *, only_unread: bool = False, text: str = "") -> QuerySet[Membership]:
    """Select the person's conversations that have messages, those with the newest first.

    `text` is looked for in names, titles and messages.
    """
    rows = Membership.objects.filter(user=user, conversation__newest__gt=0).select_related("conversation")
    if only_unread:
        rows = rows.unread()
    if text:
        named = Membership.objects.filter(user__display_name__icontains=text).exclude(user=user)
        written = Message.objects.filter(body__icontains=text, hidden_at=None)
        rows = rows.filter(
            Q(conversation__title__icontains=text)
            | Q(conversation__in=named.values("conversation"))
            | Q(conversation__in=written.values("conversation"))
        )
    return rows.order_by("-conversation__newest")


def inbox_rows(user: User, memberships: Sequence[Membership]) -> list[InboxRow]:
    """Return the lines for a page of memberships."""
    people = _others(user, [row.conversation_id for row in memberships])
    newest = Message.objects.in_bulk([row.conversation.newest for row in memberships])
    rows = []
    for row in memberships:
        last = newest.get(row.conversation.newest)
        rows.append(
            InboxRow(
                conversation=row.conversation,
                people=tuple(people[row.conversation_id]),
                newest=last,
                is_unread=row.read_until < row.conversation.newest,
                is_own=last is not None and last.is_by(user),
            )
        )
    return rows


def thread(user: User, conversation: Conversation, *, before: int = 0, after: int | None = None) -> Thread:
    """Return a page of the messages: the newest ones, those before a key, or all after one. Raises NotFound."""
    permissions.require_read(user, conversation)
    membership = Membership.objects.filter(conversation=conversation, user=user).first()
    rows = _messages(conversation)
    if after is not None:
        messages, has_older = list(rows.filter(pk__gt=after).order_by("pk")[:PAGE_SIZE]), False
    else:
        rows = rows.filter(pk__lt=before) if before else rows
        page = list(rows.order_by("-pk")[: PAGE_SIZE + 1])
        messages, has_older = page[:PAGE_SIZE][::-1], len(page) > PAGE_SIZE
    people = tuple(_others(user, [conversation.pk])[conversation.pk])
    read_until = membership.read_until if membership is not None else conversation.newest
    return Thread(
        conversation=conversation,
        people=people,
        messages=tuple(messages),
        older=messages[0].pk if has_older else 0,
        first_unread=next((one.pk for one in messages if one.pk > read_until and not one.is_by(user)), 0),
        subject=hooks.subject_page(conversation.subject),
        membership=membership,
        may_write=permissions.may_write_in(user, conversation),
        are_apart=any(permissions.are_apart(user, other) for other in people),
    )


def file_for(user: User, conversation: Conversation, file_id: str) -> MessageFile:
    """Return a file of the conversation. Raises NotFound, also for a file of a hidden message."""
    permissions.require_read(user, conversation)
    files = MessageFile.objects.filter(message__conversation=conversation, message__hidden_at=None)
    found = files.filter(public_id=file_id).first()
    if found is None:
        raise NotFound
    return found


def to_mail(until: datetime) -> QuerySet[Membership]:
    """Select who has had something unread since then, and was not told by email."""
    return Membership.objects.filter(unread_since__lte=until, mailed_at=None, is_muted=False)


def _messages(conversation: Conversation) -> QuerySet[Message]:
    files = Prefetch("files", MessageFile.objects.order_by("pk"))
    return Message.objects.filter(conversation=conversation).select_related("author").prefetch_related(files)


def _others(user: User, conversations: Sequence[int]) -> dict[int, list[User]]:
    people: dict[int, list[User]] = defaultdict(list)
    rows = Membership.objects.filter(conversation__in=conversations).exclude(user=user).select_related("user")
    for row in rows.order_by("pk"):
        people[row.conversation_id].append(row.user)
    return people
