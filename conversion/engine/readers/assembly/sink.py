"""Where readers put blocks: joins what belongs together and recognises verse and scene breaks.

A source is a flat row of paragraphs; lists, quotations, verse and code are runs of alike ones.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from ...book.inlines import (
    count_breaks,
    plain_text,
)
from ...book.model import (
    Align,
    AnyBlock,
    CodeBlock,
    Figure,
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
from .stanzas import as_verse, paragraphs_as_stanzas, stanzas_among
from .typed_poems import typed_poems

_ORNAMENT = re.compile(r"[*#~•·∙⁂❦❧☙✽✻✢✦✧❖†‡§=_◆◇■□●○◊★☆\-–—+/\\|<>^\s\u00a0]{1,60}")
_WEAK_ORNAMENTS = frozenset("-–—<>/|\\+_=^§†‡")
MIN_PARAGRAPHS_FOR_GAPS = 10
MAX_LISTS_DEEP = 12
MAX_SIZES = 60


def is_ornament(text: str, *, centred: bool = False) -> bool:
    """True for a line that stands for a scene break: "***", "* * *", "#", "⁂" ..."""
    bare = text.strip()
    if not bare or not _ORNAMENT.fullmatch(bare):
        return False
    signs = [char for char in bare if not char.isspace()]
    return centred or len(signs) >= 3 or not _WEAK_ORNAMENTS.issuperset(signs)


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
        self.sizes: dict[int, float] = {}  # of type, in the first paragraphs, by the id of their block
        self.blank_lines = 0
        self._gaps: set[int] = set()
        self._verse_gaps: dict[int, list[bool]] = {}  # of poems in the making, before which paragraphs a gap is left
        self._lists: list[_OpenList] = []
        self._floor = 0  # blocks below it are not continued

    def __len__(self) -> int:
        return len(self.blocks)

    def add(self, block: AnyBlock) -> None:
        """Append a block; open lists end."""
        self._lists.clear()
        self.blocks.append(block)

    @property
    def wants_sizes(self) -> bool:
        """Whether the size of type still matters: in the first paragraphs, where a title page may be."""
        return len(self.sizes) < MAX_SIZES and len(self.blocks) < 2 * MAX_SIZES

    def sized(self, size: float) -> None:
        """The size of type in the last paragraph, in half points."""
        if self.blocks:
            self.sizes[id(self.blocks[-1])] = size

    def end(self) -> None:
        """What follows continues nothing before it: another file begins."""
        self._lists.clear()
        self._floor = len(self.blocks)

    def insert(self, index: int, block: AnyBlock) -> None:
        """Put a block before one that is there already."""
        self.blocks.insert(index, block)
        self.openers = {place + (place >= index) for place in self.openers}
        self._gaps = {place + (place > index) for place in self._gaps}
        self._verse_gaps = {place + (place >= index): gaps for place, gaps in self._verse_gaps.items()}

    def blank(self) -> None:
        """An empty paragraph stood here."""
        self.blank_lines += 1
        self._gaps.add(len(self.blocks))

    def page_break(self) -> None:
        """The next block starts a page."""
        self.openers.add(len(self.blocks))

    def quotation(self, block: AnyBlock) -> None:
        """Append to the quotation before, or begin one."""
        last = self.blocks[-1] if len(self.blocks) > self._floor and not self._lists else None
        if isinstance(last, Quotation) and len(self.blocks) not in self._gaps:
            last.blocks.append(block)
        else:
            self.add(Quotation([block], place=block.place))

    def code(self, text: str, place: SourcePlace) -> None:
        """A line of code continues the code before; a block of several lines stands alone."""
        last = self.blocks[-1] if len(self.blocks) > self._floor and not self._lists else None
        if isinstance(last, CodeBlock) and "\n" not in text:
            gap = "\n" if len(self.blocks) in self._gaps else ""
            last.text += f"\n{gap}{text}"
        else:
            self.add(CodeBlock(text, place=place))

    def verse(self, lines: list[VerseLine], place: SourcePlace) -> None:
        """Lines of a poem that is written a paragraph to a line; an empty paragraph parts stanzas."""
        last = self.blocks[-1] if len(self.blocks) > self._floor and not self._lists else None
        if not isinstance(last, Verse):
            self.add(Verse([lines], place=place))
            self._verse_gaps[len(self.blocks) - 1] = [True]
        else:
            gaps = self._verse_gaps.setdefault(len(self.blocks) - 1, [True] * len(last.stanzas))
            gaps.append(len(self.blocks) in self._gaps)
            last.stanzas.append(lines)
            self._gaps.discard(len(self.blocks))

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
        poems = typed_poems(self.blocks, self._gaps)
        inside = {index for start, (end, _) in poems.items() for index in range(start + 1, end)}
        breaks = self._scene_gaps() - inside
        for index, gaps in self._verse_gaps.items():
            poem = self.blocks[index]
            if isinstance(poem, Verse):
                poem.stanzas = paragraphs_as_stanzas(poem.stanzas, gaps)
        self._verse_gaps.clear()
        short = stanzas_among(self.blocks)
        out: list[AnyBlock] = []
        openers: set[int] = set()
        for index, found in enumerate(self.blocks):
            if index in inside:
                continue
            block = poems[index][1] if index in poems else found
            if index in breaks:
                out.append(SceneBreak(place=block.place, sign=" "))
            merged = self._merge(out, block, is_stanza=index in short)
            if index in self.openers:
                openers.add(len(out))
            if merged is not None:
                out.append(merged)
        self.openers = openers
        return out

    def _merge(self, out: list[AnyBlock], block: AnyBlock, *, is_stanza: bool) -> AnyBlock | None:
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
        min_breaks = 0 if is_stanza else 1 if isinstance(last, Verse) else 2
        stanza = as_verse(block, min_breaks) if block.role != "caption" else None
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
    short = stanzas_among(blocks)
    for index, block in enumerate(blocks):
        last = out[-1] if out else None
        min_breaks = 0 if index in short else 1 if isinstance(last, Verse) else 2
        stanza = as_verse(block, min_breaks) if isinstance(block, Paragraph) else None
        if stanza is None:
            out.append(block)
        elif isinstance(last, Verse):
            last.stanzas += stanza.stanzas
        else:
            out.append(stanza)
    return out
