"""Raw rows of the tables, and the arithmetic of the second count: whole numbers, nothing of the shop's own."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from typing import Any

from django.db import connection

DAY = timedelta(days=1)
type Row = dict[str, Any]
type Counted = dict[str, tuple[int | None, int]]  # by part: value and events


class Rows:
    """Tables as lists of rows, each read once with SELECT *. Moments are aware, JSON is parsed."""

    def __init__(self) -> None:
        self._tables: dict[str, list[Row]] = {}

    def of(self, table: str) -> list[Row]:
        if table not in self._tables:
            with connection.cursor() as cursor:
                cursor.execute(f"SELECT * FROM {table}")
                names = [column[0] for column in cursor.description]
                self._tables[table] = [
                    {name: _read(name, value) for name, value in zip(names, row, strict=True)} for row in cursor
                ]
        return self._tables[table]

    def by_id(self, table: str) -> dict[int, Row]:
        return {row["id"]: row for row in self.of(table)}

    @cached_property
    def copies(self) -> list[Row]:
        """Paid copies that a maker of the book did not buy: buyer, work, owner, when sold, when returned in full."""
        orders, editions = self.by_id("checkout_order"), self.by_id("publishing_edition")
        works = self.by_id("publishing_work")
        makers = {(row["work_id"], row["user_id"]) for row in self.of("publishing_contributor")}
        records = {row["reference"]: row for row in self.of("royalties_salerecord")}
        back = {row["sale_id"]: row["refunded_at"] for row in self.of("royalties_salerefund") if row["is_last"]}
        found = []
        for line in self.of("checkout_orderline"):
            record = records.get(line["public_id"])
            work, buyer = editions[line["edition_id"]]["work_id"], orders[line["order_id"]]["buyer_id"]
            owner = works[work]["owner_id"]
            if record is None or not line["paid_minor"] or buyer == owner or (work, buyer) in makers:
                continue
            found.append(
                {
                    "buyer": buyer,
                    "work": work,
                    "owner": owner,
                    "sold_at": record["sold_at"],
                    "returned_at": back.get(record["id"]),
                }
            )
        return found

    def kept(self, end: datetime) -> list[Row]:
        return [
            one
            for one in self.copies
            if one["sold_at"] < end and (one["returned_at"] is None or one["returned_at"] >= end)
        ]

    @cached_property
    def out(self) -> dict[int, datetime]:
        """When each work's first edition came out."""
        found: dict[int, datetime] = {}
        for row in self.of("publishing_edition"):
            if row["published_at"] is not None:
                found[row["work_id"]] = min(row["published_at"], found.get(row["work_id"], row["published_at"]))
        return found

    @cached_property
    def contract_of(self) -> dict[str, Row]:
        return {row["public_id"]: row for row in self.of("contracts_contract")}


def _read(name: str, value: Any) -> Any:
    if isinstance(value, str) and name.endswith("_at"):
        value = datetime.fromisoformat(value)
    if isinstance(value, str) and name in {"first_day", "away_until", "week"}:
        return date.fromisoformat(value)
    if isinstance(value, str) and name == "prices":
        return json.loads(value)
    if isinstance(value, datetime) and value.tzinfo is None:
        return value.replace(tzinfo=UTC)
    if isinstance(value, int) and name.startswith("is_"):
        return bool(value)
    return value


def midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


def week_end(first: date) -> datetime:
    """Return the end of the week."""
    return midnight(first) + 7 * DAY


def month_of(first: date) -> tuple[datetime, datetime]:
    start = midnight(first)
    return start, midnight((first + timedelta(days=32)).replace(day=1))


def rounded(top: int, bottom: int) -> int:
    """Round halves away from zero, in whole numbers."""
    whole, rest = divmod(abs(top), bottom)
    whole += 2 * rest >= bottom
    return whole if top >= 0 else -whole


def share(some: int, of: int) -> tuple[int | None, int]:
    return (rounded(10_000 * some, of) if of else None), of


def whole(value: int | None, events: int) -> Counted:
    return {"": (value, events)}
