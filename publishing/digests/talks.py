"""Texts that people talk about in comments, for the inbox of one of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Exists, Max, OuterRef, Q

from accounts.models import User
from publishing.collaboration.models import Collaborator
from publishing.comments.models import Comment
from publishing.digests.selectors import readable_comments
from publishing.models import Contributor, Work

# What is older is no news, even to somebody who has never looked.
_NEWS_FOR = timedelta(days=30)
_MAX_TEXTS = 30


@dataclass(frozen=True, slots=True)
class Talk:
    """The comments on one text: the newest, and how many are new to the person."""

    work: Work
    newest: Comment
    news: int


def talks_of(user: User, seen: Mapping[str, datetime], *, only_news: bool, at: datetime) -> list[Talk]:
    """Return the texts that the person talks about, those with the newest comments first.

    `seen` says when they last looked, by the work's public id. What came before their own last word is not new either.
    """
    since = at - _NEWS_FOR
    written = Comment.objects.filter(thread__work=OuterRef("pk"), deleted_at=None)
    mine = Q(owner=user)
    mine |= Q(Exists(Contributor.objects.filter(work=OuterRef("pk"), user=user)))
    mine |= Q(Exists(Collaborator.objects.active().filter(work=OuterRef("pk"), user=user)))
    works = Work.objects.filter(mine).filter(Exists(written))
    if only_news:
        works = works.filter(Exists(written.filter(written_at__gt=since).exclude(author=user)))
    works = works.annotate(newest_comment=Max("comment_threads__comments__pk")).order_by("-newest_comment")
    talks = [_talk(user, work, max(since, seen.get(work.public_id, since))) for work in works[:_MAX_TEXTS]]
    return [talk for talk in talks if talk is not None and (talk.news or not only_news)]


def _talk(user: User, work: Work, since: datetime) -> Talk | None:
    comments = readable_comments(user, work)
    newest = comments.last()
    if newest is None:
        return None
    own = comments.filter(author=user).last()
    since = max(since, own.written_at) if own is not None else since
    return Talk(work, newest, comments.filter(written_at__gt=since).exclude(author=user).count())
