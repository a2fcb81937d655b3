"""What is new about a text for one person: only what they may see, and nothing that they did themselves."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, QuerySet

from accounts.models import User
from publishing import permissions as publishing_permissions
from publishing.collaboration.models import Collaborator
from publishing.comments import selectors as comment_selectors
from publishing.comments.models import Comment
from publishing.editing.models import Correction, Decision, Origin
from publishing.models import Contributor, Work

type TypoCounter = Callable[[Work, datetime, datetime], int]

MAX_COMMENTS = 5  # quoted in an email
_typo_counters: list[TypoCounter] = []


@dataclass(frozen=True, slots=True)
class News:
    """What is new. `comments` are the first of `comment_count`."""

    suggestions: int
    typos: int
    accepted: int
    declined: int
    comment_count: int
    comments: tuple[Comment, ...]

    def __bool__(self) -> bool:
        return bool(self.suggestions or self.typos or self.accepted or self.declined or self.comment_count)


def count_typos_with(counter: TypoCounter) -> TypoCounter:
    """Ask `counter(work, since, until)` how many typos readers have reported that wait for the author."""
    _typo_counters.append(counter)
    return counter


def recipients_of(work: Work) -> list[User]:
    """Return who may be told of news: the owner, credited contributors, and whoever the owner invited."""
    credited = Contributor.objects.filter(work=work, user=OuterRef("pk"))
    invited = Collaborator.objects.active().filter(work=work, user=OuterRef("pk"))
    people = User.objects.filter(is_active=True)
    found = people.filter(Exists(credited) | Exists(invited)) | people.filter(pk=work.owner_id)
    return list(found.order_by("pk"))


def news_for(user: User, work: Work, since: datetime, until: datetime) -> News:
    """Return what is new for the person after `since`, up to `until`."""
    decides = publishing_permissions.may_decide(user, work)
    waiting = (
        Correction.objects.filter(work=work, made_at__gt=since, made_at__lte=until)
        .suggested()
        .exclude(origin=Origin.READER)
    )
    own = Correction.objects.filter(
        work=work, author=user, decided_at__gt=since, decided_at__lte=until, origin=Origin.SUGGESTION
    )
    own = own.exclude(decided_by=user)
    comments = _comments(user, work, since, until)
    return News(
        suggestions=waiting.exclude(author=user).count() if decides else 0,
        typos=sum(count(work, since, until) for count in _typo_counters)
        if publishing_permissions.may_edit(user, work)
        else 0,
        accepted=own.filter(decision=Decision.ACCEPTED).count(),
        declined=own.filter(decision=Decision.DECLINED).count(),
        comment_count=len(comments),
        comments=tuple(comments[:MAX_COMMENTS]),
    )


def readable_comments(user: User, work: Work) -> QuerySet[Comment]:
    """Select comments that concern the person: all for those who decide about the text, else in threads that they
    wrote in."""
    if not publishing_permissions.may_comment(user, work):
        return Comment.objects.none()
    visible = comment_selectors.visible_threads(user, work).prefetch_related(None)
    found = Comment.objects.filter(thread__in=visible, deleted_at=None)
    if not publishing_permissions.may_decide(user, work):
        found = found.filter(Exists(Comment.objects.filter(thread=OuterRef("thread"), author=user)))
    return found.select_related("author", "thread").order_by("pk")


def _comments(user: User, work: Work, since: datetime, until: datetime) -> list[Comment]:
    """Return what others wrote."""
    found = readable_comments(user, work).filter(written_at__gt=since, written_at__lte=until)
    return list(found.exclude(author=user))
