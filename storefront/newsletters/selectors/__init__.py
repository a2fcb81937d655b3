"""Queries for newsletters: the author's desk, and the pages of readers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef

from accounts.models import User
from common.errors import NotFound
from publishing.models import Contributor, Work
from storefront.catalogue.selectors import authors as author_selectors
from storefront.checkout.models import Entitlement
from storefront.library.models import Follow
from storefront.newsletters.models import Issue, IssueState, Newsletter, Subscription

INTERVAL = timedelta(days=7)
PAUSE_AFTER_STOP = timedelta(days=28)


@dataclass(frozen=True, slots=True)
class DeskPage:
    """What an author sees of the own newsletter: how many get it, and never who."""

    newsletter: Newsletter | None
    subscribers: int
    followers: int
    issues: list[Issue]
    next_at: datetime | None
    has_page: bool


@dataclass(frozen=True, slots=True)
class ReaderPage:
    """The newsletters that a reader gets, and those of authors whom they follow or have books by."""

    subscriptions: list[Subscription]
    others: list[Newsletter]


def issue_by_public_id(public_id: str) -> Issue:
    """Return the issue with its newsletter and book. Raises NotFound."""
    rows = Issue.objects.select_related("newsletter__author", "work__listing")
    found = rows.filter(public_id=public_id).first()
    if found is None:
        raise NotFound
    return found


def open_newsletter(author_id: str) -> Newsletter | None:
    """Return the newsletter of the author (public id) if readers can subscribe to it now, else None."""
    rows = Newsletter.objects.select_related("author")
    found = rows.filter(author__public_id=author_id, author__is_active=True, is_open=True).first()
    return found if found is not None and author_selectors.author_with_books(author_id) is not None else None


def is_subscribed(user: User, newsletter: Newsletter) -> bool:
    return Subscription.objects.filter(reader=user, newsletter=newsletter).exists()


def desk_page(author: User, *, at: datetime) -> DeskPage:
    """Return the author's page on the desk."""
    newsletter = Newsletter.objects.filter(author=author).first()
    rows = Issue.objects.filter(newsletter=author.pk).select_related("work")
    return DeskPage(
        newsletter=newsletter,
        subscribers=wanted_by(author.pk),
        followers=Follow.objects.filter(author=author, user__is_active=True).count(),
        issues=list(rows[:100]),
        next_at=next_issue_at(author.pk, at=at),
        has_page=author_selectors.author_with_books(author.public_id) is not None,
    )


def wanted_by(author_id: int) -> int:
    """Return how many readers get the newsletter of the author (a primary key)."""
    return Subscription.objects.filter(newsletter=author_id, reader__is_active=True).count()


def next_issue_at(author_id: int, *, at: datetime) -> datetime | None:
    """Return from when on the next issue can be sent; None for now."""
    sent = Issue.objects.filter(newsletter=author_id, sent_at__gt=at - INTERVAL).order_by("-sent_at")
    last = sent.values_list("sent_at", flat=True).first()
    return last + INTERVAL if last is not None else None


def books_of(author: User) -> list[Work]:
    """Return the author's own books on sale, for the choice of one."""
    return list(Work.objects.filter(owner=author, listing__is_on_sale=True).order_by("-pk")[:200])


def reader_page(reader: User) -> ReaderPage:
    """Return the newsletters of one reader, and those that are open to them."""
    mine = Subscription.objects.filter(reader=reader).select_related("newsletter__author")
    owned = Entitlement.objects.filter(user=reader, ended_at=None).values("work")
    made = Contributor.objects.filter(user=OuterRef("author"), is_on_page=True, work__in=owned)
    follows = Follow.objects.filter(user=reader, author=OuterRef("author"))
    near = Newsletter.objects.filter(Exists(follows) | Exists(made), is_open=True, author__is_active=True)
    near = near.exclude(author=reader).exclude(subscriptions__reader=reader).select_related("author")
    return ReaderPage(
        list(mine.order_by("newsletter__author__display_name", "pk")),
        list(near.order_by("author__display_name", "pk")[:100]),
    )


def stopped_until(author_id: int, *, at: datetime) -> datetime | None:
    """Return until when the author sends nothing because a moderator stopped an issue; None if they may."""
    rows = Issue.objects.filter(newsletter=author_id, state=IssueState.STOPPED, sent_at__gt=at - PAUSE_AFTER_STOP)
    last = rows.order_by("-sent_at").values_list("sent_at", flat=True).first()
    return last + PAUSE_AFTER_STOP if last is not None else None
