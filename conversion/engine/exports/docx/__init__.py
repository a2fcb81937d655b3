"""Export a Book as DOCX, to continue in a word processor and come back.

The document uses the styles and structures that our own reader knows: built-in headings, real foot- and endnotes,
numbered lists, header rows, alternative texts, formulas as Office mathematics. Read again, it gives the same words in
the same order, and the same elements but for those named in decision 96. Equal Books give equal bytes.
"""

from __future__ import annotations

from pathlib import Path

from ...book.model import Book, Chapter, Heading, TocEntry
from ...book.walk import plain
from ...markup.survey import MEDIA_TYPES
from ...markup.text import escape, language_tag, one_line
from ...markup.title import has_title_page, title_lines
from ...support.reproducible_zip import FixedArchive
from . import parts
from .blocks import DocxBlocks
from .story import Story

FILE_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_MAX_DEPTH = 1
_PARAGRAPH_OF_TITLE = {"subtitle": "Subtitle", "author": "Author"}


def write_docx(book: Book, out: Path) -> None:
    """Write the document to `out`."""
    body = DocxBlocks(book, Story("document"))
    half_titles = frozenset(chapter.id for chapter in book.chapters if chapter.role == "halftitlepage")
    depths = dict(_depths(book.toc, 0, half_titles))
    content = [_title_page(book, body)]
    content += [
        _chapter(body, chapter, depths.get(chapter.id, 0), number) for number, chapter in enumerate(book.chapters)
    ]
    notes = {kind: body.notes_of(kind) for kind in ("footnote", "endnote")}
    language = language_tag(book.metadata.language) or "und"
    with FixedArchive(out) as archive:
        archive.write("[Content_Types].xml", parts.content_types(set(MEDIA_TYPES.values())))
        archive.write("_rels/.rels", parts.ROOT_RELATIONSHIPS)
        archive.write("docProps/core.xml", parts.core(book.metadata))
        archive.write("word/document.xml", parts.document("".join(content), is_rtl=book.direction == "rtl"))
        archive.write("word/_rels/document.xml.rels", parts.relationships(body.story.relationships, is_main=True))
        archive.write("word/styles.xml", parts.styles(language))
        archive.write("word/numbering.xml", parts.numbering(body.lists))
        archive.write("word/settings.xml", parts.SETTINGS)
        for kind, (text, story) in notes.items():
            archive.write(f"word/{kind}s.xml", parts.notes(kind, text))
            archive.write(f"word/_rels/{kind}s.xml.rels", parts.relationships(story.relationships))
        for name, asset in sorted(body.pictures.items()):
            archive.write(f"word/{name}", asset.data)


def _title_page(book: Book, body: DocxBlocks) -> str:
    """Return title, subtitle and authors in the styles that our reader takes for them."""
    if not has_title_page(book) or not (title := one_line(book.metadata.title)):
        return ""
    lines = [("Title", title)]
    lines += [(_PARAGRAPH_OF_TITLE[kind], text) for kind, text in title_lines(book) if kind in _PARAGRAPH_OF_TITLE]
    return "".join(body.styled(style, f"<w:r><w:t>{escape(text)}</w:t></w:r>") for style, text in lines)


def _chapter(body: DocxBlocks, chapter: Chapter, depth: int, number: int) -> str:
    """Return a chapter, its headings as deep as the contents say: chapters stand below their part."""
    body.depth = depth
    body.open_chapter(chapter)
    first = chapter.blocks[0] if chapter.blocks else None
    begins = isinstance(first, Heading) and first.level == 1
    # Without a heading it would be read as the end of the chapter before.
    heading = "" if begins or number == 0 or not chapter.title else body.heading_of(chapter.title)
    content = heading + body.blocks(chapter.blocks)
    return content if plain(chapter.blocks).strip() or content else ""


def _depths(entries: list[TocEntry], depth: int, half_titles: frozenset[str]) -> list[tuple[str, int]]:
    """Return how deep each chapter stands in the contents; what leads into a chapter counts for nothing.

    Below a book of several parts, parts and chapters are written on one level: a chapter that stands deeper would be
    read as a section of the chapter before. A half title stands above the whole book and is no level.
    """
    found: list[tuple[str, int]] = []
    for entry in entries:
        if not entry.anchor:
            found.append((entry.chapter_id, min(depth, _MAX_DEPTH)))
        below = depth if entry.chapter_id in half_titles else depth + 1
        found += _depths(entry.children, below, half_titles)
    return found
