"""Check that every word of the Book arrived in the EPUB, in order and exactly once.

Reads the finished file as any other program would: spine order from the package, text from the pages. Paragraphs are
compared without spaces, so that line breaks and markup inside words make no difference.
"""

from __future__ import annotations

import html
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

from lxml import etree

from ..book.model import Book, CodeBlock, Heading, Paragraph
from ..book.walk import count_words, plain, walk
from ..findings.model import Finding
from ..findings.registry import severity
from ..markup.text import clean
from . import STAND_IN, BookAnalysis, Passage

# What a page shows beyond the running text: note marks, ruby annotations, formulas.
_BESIDE_THE_TEXT = re.compile(
    r"<(a|rt|rp|math|sup)\b(?=[^>]*noteref|(?<=rt)|(?<=rp)|(?<=math))[^>]*>.*?</\1>", re.DOTALL
)
_TAG = re.compile(r"<[^>]+>")
_MIN_DOUBLED = 30  # characters; a shorter paragraph may also appear in a table of contents or a note
_SIGNS_BESIDE = ("noteref", "<rt", "<math")


def of_epub(analysis: BookAnalysis, epub: Path) -> list[Finding]:
    """Return the findings `epub.words-lost`, `epub.words-moved` and `epub.words-doubled`, each with the number of words
    and the first paragraph."""
    pages = _pages_of(epub)
    if _is_whole(analysis, pages):
        return []
    made = "".join(pages.split())
    lost: list[tuple[str, str]] = []
    moved: list[tuple[str, str]] = []
    doubled: list[tuple[str, str]] = []
    at, last = 0, ""
    before: Passage | None = None
    for passage in analysis.passages:
        wanted = _unspaced(passage.text)
        found = made.find(wanted, at)
        if found >= 0:
            if before is not None and _stands_in(last, made, at, found):
                doubled.append((before.chapter.title, before.text))
            at, last = found + len(wanted), wanted if _is_inside(passage, before) else ""
        else:
            (moved if wanted in made else lost).append((passage.chapter.title, passage.text))
        before = passage
    if analysis.passages and _stands_in(last, made, at, len(made)):
        doubled.append((analysis.passages[-1].chapter.title, analysis.passages[-1].text))
    lost += [("", text) for text in _note_paragraphs(analysis.book) if _unspaced(text) not in made]
    findings = [
        _finding("epub.words-lost", lost),
        _finding("epub.words-moved", moved),
        _finding("epub.words-doubled", doubled),
    ]
    return [finding for finding in findings if finding is not None]


def _is_whole(analysis: BookAnalysis, pages: str) -> bool:
    """Return whether all text is there in order, spaces included. This test is stricter and faster, and most books pass
    it."""
    at, last = 0, ""
    before: Passage | None = None
    for passage in analysis.passages:
        first, *others = passage.text.split(STAND_IN)
        found = pages.find(first, at)
        if found < 0 or _stands_in(last, pages, at, found):
            return False
        last, before = first if _is_inside(passage, before) else "", passage
        at = found + len(first)
        for part in others:
            if not pages.startswith(part, at):
                return False
            at += len(part)
    if _stands_in(last, pages, at, len(pages)):
        return False
    flat, at = " ".join(pages.split()) if analysis.book.notes else "", 0
    for text in _note_paragraphs(analysis.book):  # usually in the order of their pages
        found = flat.find(text, at)
        at = found if found >= 0 else flat.find(text)
        if at < 0:
            return False
    return True


def _is_inside(passage: Passage, before: Passage | None) -> bool:
    """Return whether a passage is not its chapter's first, which may also appear on a title page."""
    return before is not None and before.chapter is passage.chapter


def _stands_in(last: str, pages: str, start: int, end: int) -> bool:
    """Return whether the passage that ends at `start` appears there once more, before the next one at `end`."""
    return _MIN_DOUBLED <= len(last) <= end - start and last in pages[start:end]


def _unspaced(text: str) -> str:
    """Return the text without spaces, stand-ins for formulas, and characters that XML forbids."""
    return "".join(clean(text).replace(STAND_IN, "").split())


def _finding(code: str, places: list[tuple[str, str]]) -> Finding | None:
    if not places:
        return None
    title, text = places[0]
    words = sum(count_words(paragraph) for _, paragraph in places)
    return Finding(
        code, severity(code), chapter=title, quote=text[:120], facts={"words": words, "paragraphs": len(places)}
    )


def _note_paragraphs(book: Book) -> Iterator[str]:
    for note in book.notes.values():
        for node in walk(note.blocks):
            if type(node) in (Paragraph, Heading, CodeBlock) and (text := plain([node])):
                yield text


def _pages_of(epub: Path) -> str:
    """Return the text of all pages in spine order."""
    with zipfile.ZipFile(epub) as archive:
        return "\n".join(_text_of_page(archive.read(name).decode()) for name in _spine(archive))


def _text_of_page(page: str) -> str:
    text = page.partition("<body")[2].partition(">")[2]
    if any(sign in text for sign in _SIGNS_BESIDE):
        text = _BESIDE_THE_TEXT.sub("", text)
    return html.unescape(_TAG.sub("", text.replace("<br/>", "\n")))


def _spine(archive: zipfile.ZipFile) -> list[str]:
    container = etree.fromstring(archive.read("META-INF/container.xml"))
    package = str(container.xpath("string(//*[local-name()='rootfile']/@full-path)"))
    root = etree.fromstring(archive.read(package))
    folder = package.rpartition("/")[0]
    files = {item.get("id"): str(item.get("href")) for item in root.iterfind(".//{*}manifest/{*}item")}
    hrefs = [files[ref.get("idref")] for ref in root.iterfind(".//{*}spine/{*}itemref")]
    return [f"{folder}/{href}" if folder else href for href in hrefs]
