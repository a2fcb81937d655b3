"""What may be told of sales in one cell. Searches have been published by the rules of `insight.searches.disclosure`.

A reader of a report is often an author of the cell and knows their own sales. So a number of copies is told only if at
least five people bought books of at least five authors, and nobody sold more than half: otherwise whoever sold most, or
second most, could tell how much the other did. What is told is rounded to five, and there is no total.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from insight.searches import disclosure


@dataclass(frozen=True, slots=True)
class SoldCopy:
    """One copy that was sold and kept, by primary keys of the accounts."""

    seller: int
    buyer: int


def copies(sold: Iterable[SoldCopy]) -> int | None:
    """Return the copies sold in a cell as they may be told; None if nothing may be."""
    rows = list(sold)
    by_seller = Counter(row.seller for row in rows)
    if not disclosure.is_shown(len(by_seller)) or not disclosure.is_shown(len({row.buyer for row in rows})):
        return None
    if 2 * max(by_seller.values()) > len(rows):
        return None
    return disclosure.rounded(len(rows))
