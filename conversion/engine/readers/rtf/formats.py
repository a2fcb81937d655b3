"""Control words that change the formatting in force: what each does to the state, or to the paragraph's format."""

from __future__ import annotations

from collections.abc import Callable

from ...book.model import Align
from ..assembly.spans import SUB, SUP, UNDERLINE
from . import charsets
from .header import DEFAULT_SIZE, TOGGLES
from .state import ParagraphFormat, State

type Change = Callable[[State, int | None], None]
type ParagraphChange = Callable[[ParagraphFormat, int | None], None]

_COMPLEX = {b"ab": b"b", b"ai": b"i", b"aul": b"ul", b"ascaps": b"scaps", b"astrike": b"strike"}
_ALIGNMENTS = {b"ql": Align.AUTO, b"qj": Align.AUTO, b"qd": Align.AUTO, b"qc": Align.CENTER, b"qr": Align.END}


def _toggle(flag: int) -> Change:
    def change(state: State, number: int | None) -> None:
        state.flags = state.flags & ~flag if number == 0 else state.flags | flag

    return change


def _complex_toggle(flag: int) -> Change:
    def change(state: State, number: int | None) -> None:
        state.complex_flags = state.complex_flags & ~flag if number == 0 else state.complex_flags | flag

    return change


def _no_underline(state: State, _: int | None) -> None:
    state.flags &= ~UNDERLINE


def _superscript(state: State, number: int | None) -> None:
    state.flags = state.flags & ~(SUB | SUP) | (0 if number == 0 else SUP)


def _subscript(state: State, number: int | None) -> None:
    state.flags = state.flags & ~(SUB | SUP) | (0 if number == 0 else SUB)


def _on_the_line(state: State, _: int | None) -> None:
    state.flags &= ~(SUB | SUP)
    state.raised = 0


def _raise(state: State, number: int | None) -> None:
    state.raised = 6 if number is None else number


def _lower(state: State, number: int | None) -> None:
    state.raised = -(6 if number is None else number)


def _size(state: State, number: int | None) -> None:
    state.size = DEFAULT_SIZE if number is None else number


def _hide(state: State, number: int | None) -> None:
    state.is_hidden = number != 0


def _delete(state: State, number: int | None) -> None:
    state.is_deleted = number != 0


def _left_to_right(state: State, _: int | None) -> None:
    state.is_complex = False


def _right_to_left(state: State, _: int | None) -> None:
    state.is_complex = True


def _language(state: State, number: int | None) -> None:
    state.lang = charsets.language(number)


def _complex_language(state: State, number: int | None) -> None:
    state.complex_lang = charsets.language(number)


def _fallback(state: State, number: int | None) -> None:
    state.fallback = max(0, min(1 if number is None else number, 100))


CHARACTER: dict[bytes, Change] = {
    **{name: _toggle(flag) for name, flag in TOGGLES.items()},
    **{name: _complex_toggle(TOGGLES[plain]) for name, plain in _COMPLEX.items()},
    b"ulnone": _no_underline,
    b"super": _superscript,
    b"sub": _subscript,
    b"nosupersub": _on_the_line,
    b"up": _raise,
    b"dn": _lower,
    b"fs": _size,
    b"v": _hide,
    b"webhidden": _hide,
    b"deleted": _delete,
    b"mvf": _delete,
    b"ltrch": _left_to_right,
    b"rtlch": _right_to_left,
    b"lang": _language,
    b"alang": _complex_language,
    b"uc": _fallback,
}


def _style(form: ParagraphFormat, number: int | None) -> None:
    form.style = number or 0


def _align(name: bytes) -> ParagraphChange:
    def change(form: ParagraphFormat, _: int | None) -> None:
        form.align = _ALIGNMENTS[name]
        form.is_left = name == b"ql"

    return change


def _reads_right_to_left(form: ParagraphFormat, _: int | None) -> None:
    form.direction = "rtl"


def _reads_left_to_right(form: ParagraphFormat, _: int | None) -> None:
    form.direction = ""


def _indent(form: ParagraphFormat, number: int | None) -> None:
    form.indent = max(-9999, min(number or 0, 9999))


def _first_line(form: ParagraphFormat, number: int | None) -> None:
    form.first_line = max(-9999, min(number or 0, 9999))


def _list(form: ParagraphFormat, number: int | None) -> None:
    form.list_id = str(number) if number else ""


def _list_level(form: ParagraphFormat, number: int | None) -> None:
    form.list_level = max(0, min(number or 0, 8))


def _outline(form: ParagraphFormat, number: int | None) -> None:
    form.outline = -1 if number is None else number


def _in_table(form: ParagraphFormat, number: int | None) -> None:
    form.in_table = number != 0


def _table_depth(form: ParagraphFormat, number: int | None) -> None:
    form.table_depth = max(0, number or 0)


def _page_break_before(form: ParagraphFormat, number: int | None) -> None:
    form.page_break_before = number != 0


def _drop_cap(form: ParagraphFormat, number: int | None) -> None:
    form.is_drop_cap = bool(number)


PARAGRAPH: dict[bytes, ParagraphChange] = {
    **{name: _align(name) for name in _ALIGNMENTS},
    b"s": _style,
    b"rtlpar": _reads_right_to_left,
    b"ltrpar": _reads_left_to_right,
    b"li": _indent,
    b"fi": _first_line,
    b"ls": _list,
    b"ilvl": _list_level,
    b"outlinelevel": _outline,
    b"intbl": _in_table,
    b"itap": _table_depth,
    b"pagebb": _page_break_before,
    b"dropcapli": _drop_cap,
}
