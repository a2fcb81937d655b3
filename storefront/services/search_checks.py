"""Whether search still says what the listings say, so that not all of it has to be made anew."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from common.rows import read_rows
from storefront import indexing
from storefront.indexing import BETWEEN_NAMES
from storefront.models import Listing
from storefront.selectors.folding import variants
from storefront.services import search_index

# But for how much a book sold, which entries follow later, and `related`, which the driver gives as text.
_TOLD = ("kind", *(name for name in search_index.REPLACED if name not in {"weight", "tiers", "related"}))
_ENTRIES = (
    f"SELECT listing_id, weight, tiers, related, {', '.join(_TOLD)} FROM storefront_searchentry "  # noqa: S608 - our own
    "WHERE listing_id = ANY(%s)"
)
# What words, authors and series are counted by, `related` beside; and the key, which goes with them.
_COUNTED = [(_TOLD.index(name), name) for name in ("key", "names", "is_adult")]
_NO_WORDS = {"", BETWEEN_NAMES.strip()}
# One statement sees entries and counts of one moment, and whoever writes moves both in one transaction: others may go
# on writing.
_WORDS = """
    SELECT word, found.books, kept.books, spelt.variants
    FROM (SELECT word, count(*) FILTER (WHERE NOT is_adult) AS books
          FROM storefront_searchentry, LATERAL (SELECT DISTINCT unnest(string_to_array(names, ' ')) AS word) AS one
          WHERE listing_id IS NOT NULL GROUP BY word) AS found
      FULL JOIN storefront_searchword AS kept USING (word)
      LEFT JOIN (SELECT word, array_agg(variant::text) AS variants FROM storefront_searchvariant GROUP BY word) AS spelt
        USING (word)"""
_PEOPLE = """
    SELECT found.kind, found.target, found.label, found.books, kept.kind, kept.target, kept.label, kept.weight,
      kept.key, kept.names, kept.marks, kept.tiers
    FROM (SELECT one ->> 0 AS kind, one ->> 1 AS target, one ->> 2 AS label, count(*) AS books
          FROM storefront_searchentry, jsonb_array_elements(related) AS one WHERE listing_id IS NOT NULL
          GROUP BY 1, 2, 3) AS found
      FULL JOIN (SELECT * FROM storefront_searchentry WHERE listing_id IS NULL) AS kept
        ON kept.kind = found.kind AND kept.target = found.target AND kept.label = found.label"""


def astray(listings: Sequence[Listing]) -> dict[int, bool]:
    """The keys of those whose entry does not say what they say, as they are in memory, or that should have none; and of
    each whether its entry is counted right all the same. PostgreSQL only."""
    entries = {key: entry for key, *entry in read_rows(_ENTRIES, [[one.pk for one in listings]])}
    found = {}
    for one in listings:
        key = one.pk
        entry = entries.get(key)
        if entry is None or not one.is_on_sale:
            if entry is not None or one.is_on_sale:
                found[key] = False
            continue
        weight, tiers, related, *told = entry
        wanted = indexing.entry_of(one)
        is_related = json.loads(related) == wanted["related"]
        if not is_related or tiers != indexing.tiers_of(weight) or told != [wanted[name] for name in _TOLD]:
            found[key] = is_related and all(told[place] == wanted[name] for place, name in _COUNTED)
    return found


def are_counted_right() -> bool:
    """Whether words, their spellings and the entries of authors and series follow from the entries of books.

    PostgreSQL only. Spellings of words that left the shop do no harm.
    """
    if not all(word in _NO_WORDS or _is_word_right(word, *told) for word, *told in read_rows(_WORDS)):
        return False
    return all(_is_person_right(row) for row in read_rows(_PEOPLE))


def _is_word_right(word: str, books: int | None, counted: int | None, spelt: Sequence[str] | None) -> bool:
    return (books or 0) == (counted or 0) and (books is None or set(spelt or ()) == variants(word))


def _is_person_right(row: Sequence[Any]) -> bool:
    kind, target, label, weight, key, names, marks, tiers = row[4:]
    if row[:4] != (kind, target, label, weight):
        return False
    wanted = indexing.person_entry((kind, target, label), weight)
    return (key, names, marks, tiers) == tuple(wanted[name] for name in ("key", "names", "marks", "tiers"))
