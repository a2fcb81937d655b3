"""The shop as a whole: its state, of which pages make their ETags, and what one person made."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime

from django.db import connection
from django.db.models import QuerySet

from storefront.models import Listing
from storefront.selectors.cards import CARD_FIELDS

_STATE = """
    SELECT (SELECT version FROM storefront_catalogue WHERE id = 1), (SELECT MAX(id) FROM storefront_rankingsnapshot),
      (SELECT languages FROM storefront_catalogue WHERE id = 1),
      fresh.id, fresh.minutes, fresh.seats, fresh.books
    FROM (SELECT 1) AS shop LEFT JOIN storefront_freshday AS fresh ON fresh.day = %s"""


@dataclass(frozen=True, slots=True)
class Turn:
    """Who stands on the fresh shelf now: turn `number` (from 0) of a planned day."""

    day_id: int
    number: int
    minutes: int
    seats: int
    books: int


@dataclass(frozen=True, slots=True)
class ShopState:
    """The version of the listings, that of the rankings (0: none yet), and the turn on the fresh shelf.

    `languages` are BCP 47 tags of what was ever on sale.
    """

    version: int
    ranking: int
    turn: Turn | None
    languages: tuple[str, ...] = ()

    @property
    def listed(self) -> str:
        """Changes with every listing and every ranking."""
        return f"{self.version}.{self.ranking}"

    @property
    def shown(self) -> str:
        """The same, and with every turn."""
        return f"{self.listed}.{self.turn.day_id}.{self.turn.number}" if self.turn else self.listed


def shop_state(at: datetime) -> ShopState:
    """How the shop stands at the moment, in one query."""
    moment = at.astimezone(UTC)
    with connection.cursor() as cursor:
        cursor.execute(_STATE, [moment.date()])
        version, ranking, languages, day_id, minutes, seats, books = cursor.fetchone()
    turn = Turn(day_id, (moment.hour * 60 + moment.minute) // minutes, minutes, seats, books) if day_id else None
    return ShopState(version or 0, ranking or 0, turn, tuple(json.loads(languages or "[]")))


def listings_by_author(author_public_id: str) -> QuerySet[Listing]:
    """What a person made, newest first."""
    mine = Listing.objects.on_sale().filter(work__contributors__user__public_id=author_public_id)
    return _newest(mine.distinct()).only(*CARD_FIELDS, "published_at", "is_adult")


def _newest(listings: QuerySet[Listing]) -> QuerySet[Listing]:
    return listings.order_by("-published_at", "-id")
