"""The reader for a ZIP of Markdown files: a book of mdBook, GitBook or Leanpub, or a folder of chapters."""

from __future__ import annotations

import posixpath
import re

from ...book import clean, language
from ...book.model import Anchor, Heading, Metadata, Paragraph, ReaderResult, Text
from ...errors import AuthorFixable
from ...findings.model import Severity, SourcePlace
from ...gate import controls, encoding
from ...gate.admission import MAX_TEXT_BYTES, Manuscript
from ...gate.archive import Archive
from ..assembly.draft import Draft
from ..assembly.sink import Sink
from ..assembly.structure import assemble
from ..html import read_notes
from ..html.pages import Page, Site
from ..html.parse import child, inline_sheets, parse_html
from ..html.walk import Walker
from ..markdown import markup
from .lists import Contents, Entry, book_metadata, contents

_INCLUDE = re.compile(
    r"^[ \t]*\{\{\s*#(?:rustdoc_)?(?:include|playground)\s+([^\s{}:]{1,300})(:[^\s{}]{0,80})?[^{}\n]{0,80}\}\}",
    re.MULTILINE,
)
_TITLE = re.compile(r"\{\{\s*#title\s[^{}\n]{0,300}\}\}")
_ANCHOR_LINE = re.compile(r"\bANCHOR(?:_END)?:\s*\S")
MAX_INCLUDED_BYTES = 1 << 20  # at a time
MAX_INCLUDES = 200  # in a file
PICTURE_FOLDERS = ("", "resources", "images", "manuscript/resources", "manuscript/images", "manuscript")


def read(manuscript: Manuscript) -> ReaderResult:
    """The book in a ZIP of Markdown files. Raises AuthorFixable when they are too large together."""
    archive = manuscript.container()
    draft = Draft()
    book_metadata(archive, draft.metadata)
    listed = contents(archive)
    _tell(listed, draft)
    size_bytes = sum(archive.size_bytes(entry.part) for entry in listed.entries if entry.part)
    if size_bytes > MAX_TEXT_BYTES:
        raise AuthorFixable("source.too-large", size_mb=size_bytes >> 20, limit_mb=MAX_TEXT_BYTES >> 20)
    pages = {entry.part: _page(archive, entry, draft) for entry in listed.entries if entry.part}
    site = Site(list(pages.values()), draft, lambda part: _picture(archive, part))
    sample = " ".join(" ".join(str(text) for text in page.root.itertext())[:2_000] for page in pages.values())
    own = language.resolve_language(draft.metadata.language, "", sample[:20_000])
    walkers = {name: Walker(site, page, own) for name, page in pages.items()}
    sink = Sink()
    parts: list[Heading] = []
    for entry in listed.entries:
        sink.end()
        start = len(sink)
        if not entry.part:
            parts.append(Heading(1, [Text(entry.title)]))
            sink.add(parts[-1])
            continue
        body = child(pages[entry.part].root, "body")
        if body is not None:
            walkers[entry.part].body(body, sink)
        level = entry.depth + (2 if parts and entry.is_item else 1)
        _settle(sink, start, entry, level=level if listed.is_listed else 0)
        _mark(sink, start, site, entry.part)
    read_notes(site, walkers)
    return assemble(draft, sink, parts)


def _tell(listed: Contents, draft: Draft) -> None:
    if listed.missing:
        draft.count("source.part-absent", Severity.PROBLEM, listed.missing[0], by=len(listed.missing))
    if listed.others:
        draft.count("source.files-unlisted", Severity.ADVICE, listed.others[0], by=len(listed.others))
    if not listed.is_listed and len(listed.entries) > 1:
        draft.tell("source.files-by-name", Severity.INFO, count=len(listed.entries))


def _page(archive: Archive, entry: Entry, draft: Draft) -> Page:
    """A file as a page. Its front matter is about the chapter, not about the book."""
    part, of_book = entry.part, draft.metadata
    text = controls.without(encoding.decode(archive.read(part))[0])
    text = _INCLUDE.sub(lambda match: _included(archive, part, match, draft), _TITLE.sub("", text), MAX_INCLUDES)
    draft.metadata = Metadata()
    body = markup(text, draft)
    entry.title = entry.title or draft.metadata.title
    draft.metadata = of_book
    root = parse_html(f"<html><body>{body}</body></html>".encode("utf-8", "replace"))
    return Page(part, root, inline_sheets(root))


def _included(archive: Archive, part: str, match: re.Match[str], draft: Draft) -> str:
    """The lines that mdBook would put there: all, a range, or those of a named passage."""
    name = posixpath.normpath(posixpath.join(posixpath.dirname(part), match.group(1)))
    if name not in archive or archive.size_bytes(name) > MAX_INCLUDED_BYTES:
        draft.tell("source.include-missing", Severity.PROBLEM, count=1, name=clean.title(posixpath.basename(name), 80))
        return match.group()
    lines = controls.without(archive.read(name).decode("utf-8", "replace")).splitlines()
    first, _, last = (match.group(2) or ":").removeprefix(":").partition(":")
    if first and not first.isdigit():
        begin = next((n for n, line in enumerate(lines, 1) if re.search(rf"ANCHOR:\s*{re.escape(first)}\b", line)), 0)
        end = next((n for n, line in enumerate(lines) if re.search(rf"ANCHOR_END:\s*{re.escape(first)}\b", line)), None)
        lines = lines[begin:end]
    elif first or last:
        start = int(first or 1)
        stop = start if ":" not in (match.group(2) or "")[1:] else int(last) if last.isdigit() else None
        lines = lines[max(0, start - 1) : stop]
    return "\n".join(line for line in lines if not _ANCHOR_LINE.search(line))


def _picture(archive: Archive, part: str) -> bytes | None:
    """A picture by its name beside the text, or in a folder where Leanpub and others keep them."""
    base = part.rsplit("resources/", maxsplit=1)[-1].rsplit("images/", maxsplit=1)[-1]
    names = (part, *(posixpath.join(folder, name) for folder in PICTURE_FOLDERS for name in (part, base)))
    found = next((name for name in names if name in archive), "")
    return archive.read(found) if found else None


def _settle(sink: Sink, start: int, entry: Entry, *, level: int) -> None:
    """Bring a file's headings to the level of its entry in the list (0 leaves them); a file that begins without one is
    named as it is there."""
    blocks = sink.blocks
    headings = [block for block in blocks[start:] if isinstance(block, Heading)]
    is_named = start < len(blocks) and blocks[start] is next(iter(headings), None)
    if level and entry.title and headings:
        highest = headings[0].level if is_named else min(heading.level for heading in headings) - 1
        for heading in headings:
            heading.level = max(1, min(heading.level + level - highest, 6))
    if entry.title and not is_named and (level or not headings):
        sink.insert(start, Heading(level or 1, [Text(entry.title)], place=SourcePlace(entry.part)))


def _mark(sink: Sink, start: int, site: Site, part: str) -> None:
    """Give links to the file a place: the first words in it."""
    if (part, "") not in site.linked or start >= len(sink):
        return
    anchor = Anchor(site.anchor(part, ""))
    first = sink.blocks[start]
    if isinstance(first, Heading | Paragraph):
        first.inlines.insert(0, anchor)
    else:
        sink.insert(start, Paragraph([anchor]))
