"""What every format of notes is written from and read into."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime

from storefront.reading.models import NoteColour, NoteKind, Spot

MAX_NOTES = 5000
MAX_EXACT = 5000  # characters of a quotation
MAX_BODY = 10_000  # characters of a note
MAX_LINE = 300  # characters of a title or a name
_NOT_STORABLE = re.compile("[\0\ud800-\udfff]")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_BREAKS = re.compile("\r\n?")


class UnreadableFile(ValueError):
    """The file is not of the format it seems to be."""


class TooLong(UnreadableFile):
    """A quotation or a note in the file, which begins with `words`, has more characters than `most`."""

    def __init__(self, words: str, most: int) -> None:
        self.words, self.most = words, most
        super().__init__(words)


@dataclass(frozen=True, slots=True)
class BookEntry:
    """A book in an export. `identifiers` are those of its editions: urn:uuid:… or urn:isbn:…"""

    work: str = ""  # public id
    title: str = ""
    authors: tuple[str, ...] = ()
    identifiers: tuple[str, ...] = ()
    language: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class NoteEntry:
    """A note in an export; an imported one has what its format tells.

    `number` is the page for people, "" if unknown; `source` the file of the EPUB.
    """

    uid: str = ""
    kind: str = NoteKind.HIGHLIGHT.value
    colour: str = NoteColour.YELLOW.value
    body: str = ""
    other_body: str = ""
    exact: str = ""
    prefix: str = ""
    suffix: str = ""
    chapter: str = ""
    made_at: datetime | None = None
    edition: str = ""
    start: tuple[int, int] | None = None
    end: tuple[int, int] | None = None
    page: str = ""
    placed: Spot | None = None
    number: str = ""
    url: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class BookNotes:
    book: BookEntry
    notes: tuple[NoteEntry, ...] = field(default=())


def exact(value: object) -> str:
    """Return a quotation from a file as it can be stored; "" for anything else. Raises TooLong."""
    return _text(value, MAX_EXACT)


def body(value: object) -> str:
    """Return what somebody wrote as it can be stored; "" for anything else. Raises TooLong."""
    return _text(value, MAX_BODY)


def _text(value: object, most: int) -> str:
    if not isinstance(value, str):
        return ""
    found = _storable(value)
    if len(found) > most:
        raise TooLong(found[:60], most)
    return found


def _storable(value: str) -> str:
    return _NOT_STORABLE.sub("", _BREAKS.sub("\n", value)).strip()


def context(value: object) -> str:
    """Return what stands beside a quotation, with the blanks at its ends."""
    return _NOT_STORABLE.sub("", value[: 10 * MAX_LINE]) if isinstance(value, str) else ""


def line(value: object) -> str:
    """Return a title or name from a file, on one line and not too long."""
    return " ".join(_storable(value[: 10 * MAX_LINE]).split())[:MAX_LINE] if isinstance(value, str) else ""


def colour(value: object) -> str:
    """Return the colour of that name, or the nearest that we have."""
    name = str(value).lower() if isinstance(value, str) else ""
    return name if name in NoteColour.values else _OTHER_COLOURS.get(name, NoteColour.YELLOW.value)


# Names and values that other reading systems write.
_OTHER_COLOURS = {
    "orange": "yellow",
    "red": "pink",
    "magenta": "pink",
    "lightblue": "blue",
    "cyan": "blue",
    "bluegreen": "green",
    "violet": "purple",
    "#eb9694": "pink",
    "#fad0c3": "yellow",
    "#fef3bd": "yellow",
    "#c1eac5": "green",
    "#bed3f3": "blue",
    "#d4c4fb": "purple",
}


def kind(value: object) -> str:
    return NoteKind.BOOKMARK.value if value == NoteKind.BOOKMARK.value else NoteKind.HIGHLIGHT.value


def moment(value: object) -> datetime | None:
    """Return a time in ISO 8601, in UTC if it names no zone; None for anything else, and for one before 1970."""
    try:
        found = datetime.fromisoformat(value.strip()) if isinstance(value, str) else _EPOCH
        found = found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None
    return found if found > _EPOCH else None
