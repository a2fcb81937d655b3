"""The formatting in force at one place of an RTF. Each group works on a copy and gives it back at its end."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from ...book.model import Align, ListBlock
from ...findings.model import SourcePlace
from ..assembly.paragraphs import Item
from .header import DEFAULT_SIZE


@dataclass(frozen=True, slots=True)
class OldList:
    """A list as Word 6 wrote it: `\\pn`, in the paragraph itself."""

    ordered: bool
    style: str
    start: int
    level: int

    def item(self, direction: str, place: SourcePlace) -> Item:
        """Membership of one paragraph in it."""
        template = ListBlock([], self.ordered, self.start, self.style, direction=direction, place=place)
        return Item(self.level, f"pn-{self.ordered}-{self.style}", template)


@dataclass(slots=True)
class ParagraphFormat:
    """What `\\pard` resets. Indents in twentieths of a point."""

    style: int = 0
    align: Align = Align.AUTO
    is_left: bool = False
    direction: str = ""
    indent: int = 0
    first_line: int = 0
    list_id: str = ""
    list_level: int = 0
    old_list: OldList | None = None
    outline: int = -1
    in_table: bool = False
    table_depth: int = 0
    page_break_before: bool = False
    is_drop_cap: bool = False

    @property
    def depth(self) -> int:
        """How many tables deep the paragraph stands."""
        return self.table_depth or int(self.in_table)

    @property
    def alignment(self) -> Align:
        """Left and right are those of the page: in text from right to left, the right is where lines begin."""
        if self.direction != "rtl":
            return self.align
        return Align.END if self.is_left else Align.CENTER if self.align is Align.CENTER else Align.AUTO

    @property
    def left(self) -> int:
        """The left indent; a hanging first line takes its width off."""
        return self.indent + min(self.first_line, 0)

    def at_depth(self, depth: int) -> ParagraphFormat:
        """The same in a cell that many tables deep."""
        return replace(self, in_table=True, table_depth=depth)


class State:
    """Character formatting, paragraph formatting, and what happens when the group ends."""

    __slots__ = (
        "complex_flags",
        "complex_lang",
        "fallback",
        "flags",
        "font",
        "is_complex",
        "is_deleted",
        "is_hidden",
        "lang",
        "off",
        "on_close",
        "owns_paragraph",
        "paragraph",
        "raised",
        "size",
    )

    def __init__(self) -> None:
        self.fallback = 1  # characters after \u that stand in for it
        self.on_close: Callable[[], None] | None = None
        self.paragraph = ParagraphFormat()
        self.owns_paragraph = True
        self.plain(0, "")

    def plain(self, font: int, lang: str) -> None:
        """`\\plain`: no character formatting."""
        self.flags = self.complex_flags = self.off = self.raised = 0
        self.is_complex = self.is_deleted = self.is_hidden = False
        self.lang = self.complex_lang = lang
        self.font = font
        self.size = DEFAULT_SIZE

    def copy(self) -> State:
        """The state of a group inside; its paragraph formatting is copied when it changes."""
        new = State.__new__(State)
        new.fallback = self.fallback
        new.on_close = None
        new.paragraph = self.paragraph
        new.owns_paragraph = False
        new.flags = self.flags
        new.complex_flags = self.complex_flags
        new.off = self.off
        new.raised = self.raised
        new.is_complex = self.is_complex
        new.is_deleted = self.is_deleted
        new.is_hidden = self.is_hidden
        new.lang = self.lang
        new.complex_lang = self.complex_lang
        new.font = self.font
        new.size = self.size
        return new

    def own_paragraph(self) -> ParagraphFormat:
        """The paragraph formatting, for a change."""
        if not self.owns_paragraph:
            self.paragraph = replace(self.paragraph)
            self.owns_paragraph = True
        return self.paragraph
