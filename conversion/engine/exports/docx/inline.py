"""Running text as runs of WordprocessingML."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any

from ...book.inlines import alternative
from ...book.model import (
    Anchor,
    Asset,
    Book,
    CodeSpan,
    Emphasis,
    Figure,
    Inline,
    InlineImage,
    Language,
    LineBreak,
    Link,
    Math,
    NoteRef,
    Ruby,
    SmallCaps,
    Strike,
    Strong,
    Subscript,
    Superscript,
    Text,
    Underline,
)
from ...markup.links import external_url
from ...markup.survey import MEDIA_TYPES
from ...markup.text import attribute, escape, language_tag, one_line
from .formulas import formula
from .story import Story

_EMU_PER_PX = 9525
_MAX_EMU = 5_400_000  # the width of the text
_MAX_HEIGHT_EMU = 7_800_000
_DECORATIVE = (  # what Word writes for "Mark as decorative"
    '<a:extLst><a:ext uri="{C183D7F6-B498-43B3-948B-1728B52AA6E4}"><adec:decorative val="1" '
    'xmlns:adec="http://schemas.microsoft.com/office/drawing/2017/decorative"/></a:ext></a:extLst>'
)
_TAB = re.compile("(\t)")

_MARKS: dict[type, str] = {
    Emphasis: "<w:i/>",
    Strong: "<w:b/>",
    SmallCaps: "<w:smallCaps/>",
    Underline: '<w:u w:val="single"/>',
    Strike: "<w:strike/>",
    Subscript: '<w:vertAlign w:val="subscript"/>',
    Superscript: '<w:vertAlign w:val="superscript"/>',
}
# The order in which the schema wants the properties of a run.
_ORDER = ("<w:rStyle", "<w:b/", "<w:i/", "<w:smallCaps", "<w:strike", "<w:u ", "<w:vertAlign", "<w:rtl", "<w:lang")


@dataclass(frozen=True, slots=True)
class Look:
    """The properties of the text being written."""

    marks: tuple[str, ...] = ()

    def with_mark(self, mark: str) -> Look:
        return self if mark in self.marks else replace(self, marks=(*self.marks, mark))

    @property
    def properties(self) -> str:
        if not self.marks:
            return ""
        ordered = sorted(self.marks, key=lambda mark: next(n for n, one in enumerate(_ORDER) if mark.startswith(one)))
        return f"<w:rPr>{''.join(ordered)}</w:rPr>"


class DocxInlines:
    """Writes running text of one book. `story` is the part that is written now."""

    def __init__(self, book: Book, story: Story) -> None:
        self.book = book
        self.story = story
        self.pictures: dict[str, Asset] = {}
        self._ids = 0
        self._bookmarks: dict[str, str] = {}
        self.note_numbers: dict[str, dict[str, int]] = {"footnote": {}, "endnote": {}}
        self._handlers: dict[type, Callable[[Any, Look], str]] = {
            Text: lambda node, look: self._text(node.text, look),
            CodeSpan: lambda node, look: self._text(node.text, look.with_mark('<w:rStyle w:val="VerbatimChar"/>')),
            LineBreak: lambda node, look: f"<w:r>{look.properties}<w:br/></w:r>",
            Language: self._language,
            Link: self._link,
            NoteRef: self._note_ref,
            InlineImage: lambda node, look: self.picture(node),
            Ruby: self._ruby,
            Math: lambda node, look: formula(node.mathml, node.alt, is_display=node.display),
            Anchor: lambda node, look: self.bookmark(node.id),
        }

    def inlines(self, nodes: Iterable[Inline], look: Look = Look()) -> str:
        """Return the runs of nodes. Page marks of another print edition have none."""
        return "".join(self._inline(node, look) for node in nodes)

    def _inline(self, node: Inline, look: Look) -> str:
        if (mark := _MARKS.get(type(node))) is not None:
            return self.inlines(node.children, look.with_mark(mark))  # type: ignore[union-attr]
        handler = self._handlers.get(type(node))
        return handler(node, look) if handler is not None else ""

    def _text(self, text: str, look: Look) -> str:
        parts = "".join(
            "<w:tab/>" if part == "\t" else f'<w:t xml:space="preserve">{escape(part)}</w:t>'
            for part in _TAB.split(text.replace("\n", " "))
            if part
        )
        return f"<w:r>{look.properties}{parts}</w:r>" if parts else ""

    def _language(self, node: Language, look: Look) -> str:
        if tag := language_tag(node.lang):
            marks = tuple(mark for mark in look.marks if not mark.startswith("<w:lang"))
            look = Look((*marks, f'<w:lang w:val="{tag}" w:eastAsia="{tag}" w:bidi="{tag}"/>'))
        if node.direction == "rtl":
            look = look.with_mark("<w:rtl/>")
        inside = self.inlines(node.children, look)
        return f'<w:bdo w:val="{node.direction}">{inside}</w:bdo>' if node.direction in ("ltr", "rtl") else inside

    def _link(self, node: Link, look: Look) -> str:
        if node.href.startswith("#"):
            target = f'w:anchor="{self.bookmark_name(node.href[1:])}"'
        elif address := external_url(node.href):
            target = f'r:id="{self.story.relate("hyperlink", address, is_external=True)}"'
        else:
            return self.inlines(node.children, look)
        inside = self.inlines(node.children, look.with_mark('<w:rStyle w:val="Hyperlink"/>'))
        return f"<w:hyperlink {target}>{inside}</w:hyperlink>" if inside else ""

    def _note_ref(self, node: NoteRef, look: Look) -> str:
        note = self.book.notes.get(node.note_id)
        if note is None:
            return self._text(node.label, look.with_mark(_MARKS[Superscript])) if node.label.strip() else ""
        kind = note.kind if note.kind in self.note_numbers else "footnote"
        number = self.note_numbers[kind].setdefault(note.id, len(self.note_numbers[kind]) + 1)
        style = "FootnoteReference" if kind == "footnote" else "EndnoteReference"
        return f'<w:r><w:rPr><w:rStyle w:val="{style}"/></w:rPr><w:{kind}Reference w:id="{number}"/></w:r>'

    def _ruby(self, node: Ruby, look: Look) -> str:
        return "".join(
            f'<w:r><w:ruby><w:rubyPr><w:rubyAlign w:val="center"/><w:hps w:val="12"/><w:hpsRaise w:val="20"/>'
            f'<w:hpsBaseText w:val="24"/><w:lid w:val="ja-JP"/></w:rubyPr><w:rt>{self._text(above, Look())}</w:rt>'
            f"<w:rubyBase>{self._text(base, look)}</w:rubyBase></w:ruby></w:r>"
            if above
            else self._text(base, look)
            for base, above in node.pairs
        )

    # ------------------------------------------------------------ places and pictures

    def bookmark_name(self, target: str) -> str:
        """Return the name of a link target: Word takes 40 characters, none but letters, digits and underscores."""
        return self._bookmarks.setdefault(target, f"p{len(self._bookmarks) + 1}")

    def bookmark(self, target: str) -> str:
        """Return the mark of a link target."""
        self._ids += 1
        name = self.bookmark_name(target)
        return f'<w:bookmarkStart w:id="{self._ids}" w:name="{name}"/><w:bookmarkEnd w:id="{self._ids}"/>'

    def picture(self, node: Figure | InlineImage) -> str:
        """Return a picture in a run; its description where it is missing."""
        asset = self.book.assets.get(node.asset)
        if asset is None or asset.media_type not in MEDIA_TYPES:
            return self._text(alternative(node), Look())
        name = f"media/{node.asset[:20]}.{MEDIA_TYPES[asset.media_type]}"
        self.pictures[name] = asset
        relation = self.story.relate("image", name)
        width, height = max(asset.width, 1) * _EMU_PER_PX, max(asset.height, 1) * _EMU_PER_PX
        scale = min(1.0, _MAX_EMU / width, _MAX_HEIGHT_EMU / height)
        size = f'cx="{round(width * scale)}" cy="{round(height * scale)}"'
        self._ids += 1
        number, label = self._ids, attribute(one_line(alternative(node)))
        about = f'<wp:docPr id="{number}" name="Picture {number}" descr="{label}"'
        about += f">{_DECORATIVE}</wp:docPr>" if node.decorative else "/>"
        return (
            f'<w:r><w:drawing><wp:inline distT="0" distB="0" distL="0" distR="0"><wp:extent {size}/>'
            f"{about}"
            '<a:graphic><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:pic>'
            f'<pic:nvPicPr><pic:cNvPr id="{number}" name="Picture {number}" descr="{label}"/><pic:cNvPicPr/>'
            f'</pic:nvPicPr><pic:blipFill><a:blip r:embed="{relation}"/><a:stretch><a:fillRect/></a:stretch>'
            f'</pic:blipFill><pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext {size}/></a:xfrm>'
            '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr></pic:pic></a:graphicData></a:graphic>'
            "</wp:inline></w:drawing></w:r>"
        )
