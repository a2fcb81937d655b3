"""Notes of a book as a W3C annotation set, as Thorium exports and imports them.

The selector is the quotation with what stands around it. There are no TextPositionSelector and no CFI: they count
characters and elements of the EPUB file, which is stamped for each buyer. `source` is the file of the EPUB that has the
words, "" for a note whose words are not in the book.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from storefront.reading.formats import entries
from storefront.reading.formats.entries import BookEntry, BookNotes, NoteEntry, UnreadableFile
from storefront.reading.models import NoteKind

_CONTEXT = "http://www.w3.org/ns/anno.jsonld"
_MAX_CONTEXT = 64  # characters before and after a quotation
_URN = "urn:uuid:"


def write(one: BookNotes, *, site: str, made_at: datetime) -> str:
    """Return the annotation set of one book."""
    book = one.book
    content = {
        "@context": _CONTEXT,
        "id": f"{_URN}{uuid5(NAMESPACE_URL, f'{book.url}#{made_at.isoformat()}')}",
        "type": "AnnotationSet",
        "generator": {"id": site, "type": "Software", "name": "Octavo", "homepage": site},
        "generated": made_at.isoformat(),
        "title": book.title,
        "about": {
            "dc:identifier": [*book.identifiers, book.url],
            "dc:format": "application/epub+zip",
            "dc:title": book.title,
            "dc:creator": list(book.authors),
        },
        "items": [_annotation(note, made_at) for note in one.notes],
    }
    return json.dumps(content, ensure_ascii=False, indent=2) + "\n"


def _annotation(note: NoteEntry, made_at: datetime) -> dict[str, Any]:
    is_bookmark = note.kind == NoteKind.BOOKMARK
    body = {"type": "TextualBody", "value": note.body, "format": "text/plain", "color": note.colour}
    return {
        "@context": _CONTEXT,
        "id": f"{_URN}{note.uid}",
        "type": "Annotation",
        "motivation": "bookmarking" if is_bookmark else "highlighting",
        "created": (note.made_at or made_at).isoformat(),
        "body": body if is_bookmark else {**body, "highlight": "solid"},
        "target": {
            "source": note.source,
            "meta": {
                "headings": [{"level": 1, "txt": note.chapter}] if note.chapter else [],
                "page": note.number,
            },
            "selector": [
                {"type": "TextQuoteSelector", "exact": note.exact, "prefix": note.prefix, "suffix": note.suffix}
            ],
        },
    }


def read(content: Any) -> list[BookNotes]:
    """Return the book and its notes from the parsed JSON of one set, or of a list of sets. Raises UnreadableFile."""
    sets = content if isinstance(content, list) else [content]
    return [_set(one) for one in sets]


def is_one(content: Any) -> bool:
    first = content[0] if isinstance(content, list) and content else content
    return isinstance(first, dict) and (first.get("type") == "AnnotationSet" or first.get("@context") == _CONTEXT)


def _set(content: Any) -> BookNotes:
    if not isinstance(content, dict) or not isinstance(content.get("items"), list):
        raise UnreadableFile
    return BookNotes(_book(_record(content.get("about"))), tuple(_note(_record(item)) for item in content["items"]))


def _book(about: dict[str, Any]) -> BookEntry:
    named = [entries.line(one) for one in _list(about.get("dc:identifier"))]
    return BookEntry(
        title=entries.line(about.get("dc:title")),
        authors=tuple(filter(None, (entries.line(one) for one in _list(about.get("dc:creator"))))),
        identifiers=tuple(one for one in named if one.startswith("urn:")),
        url=next((one for one in named if one.startswith("http")), ""),
    )


def _note(item: dict[str, Any]) -> NoteEntry:
    body, target = _record(item.get("body")), _record(item.get("target"))
    headings = [entries.line(_record(one).get("txt")) for one in _list(_record(target.get("meta")).get("headings"))]
    selectors = target.get("selector")
    quote: dict[str, Any] = next(
        (_record(one) for one in _list(selectors) if _record(one).get("type") == "TextQuoteSelector"), {}
    )
    return NoteEntry(
        uid=entries.line(item.get("id")).removeprefix(_URN),
        kind=entries.kind("bookmark" if item.get("motivation") == "bookmarking" else ""),
        colour=entries.colour(body.get("color")),
        body=entries.body(body.get("value")),
        exact=entries.exact(quote.get("exact")),
        prefix=entries.context(quote.get("prefix"))[-_MAX_CONTEXT:],
        suffix=entries.context(quote.get("suffix"))[:_MAX_CONTEXT],
        chapter=next(filter(None, headings), ""),
        made_at=entries.moment(item.get("created")),
    )


def _record(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: Any) -> Iterable[Any]:
    return value if isinstance(value, list) else [value] if value else []
