"""The walk over an RTF: token by token, with the formatting of each group, into stories of paragraphs."""

from __future__ import annotations

import re
import traceback
from collections.abc import Callable

from ...book import clean
from ...book.model import Inline, LineBreak
from ...errors import ConversionError
from ...findings.model import Severity
from ...gate import controls
from ..assembly import symbol_fonts
from ..assembly.fields import Fields
from ..assembly.paragraphs import FrontMatter
from ..assembly.spans import PLAIN, SUB, SUP, UNDERLINE, Look
from ..assembly.style_names import Kind
from . import charsets
from .document import Document
from .formats import CHARACTER, PARAGRAPH
from .header import DEFAULT_SIZE, Font
from .state import ParagraphFormat, State
from .story import Story
from .tables import RowDefinition
from .tokens import (
    BRACE,
    HEX,
    SYMBOL,
    TEXT,
    TOKEN,
    WORD,
    Group,
    end_of_binary,
    end_of_group,
    group_at,
    number_of,
)
from .words import ENTERED, PASSED_OVER

MAX_DEPTH = 500  # of groups with formatting of their own
_RAISED_HALF_POINTS = 4
_DEFAULT_FONT = Font()


class Walk:
    """Reads one RTF from beginning to end."""

    def __init__(self, document: Document, front: FrontMatter) -> None:
        self._document = document
        self._data = document.data
        self._state = State()
        self._states: list[State] = []
        self._too_deep = 0
        self._flattened = 0  # groups open beyond the deepest that has formatting of its own
        self._default_font, self._default_lang = 0, ""
        self._has_begun = False
        self._start = self._end = 0  # of the token
        self._jump = -1
        self._is_first = self._is_marked = False  # right after an opening brace; after \\*
        self._skip = 0  # characters that stand in for the last \\u
        self._pending = b""  # bytes of a code page with several to a character
        self._surrogate = ""
        self._look: Look | None = None
        self._font, self._codec = _DEFAULT_FONT, document.header.codec
        self._in_nested_row = False
        self._fields = Fields(document.resolve, balanced=document.is_balanced)
        self.story = Story(document, front)
        self._handlers = self._characters() | self._breaks() | self._rows()
        self._destinations: dict[bytes, Callable[[], None]] = {}

    def read(self) -> None:
        """Walk to the end of the file, and close what is still open there."""
        self._jump = 0
        while self._jump >= 0:
            tokens, self._jump = TOKEN.finditer(self._data, self._jump), -1
            for match in tokens:
                try:
                    self._token(match)
                except (ConversionError, MemoryError, RecursionError):
                    raise
                except Exception:
                    traceback.print_exc()
                    self._document.draft.count("source.part-plain", Severity.PROBLEM)
                if self._jump >= 0:
                    break
        self._flush()
        self._finish()

    def _token(self, match: re.Match[bytes]) -> None:
        kind = match.lastindex
        if kind is None:
            return
        if kind in (TEXT, HEX):
            self._is_first = self._is_marked = False
            if kind == TEXT:
                self._bytes(match.group(), raw=True)
            else:
                self._bytes(bytes((int(match.group(HEX), 16),)), raw=False)
            return
        if self._pending:
            self._flush()
        self._end = match.end()
        if kind == BRACE:
            self._brace(match.group())
        elif kind == SYMBOL:
            self._symbol(match.group(SYMBOL))
        else:
            self._word(match.group(WORD), number_of(match))

    def _finish(self) -> None:
        """Close the groups that the file leaves open."""
        draft = self._document.draft
        if self._too_deep:
            draft.count("source.nesting-flattened", Severity.ADVICE, by=self._too_deep)
        if self._states:
            draft.count("source.cut-short", Severity.PROBLEM)
        while self._states:
            self._leave()
        self.story.finish(self._state.paragraph)

    # ------------------------------------------------------------ groups

    def _brace(self, brace: bytes) -> None:
        self._skip = 0
        if brace == b"{":
            if len(self._states) >= MAX_DEPTH:
                self._flattened += 1
                self._too_deep += 1
            else:
                self._states.append(self._state)
                self._state = self._state.copy()
            self._start = self._end
            self._is_first, self._is_marked = True, False
        else:
            self._leave()

    def _leave(self) -> None:
        """The innermost group ends."""
        self._is_first = self._is_marked = False
        if self._flattened:
            self._flattened -= 1
            return
        if not self._states:
            return
        if self._state.on_close is not None:
            self._state.on_close()
        font = self._state.font
        self._state = self._states.pop()
        self._look = None
        if font != self._state.font:
            self._settle_font()

    def _pass_over(self) -> None:
        """Go on behind the group that has just begun."""
        self._jump = end_of_group(self._data, self._end)
        self._leave()

    def _take(self) -> Group:
        """The whole group that has just begun, as a tree; the walk goes on behind it."""
        group, self._jump = group_at(self._data, self._start)
        self._leave()
        return group

    # ------------------------------------------------------------ words

    def _word(self, word: bytes, number: int | None) -> None:
        if self._is_first:
            is_marked, self._is_first, self._is_marked = self._is_marked, False, False
            destination = self._destinations.get(word)
            if destination is not None:
                destination()
                return
            if word in PASSED_OVER or (is_marked and word not in ENTERED):
                self._pass_over()
                return
        if word == b"u":
            self._unicode(number)
            return
        if self._skip:
            self._skip -= 1
            if word == b"bin":
                self._jump = end_of_binary(self._data, self._end, number)
            return
        change = CHARACTER.get(word)
        if change is not None:
            change(self._state, number)
            self._look = None
            return
        change_paragraph = PARAGRAPH.get(word)
        if change_paragraph is not None:
            change_paragraph(self._state.own_paragraph(), number)
            self._look = None
            return
        handler = self._handlers.get(word)
        if handler is not None:
            handler(number)

    def _symbol(self, sign: bytes) -> None:
        if sign == b"*":
            self._is_marked = self._is_first
            return
        self._is_first = self._is_marked = False
        if self._skip:
            self._skip -= 1
        elif sign in b"\r\n":
            self._paragraph(None)
        elif sign in charsets.SIGNS:
            self._put(charsets.SIGNS[sign])

    def _unicode(self, number: int | None) -> None:
        """One character; the next ones, which stand in for it, are skipped."""
        self._skip = self._state.fallback
        char = charsets.character(number)
        if "\ud800" <= char <= "\udbff":
            self._surrogate = char
            return
        if "\udc00" <= char <= "\udfff":
            char = charsets.joined(self._surrogate + char)
        self._surrogate = ""
        self._put(char)

    def _bytes(self, data: bytes, *, raw: bool) -> None:
        if self._skip:
            skipped = data[: self._skip]
            data = data[self._skip :]
            self._skip -= len(skipped)
            if not data:
                return
        if charsets.has_several_bytes(self._codec):
            self._pending += data
        else:
            self._put(charsets.decoded(data, self._codec, raw=raw))

    def _flush(self) -> None:
        pending, self._pending = self._pending, b""
        if pending:
            self._put(charsets.decoded(pending, self._codec, raw=False))

    def _put(self, text: str) -> None:
        """Words of the book, unless they are hidden, deleted, or a generated list."""
        state = self._state
        self._surrogate = ""
        text = controls.without(text)
        if not text:
            return
        if state.is_deleted:
            self._tracked_change()
            return
        if state.is_hidden:
            self._document.draft.count("source.hidden-text-dropped", Severity.ADVICE, text)
            return
        content = self.story.content
        if self._fields.silent:
            content.silenced = content.silenced or self._fields.in_contents
            return
        if self._font.symbols:
            text = symbol_fonts.translate(text, self._font.symbols)
        look = self._look
        if look is None:
            look = self._look = self._settle_look()
        content.spans.text(look, clean.text(text))
        if self.story.sink.wants_sizes:
            content.letters[state.size] += len(text)

    def _tracked_change(self) -> None:
        self._document.draft.count("source.tracked-changes-accepted", Severity.ADVICE)

    def _settle_look(self) -> Look:
        """The look of the words to come."""
        if not self._has_begun:
            self._begin()
        state = self._state
        header = self._document.header
        flags = state.flags | state.complex_flags if state.is_complex else state.flags
        style = header.paragraph_styles.get(state.paragraph.style)
        if style is not None and style.kind is not Kind.BODY:
            flags &= ~style.flags
        size = style.size if style is not None else DEFAULT_SIZE
        if abs(state.raised) >= _RAISED_HALF_POINTS and state.size < size and not flags & (SUB | SUP):
            flags |= SUP if state.raised > 0 else SUB
        href = self._fields.href
        if href:
            flags &= ~UNDERLINE
        lang = state.complex_lang if state.is_complex else state.lang
        return Look(flags & ~state.off, href, self._document.foreign(lang))

    # ------------------------------------------------------------ fonts and styles

    def _settle_font(self) -> None:
        self._font = self._document.header.fonts.get(self._state.font, _DEFAULT_FONT)
        self._codec = self._font.codec or self._document.header.codec

    def _characters(self) -> dict[bytes, Callable[[int | None], None]]:
        def shown(text: str) -> Callable[[int | None], None]:
            return lambda _: self._put(text)

        return {name: shown(text) for name, text in charsets.NAMED.items()} | {
            b"f": self._use_font,
            b"cs": self._character_style,
            b"plain": self._plain,
            b"pard": self._reset_paragraph,
            b"deff": self._declare_font,
            b"deflang": self._declare_language,
            b"bin": self._binary,
            b"revised": lambda number: self._tracked_change() if number != 0 else None,
            b"line": lambda _: self._line(),
            b"lbr": lambda _: self._line(),
        }

    def _use_font(self, number: int | None) -> None:
        self._state.font = number or 0
        self._settle_font()

    def _character_style(self, number: int | None) -> None:
        style = self._document.header.character_styles.get(number or 0)
        if style is not None:
            self._state.flags |= style.flags
            self._state.off = style.off
            self._look = None

    def _plain(self, _: int | None) -> None:
        self._state.plain(self._default_font, self._default_lang)
        self._look = None
        self._settle_font()

    def _reset_paragraph(self, _: int | None) -> None:
        if not self._has_begun:
            self._begin()
        self._state.paragraph = ParagraphFormat()
        self._state.owns_paragraph = True
        self._look = None

    def _declare_font(self, number: int | None) -> None:
        self._default_font = self._state.font = number or 0
        self._settle_font()

    def _declare_language(self, number: int | None) -> None:
        self._default_lang = self._state.lang = charsets.language(number)

    def _binary(self, number: int | None) -> None:
        self._jump = end_of_binary(self._data, self._end, number)

    def _begin(self) -> None:
        """The declarations are over: the language can be settled."""
        self._has_begun = True
        self._document.settle_language(self._default_lang)

    # ------------------------------------------------------------ paragraphs and pages

    def _breaks(self) -> dict[bytes, Callable[[int | None], None]]:
        return {
            b"par": self._paragraph,
            b"sect": lambda _: self.story.end_section(self._state.paragraph),
            b"page": lambda _: self._page(),
            b"column": lambda _: self._page(),
        }

    def _paragraph(self, _: int | None) -> None:
        content = self.story.content
        content.silenced = content.silenced or self._fields.in_contents
        content.is_deleted_mark = self._state.is_deleted
        self.story.end_paragraph(self._state.paragraph)

    def _page(self) -> None:
        content = self.story.content
        content.page_break = True
        if content.spans.has_text:
            self._put(" ")

    def _line(self) -> None:
        if self._is_shown:
            self._add(LineBreak(), self._look or self._settle_look())

    @property
    def _is_shown(self) -> bool:
        """Whether words at this place are words of the book."""
        return not (self._state.is_deleted or self._state.is_hidden or self._fields.silent)

    def _add(self, node: Inline, look: Look = PLAIN) -> None:
        """Append what is not words."""
        self.story.content.spans.add(look, node)

    # ------------------------------------------------------------ tables

    def _rows(self) -> dict[bytes, Callable[[int | None], None]]:
        def merge(word: bytes) -> Callable[[int | None], None]:
            return lambda _: self._row.merge(word)

        return {word: merge(word) for word in (b"clmgf", b"clmrg", b"clvmgf", b"clvmrg")} | {
            b"trowd": lambda _: self._begin_row(),
            b"trleft": self._row_left,
            b"trhdr": self._row_header,
            b"cellx": lambda number: self._row.close_cell(number or 0),
            b"cell": lambda _: self._cell(1),
            b"row": lambda _: self._end_row(1),
            b"nestcell": lambda _: self._cell(max(2, self._state.paragraph.depth)),
            b"nestrow": lambda _: self._end_row(max(2, min(self._state.paragraph.depth, self.story.tables.depth))),
        }

    @property
    def _row(self) -> RowDefinition:
        """The row that is being defined."""
        tables = self.story.tables
        return tables.nested if self._in_nested_row else tables.outer

    def _begin_row(self) -> None:
        if self._in_nested_row:
            self.story.tables.nested = RowDefinition()
        else:
            self.story.tables.outer = RowDefinition()

    def _row_left(self, number: int | None) -> None:
        self._row.left = number or 0

    def _row_header(self, number: int | None) -> None:
        self._row.is_header = number != 0

    def _cell(self, depth: int) -> None:
        self.story.end_cell(self._state.paragraph, depth)

    def _end_row(self, depth: int) -> None:
        self.story.end_section(self._state.paragraph.at_depth(depth))
        self.story.tables.end_row(depth)
