"""Render elements as markup: the part that EPUB, web chapters and PDF share.

A subclass defines how links, pictures, notes and mathematics are written in its medium. The output is a well-formed
fragment; text is escaped here and nowhere else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from ..book.inlines import alternative
from ..book.model import (
    Align,
    Anchor,
    AnyBlock,
    Asset,
    Block,
    CodeSpan,
    Emphasis,
    Figure,
    Heading,
    Inline,
    InlineImage,
    Language,
    LineBreak,
    Link,
    Math,
    NoteRef,
    PageMark,
    Paragraph,
    Ruby,
    SmallCaps,
    Strike,
    Strong,
    Subscript,
    Superscript,
    Text,
    Underline,
)
from . import blocks
from .links import external_url
from .survey import MEDIA_TYPES, Piece, Place, Survey
from .text import attribute, escape, language_tag

_ALIGN = {Align.CENTER: "center", Align.END: "end"}
_DIRECTIONS = ("ltr", "rtl")
_ROLES = frozenset({"dedication", "epigraph", "attribution", "caption", "signature"})


class Markup:
    """Renders the pieces of one book, in order. One instance per artifact."""

    def __init__(self, survey: Survey) -> None:
        self.survey = survey
        self.book = survey.book
        self.piece: Piece
        self.piece_index = -1
        self.levels: list[int] = []  # source levels of the headings that are open
        self.written: set[str] = set()  # anchors written so far
        self.numbers: Mapping[int, int] = {}  # of blocks in a base, by identity: `patches.leaves.block_numbers`
        self._in_link = False
        self._inline: dict[type, Callable[[Any], str]] = {
            Text: self.text,
            Emphasis: self._emphasis,
            Strong: lambda node: self._wrap("strong", node.children),
            SmallCaps: lambda node: self._wrap("span", node.children, ' class="smallcaps"'),
            Underline: lambda node: self._wrap("u", node.children),
            Strike: lambda node: self._wrap("s", node.children),
            Subscript: lambda node: self._wrap("sub", node.children),
            Superscript: lambda node: self._wrap("sup", node.children),
            CodeSpan: lambda node: f"<code>{escape(node.text)}</code>",
            Language: self._language,
            Link: self._link,
            NoteRef: self.note_ref,
            LineBreak: lambda node: "<br/>",
            InlineImage: self._inline_image,
            Ruby: self.ruby,
            Math: self.math,
            Anchor: self._anchor,
            PageMark: self.page_mark,
        }

    # ------------------------------------------------------------ what a medium decides

    def asset_source(self, asset: Asset) -> str:
        """Return the URL of a picture, relative to a chapter."""
        raise NotImplementedError

    def place_address(self, place: Place) -> str:
        """Return the URL of a place in the book, relative to the current piece."""
        raise NotImplementedError

    def note_ref(self, node: NoteRef) -> str:
        """Return the reference to a note."""
        raise NotImplementedError

    def math(self, node: Math) -> str:
        """Return mathematics, or its alternative text."""
        raise NotImplementedError

    def page_mark(self, node: PageMark) -> str:
        """Return the mark of a print page; "" where a medium has none."""
        return ""

    def language_attributes(self, lang: str, direction: str) -> str:
        """Return the attributes for a language and a direction, each only where it is known."""
        tag = language_tag(lang) if lang else ""
        attributes = f' lang="{tag}"' if tag else ""
        return attributes + (f' dir="{direction}"' if direction in _DIRECTIONS else "")

    def dress(self, name: str) -> str:
        """Return the class of a block's author style (dress); "" where a medium only has its own design."""
        return ""

    def text(self, node: Text) -> str:
        """Return running text."""
        return escape(node.text)

    # ------------------------------------------------------------ pieces and blocks

    def open_piece(self, index: int) -> Piece:
        """Make the piece with this index the current one."""
        self.piece_index = index
        self.piece = self.survey.pieces[index]
        self.levels = []
        return self.piece

    def blocks(self, items: Iterable[AnyBlock]) -> str:
        """Return the markup of blocks, one per line."""
        return "\n".join([markup for block in items if (markup := self.block(block))])

    def block(self, block: AnyBlock) -> str:
        """Return the markup of one block; "" for one that shows nothing."""
        return blocks.RENDER[type(block)](self, block)

    def inlines(self, items: Sequence[Inline]) -> str:
        """Return the markup of inline elements."""
        table = self._inline
        if len(items) == 1:
            return table[type(items[0])](items[0])
        return "".join([table[type(item)](item) for item in items])

    def number(self, owner: object) -> str:
        """Return the attribute with the number of a block, or of a text, in its base; "" without one."""
        number = self.numbers.get(id(owner)) if self.numbers else None
        return f' data-block="{number}"' if number is not None else ""

    def block_attributes(self, block: Block, *classes: str) -> str:
        """Return class, language and direction of a block, where it has them."""
        names = " ".join(name for name in (*classes, self.dress(block.dress)) if name)
        attributes = f' class="{names}"' if names else ""
        if block.lang or block.direction:
            attributes += self.language_attributes(block.lang, block.direction)
        return attributes

    def paragraph_attributes(self, block: Paragraph) -> str:
        """Return the attributes of a paragraph: its role and alignment are classes."""
        if not (block.role or block.align or block.lang or block.direction or block.dress):
            return ""
        role = block.role if block.role in _ROLES else ""
        return self.block_attributes(block, role, _ALIGN.get(block.align, ""))

    def heading_level(self, block: Heading) -> int:
        """Return the level to write: headings of a piece nest without gaps, whatever the source's levels are."""
        while self.levels and self.levels[-1] >= block.level:
            self.levels.pop()
        self.levels.append(block.level)
        first = 1 if self.piece.is_first else 2
        return min(len(self.levels) + first - 1, 6)

    def picture(self, node: Figure | InlineImage, dress: str) -> str:
        """Return an image element, or the alternative text where the picture is missing."""
        asset = self.book.assets.get(node.asset)
        if asset is None or asset.media_type not in MEDIA_TYPES:
            return escape(alternative(node))
        worn = f' class="{name}"' if (name := self.dress(dress)) else ""
        return self.image(node, f'{worn} src="{self.asset_source(asset)}"')

    def image(self, node: Figure | InlineImage, attributes: str) -> str:
        """Return the element of a picture."""
        role = ' role="presentation"' if node.decorative else ""
        return f'<img{attributes} alt="{attribute(alternative(node))}"{role}/>'

    # ------------------------------------------------------------ inline elements

    def _wrap(self, tag: str, children: Sequence[Inline], attributes: str = "") -> str:
        inside = self.inlines(children)
        return f"<{tag}{attributes}>{inside}</{tag}>" if inside else ""

    def _emphasis(self, node: Emphasis) -> str:
        """Return emphasis; words that are italic because they are in another language are not stressed (HTML's `i`)."""
        if len(node.children) == 1 and isinstance(foreign := node.children[0], Language) and foreign.lang:
            return self._foreign(foreign, foreign.children)
        return self._wrap("em", node.children)

    def _foreign(self, node: Language, children: Sequence[Inline]) -> str:
        worn = f' class="{name}"' if (name := self.dress(node.dress)) else ""
        return self._wrap("i", children, worn + self.language_attributes(node.lang, node.direction))

    def _language(self, node: Language) -> str:
        if len(node.children) == 1 and isinstance(stressed := node.children[0], Emphasis) and node.lang:
            return self._foreign(node, stressed.children)
        worn = f' class="{name}"' if (name := self.dress(node.dress)) else ""
        attributes = worn + self.language_attributes(node.lang, node.direction)
        return self._wrap("span", node.children, attributes) if attributes else self.inlines(node.children)

    def _link(self, node: Link) -> str:
        """Return a link, split around the note references in it: an `a` element may not contain another."""
        address = "" if self._in_link else self._address(node.href)
        if not address:
            return self.inlines(node.children)
        parts: list[str] = []
        run: list[Inline] = []
        for child in [*node.children, None]:
            if child is not None and not isinstance(child, NoteRef):
                run.append(child)
                continue
            parts.append(self._linked(address, run))
            run = []
            if child is not None:
                parts.append(self.note_ref(child))
        return "".join(parts)

    def _linked(self, address: str, children: list[Inline]) -> str:
        self._in_link = True
        try:
            return self._wrap("a", children, f' href="{address}"')
        finally:
            self._in_link = False

    def _address(self, href: str) -> str:
        if href.startswith("#"):
            place = self.survey.places.get(href[1:])
            return attribute(self.place_address(place)) if place is not None else ""
        return attribute(external_url(href))

    def _inline_image(self, node: InlineImage) -> str:
        return self.picture(node, node.dress)

    def ruby(self, node: Ruby) -> str:
        """Return text with its ruby annotations."""
        pairs = "".join(
            f"{escape(base)}<rp>(</rp><rt>{escape(reading)}</rt><rp>)</rp>" if reading else f"{escape(base)}<rt></rt>"
            for base, reading in node.pairs
        )
        return f"<ruby>{pairs}</ruby>" if pairs else ""

    def _anchor(self, node: Anchor) -> str:
        place = self.survey.places.get(node.id)
        if place is None or place.piece != self.piece_index or not place.fragment or place.fragment in self.written:
            return ""
        self.written.add(place.fragment)
        return f'<span id="{place.fragment}"></span>'

    @property
    def is_in_link(self) -> bool:
        """Whether the content of a link is being written."""
        return self._in_link
