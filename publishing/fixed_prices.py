"""Countries whose law fixes the prices of e-books, from a dated table with its sources (data/fixed_prices.csv).

Where it binds a book, no coupon, no bundle discount and no free day lowers the price for readers of that country. A
timed price is a new price that holds for everyone, and may be set.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

_TABLE = Path(__file__).resolve().parent / "data" / "fixed_prices.csv"


@dataclass(frozen=True, slots=True)
class FixedPriceLaw:
    country: str
    valid_from: date
    languages: tuple[str, ...]  # empty: all
    binds_self_published: bool
    source: str

    def applies_to(self, language: str) -> bool:
        return not self.languages or language.split("-", maxsplit=1)[0].lower() in self.languages


def law_of(country: str, *, on: date) -> FixedPriceLaw | None:
    """Return the country's law on that day; None where prices are free."""
    return next((law for law in reversed(_laws()) if law.country == country and law.valid_from <= on), None)


def laws_on(on: date) -> list[FixedPriceLaw]:
    """Return the laws in force on that day, by country."""
    return [law for country in countries(on=on) if (law := law_of(country, on=on)) is not None]


def countries(*, on: date) -> tuple[str, ...]:
    """Return the countries with such a law on that day, sorted."""
    return tuple(sorted({law.country for law in _laws() if law.valid_from <= on}))


def is_fixed_in(country: str, *, language: str, choices: Mapping[str, bool], on: date) -> bool:
    """Return whether the country's law binds a book in this language. `choices` are its owner's, by country."""
    law = law_of(country, on=on)
    if law is None or not law.applies_to(language):
        return False
    return choices.get(country, law.binds_self_published)


def fixed_in(*, language: str, choices: Mapping[str, bool], on: date) -> tuple[str, ...]:
    """Return the countries whose law binds the book, sorted."""
    return tuple(
        country for country in countries(on=on) if is_fixed_in(country, language=language, choices=choices, on=on)
    )


@cache
def _laws() -> tuple[FixedPriceLaw, ...]:
    """Return the laws, oldest first."""
    with _TABLE.open(encoding="utf-8", newline="") as file:
        laws = [
            FixedPriceLaw(
                row["country"],
                date.fromisoformat(row["valid_from"]),
                tuple(row["languages"].split()),
                row["binds_self_published"] == "yes",
                row["source"],
            )
            for row in csv.DictReader(file)
        ]
    return tuple(sorted(laws, key=lambda law: law.valid_from))
