"""Check the metadata of the book: title, author, description, subjects, rights, ISBN and date."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator

from ..book import clean, isbn
from ..book.model import Metadata
from ..findings.model import Finding
from .analysis import BookAnalysis
from .making import make_finding
from .wording_lists import NOBODY

SHORT_DESCRIPTION = 80
TITLE_LETTERS = 12
_PLACEHOLDER_TITLE = re.compile(
    r"(?:untitled(?: document)?(?: ?\d+)?|document ?\d*|microsoft word.*|unbenannt.*|new document.*|book ?\d*|"
    r"title|titel|manuscript|draft(?: ?\d+)?)",
    re.IGNORECASE,
)
_FILE_NAME = re.compile(
    r".*\.(?:docx?|odt|epub|html?|md|txt|pdf|rtf)|\w+(?:[_-]\w+)*[_-](?:v?\d+|final|draft|edit(?:ed)?|rev)\w*|"
    r"[a-z0-9]+(?:_[a-z0-9]+)+",
    re.IGNORECASE,
)
_INVERTED = re.compile(r"[^\W\d_][\w’'-]+, [^\W\d_][\w.’' -]{0,40}")
_MARKUP = re.compile(r"</?[a-zA-Z][^<>]{0,80}>|&[a-z]{2,8};")
_THEMA = re.compile(r"thema[:/ ]+(\S+)", re.IGNORECASE)
_THEMA_CODE = re.compile(r"[ACDFGJKLMNPQRSTUVWXY][A-Z0-9]{0,9}|[1-6][A-Z0-9-]{0,16}")
_DATE = re.compile(r"\d{4}(?:-\d{2}(?:-\d{2}(?:T[\d:.Z+-]+)?)?)?")
_SUFFIXES = frozenset({"jr", "jr.", "sr", "sr.", "ii", "iii", "phd", "ph.d.", "md", "m.d.", "esq", "esq."})


def titles(analysis: BookAnalysis) -> Iterator[Finding]:
    """Report titles in capitals, placeholder titles, file names, and subtitles that the title already contains."""
    about = analysis.book.metadata
    title = about.title.strip()
    if sum(map(str.isalpha, title)) >= TITLE_LETTERS and title.isupper() and " " in title:
        yield make_finding("metadata.title-capitals", quote=title)
    if _PLACEHOLDER_TITLE.fullmatch(title):
        yield make_finding("metadata.title-placeholder", title=title)
    elif _FILE_NAME.fullmatch(title) and not title.isalpha():
        yield make_finding("metadata.title-file-name", title=title)
    if about.subtitle and clean.fold(about.subtitle) in clean.fold(title):
        yield make_finding("metadata.subtitle-repeated", quote=about.subtitle)


def people(analysis: BookAnalysis) -> Iterator[Finding]:
    """Report placeholder names, and names written with the family name first."""
    for person in analysis.book.metadata.contributors:
        if clean.fold(person.name) in NOBODY:
            yield make_finding("metadata.author-placeholder", name=person.name)
        elif _INVERTED.fullmatch(person.name) and person.name.rpartition(" ")[2].lower() not in _SUFFIXES:
            yield make_finding("metadata.author-inverted", name=person.name)


def completeness(analysis: BookAnalysis) -> Iterator[Finding]:
    """Report missing metadata that shops and libraries ask for beyond title, author and language."""
    about = analysis.book.metadata
    text = about.description.strip()
    if not text:
        yield make_finding("metadata.description-missing")
    elif _MARKUP.search(text):
        yield make_finding("metadata.description-markup", quote=text)
    elif len(text) < SHORT_DESCRIPTION:
        yield make_finding("metadata.description-short", quote=text, characters=len(text))
    if not about.subjects:
        yield make_finding("metadata.subjects-missing")
    for subject in about.subjects:
        match = _THEMA.match(subject)
        if match and not _THEMA_CODE.fullmatch(match[1]):
            yield make_finding("metadata.thema-wrong", subject=match[1][:20])
    if not about.rights:
        yield make_finding("metadata.rights-missing")


def numbers(analysis: BookAnalysis) -> Iterator[Finding]:
    """Report an ISBN whose check digit is wrong, and dates that are invalid or in the future."""
    about = analysis.book.metadata
    number = isbn.isbn_in(about.identifier)
    if number is not None and not isbn.is_valid(number):
        yield make_finding("metadata.isbn-wrong", isbn=number[:20])
    yield from _date(about)


def _date(about: Metadata) -> Iterator[Finding]:
    text = about.published.strip()
    if not text:
        return
    try:
        if not _DATE.fullmatch(text):
            raise ValueError
        day = datetime.date.fromisoformat((text + "-01-01")[:10] if len(text) < 10 else text[:10])
    except ValueError:
        yield make_finding("metadata.date-wrong", date=text[:30])
        return
    if day > datetime.datetime.now(tz=datetime.UTC).date():
        yield make_finding("metadata.date-future", date=text[:10])


CHECKS = (titles, people, completeness, numbers)
