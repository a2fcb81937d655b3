"""Recommendations for one reader, each with its reason: bought together with one of their books, or on its subject.
All of them are out, and in languages in which the reader has books.

They reveal nothing about other readers: what was bought together is what the books' own pages say
(services/recommendations.py).
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q

from accounts.models import User
from publishing.models import Work
from storefront.catalogue import facets
from storefront.catalogue.models import BoughtTogether, Listing, readers_at_least
from storefront.catalogue.selectors.cards import CARD_FIELDS, Card, cards_from
from storefront.checkout.models import Entitlement

_LATEST = 4  # the reader's latest books, from which recommendations follow
_LENGTH = 6
_SHOWN = {"is_on_sale": True, "is_adult": False, "release_date": None}


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A recommended book. `together` is how many readers at least bought both; 0 for a book of the same subject."""

    card: Card
    together: int


@dataclass(frozen=True, slots=True)
class RecommendationGroup:
    """The recommendations based on one of the reader's books; `slug` is "" if it no longer has a page."""

    title: str
    slug: str
    suggestions: list[Suggestion]


def recommendations_for(user: User) -> list[RecommendationGroup]:
    """Return recommendations for each of the reader's latest books, none twice; one query for each and four more."""
    mine = Entitlement.objects.filter(user=user, ended_at=None)
    latest = mine.select_related("work__listing").filter(work__listing__isnull=False).order_by("-granted_at")[:_LATEST]
    listings = [one.work.listing for one in latest]
    made = Work.objects.filter(Q(owner=user) | Q(contributors__user=user))
    had = dict(mine.values_list("work_id", "work__language"))
    known = {*had, *made.values_list("pk", flat=True)}
    together = _together(listings, {facets.base_language(tag) for tag in had.values()})
    found = []
    for listing in listings:
        suggestions = _suggestions(listing, together.get(listing.pk, []), known)
        known |= {row.work_id for row, _ in suggestions}
        if suggestions:
            cards = cards_from((row for row, _ in suggestions), eager=0)
            pairs = zip(cards, (number for _, number in suggestions), strict=True)
            slug = listing.slug if listing.is_on_sale else ""
            found.append(RecommendationGroup(listing.title, slug, [Suggestion(*pair) for pair in pairs]))
    return found


def _together(listings: list[Listing], tongues: set[str]) -> dict[int, list[tuple[Listing, int]]]:
    """Return, by listing (primary key), the books bought with it, closest first, and by how many readers at least."""
    found: dict[int, list[tuple[Listing, int]]] = {}
    shown = {f"other__{name}": value for name, value in _SHOWN.items()}
    fields = [f"other__{name}" for name in (*CARD_FIELDS, "work", "language")]
    pairs = BoughtTogether.objects.filter(listing__in=listings, **shown).select_related("other")
    for pair in pairs.only("listing", "readers", *fields).order_by("listing", "place"):
        if facets.base_language(pair.other.language) in tongues:
            found.setdefault(pair.listing_id, []).append((pair.other, readers_at_least(pair.readers)))
    return found


def _suggestions(listing: Listing, together: list[tuple[Listing, int]], known: set[int]) -> list[tuple[Listing, int]]:
    """Return books bought together, then well-rated ones of the subject and language, without those the reader has or
    contributed to."""
    found = [(row, readers) for row, readers in together if row.work_id not in known][:_LENGTH]
    if len(found) < _LENGTH:
        others = Listing.objects.in_language(facets.base_language(listing.language)).filter(
            subject=listing.subject, **_SHOWN
        )
        others = others.exclude(work__in=known | {row.work_id for row, _ in found}).only(*CARD_FIELDS, "work")
        found += [(row, 0) for row in others.order_by("-rating_score", "-pk")[: _LENGTH - len(found)]]
    return found
