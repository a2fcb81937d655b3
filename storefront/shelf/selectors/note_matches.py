"""A person's notes with the words of a search, each with its passage and the address of its place."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import reduce
from operator import or_

from django.db.models import Q

from accounts.models import User
from storefront.reading.selectors import note_lists
from storefront.reading.selectors.note_lists import ShownNote
from storefront.shelf import rules

_FIELDS = ("exact", "body", "other_body")
_AROUND = 90  # characters shown on either side of the word


@dataclass(frozen=True, slots=True)
class Passage:
    """The words around the first that was searched for; `found` is "" where it is not in them."""

    before: str
    found: str
    after: str


@dataclass(frozen=True, slots=True)
class NoteMatch:
    note: ShownNote
    quote: Passage
    body: Passage


@dataclass(frozen=True, slots=True)
class NoteMatches:
    """The first of them; `has_more` if there are others."""

    rows: list[NoteMatch]
    has_more: bool


def note_matches(user: User, query: str) -> NoteMatches:
    """Return the newest notes that have all words of the query, in the words of the book or the person's own."""
    words = query.split()
    if not words:
        return NoteMatches([], has_more=False)
    notes = note_lists.notes_of([user])
    for word in words:
        notes = notes.filter(reduce(or_, (Q(**{f"{field}__icontains": word}) for field in _FIELDS)))
    found = list(notes.order_by("-made_at", "-pk").values_list("pk", flat=True)[: rules.NOTES_FOUND + 1])
    shown = note_lists.shown_notes([user], found[: rules.NOTES_FOUND])
    rows = [NoteMatch(note, _passage(note.exact, words), _passage(note.body, words)) for note in shown]
    return NoteMatches(rows, has_more=len(found) > rules.NOTES_FOUND)


def _passage(text: str, words: list[str]) -> Passage:
    text = " ".join(text.split())
    hit = re.search("|".join(map(re.escape, words)), text, re.IGNORECASE)
    if hit is None:
        return Passage(_cut_end(text, 2 * _AROUND), "", "")
    before, after = text[: hit.start()], text[hit.end() :]
    if len(before) > _AROUND:
        before = "…" + before[-_AROUND:].partition(" ")[2]
    return Passage(before, hit[0], _cut_end(after, _AROUND))


def _cut_end(text: str, length: int) -> str:
    return text if len(text) <= length else text[:length].rpartition(" ")[0] + "…"
