"""Books for one reader, each with its reason: read together with a book of theirs, or of its subject.

Nobody else's shelf shows through: others' books count only where several readers have both.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from accounts.models import User
from storefront.models import Entitlement, Listing
from storefront.selectors.cards import CARD_FIELDS, Card, cards_from

_LATEST = 4  # books of the reader's that are asked about
_LENGTH = 6
# Of a book that very many have, these are asked: the page is made for one person and kept for nobody.
_MOST_READERS = 2000
# So many readers must have both, or it is nobody's business.
FEWEST_TOGETHER = 3


@dataclass(frozen=True, slots=True)
class Suggestion:
    """`together` is how many readers of the one have the other; 0 for a book of the same subject."""

    card: Card
    together: int


@dataclass(frozen=True, slots=True)
class Because:
    """What follows from one book of the reader's."""

    title: str
    slug: str
    suggestions: list[Suggestion]


def because_you_read(user: User) -> list[Because]:
    """For each of the reader's latest books some others, none twice; two queries for each."""
    mine = Entitlement.objects.filter(user=user, ended_at=None)
    latest = list(
        mine.select_related("work__listing").filter(work__listing__isnull=False).order_by("-granted_at")[:_LATEST]
    )
    known = set(mine.values_list("work_id", flat=True))
    found = []
    for one in latest:
        listing = one.work.listing
        suggestions = _suggestions(user, listing, known)
        known |= {row.work_id for row, _ in suggestions}
        cards = cards_from((row for row, _ in suggestions), eager=0)
        together = [number for _, number in suggestions]
        if cards:
            pairs = zip(cards, together, strict=True)
            found.append(Because(listing.title, listing.slug, [Suggestion(*pair) for pair in pairs]))
    return found


def _suggestions(user: User, listing: Listing, known: set[int]) -> list[tuple[Listing, int]]:
    readers = Entitlement.objects.filter(work=listing.work_id, ended_at=None).exclude(user=user)
    together = (
        Entitlement.objects.filter(
            user__in=readers.order_by("-granted_at").values("user")[:_MOST_READERS], ended_at=None
        )
        .exclude(work__in=known)
        .values("work")
        .annotate(readers=Count("user", distinct=True))
        .filter(readers__gte=FEWEST_TOGETHER)
        .order_by("-readers", "work")[: 2 * _LENGTH]
    )
    numbers = {row["work"]: row["readers"] for row in together}
    rows = _shown(user, Q(work__in=numbers), known)
    found = sorted(((row, numbers[row.work_id]) for row in rows), key=lambda pair: (-pair[1], pair[0].pk))[:_LENGTH]
    if len(found) < _LENGTH:
        others = _shown(user, Q(subject=listing.subject), known | {row.work_id for row, _ in found})
        found += [(row, 0) for row in others.order_by("-rating_score", "-pk")[: _LENGTH - len(found)]]
    return found


def _shown(user: User, which: Q, known: Iterable[int]) -> QuerySet[Listing]:
    """On sale, for everybody, not theirs yet and not by them."""
    rows = Listing.objects.on_sale().filter(which, is_adult=False).exclude(work__in=known)
    return rows.exclude(work__owner=user).only(*CARD_FIELDS, "work")
