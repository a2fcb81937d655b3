"""Where readers put blocks: joins what belongs together and recognises verse and scene breaks.

A source is a flat row of paragraphs; lists, quotations, verse and code are runs of alike ones.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from ...book.inlines import (
    VERSE_BLANKS,
    count_breaks,
    has_formula,
    leading_indent,
    plain_text,
    sole_image,
    split_lines,
    trim,
)
from ...book.model import (
    Align,
    AnyBlock,
    CodeBlock,
    Figure,
    Inline,
    ListBlock,
    ListItem,
    Paragraph,
    Quotation,
    SceneBreak,
    Table,
    Verse,
    VerseLine,
)
from ...findings.model import SourcePlace

_ORNAMENT = re.compile(r"[*#~•·∙⁂❦❧☙✽✻✢✦✧❖†‡§=_◆◇■□●○◊★☆\-–—+/\\|<>^\s\u00a0]{1,60}")
_WEAK_ORNAMENTS = frozenset("-–—<>/|\\+_=^§†‡")
MIN_PARAGRAPHS_FOR_GAPS = 10
MAX_LISTS_DEEP = 12


def is_ornament(text: str, *, centred: bool = False) -> bool:
    """True for a line that stands for a scene break: "***", "* * *", "#", "⁂" ..."""
    bare = text.strip()
    if not bare or not _ORNAMENT.fullmatch(bare):
        return False
    signs = [char for char in bare if not char.isspace()]
    return centred or len(signs) >= 3 or not _WEAK_ORNAMENTS.issuperset(signs)


def as_verse(paragraph: Paragraph, min_breaks: int = 2) -> Verse | None:
    """The paragraph as one stanza, when its own line breaks make short lines."""
    breaks = count_breaks(paragraph.inlines)
    if breaks < min_breaks or sole_image(paragraph.inlines) is not None or has_formula(paragraph.inlines):
        return None
    lines = [line for line in split_lines(paragraph.inlines) if line]
    lengths = [len(plain_text(line)) for line in lines]
    if not lengths or max(lengths) > 110 or sum(lengths) / len(lengths) > 64 or sum(1 for n in lengths if n) < 2:
        return None
    return Verse(
        [[verse_line(line) for line in lines]],
        lang=paragraph.lang,
        direction=paragraph.direction,
        place=paragraph.place,
    )


def verse_line(nodes: list[Inline], indent: int = 0) -> VerseLine:
    """One line; spaces at its start become its indent."""
    indent = indent or leading_indent(nodes)
    return VerseLine(trim(nodes, VERSE_BLANKS), indent)


@dataclass(slots=True)
class _OpenList:
    level: int
    key: str
    block: ListBlock


class Sink:
    """Collects the blocks of one story, one cell or one note."""

    def __init__(self) -> None:
        self.blocks: list[AnyBlock] = []
        self.openers: set[int] = set()  # indices of blocks that follow a page break
        self.blank_lines = 0
        self._gaps: set[int] = set()
        self._lists: list[_OpenList] = []

    def __len__(self) -> int:
        return len(self.blocks)

    def add(self, block: AnyBlock) -> None:
        """Append a block; open lists end."""
        self._lists.clear()
        self.blocks.append(block)

    def blank(self) -> None:
        """An empty paragraph stood here."""
        self.blank_lines += 1
        self._gaps.add(len(self.blocks))

    def page_break(self) -> None:
        """The next block starts a page."""
        self.openers.add(len(self.blocks))

    def quotation(self, block: AnyBlock) -> None:
        """Append to the quotation before, or begin one."""
        last = self.blocks[-1] if self.blocks and not self._lists else None
        if isinstance(last, Quotation) and len(self.blocks) not in self._gaps:
            last.blocks.append(block)
        else:
            self.add(Quotation([block], place=block.place))

    def code(self, text: str, place: SourcePlace) -> None:
        """A line of code continues the code before; a block of several lines stands alone."""
        last = self.blocks[-1] if self.blocks and not self._lists else None
        if isinstance(last, CodeBlock) and "\n" not in text:
            gap = "\n" if len(self.blocks) in self._gaps else ""
            last.text += f"\n{gap}{text}"
        else:
            self.add(CodeBlock(text, place=place))

    def verse(self, lines: list[VerseLine], place: SourcePlace) -> None:
        """Lines of a poem that is written a paragraph to a line; an empty paragraph parts stanzas."""
        last = self.blocks[-1] if self.blocks and not self._lists else None
        if not isinstance(last, Verse):
            self.add(Verse([lines], place=place))
        elif len(self.blocks) in self._gaps:
            last.stanzas.append(lines)
            self._gaps.discard(len(self.blocks))
        else:
            last.stanzas[-1] += lines

    def list_item(
        self, level: int, key: str, template: ListBlock, block: AnyBlock, checked: bool | None = None
    ) -> None:
        """A numbered or bulleted paragraph at `level`; items of one `key` continue one list.

        `template` is an empty list that shows how a new list would be made.
        """
        lists = self._lists
        level = min(level, MAX_LISTS_DEEP)
        while lists and lists[-1].level > level:
            lists.pop()
        if lists and lists[-1].level == level and lists[-1].key != key:
            lists.pop()
        if not lists or lists[-1].level < level:
            if lists:
                lists[-1].block.items[-1].blocks.append(template)
            else:
                self.blocks.append(template)
            lists.append(_OpenList(level, key, template))
        lists[-1].block.items.append(ListItem([block], checked))

    def list_continue(self, level: int, block: AnyBlock) -> bool:
        """Append a paragraph without a number to the item before; False when no list is open."""
        while len(self._lists) > 1 and self._lists[-1].level > level:
            self._lists.pop()
        if not self._lists:
            return False
        self._lists[-1].block.items[-1].blocks.append(block)
        return True

    def finish(self) -> list[AnyBlock]:
        """The blocks with verse, captions and scene breaks made of what stood for them."""
        breaks = self._scene_gaps()
        out: list[AnyBlock] = []
        openers: set[int] = set()
        for index, block in enumerate(self.blocks):
            if index in breaks:
                out.append(SceneBreak(place=block.place, sign=" "))
            merged = self._merge(out, block)
            if index in self.openers:
                openers.add(len(out))
            if merged is not None:
                out.append(merged)
        self.openers = openers
        return out

    def _merge(self, out: list[AnyBlock], block: AnyBlock) -> AnyBlock | None:
        """The block to append after `out`, or None when it was joined to the last one."""
        last = out[-1] if out else None
        if isinstance(block, Quotation):
            block.blocks = merge_verses(block.blocks)
        if isinstance(block, Table) and isinstance(last, Paragraph) and last.role == "caption" and not block.caption:
            block.caption = last.inlines
            out.pop()
            return block
        if not isinstance(block, Paragraph):
            return block
        if block.role == "caption" and isinstance(last, Figure) and not last.caption:
            last.caption = block.inlines
            return None
        stanza = as_verse(block, 1 if isinstance(last, Verse) else 2) if block.role != "caption" else None
        if stanza is not None and isinstance(last, Verse) and last.lang == block.lang:
            last.stanzas += stanza.stanzas
            return None
        return stanza or block

    def _scene_gaps(self) -> set[int]:
        """Blank paragraphs that part scenes: few of them, each between two paragraphs of prose."""
        prose = sum(map(_is_prose, self.blocks))
        if prose < MIN_PARAGRAPHS_FOR_GAPS:
            return set()
        gaps = {
            index
            for index in self._gaps
            if 0 < index < len(self.blocks) and _is_prose(self.blocks[index - 1]) and _is_prose(self.blocks[index])
        }
        return gaps if len(gaps) * 4 < prose else set()


def _is_prose(block: AnyBlock) -> bool:
    return (
        isinstance(block, Paragraph)
        and block.align is Align.AUTO
        and not block.role
        and len(plain_text(block.inlines)) > 30
        and not count_breaks(block.inlines)
    )


def merge_verses(blocks: list[AnyBlock]) -> list[AnyBlock]:
    """Paragraphs of short broken lines become verse; neighbouring stanzas become one poem."""
    out: list[AnyBlock] = []
    for block in blocks:
        last = out[-1] if out else None
        stanza = as_verse(block, 1 if isinstance(last, Verse) else 2) if isinstance(block, Paragraph) else None
        if stanza is None:
            out.append(block)
        elif isinstance(last, Verse):
            last.stanzas += stanza.stanzas
        else:
            out.append(stanza)
    return out
