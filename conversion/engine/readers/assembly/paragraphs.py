"""From one paragraph of a word processor to a block: title, heading, list item, verse, figure, prose ...

Shared by the readers of DOCX, ODT and RTF, which differ in their files but not in what a paragraph can be.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from ...book import clean
from ...book.inlines import WRAPPERS, anchors_of, count_breaks, has_formula, is_blank, plain_text, split_lines, trim
from ...book.model import (
    Align,
    Contributor,
    Definition,
    DefinitionList,
    Figure,
    Heading,
    Inline,
    InlineImage,
    Language,
    ListBlock,
    Metadata,
    Paragraph,
    SceneBreak,
    Strong,
    Text,
    Underline,
)
from ...findings.model import SourcePlace
from .sink import Sink, is_ornament
from .stanzas import verse_line
from .style_names import Kind

QUOTE_INDENT_TWIPS = 560  # about a centimetre
_ROLES = {Kind.CAPTION: "caption", Kind.DEDICATION: "dedication", Kind.EPIGRAPH: "epigraph"}
_BOXES = {"☐": False, "☑": True, "☒": True, "✓": True, "✔": True}
_AND = re.compile(r"\s*(?:;|,? and |,? und |,? et |,? y |&)\s*")
_FRONT_KINDS = (Kind.TITLE, Kind.SUBTITLE, Kind.AUTHOR)


@dataclass(slots=True)
class Item:
    """Membership of a list. `silent` items print nothing: they continue the item before."""

    level: int
    key: str
    template: ListBlock
    silent: bool = False


@dataclass(slots=True)
class Shape:
    """What styles and formatting say of a paragraph."""

    kind: Kind = Kind.BODY
    level: int = 0
    align: Align = Align.AUTO
    direction: str = ""
    indented: bool = False
    label: str = ""  # the printed number of a heading
    list_level: int = 0
    item: Item | None = None


@dataclass(slots=True)
class FrontMatter:
    """What title paragraphs at the very start gave."""

    titles: list[str] = field(default_factory=list)
    subtitles: list[str] = field(default_factory=list)
    authors: list[str] = field(default_factory=list)

    def apply(self, metadata: Metadata) -> None:
        """Put them into the book's details, where they come before what the file's properties say. A subtitle that is
        the author's name is the author: people set their name in Word's style of that name, because it looks so."""
        known = {clean.fold(one.name) for one in metadata.contributors}
        self.authors += [line for line in self.subtitles if clean.fold(line) in known]
        self.subtitles = [line for line in self.subtitles if clean.fold(line) not in known]
        if self.titles:
            metadata.title = " ".join(self.titles)
        metadata.title = clean.title(metadata.title)
        metadata.subtitle = clean.title(" ".join(self.subtitles))
        names = [name for line in self.authors for name in _AND.split(line) if name]
        if names:
            metadata.contributors = [Contributor(clean.title(name, 120)) for name in names[:40]]


class Paragraphs:
    """Puts paragraphs into sinks. `pending` anchors wait for the next one; only the body has a `front`."""

    def __init__(self, front: FrontMatter | None) -> None:
        self._front = front
        self.pending: list[Inline] = []

    def put(self, inlines: list[Inline], shape: Shape, place: SourcePlace, sink: Sink) -> None:
        """Append a paragraph that is not blank."""
        if shape.kind is Kind.CODE:
            lines = "\n".join(plain_text(line).rstrip() for line in split_lines(inlines))
            self.pending += anchors_of(inlines)
            sink.code(lines, place)
            return
        if shape.kind is Kind.VERSE:
            sink.verse([verse_line(line) for line in split_lines(inlines) if not is_blank(line)], place)
            return
        trim(inlines)
        if self._front is not None and not len(sink) and shape.kind in _FRONT_KINDS:
            self._title(inlines, shape.kind, self._front)
        elif shape.kind is Kind.HEADING or shape.kind is Kind.TITLE:
            self.heading(inlines, shape, place, sink)
        elif shape.kind is Kind.RULE or _is_ornament(inlines, shape):
            self._rule(inlines, place, sink)
        elif _is_pictures(inlines):
            self._figures(inlines, place, sink)
        else:
            self._text(inlines, shape, place, sink)

    def _title(self, inlines: list[Inline], kind: Kind, front: FrontMatter) -> None:
        self.pending += anchors_of(inlines)
        into = {Kind.TITLE: front.titles, Kind.SUBTITLE: front.subtitles, Kind.AUTHOR: front.authors}
        into[kind].append(clean.title(plain_text(inlines)))

    def heading(self, inlines: list[Inline], shape: Shape, place: SourcePlace, sink: Sink) -> None:
        """Append a heading; its automatic number becomes part of its words."""
        if len(inlines) == 1 and isinstance(inlines[0], Strong | Underline):
            inlines = inlines[0].children
        if shape.label:
            inlines.insert(0, Text(f"{shape.label} " if inlines else shape.label))
        sink.add(Heading(shape.level or 1, inlines, direction=shape.direction, place=place))

    def _rule(self, inlines: list[Inline], place: SourcePlace, sink: Sink) -> None:
        self.pending += anchors_of(inlines)
        if any(char.isalnum() for char in plain_text(inlines)):
            sink.add(Paragraph(inlines, align=Align.CENTER, place=place))
        else:
            sink.add(SceneBreak(place=place, sign=plain_text(inlines).strip()))

    def _figures(self, inlines: list[Inline], place: SourcePlace, sink: Sink) -> None:
        self.pending += anchors_of(inlines)
        for node in inlines:
            if isinstance(node, InlineImage):
                sink.add(Figure(node.asset, node.alt, decorative=node.decorative, place=place))

    def _text(self, inlines: list[Inline], shape: Shape, place: SourcePlace, sink: Sink) -> None:
        role = _ROLES.get(shape.kind, "")
        block = Paragraph(inlines, align=shape.align, role=role, direction=shape.direction, place=place)
        if len(inlines) == 1 and isinstance(inlines[0], Language):
            whole = inlines[0]
            block.inlines, block.lang = whole.children, whole.lang
            block.direction = whole.direction or block.direction
        item = shape.item
        if item is not None:
            if not (item.silent and sink.list_continue(item.level, block)):
                sink.list_item(item.level, item.key, item.template, block, take_checkbox(block.inlines))
        elif shape.kind is Kind.CONTINUE and sink.list_continue(shape.list_level, block):
            return
        elif shape.kind in (Kind.TERM, Kind.DEFINITION):
            _definition(block, shape.kind, sink)
        elif shape.kind is Kind.QUOTE or shape.indented:
            sink.quotation(block)
        else:
            sink.add(block)


def _is_ornament(inlines: list[Inline], shape: Shape) -> bool:
    first = inlines[0] if inlines else None
    if type(first) is Text and first.text[:1].isalnum():  # prose, as most paragraphs are
        return False
    return is_ornament(plain_text(inlines), centred=shape.align is Align.CENTER) and not has_formula(inlines)


def _is_pictures(inlines: list[Inline]) -> bool:
    """Pictures and nothing else to see."""
    if any(type(node) is Text and not is_blank([node]) for node in inlines[:1]):
        return False
    return all(isinstance(node, InlineImage) or is_blank([node]) for node in inlines) and not count_breaks(inlines)


def _definition(block: Paragraph, kind: Kind, sink: Sink) -> None:
    last = sink.blocks[-1] if sink.blocks else None
    if kind is Kind.TERM:
        if not isinstance(last, DefinitionList):
            last = DefinitionList([], place=block.place)
            sink.add(last)
        last.items.append(Definition(block.inlines, []))
    elif isinstance(last, DefinitionList):
        last.items[-1].blocks.append(block)
    else:
        sink.add(block)


def take_checkbox(inlines: list[Inline]) -> bool | None:
    """Whether the item of a task list is ticked; the drawn box is taken off."""
    first = inlines[0] if inlines else None
    while isinstance(first, WRAPPERS) and first.children:
        first = first.children[0]
    if not isinstance(first, Text) or first.text[:1] not in _BOXES:
        return None
    checked = _BOXES[first.text[0]]
    first.text = first.text[1:].lstrip()
    return checked
