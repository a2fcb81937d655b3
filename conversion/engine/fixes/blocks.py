"""Fixes that remove, change or join whole blocks and chapters."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ..book.inlines import anchors_of, is_blank, plain_text
from ..book.model import (
    AnyBlock,
    Chapter,
    Heading,
    Inline,
    LineBreak,
    Link,
    ListBlock,
    ListItem,
    Paragraph,
    SceneBreak,
    Strong,
    Text,
    TocEntry,
    Underline,
)
from ..book.walk import plain
from ..checks import blocks as block_checks
from ..checks import chapters, headings, leftovers, scenes
from ..checks.analysis import BookAnalysis, is_body
from ..contract import Change
from ..findings.model import SourcePlace

BREAK = "* * *"  # how a scene break is shown in the list of changes


# ---------------------------------------------------------------- taking out


def drop_contents(analysis: BookAnalysis) -> list[Change]:
    """Remove the lines of a table of contents typed by hand."""
    return _dropped(analysis, "structure.contents-typed", (block for _, block in chapters.typed_contents(analysis)))


def drop_page_numbers(analysis: BookAnalysis) -> list[Change]:
    return _dropped(analysis, "text.page-numbers", (passage.block for passage in leftovers.page_numbers(analysis)))


def drop_running_heads(analysis: BookAnalysis) -> list[Change]:
    return _dropped(analysis, "text.running-heads", (passage.block for passage in leftovers.running_heads(analysis)))


def drop_breaks_at_edges(analysis: BookAnalysis) -> list[Change]:
    doomed = [
        block
        for chapter in analysis.book.chapters
        for at, block in enumerate(chapter.blocks)
        if isinstance(block, SceneBreak) and scenes.is_at_edge(chapter.blocks, at)
    ]
    return _dropped(analysis, "scene.at-edge", doomed)


def drop_doubled_breaks(analysis: BookAnalysis) -> list[Change]:
    doomed = [
        block
        for chapter in analysis.book.chapters
        for at, block in enumerate(chapter.blocks)
        if at and isinstance(block, SceneBreak) and isinstance(chapter.blocks[at - 1], SceneBreak)
    ]
    return _dropped(analysis, "scene.doubled", doomed)


def _dropped(analysis: BookAnalysis, code: str, doomed: Iterable[object]) -> list[Change]:
    """Remove blocks from their chapters. Link targets in them move to the next words."""
    gone = {id(block) for block in doomed}
    changes: list[Change] = []
    if not gone:
        return changes
    for chapter in analysis.book.chapters:
        kept: list[AnyBlock] = []
        homeless: list[Inline] = []
        for block in chapter.blocks:
            if id(block) in gone:
                shown = BREAK if isinstance(block, SceneBreak) else plain([block])
                changes.append(Change(code, chapter.title, shown, "", block.place))
                homeless += anchors_of(block.inlines) if isinstance(block, Paragraph | Heading) else []
                continue
            if homeless and isinstance(block, Paragraph | Heading):
                block.inlines[:0] = homeless
                homeless = []
            kept.append(block)
        if homeless:
            kept.append(Paragraph(homeless))
        chapter.blocks[:] = kept
    return changes


def drop_empty_chapters(analysis: BookAnalysis) -> list[Change]:
    """Remove empty chapters that no link leads to, from the table of contents too."""
    book = analysis.book
    linked = {node.href[1:] for _, node in (*analysis.nodes, *analysis.note_nodes) if type(node) is Link}
    gone = {chapter.id for chapter in book.chapters if chapter.id in chapters.empty_ids(analysis)} - linked
    gone = {c.id for c in book.chapters if c.id in gone and not (_anchors(c.blocks) & linked)}
    if len(gone) == len(book.chapters):
        return []
    changes = [
        Change("structure.chapter-empty", chapter.title, chapter.title, "", _place(chapter))
        for chapter in book.chapters
        if chapter.id in gone
    ]
    book.chapters[:] = [chapter for chapter in book.chapters if chapter.id not in gone]
    book.toc[:] = _without(book.toc, gone)
    return changes


def _anchors(blocks: list[AnyBlock]) -> set[str]:
    found = [node for block in blocks if isinstance(block, Paragraph | Heading) for node in anchors_of(block.inlines)]
    return {str(getattr(node, "id", "")) for node in found}


def _place(chapter: Chapter) -> SourcePlace:
    return chapter.blocks[0].place if chapter.blocks else SourcePlace()


def _without(entries: list[TocEntry], gone: set[str]) -> list[TocEntry]:
    """Return the contents entries without some chapters; the entries below those move up a level."""
    kept: list[TocEntry] = []
    for entry in entries:
        entry.children = _without(entry.children, gone)
        kept += entry.children if entry.chapter_id in gone else [entry]
    return kept


# ---------------------------------------------------------------- changing


def promote_bold(analysis: BookAnalysis) -> list[Change]:
    """Turn bold lines into headings, one level below the heading they stand under."""
    found = {id(block) for _, block in headings.bold_headings(analysis)}
    changes = []
    for chapter in analysis.book.chapters if found else ():
        level = 1
        for at, block in enumerate(chapter.blocks):
            if isinstance(block, Heading):
                level = block.level
            elif id(block) in found and isinstance(block, Paragraph):
                text = plain_text(block.inlines).strip()
                chapter.blocks[at] = _as_heading(block, min(level + 1, 6))
                changes.append(Change("structure.heading-bold", chapter.title, f"**{text}**", text, block.place))
    return changes


def _as_heading(block: Paragraph, level: int) -> Heading:
    inlines: list[Inline] = []
    for node in block.inlines:
        inlines += node.children if isinstance(node, Strong | Underline) else [node]
    return Heading(level, inlines, lang=block.lang, direction=block.direction, place=block.place)


def set_breaks(analysis: BookAnalysis) -> list[Change]:
    """Turn lines of signs into scene breaks like all the others."""
    changes = []
    for chapter in analysis.book.chapters:
        for at, block in enumerate(chapter.blocks):
            if isinstance(block, Paragraph) and is_body(chapter) and scenes.is_typed_break(block):
                text = plain_text(block.inlines).strip()
                chapter.blocks[at] = SceneBreak(place=block.place, sign=text)
                changes.append(Change("scene.typed", chapter.title, text, BREAK, block.place))
    return changes


def set_lists(analysis: BookAnalysis) -> list[Change]:
    """Turn paragraphs with typed bullets or numbers into a list."""
    changes = []
    for chapter, run in block_checks.typed_lists(analysis):
        before = plain(run)[:120]
        pattern = block_checks.NUMBER if block_checks.NUMBER.match(block_checks.first_text(run[0])) else None
        for block in run:
            first = block.inlines[0]
            if isinstance(first, Text):
                first.text = (pattern or block_checks.BULLET).sub("", first.text, count=1)
        items = [ListItem([block]) for block in run]
        made = ListBlock(items, ordered=pattern is not None, place=run[0].place)
        at = next(number for number, block in enumerate(chapter.blocks) if block is run[0])
        chapter.blocks[at : at + len(run)] = [made]
        changes.append(Change("layout.list-typed", chapter.title, before, plain([made])[:120], run[0].place))
    return changes


def split_paragraphs(analysis: BookAnalysis) -> list[Change]:
    """Split paragraphs at pairs of line breaks."""
    changes = []
    for chapter in analysis.book.chapters:
        blocks: list[AnyBlock] = []
        for block in chapter.blocks:
            if isinstance(block, Paragraph) and block_checks.is_broken_up(block):
                parts = [
                    Paragraph(part, align=block.align, lang=block.lang, direction=block.direction, place=block.place)
                    for part in _parts(block)
                ]
                text = plain_text(block.inlines)
                changes.append(
                    Change(
                        "layout.line-breaks",
                        chapter.title,
                        text[:120],
                        " ¶ ".join(plain_text(p.inlines)[:50] for p in parts[:3]),
                        block.place,
                    )
                )
                blocks += parts
            else:
                blocks.append(block)
        chapter.blocks[:] = blocks
    return changes


def _parts(block: Paragraph) -> Iterator[list[Inline]]:
    """Yield the pieces of a paragraph between two or more line breaks in a row."""
    part: list[Inline] = []
    pending: list[Inline] = []
    for node in block.inlines:
        if isinstance(node, LineBreak) or (pending and is_blank([node]) and not anchors_of([node])):
            pending.append(node)
            continue
        if sum(isinstance(one, LineBreak) for one in pending) > 1:
            if part:
                yield part
            part = []
        elif part:
            part += pending
        pending = []
        part.append(node)
    if part:
        yield part
