"""Words of a book on sale that somebody claims: where they stand in it, and whether they belong to nobody."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from conversion.engine.api import passages
from publishing.models import EditionState, Work
from publishing.passages.models import Passage, PrintedText
from publishing.passages.selectors import prints
from publishing.passages.selectors.holders import holders_of
from publishing.passages.selectors.listing import listed
from publishing.record import licences

_HALF = 2


@dataclass(frozen=True, slots=True)
class FreeSource:
    """A text that anybody may publish, in which a passage stands: its title, and where it comes from."""

    passage: Passage
    title: str
    source: str


def text_on_sale(work: Work) -> PrintedText | None:
    """Return the text of the edition on sale, once it was compared with the others."""
    rows = PrintedText.objects.select_related("edition__work__owner", "edition__job")
    return rows.filter(edition__work=work, edition__state=EditionState.PUBLISHED, words__gt=0).first()


@dataclass(frozen=True, slots=True)
class Located:
    """Where pasted texts stand in a book. `missing` are those that do not: fewer than 40 of their words in a row."""

    passages: tuple[Passage, ...]
    missing: tuple[str, ...]


def located(text: PrintedText, pasted: Sequence[str]) -> Located:
    """Return the passages of the book in which pasted words stand. No word is in two of them.

    Raises FileNotFoundError if the book's file is gone.
    """
    body = prints.body_of(text)
    if body is None:
        raise FileNotFoundError(text.pk)
    bodies = [passages.body_of_text(one) for one in pasted]
    missing = [
        one for one, its in zip(pasted, bodies, strict=True) if not passages.compare(its.words, body.words).words
    ]
    there = passages.body_of_text("\n".join(pasted))
    return Located(listed(passages.compare(body.words, there.words), body, there), tuple(missing))


def free_sources(text: PrintedText, chosen: Collection[Passage], at: datetime) -> list[FreeSource]:
    """Return the chosen passages of a text that belong to nobody, each with the text they come from.

    A passage is free if half of its windows stand in a reference text, or in a book that anybody may publish and that
    had the words before this one. Reads the texts themselves: a passage may be too short for a print.
    """
    holders = holders_of(text, at)
    candidates = [one for one in holders.free if one.edition is None or holders.had_first(one, text)]
    body = prints.body_of(text)
    if not candidates or body is None:
        return []
    words = body.words
    found: list[FreeSource] = []
    left = list(chosen)
    for candidate in candidates:
        free_body = prints.body_of(candidate)
        if free_body is None:
            continue
        free = [one for one in left if _is_within(words[one.here.start : one.here.end], free_body.words)]
        left = [one for one in left if one not in free]
        found += [FreeSource(one, *_named(candidate)) for one in free]
    return found


def _is_within(words: Sequence[str], others: Sequence[str]) -> bool:
    windows = passages.windows_within(words, [words])
    return bool(windows) and len(passages.windows_within(words, [others])) * _HALF >= len(windows)


def _named(text: PrintedText) -> tuple[str, str]:
    if text.edition is None:
        return text.title, text.source
    return text.edition.work.title, licences.name(text.edition.work.licence)
