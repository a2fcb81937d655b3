"""Blocks of the book to shaped text: the same looks as the style sheets give, as values.

Containers (quotations, lists, verse) only move margins and add elements to the tree; in the end there are paragraphs,
one after the other. Space between two of them is the larger of what each asks for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ...book.inlines import alternative, is_blank
from ...book.model import (
    Align,
    AnyBlock,
    Asset,
    Block,
    DefinitionList,
    Figure,
    Heading,
    Inline,
    ListBlock,
    Paragraph,
    Quotation,
    SceneBreak,
    SmallCaps,
    Text,
    Verse,
)
from ...book.walk import plain
from ...markup.survey import Piece
from ...markup.text import language_tag
from ...typography.designs import Case, Design, Opening, Position
from ..initials import Lead, lead_of, opening_paragraph
from .errors import Unsettable
from .pictures import picture_of
from .shaped_text import Initialled, Node, Para, Segment, ShapedText, Side, Style
from .threads import Threader
from .words import Look

_SIDES = {Align.CENTER: Side.CENTER, Align.END: Side.END}
_LIST_EM = 1.6
_SCENE_SPACE = 0.9  # more space between the stars of a scene break
_INTERRUPTING = frozenset({"caption", "attribution", "epigraph"})


@dataclass(frozen=True, slots=True)
class Setting:
    """What a container hands down: margins and size in em of running text, the element to hang children in."""

    node: int = -1
    lang: str = ""
    left: float = 0.0
    right: float = 0.0
    size: float = 1.0
    side: Side = Side.TEXT
    is_italic: bool = False
    is_bold: bool = False
    depth: int = 0  # of lists
    is_in_note: bool = False


class Blocks:
    """Sets the blocks of one piece, or of a note, into shaped text."""

    def __init__(
        self,
        threader: Threader,
        design: Design,
        piece: Piece,
        pictures: Mapping[str, Asset],
        *,
        weight: int,
        has_flourishes: bool,
    ) -> None:
        self._pictures = pictures
        self._threader = threader
        self._design = design
        self._piece = piece
        self._weight = weight
        has_opening = has_flourishes and piece.is_first and design.opening is not Opening.PLAIN
        self._opening = opening_paragraph(piece.chapter) if has_opening else None
        self._levels: list[int] = []
        self._shaped: ShapedText
        self._above = 0.0
        self._is_after_paragraph = False
        self._kinds: dict[type, Callable[[Any, Setting], None]] = {
            Paragraph: self._paragraph,
            Heading: self._heading,
            SceneBreak: self._scene_break,
            Verse: self._verse,
            Quotation: self._quotation,
            ListBlock: self._list,
            DefinitionList: self._definitions,
            Figure: self._figure,
        }

    def shaped(self, blocks: Sequence[AnyBlock], lang: str, *, is_note: bool = False) -> ShapedText:
        """Set blocks. Raises Unsettable for what this engine does not set."""
        self._shaped = ShapedText(lang=lang)
        self._above = 0.0
        self._is_after_paragraph = False
        self._all(blocks, Setting(lang=lang, is_in_note=is_note, side=Side.START if is_note else Side.TEXT))
        return self._shaped

    def _all(self, blocks: Iterable[AnyBlock], setting: Setting) -> None:
        for block in blocks:
            kind = self._kinds.get(type(block))
            if kind is None or block.direction == "rtl":
                raise Unsettable(type(block).__name__)
            kind(block, self._in_language(block, setting))

    @staticmethod
    def _in_language(block: Block, setting: Setting) -> Setting:
        tag = language_tag(block.lang) if block.lang else ""
        return replace(setting, lang=tag) if tag else setting

    # ------------------------------------------------------------ the tree and the shaped text

    def _node(self, tag: str, setting: Setting) -> int:
        parent_lang = self._lang_of(setting.node)
        self._shaped.nodes.append(Node(tag, setting.node, setting.lang if setting.lang != parent_lang else ""))
        return len(self._shaped.nodes) - 1

    def _lang_of(self, node: int) -> str:
        nodes = self._shaped.nodes
        while node >= 0:
            if nodes[node].lang:
                return nodes[node].lang
            node = nodes[node].parent
        return self._shaped.lang

    def _add(self, para: Para) -> None:
        """Put a paragraph at the end; the space asked for so far is above it."""
        style = para.style
        above = max(style.above, self._above)
        if above != style.above:
            para.style = replace(style, above=above)
        if para.initial is not None:
            para.initial.para.style = para.style
        self._above = style.below
        self._shaped.paras.append(para)

    def _space(self, lines: float) -> None:
        self._above = max(self._above, lines)

    def _look(self, setting: Setting) -> Look:
        weight = 700 if setting.is_bold else self._weight
        return Look(self._design.text, weight, setting.is_italic)

    # ------------------------------------------------------------ paragraphs

    def _paragraph(self, block: Paragraph, setting: Setting) -> None:
        if not block.inlines or _is_nothing(block):
            return
        is_after_title = bool(self._shaped.paras) and self._shaped.paras[-1].is_title
        style, look = self._paragraph_style(block, setting)
        para = Para(style, self._node("P", setting), [], setting.lang)
        lead = lead_of(block, self._design.opening_words) if block is self._opening else None
        if lead is not None:
            self._open(para, block, lead, look)
        else:
            self._threader.fill(para, block.inlines, look)
        if any(segment.words for segment in para.segments):
            self._add(para)
        else:
            self._keep_anchors(para)
        if is_after_title and block.align is Align.CENTER:
            self._space(1.0)
        self._is_after_paragraph = block.role not in _INTERRUPTING and block.align is not Align.CENTER

    def _keep_anchors(self, para: Para) -> None:
        """A paragraph that shows nothing leaves its anchors to the one before."""
        if self._shaped.paras:
            before = self._shaped.paras[-1]
            last = len(before.segments) - 1
            before.anchors += [(name, last, 0) for name, _, _ in para.anchors]

    def _paragraph_style(self, block: Paragraph, setting: Setting) -> tuple[Style, Look]:
        design = self._design
        look = self._look(setting)
        role = self._piece.chapter.role
        style = Style(setting.size, side=setting.side, left=setting.left, right=setting.right)
        if block.role == "dedication" or (role == "dedication" and not setting.is_in_note):
            return replace(style, side=Side.CENTER), replace(look, is_italic=True)
        if block.role in ("epigraph", "attribution"):
            style = replace(style, size=design.quote_size)
            look = replace(look, is_italic=design.quote_is_italic and block.role == "epigraph")
        if block.role in _ROLES:
            return _ROLES[block.role](style), look
        if block.align is not Align.AUTO:
            return replace(style, side=_SIDES[block.align]), look
        if role == "titlepage" and not setting.is_in_note:
            return replace(style, side=Side.CENTER), look
        if role == "copyright-page" and not setting.is_in_note:
            above = 0.5 if self._is_after_paragraph else 0.0
            return replace(style, size=0.85, leading_em=1.15, side=Side.START, above=above, is_hyphenated=False), look
        if self._is_after_paragraph:
            style = replace(style, indent=design.indent_em, above=design.gap_lines)
        return style, look

    def _open(self, para: Para, block: Paragraph, lead: Lead, look: Look) -> None:
        """The first paragraph of a chapter: its first words in capitals, perhaps after a large initial."""
        start = f"{lead.marks}{lead.letter}{lead.words}"
        self._threader.fill(para, [*lead.before, SmallCaps([Text(start)]), *lead.rest], look)
        if self._design.opening is Opening.DROP_CAP:
            beside = Para(para.style, para.node, [], para.lang)
            opening: list[Inline] = [SmallCaps([Text(lead.words)])] if lead.words else []
            self._threader.fill(beside, [*opening, *lead.rest], look)
            beside.anchors = para.anchors
            para.initial = Initialled(lead.letter, lead.marks, len(plain([block])), beside)

    # ------------------------------------------------------------ headings

    def _heading(self, block: Heading, setting: Setting) -> None:
        if is_blank(block.inlines):
            self._paragraph(Paragraph(block.inlines), setting)
            self._is_after_paragraph = False
            return
        level = self._level(block)
        style, look = self._title(setting) if level == 1 else self._subhead(level, setting)
        para = Para(style, self._node(f"H{level}", setting), [], setting.lang, is_title=level == 1)
        self._threader.fill(para, block.inlines, look)
        if level == 1 and self._design.has_rule:
            para.rule = (self._design.rule_em, self._design.rule_pt)
        if level == 1 and self._design.heading_ornament:
            para.ornament = self._design.heading_ornament
        self._add(para)
        self._is_after_paragraph = False

    def _level(self, block: Heading) -> int:
        while self._levels and self._levels[-1] >= block.level:
            self._levels.pop()
        self._levels.append(block.level)
        return min(len(self._levels) + (0 if self._piece.is_first else 1), 6)

    def _title(self, setting: Setting) -> tuple[Style, Look]:
        design = self._design
        look = Look(
            design.heading,
            design.heading_weight,
            design.heading_is_italic,
            spacing=design.heading_spacing_em,
            is_upper=design.heading_case is Case.CAPITALS,
        )
        style = Style(
            design.heading_size,
            leading=design.heading_line,
            side=Side.CENTER if design.heading_position is Position.CENTER else Side.START,
            left=setting.left,
            right=setting.right,
            above=0.0 if not self._shaped.paras else 1.0,
            below=design.heading_below_lines,
            is_hyphenated=False,
            is_kept=True,
            is_whole=True,
        )
        return style, look

    def _subhead(self, level: int, setting: Setting) -> tuple[Style, Look]:
        head = self._design.subhead(level)
        look = Look(
            self._design.heading,
            head.weight,
            head.is_italic,
            spacing=head.spacing_em,
            is_upper=head.case is Case.CAPITALS,
        )
        style = Style(
            head.size,
            head.line,
            side=Side.START,
            left=setting.left,
            right=setting.right,
            above=head.above_lines,
            below=head.below_lines,
            top=-(head.line + head.below_lines) % 1,
            is_hyphenated=False,
            is_kept=True,
            is_whole=True,
        )
        return style, look

    def _scene_break(self, block: SceneBreak, setting: Setting) -> None:
        design = self._design
        lines = design.scene_lines
        style = Style(side=Side.CENTER, above=lines, below=lines, is_kept=True, is_hyphenated=False)
        para = Para(style, self._node("P", setting), [], setting.lang)
        if design.scene_ornament:
            para.ornament = design.scene_ornament
            para.segments.append(Segment())
        else:
            segment = self._threader.plain(design.scene_break, self._look(replace(setting, is_italic=False)))
            segment.gaps = [gap + _SCENE_SPACE if gap else 0.0 for gap in segment.gaps]
            para.segments.append(segment)
        self._add(para)
        self._is_after_paragraph = False

    def _figure(self, block: Figure, setting: Setting) -> None:
        picture = picture_of(self._pictures.get(block.asset), alternative(block), is_decorative=block.decorative)
        setting = replace(setting, node=self._node("Div", setting))
        style = Style(
            side=Side.CENTER, left=setting.left, right=setting.right, above=1.0, below=0.4, is_kept=bool(block.caption)
        )
        node = setting.node if block.decorative else self._node("Figure", setting)
        self._add(Para(style, node, [], setting.lang, picture=picture))
        if block.caption:
            style = _ROLES["caption"](Style(left=setting.left, right=setting.right, is_whole=True))
            para = Para(style, self._node("Caption", setting), [], setting.lang)
            self._threader.fill(para, block.caption, self._look(setting))
            self._add(para)
        self._space(1.0)
        self._is_after_paragraph = False

    # ------------------------------------------------------------ containers

    def _quotation(self, block: Quotation, setting: Setting) -> None:
        design = self._design
        is_nested = setting.size != 1.0 or setting.depth > 0
        space, em = (0.5, 1.2) if is_nested else (1.0, design.quote_em)
        inner = replace(
            setting,
            node=self._node("BlockQuote", setting),
            left=setting.left + em,
            right=setting.right + em,
            size=setting.size if is_nested or setting.is_in_note else design.quote_size,
            is_italic=setting.is_italic or design.quote_is_italic,
        )
        self._contain(block.blocks, inner, space)

    def _contain(self, blocks: Sequence[AnyBlock], setting: Setting, space: float) -> None:
        self._space(space)
        self._is_after_paragraph = False
        self._all(blocks, setting)
        self._space(space)
        self._is_after_paragraph = False

    def _verse(self, block: Verse, setting: Setting) -> None:
        inner = replace(
            setting, node=self._node("Div", setting), left=setting.left + self._design.verse_em, side=Side.START
        )
        is_first = not (self._shaped.paras and self._is_verse(self._shaped.paras[-1]))
        self._space(1.0 if is_first or not setting.is_in_note else 0.5)
        for stanza in block.stanzas:
            style = Style(
                setting.size, side=Side.START, left=inner.left, right=inner.right, above=1.0, is_hyphenated=False
            )
            if not any(segment for segment in stanza):
                continue
            para = Para(style, self._node("P", inner), [], setting.lang)
            self._threader.fill_verse(para, stanza, self._look(setting))
            if any(segment.words for segment in para.segments):
                self._add(para)
        self._space(1.0)
        self._is_after_paragraph = False

    @staticmethod
    def _is_verse(para: Para) -> bool:
        return bool(para.segments and para.segments[0].hang)

    def _list(self, block: ListBlock, setting: Setting) -> None:
        if not block.items:
            return
        space = 0.0 if setting.depth else 0.5
        node = self._node("L", setting)
        self._space(space)
        for index, item in enumerate(block.items):
            if item.checked is not None:
                raise Unsettable("a list of tasks")
            inner = replace(setting, node=node)
            outer = replace(inner, node=self._node("LI", inner))
            label_node = self._node("Lbl", outer)
            body = replace(
                outer,
                node=self._node("LBody", outer),
                left=setting.left + _LIST_EM,
                side=Side.START,
                depth=setting.depth + 1,
            )
            self._is_after_paragraph = False
            before = len(self._shaped.paras)
            self._all(item.blocks, body)
            if len(self._shaped.paras) > before:
                first = self._shaped.paras[before]
                label = _label(block, index, setting.depth)
                first.label = self._threader.plain(label, self._look(setting))
                first.label_node = label_node
        self._space(space)
        self._is_after_paragraph = False

    def _definitions(self, block: DefinitionList, setting: Setting) -> None:
        node = self._node("L", setting)
        self._space(0.5)
        for item in block.items:
            inner = replace(setting, node=node)
            outer = replace(inner, node=self._node("LI", inner))
            if item.term:
                style = Style(
                    setting.size, side=Side.START, left=setting.left, right=setting.right,
                    is_hyphenated=False, is_kept=True,
                )  # fmt: skip
                para = Para(style, self._node("Lbl", outer), [], setting.lang)
                self._threader.fill(para, item.term, self._look(replace(setting, is_bold=True)))
                self._add(para)
            body = replace(outer, node=self._node("LBody", outer), left=setting.left + _LIST_EM)
            self._is_after_paragraph = False
            self._all(item.blocks, body)
            self._space(0.5)
        self._is_after_paragraph = False


def _is_nothing(block: Paragraph) -> bool:
    return len(block.inlines) == 1 and isinstance(block.inlines[0], Text) and not block.inlines[0].text.strip(" \n\t")


_ROLES: dict[str, Callable[[Style], Style]] = {
    "epigraph": lambda style: replace(
        style, side=Side.START, left=style.left + 2.2, right=style.right + 2.2,
        is_hyphenated=False, is_kept=True,
    ),
    "attribution": lambda style: replace(
        style, side=Side.END, left=style.left + 2.2, right=style.right + 2.2, above=0.25,
        below=1.75, is_bound=True,
    ),
    "signature": lambda style: replace(style, side=Side.END, right=style.right + 1.3, above=0.5, is_bound=True),
    "caption": lambda style: replace(style, size=0.84, leading_em=1.09, side=Side.CENTER, is_hyphenated=False),
}  # fmt: skip


def _label(block: ListBlock, index: int, depth: int) -> str:
    if not block.ordered:
        return "•" if not depth % 2 else "–"
    number = block.start + index
    if block.style.endswith("roman"):
        text = _roman(number)
    elif block.style.endswith("alpha"):
        text = _alphabetic(number)
    else:
        return f"{number}."
    return f"{text.upper() if block.style.startswith('upper') else text}."


def _alphabetic(number: int) -> str:
    text = ""
    while number > 0:
        number, rest = divmod(number - 1, 26)
        text = chr(97 + rest) + text
    return text or "0"


def _roman(number: int) -> str:
    if not 0 < number < 4000:
        return str(number)
    figures = ((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"),
               (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))  # fmt: skip
    text = ""
    for value, letters in figures:
        count, number = divmod(number, value)
        text += letters * count
    return text
