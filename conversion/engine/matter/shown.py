"""Front and back pages as lines of text, for a page that shows an author what will be made, before a build."""

from __future__ import annotations

from dataclasses import dataclass

from ..book.inlines import plain_text
from ..book.matter import Matter, MatterKind
from ..book.model import AnyBlock, Book, Chapter, Heading, LineBreak, ListBlock, Metadata, Paragraph
from ..book.words import block_text
from ..markup.terms import terms_for
from ..markup.title import title_lines, title_of
from .pages import add_matter


@dataclass(frozen=True, slots=True)
class ShownLine:
    """One block: `kind` is title, heading, paragraph, item, or a line of the title page; `parts` are its lines."""

    kind: str
    parts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ShownPage:
    kind: MatterKind
    lines: tuple[ShownLine, ...]


def shown_pages(about: Metadata, matter: Matter) -> tuple[ShownPage, ...]:
    """Return the pages that would be made for a manuscript that has none of them."""
    text = Chapter("text", "", [])
    book = add_matter(Book(about, [text]), matter)
    pages = [
        ShownPage(MatterKind(chapter.role), _lines(chapter.blocks)) for chapter in book.chapters if chapter.is_made
    ]
    if book.title_page.is_made:
        lines = [("title", title_of(book, terms_for(about.language))), *title_lines(book)]
        pages.insert(0, ShownPage(MatterKind.TITLE, tuple(ShownLine(kind, (words,)) for kind, words in lines)))
    return tuple(pages)


def _lines(blocks: list[AnyBlock]) -> tuple[ShownLine, ...]:
    lines: list[ShownLine] = []
    for block in blocks:
        if isinstance(block, Heading):
            lines.append(ShownLine("heading", (plain_text(block.inlines),)))
        elif isinstance(block, Paragraph):
            lines.append(ShownLine("paragraph", _parts(block)))
        elif isinstance(block, ListBlock):
            lines += [ShownLine("item", (block_text(item.blocks[0]),)) for item in block.items]
    return tuple(lines)


def _parts(block: Paragraph) -> tuple[str, ...]:
    """Return the lines of a paragraph."""
    parts: list[str] = [""]
    for node in block.inlines:
        if isinstance(node, LineBreak):
            parts.append("")
        else:
            parts[-1] += plain_text([node])
    return tuple(parts)
