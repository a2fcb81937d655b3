"""The state of the shop, from which pages make their ETags, and an author's listings."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from django.db.models import QuerySet, Subquery

from common import clock
from publishing.models import Promotion
from storefront.catalogue.models import Catalogue, FreshDay, Listing, RankingSnapshot
from storefront.catalogue.selectors.cards import CARD_FIELDS


@dataclass(frozen=True, slots=True)
class Turn:
    """The current turn on the fresh shelf: turn `number` (from 0) of a planned day."""

    day_id: int
    number: int
    minutes: int
    seats: int
    books: int


@dataclass(frozen=True, slots=True)
class CatalogueState:
    """The version of the listings and of the rankings (0: none yet).

    `languages` are BCP 47 tags of every book ever on sale.
    """

    version: int = 0
    ranking: int = 0
    languages: tuple[str, ...] = ()
    prices_change_at: datetime | None = None  # when the next promotion begins or ends

    @property
    def name(self) -> str:
        """A version that changes with every listing, every ranking and the beginning and end of every promotion."""
        return f"{self.version}.{self.ranking}{border_mark(self.prices_change_at)}"


@dataclass(frozen=True, slots=True)
class ShopState:
    """The state of the listings and the current turn on the fresh shelf."""

    listed: CatalogueState
    turn: Turn | None

    @property
    def shown(self) -> str:
        """A version that changes with every listing, every ranking and every turn."""
        return f"{self.listed.name}.{self.turn.day_id}.{self.turn.number}" if self.turn else self.listed.name


def price_borders(at: datetime) -> dict[str, Subquery]:
    """Return annotations with the next beginning and the next end of any promotion, `begins_next` and `ends_next`."""
    begins = Promotion.objects.filter(begins_at__gt=at).order_by("begins_at").values("begins_at")
    ends = Promotion.objects.filter(ends_at__gt=at).order_by("ends_at").values("ends_at")
    return {"begins_next": Subquery(begins[:1]), "ends_next": Subquery(ends[:1])}


def first_of(moments: Iterable[datetime | None]) -> datetime | None:
    return min((moment for moment in moments if moment is not None), default=None)


def border_mark(prices_change_at: datetime | None) -> str:
    """Return the part of a version that changes when any price next changes by itself."""
    return f".{prices_change_at.timestamp():.0f}" if prices_change_at is not None else ""


def listed_state() -> CatalogueState:
    """Return the current state of the listings, in one query."""
    rows = Catalogue.objects.annotate(
        ranking=Subquery(RankingSnapshot.objects.values("pk")[:1]), **price_borders(clock.now())
    )
    row = rows.values_list("version", "ranking", "languages", "begins_next", "ends_next").first()
    if row is None:
        return CatalogueState()
    version, ranking, languages, *borders = row
    return CatalogueState(version, ranking or 0, tuple(languages), first_of(borders))


def shop_state(at: datetime) -> ShopState:
    """Return the same with the turn at the moment, in two queries."""
    return ShopState(listed_state(), _turn(at.astimezone(UTC)))


def _turn(moment: datetime) -> Turn | None:
    day = FreshDay.objects.filter(day=moment.date()).first()
    if day is None:
        return None
    return Turn(day.pk, (moment.hour * 60 + moment.minute) // day.minutes, day.minutes, day.seats, day.books)


def listings_by_author(author_public_id: str) -> QuerySet[Listing]:
    """Return what a person made and shows on their page, newest first."""
    mine = Listing.objects.on_sale().filter(
        work__contributors__user__public_id=author_public_id, work__contributors__is_on_page=True
    )
    return _newest(mine.distinct()).only(*CARD_FIELDS, "published_at", "is_adult")


def _newest(listings: QuerySet[Listing]) -> QuerySet[Listing]:
    return listings.order_by("-published_at", "-id")
