"""The authors a reader follows, and what they published, newest first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from django.db.models import Exists, OuterRef, Q

from accounts.models import User
from publishing.models import Contributor, Edition
from storefront.catalogue.selectors.cards import cover_name
from storefront.library.models import Follow, NewBookMail, ReaderMail

_PAGE = 30


@dataclass(frozen=True, slots=True)
class Published:
    """An edition that went on sale. `notes` is what its author says about what is new."""

    slug: str
    title: str
    byline: str
    cover: str
    number: int
    notes: str
    published_at: datetime
    is_new_book: bool


@dataclass(frozen=True, slots=True)
class Feed:
    """A page of the feed. `older` is the cursor of the next page, "" at the end."""

    rows: list[Published]
    older: str


def followed_by(user: User) -> list[User]:
    """Return the authors the person follows, by name."""
    return list(User.objects.filter(followers__user=user).order_by("display_name", "pk"))


def mail_choice(user: User) -> str:
    """Return how the person is notified of new books."""
    choice = ReaderMail.objects.filter(user=user).values_list("new_books", flat=True).first()
    return choice or NewBookMail.AT_ONCE


def feed_of(user: User, *, after: str = "") -> Feed:
    """Return one page of what the followed authors published and list on their pages; one query. `after` is a
    cursor."""
    followed = Follow.objects.filter(user=user).values("author")
    made = Contributor.objects.filter(work=OuterRef("work"), user__in=followed, is_on_page=True)
    earlier = Edition.objects.filter(work=OuterRef("work"), published_at__lt=OuterRef("published_at"))
    rows = Edition.objects.filter(Exists(made), published_at__isnull=False, work__listing__is_on_sale=True)
    place = _place(after)
    if place is not None:
        rows = rows.filter(Q(published_at__lt=place[0]) | Q(published_at=place[0], pk__lt=place[1]))
    rows = rows.select_related("work__listing").annotate(is_later=Exists(earlier)).order_by("-published_at", "-pk")
    found = list(rows[: _PAGE + 1])
    shown = found[:_PAGE]
    more = len(found) > _PAGE
    older = f"{shown[-1].published_at:%Y-%m-%dT%H:%M:%S.%f%z}_{shown[-1].pk}" if more else ""
    return Feed([_published(row) for row in shown], older)


def _place(after: str) -> tuple[datetime, int] | None:
    """Parse a cursor; None for the first page and for invalid values."""
    moment, _, number = after.rpartition("_")
    try:
        return datetime.strptime(moment, "%Y-%m-%dT%H:%M:%S.%f%z").astimezone(UTC), int(number)
    except (ValueError, OverflowError):
        return None


def _published(row: Edition) -> Published:
    assert row.published_at is not None  # noqa: S101 - filtered by the caller
    return Published(
        slug=row.work.slug,
        title=row.work.title,
        byline=row.work.listing.byline,
        cover=cover_name(row.work),
        number=row.number,
        notes=row.notes,
        published_at=row.published_at,
        is_new_book=not row.is_later,  # type: ignore[attr-defined]  # annotated by feed_of
    )
