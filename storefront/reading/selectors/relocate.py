"""Finds a place of one edition in another, by the words at that place.

A chapter's number is no help: with a new foreword, the second chapter becomes the third. The words are searched in runs
of three, so that a corrected typo does not lose the place; if fewer than half of them are found, nothing is guessed.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from common.money import BPS
from storefront.catalogue.selectors import web_book_archive
from storefront.catalogue.selectors.web_book_archive import WebBook

_RUN = 3
_SHIFT = 3  # words inserted or deleted within the run
_QUOTE = 160  # characters, as the reader's script saves them
# Invisible characters that the engine puts into words, perhaps differently in a later edition.
_UNSEEN = dict.fromkeys(map(ord, "\u00ad\u200b\u2060\ufeff"))
# Words; single characters in scripts without spaces between words.
_WORD = re.compile("[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]|[^\\W_]+")
_BODY_TEXT = etree.XPath("string(//*[local-name() = 'body'])")


@dataclass(frozen=True, slots=True)
class Place:
    """A place in a chapter: how far into it, and the words there; "" if only the share is known."""

    chapter_id: str
    within_bps: int
    words: str


def place_in(book: WebBook, *, before: WebBook | None, place: Place, fraction_bps: int) -> Place:
    """Return the place in the edition `book` for `place` in the edition `before`, which is None if it is gone.

    If the words are not found, use the chapter of the same title; without one, the same share of the whole.
    """
    title = _title(before, place.chapter_id)
    words = place.words or _words_at(before, place)
    found = _find(book, words, title, place.within_bps) if words else None
    if found is None:
        same = next((one.id for one in book.chapters if title and one.title == title), None)
        found = Place(same, place.within_bps, "") if same else _at_share(book, fraction_bps)
    return found


def page_in(book: WebBook, *, before: WebBook | None, page_id: str) -> str:
    """Return the page of `book` with the same pictures as the page in `before`; "" if there is none."""
    if before is None or not before.is_pages:
        return ""
    pictures = {page["id"]: page["pictures"] for page in web_book_archive.pages_of(before)}
    wanted = pictures.get(page_id)
    return next((str(page["id"]) for page in web_book_archive.pages_of(book) if page["pictures"] == wanted), "")


def _title(book: WebBook | None, chapter_id: str) -> str:
    index = book.index_of(chapter_id) if book else None
    return book.chapters[index].title if book and index is not None else ""


def _words_at(book: WebBook | None, place: Place) -> str:
    """Return the words at a place that was saved without them."""
    if book is None or book.index_of(place.chapter_id) is None:
        return ""
    text = _text(book, place.chapter_id)
    start = len(text) * place.within_bps // BPS
    return text[start : start + _QUOTE]


def _find(book: WebBook, words: str, title: str, within_bps: int) -> Place | None:
    """Return where most runs of the words are found; prefer the chapter of that title, then the same share of it."""
    wanted = [word for word, _ in _words(words.translate(_UNSEEN))]
    runs = Counter(_runs(wanted))
    best: tuple[tuple[int, bool, int], Place] | None = None
    for chapter in book.chapters:
        text = _text(book, chapter.id)
        found = list(_words(text))
        for index, hits in _starts([word for word, _ in found], wanted).items():
            start = found[index][1]
            within = BPS * start // len(text)
            rank = (hits, chapter.title == title, -abs(within - within_bps))
            if best is None or rank > best[0]:
                best = rank, Place(chapter.id, within, text[start : start + _QUOTE])
    return best[1] if best and 2 * best[0][0] >= runs.total() else None


def _starts(text: list[str], wanted: list[str]) -> dict[int, int]:
    """Return the possible start indexes in the text, with how many of the wanted runs are at the right offset."""
    offsets: dict[tuple[str, ...], list[int]] = {}
    for offset, run in enumerate(_runs(wanted)):
        offsets.setdefault(run, []).append(offset)
    votes: Counter[int] = Counter()
    size = min(_RUN, len(wanted))
    for index, run in enumerate(_runs(text, size)):
        votes.update(index - offset for offset in offsets.get(run, ()) if index >= offset)
    return {
        start: sum(votes[start + shift] for shift in range(-_SHIFT, _SHIFT + 1))
        for start in votes
        if votes[start] == max(votes[start + shift] for shift in range(-_SHIFT, _SHIFT + 1))
    }


def _runs(words: list[str], size: int = _RUN) -> Iterator[tuple[str, ...]]:
    size = min(size, len(words))
    return (tuple(words[index : index + size]) for index in range(len(words) - size + 1 if size else 0))


def _words(text: str) -> Iterator[tuple[str, int]]:
    return ((unicodedata.normalize("NFKC", one[0]).casefold(), one.start()) for one in _WORD.finditer(text))


def _text(book: WebBook, chapter_id: str) -> str:
    """Return the chapter's text, without invisible characters."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(web_book_archive.chapter_file(book, chapter_id), parser)
    except etree.XMLSyntaxError:
        return ""
    return str(_BODY_TEXT(root)).translate(_UNSEEN)


def _at_share(book: WebBook, fraction_bps: int) -> Place:
    """Return the place at the same share of the whole, counted in words."""
    whole = sum(chapter.words for chapter in book.chapters)
    left = whole * fraction_bps // BPS
    for chapter in book.chapters:
        if left < chapter.words:
            return Place(chapter.id, BPS * left // chapter.words, "")
        left -= chapter.words
    return Place(book.chapters[-1].id, BPS, "")
