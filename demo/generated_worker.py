"""What a process does that makes part of the generated catalogue."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from demo.generated_books import Batch, Keys, Stock
    from demo.generated_rows import Row, Table

_here: dict[str, Any] = {}


@dataclass(frozen=True, slots=True)
class Made:
    """A range that was made; with its rows only if another process writes them."""

    count: int
    languages: set[str]
    rows: dict[Table, list[Row]]


def begin(database: str, seed: int, at: datetime) -> None:
    """Set up the process: the name of its database, the seed, and the current time to use."""
    from django.db import connection

    from demo import generated_shared

    connection.settings_dict["NAME"] = database
    _here["stock"] = generated_shared.gathered(seed=seed, at=at)


def make_range(numbers: Sequence[int], keys: Keys) -> Made:
    """Make the books with these numbers, and write them if several processes may write."""
    from django.db import connection

    batch = made_and_written(_here["stock"], numbers, keys, is_written=connection.vendor == "postgresql")
    return Made(len(numbers), batch.languages, {} if connection.vendor == "postgresql" else batch.rows)


def made_and_written(stock: Stock, numbers: Sequence[int], keys: Keys, *, is_written: bool) -> Batch:
    """Make the books, and write them in one transaction if asked to."""
    from django.db import transaction

    from demo import generated_books, generated_rows

    batch = generated_books.make(stock, numbers, keys)
    if is_written:
        with transaction.atomic():
            generated_rows.write(batch.rows)
    return batch


def put_back(number: int, of: int) -> None:
    """Create this process's part of the waiting indexes."""
    from demo import generated_rows

    generated_rows.put_back(number, of)
