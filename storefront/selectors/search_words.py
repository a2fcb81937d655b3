"""Words of a query among the words of names: whether they are known, how they go on, what they were meant to be.

All of it in one query of indexed look-ups.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db import connection

from common.rows import read_rows
from storefront.models.search import EDGES
from storefront.selectors.folding import ARTICLES, LONGEST_WORD, is_one_typo_apart, variants
from storefront.selectors.search_query import Asked

# Each word of a query as the words that may stand for it.
type Groups = list[list[str]]

_SHORTEST_MENDED = 3
_MOST_NEAR = 8
_MOST_ENDINGS = 24
_LEAST_BEGINNING = 2
# A word of so many books beside one of few costs more to look up than to look for: an index unpacks its whole list.
_FREQUENT = 10_000
_FREQUENT_BESIDE = 40
_VERY_FREQUENT = 100_000
# So few books are sooner read than looked up by a second word, in each band anew.
_FEWEST = 60


@dataclass(frozen=True, slots=True)
class Understood:
    """`typed` is the query as it stands, `mended` with its typos undone, [] when there is nothing to undo.

    `uses` says for each group of `typed` how many books have it in their names, at most.
    """

    typed: Groups
    mended: Groups = field(default_factory=list)
    uses: list[int] = field(default_factory=list)

    @property
    def books(self) -> int:
        """No more books than this have all of `typed` in their names; 0 when a word is unknown."""
        return min(self.uses, default=0)


def understand(asked: Asked, *, is_typing: bool = False) -> Understood:
    """Look the words up. While somebody `is_typing`, the last word may go on even when it is known as it stands.

    An article before other words is none of them: readers leave it out and add it, and its list is the longest.
    """
    if not asked.words:
        return Understood([])
    words = asked.words[1:] if len(asked.words) > 1 and asked.words[0] in ARTICLES else asked.words
    last = words[-1] if asked.is_unfinished or is_typing else ""
    known, near, endings = _look_up(words, last, is_typing=is_typing)
    typed = [[word] for word in words]
    if last and endings and (is_typing or last not in known):
        typed[-1] = list(dict.fromkeys([last, *endings]))
    uses = [sum(known.get(word, endings.get(word, 0)) for word in group) for group in typed]
    mended = [_mended(word, group, known, near.get(word, {})) for word, group in zip(words, typed, strict=True)]
    return Understood(typed, mended if mended != typed else [], uses)


def told_apart(understood: Understood, *, in_text: bool = False) -> tuple[Groups, list[str]]:
    """The groups to ask the index for, and words that are sooner looked for in what it found: very frequent ones, and
    any beside a word of very few names. How many have that `in_text` is not known."""
    most = max(_FREQUENT, min(_FREQUENT_BESIDE * understood.books, _VERY_FREQUENT))
    if understood.books <= _FEWEST and not in_text:
        most = 0
    rarest = understood.uses.index(understood.books)
    groups, looked_for = [], []
    for place, (group, uses) in enumerate(zip(understood.typed, understood.uses, strict=True)):
        if place != rarest and uses > most and len(group) == 1 and understood.books:
            looked_for += group
        else:
            groups.append(group)
    return groups, looked_for


def _mended(word: str, group: list[str], known: dict[str, int], near: dict[str, int]) -> list[str]:
    """A known word and its neighbours; instead of an unknown one its neighbours alone, when there are any."""
    by_use = sorted(near, key=lambda one: (-near[one], one))[:_MOST_NEAR]
    if word in known:
        return [word, *by_use]
    return by_use or group


def _look_up(
    words: Iterable[str], last: str, *, is_typing: bool
) -> tuple[dict[str, int], dict[str, dict[str, int]], dict[str, int]]:
    """Books by known word; books by word one typo away, by word; books by word that begins with the last."""
    unique = list(dict.fromkeys(words))
    spellings = sorted({one for word in unique if _is_mendable(word) for one in _spellings(word)})
    some, values = _one_of("word", unique)
    sql = f"SELECT 'known', word, books FROM storefront_searchword WHERE {some} AND books > 0"
    parameters: list[Any] = values
    if spellings:
        some, values = _one_of("spelling.variant", spellings)
        sql += f"""
            UNION ALL SELECT DISTINCT 'near', known.word, known.books FROM storefront_searchvariant AS spelling
            JOIN storefront_searchword AS known ON known.word = spelling.word
            WHERE {some} AND known.books > 0"""
        parameters += values
    if len(last) >= (1 if is_typing else _LEAST_BEGINNING):
        ending, ending_values = _endings(last, is_known_enough=not is_typing)
        sql += f" UNION ALL SELECT 'ending', word, books FROM ({ending}) AS endings"
        parameters += ending_values
    rows = read_rows(sql, parameters)
    known = {word: books for what, word, books in rows if what == "known"}
    others = {word: books for what, word, books in rows if what == "near"}
    endings = {word: books for what, word, books in rows if what == "ending"}
    near = {
        word: {other: books for other, books in others.items() if is_one_typo_apart(word, other)}
        for word in unique
        if _is_mendable(word)
    }
    return known, near, endings


def _one_of(column: str, words: list[str]) -> tuple[str, list[Any]]:
    """The condition and its parameters. On PostgreSQL one array: the statement stays the same however many words there
    are. A SELECT hides it from the planner, for which a plan for these words then costs what one for any does."""
    if connection.vendor == "postgresql":
        return f"{column} = ANY((SELECT %s::text[])::text[])", [words]
    return f"{column} IN ({', '.join(['%s'] * len(words))})", [*words]


def _endings(beginning: str, *, is_known_enough: bool) -> tuple[str, list[str | int]]:
    """The most used words that begin so, by the index of the longest indexed beginning."""
    edge = max(one for one in EDGES if one <= len(beginning))
    left = f"LEFT(word, {edge})" if connection.vendor == "postgresql" else f"SUBSTR(word, 1, {edge})"
    sql = f"""
        SELECT word, books FROM storefront_searchword
        WHERE {left} = (SELECT %s) AND word LIKE (SELECT %s) AND books > 0"""
    parameters: list[str | int] = [beginning[:edge], f"{beginning}%"]
    if is_known_enough:
        sql += " AND NOT EXISTS (SELECT 1 FROM storefront_searchword WHERE word = (SELECT %s) AND books > 0)"
        parameters.append(beginning)
    return f"{sql} ORDER BY books DESC, word LIMIT %s", [*parameters, _MOST_ENDINGS]


def _spellings(word: str) -> set[str]:
    """Under which of its spellings words one typo apart are looked for: of the shortest, those that have a letter more,
    because a letter changed makes too many words of them."""
    return {word} if len(word) == _SHORTEST_MENDED else variants(word)


def _is_mendable(word: str) -> bool:
    return _SHORTEST_MENDED <= len(word) < LONGEST_WORD and not word.isdecimal()
