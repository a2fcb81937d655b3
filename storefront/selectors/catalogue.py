"""The shop as a whole: its state, of which pages make their ETags, and what one person made."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Self

from django.db import connection
from django.db.models import QuerySet

from common.rows import read_rows
from storefront.models import Listing
from storefront.selectors.cards import CARD_FIELDS

LATEST_RANKING = "(SELECT MAX(id) FROM storefront_rankingsnapshot)"
# The columns of a ListedState, for a statement that reads something beside it: PostgreSQL reads them once.
LISTED_STATE = f"(SELECT version FROM storefront_catalogue WHERE id = 1), {LATEST_RANKING}"  # noqa: S608 - our own words
_LANGUAGES = "SELECT languages FROM storefront_catalogue WHERE id = 1"
_STATE = f"""
    SELECT {LISTED_STATE}, ({_LANGUAGES}), fresh.id, fresh.minutes, fresh.seats, fresh.books
    FROM (SELECT 1) AS shop LEFT JOIN storefront_freshday AS fresh ON fresh.day = %s"""  # noqa: S608 - our own words


@dataclass(frozen=True, slots=True)
class Turn:
    """Who stands on the fresh shelf now: turn `number` (from 0) of a planned day."""

    day_id: int
    number: int
    minutes: int
    seats: int
    books: int


@dataclass(frozen=True, slots=True)
class ListedState:
    """The version of the listings, and that of the rankings (0: none yet)."""

    version: int
    ranking: int

    @classmethod
    def of(cls, version: int | None, ranking: int | None) -> Self:
        """From the columns LISTED_STATE."""
        return cls(version or 0, ranking or 0)

    @property
    def name(self) -> str:
        """Changes with every listing and every ranking."""
        return f"{self.version}.{self.ranking}"


@dataclass(frozen=True, slots=True)
class ShopState:
    """What is listed, and the turn on the fresh shelf. `languages` are BCP 47 tags of what was ever on sale."""

    listed: ListedState
    turn: Turn | None
    languages: tuple[str, ...] = ()

    @property
    def shown(self) -> str:
        """Changes with every listing, every ranking and every turn."""
        return f"{self.listed.name}.{self.turn.day_id}.{self.turn.number}" if self.turn else self.listed.name


def shop_state(at: datetime) -> ShopState:
    """How the shop stands at the moment, in one query."""
    moment = at.astimezone(UTC)
    with connection.cursor() as cursor:
        cursor.execute(_STATE, [moment.date()])
        version, ranking, languages, day_id, minutes, seats, books = cursor.fetchone()
    turn = Turn(day_id, (moment.hour * 60 + moment.minute) // minutes, minutes, seats, books) if day_id else None
    return ShopState(ListedState.of(version, ranking), turn, _tags(languages))


def languages_ever_on_sale() -> tuple[str, ...]:
    """BCP 47 tags."""
    rows = read_rows(_LANGUAGES)
    return _tags(rows[0][0]) if rows else ()


def _tags(stored: str | None) -> tuple[str, ...]:
    return tuple(json.loads(stored or "[]"))


def listings_by_author(author_public_id: str) -> QuerySet[Listing]:
    """What a person made and has on their page, newest first."""
    mine = Listing.objects.on_sale().filter(
        work__contributors__user__public_id=author_public_id, work__contributors__is_on_page=True
    )
    return _newest(mine.distinct()).only(*CARD_FIELDS, "published_at", "is_adult")


def _newest(listings: QuerySet[Listing]) -> QuerySet[Listing]:
    return listings.order_by("-published_at", "-id")
