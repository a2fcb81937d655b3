"""What stands in the text of an RTF without being text: tables of the header, notes, fields, pictures, boxes, lists."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from ...book import clean
from ...book.model import InlineImage, NoteRef, Ruby
from ...findings.model import Severity
from ..assembly import symbol_fonts
from ..assembly.fields import Fields
from ..assembly.paragraphs import FrontMatter
from ..assembly.spans import Look
from . import charsets
from .document import Document, bookmark_name
from .header import read_info
from .mathematics import read_math
from .pictures import Picture, Shape, read_picture, read_property
from .state import OldList, ParagraphFormat
from .story import Story
from .tokens import Group, end_of_group
from .walk import Walk
from .words import OLD_LIST_STYLES, RUNNING_HEADS

MAX_STORIES = 20  # notes in notes, boxes in boxes
_SYMBOL = re.compile(r"\s*SYMBOL\s+(0x[0-9a-f]{1,4}|\d{1,5})(?:.*\\f\s*\"?([^\"\\]{1,60}))?", re.IGNORECASE)
_RUBY = re.compile(r"\s*EQ\b.*\\o\s*\\ad\s*\(\s*\\s\s*\\up\s*\d+\s*\((.{0,200}?)\)\s*,(.{0,200})\)\s*", re.DOTALL)


@dataclass(slots=True)
class _OpenField:
    """A field. Where it has no result, its code may say what is shown."""

    pieces: int
    code: str = ""


class Reader(Walk):
    """The walk with everything that groups insert into the text."""

    def __init__(self, document: Document, front: FrontMatter) -> None:
        super().__init__(document, front)
        self._pictures = 0
        self._has_shape_picture = False
        self._has_running_heads = False
        self._is_displayed = False  # the formula
        self._shapes: list[Shape] = []
        self._open_fields: list[_OpenField] = []
        self._stories: list[tuple[Story, Fields, list[_OpenField]]] = []
        self._note_kinds: list[str] = []
        self._destinations = dict.fromkeys(RUNNING_HEADS, self._running_head) | {
            b"fonttbl": lambda: self._declare(document.header.read_fonts),
            b"stylesheet": lambda: document.header.read_styles(self._take()),
            b"listtable": lambda: document.header.read_list_table(self._take()),
            b"listoverridetable": lambda: document.header.read_list_overrides(self._take()),
            b"info": lambda: read_info(self._take(), document.header.codec, document.draft.metadata),
            b"footnote": self._note,
            b"annotation": self._comment,
            b"field": self._field,
            b"fldinst": self._field_code,
            b"fldrslt": self._field_result,
            b"bkmkstart": self._bookmark,
            b"listtext": self._label,
            b"pntext": self._label,
            b"pn": self._old_list,
            b"pict": self._picture,
            b"shppict": self._shape_picture,
            b"nonshppict": self._older_picture,
            b"shp": self._shape,
            b"sp": self._shape_property,
            b"shptxt": self._box,
            b"dptxbxtext": self._box,
            b"object": self._object,
            b"moMathPara": self._displayed_formula,
            b"moMath": self._formula,
            b"nesttableprops": self._nested_row,
            b"upr": self._twice,
        }
        self._handlers |= {edge: self._edge(edge) for edge in (b"shpleft", b"shptop", b"shpright", b"shpbottom")}
        self._handlers[b"ftnalt"] = lambda _: self._is_endnote()

    def _declare(self, read: Callable[[Group], None]) -> None:
        read(self._take())
        self._settle_font()

    def _running_head(self) -> None:
        if not self._has_running_heads:
            self._has_running_heads = True
            self._document.draft.count("source.running-heads-dropped", Severity.INFO)
        self._pass_over()

    def _comment(self) -> None:
        self._document.draft.count("source.comments-dropped", Severity.ADVICE)
        self._pass_over()

    def _twice(self) -> None:
        """`\\upr` says the same twice: the second time in Unicode, which is read."""
        first = self._data.find(b"{", self._end)
        if first >= 0:
            self._jump = end_of_group(self._data, first + 1)

    def _at_end(self, action: Callable[[], None]) -> None:
        self._state.on_close = action

    # ------------------------------------------------------------ stories in stories

    @property
    def _is_too_deep(self) -> bool:
        return bool(self._flattened) or len(self._stories) >= MAX_STORIES

    def _open_story(self, part: str) -> None:
        self._stories.append((self.story, self._fields, self._open_fields))
        self.story = Story(self._document, part=part)
        self._fields = Fields(self._document.resolve, balanced=self._document.is_balanced)
        self._open_fields = []
        self._state.plain(self._default_font, self._default_lang)
        self._state.paragraph, self._state.owns_paragraph = ParagraphFormat(), True
        self._look = None
        self._settle_font()

    def _close_story(self) -> Story:
        story = self.story
        story.finish(self._state.paragraph)
        self.story, self._fields, self._open_fields = self._stories.pop()
        return story

    def _note(self) -> None:
        if not self._is_shown:
            self._pass_over()
            return
        if self._is_too_deep:
            return
        note = self._document.draft.new_note("footnote")
        self._add(NoteRef(note.id), Look(lang=(self._look or self._settle_look()).lang))
        self._open_story("footnotes")
        self._note_kinds.append("footnote")

        def close() -> None:
            note.blocks = self._close_story().sink.finish()
            note.kind = self._note_kinds.pop()

        self._at_end(close)

    def _is_endnote(self) -> None:
        if self._note_kinds:
            self._note_kinds[-1] = "endnote"

    def _box(self) -> None:
        if self._is_too_deep:
            return
        for shape in self._shapes[-1:]:
            shape.has_text = True
        self._open_story(self.story.part)

        def close() -> None:
            story = self._close_story()
            content = self.story.content
            content.boxes_first = content.boxes_first and not content.spans.has_text
            content.boxes.append(story.sink)

        self._at_end(close)

    # ------------------------------------------------------------ fields and bookmarks

    def _field(self) -> None:
        if self._flattened:
            return
        self._fields.begin()
        self._open_fields.append(_OpenField(len(self.story.content.spans)))
        self._look = None
        self._at_end(self._end_field)

    def _field_code(self) -> None:
        code = charsets.text_of(self._take(), self._document.header.codec)
        self._fields.code(code)
        if self._open_fields:
            self._open_fields[-1].code = code

    def _field_result(self) -> None:
        self._fields.separate()
        self._look = None

    def _end_field(self) -> None:
        field = self._open_fields.pop()
        self._fields.end()
        self._look = None
        if len(self.story.content.spans) != field.pieces or not self._is_shown:
            return
        if match := _SYMBOL.match(field.code):
            number, font = int(match.group(1), 0), (match.group(2) or "").strip()
            self._put(symbol_fonts.shown(number, font) if symbol_fonts.is_symbol_font(font) else chr(number))
        elif match := _RUBY.fullmatch(field.code):
            self._add(Ruby([(clean.text(match.group(2)), clean.text(match.group(1)))]), self._settle_look())
            self.story.content.spans.has_text = True

    def _bookmark(self) -> None:
        anchor = self._document.bookmark(bookmark_name(self._take(), self._document.header.codec))
        if anchor is not None:
            self._add(anchor)

    # ------------------------------------------------------------ lists

    def _label(self) -> None:
        label = charsets.text_of(self._take(), self._codec)
        content = self.story.content
        content.label, content.has_label = clean.text(" ".join(label.split())), True

    def _old_list(self) -> None:
        words = self._take().words()
        style = next((OLD_LIST_STYLES[name] for name in words if name in OLD_LIST_STYLES), "")
        is_bullet = b"pnlvlblt" in words
        level = next((n - 1 for n in range(1, 10) if b"pnlvl" in words and words[b"pnlvl"] == n), 0)
        form = self._state.own_paragraph()
        if is_bullet or style:
            start = max(0, min(words.get(b"pnstart") or 1, 9999))
            form.old_list = OldList(not is_bullet, "" if is_bullet else style, start, level)

    # ------------------------------------------------------------ pictures, shapes, formulas

    def _picture(self) -> None:
        self._pictures += 1
        self._show(read_picture(self._take(), self._pictures, self._document.header.codec))

    def _show(self, picture: Picture) -> None:
        if not self._is_shown:
            return
        if picture.is_rule:
            self.story.content.rules += 1
        elif not picture.data:
            self._document.draft.tell("source.image-missing", Severity.PROBLEM, picture.alt, name=picture.name)
        elif asset := self._document.draft.picture(picture.data, picture.name):
            self._add(InlineImage(asset, picture.alt), Look(href=self._fields.href))

    def _shape_picture(self) -> None:
        self._has_shape_picture = True

    def _older_picture(self) -> None:
        """The same picture again, for older readers."""
        if self._has_shape_picture:
            self._pass_over()

    def _shape(self) -> None:
        if self._flattened:
            return
        self._shapes.append(Shape())
        self._at_end(self._end_shape)

    def _edge(self, name: bytes) -> Callable[[int | None], None]:
        def keep(number: int | None) -> None:
            for shape in self._shapes[-1:]:
                shape.edges[name] = number or 0

        return keep

    def _shape_property(self) -> None:
        group = self._take()
        if not self._shapes:
            return
        shape = self._shapes[-1]
        name, value = read_property(group, self._document.header.codec)
        if name == "wzDescription":
            shape.alt = clean.title(value, 1000)
        elif name == "fHorizRule":
            shape.is_rule = value == "1"
        elif name == "pib" and (picture := group.find(b"pict")) is not None:
            self._pictures += 1
            shape.pictures.append(read_picture(picture, self._pictures, self._document.header.codec))

    def _end_shape(self) -> None:
        shape = self._shapes.pop()
        if shape.is_rule or shape.is_flat:
            self.story.content.rules += 1
            return
        for picture in shape.pictures:
            picture.alt = picture.alt or shape.alt
            self._show(picture)

    def _object(self) -> None:
        """An embedded object is left out; its picture, if there is one, stands for it."""
        self._document.draft.count("source.embedded-dropped", Severity.PROBLEM)

    def _displayed_formula(self) -> None:
        if self._flattened:
            return
        self._is_displayed = True

        def close() -> None:
            self._is_displayed = False

        self._at_end(close)

    def _formula(self) -> None:
        group = self._take()
        if self._is_shown:
            formula = read_math(group, self._document.header.codec, display=self._is_displayed)
            self._add(formula, Look(href=self._fields.href))
            self.story.content.spans.has_text = True

    def _nested_row(self) -> None:
        if self._flattened:
            return
        self._in_nested_row = True

        def close() -> None:
            self._in_nested_row = False

        self._at_end(close)
