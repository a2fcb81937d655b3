"""A block's text in a plain text field, and back: for pages without scripts.

Marks such as emphasis stay on every word that stays. New words get the marks of the words they replace, or those that
the words on both sides have. A note mark, formula or picture is shown as its number in brackets, such as “⟦note 1⟧”,
and can be moved or removed. A line break is a line break; an empty line divides the block.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from publishing.editing.errors import TextInvalid

type PieceJson = str | list[Any]  # as in a chapter's document

_STAND_IN, _BREAK = "\ufffc", "\u2028"
_TOKEN = re.compile(r"⟦[^⟦⟧]*⟧|\s+|\w+|[^\w\s]")
_OBJECT = re.compile(r"⟦\w{1,20} (\d{1,4})⟧")
_EMPTY_LINES = re.compile(r"\n[ \t]*\n\s*")


@dataclass(frozen=True, slots=True)
class _Token:
    """A word, a blank, a sign or an object, with its marks."""

    text: str
    marks: tuple[tuple[str, ...], ...]
    key: str = ""

    @property
    def shown(self) -> str:
        return self.key or self.text


def to_plain(pieces: Iterable[PieceJson]) -> str:
    """Return the text as a plain text field shows it."""
    shown, count = [], 0
    for token in _tokens(pieces):
        if token.key:
            count += 1
            shown.append(f"⟦{token.key.partition(':')[0]} {count}⟧")
        else:
            shown.append(token.text)
    return "".join(shown).replace(_BREAK, "\n")


def from_plain(before: Sequence[PieceJson], text: str) -> list[list[PieceJson]]:
    """Return the blocks that a text makes of one: one, or more where it has empty lines. Raises TextInvalid."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n").replace(_STAND_IN, "").strip("\n")
    parts = [part.strip() for part in _EMPTY_LINES.split(plain) if part.strip()] or [""]
    old = list(_tokens(before))
    left = {str(number): token for number, token in enumerate((token for token in old if token.key), 1)}
    typed = [_typed(part.replace("\n", _BREAK), left) for part in parts]
    return [_pieces(part) for part in _divided(_with_marks(old, [one for part in typed for one in part]), typed)]


def code_from_plain(text: str) -> list[list[PieceJson]]:
    """Return a block of code: its empty lines and blanks are its own."""
    return [[text.replace("\r\n", "\n").replace("\r", "\n").replace(_STAND_IN, "")]]


def _tokens(pieces: Iterable[PieceJson]) -> Iterable[_Token]:
    for piece in pieces:
        text, marks, key = (piece, [], "") if isinstance(piece, str) else (*piece, "")[:3]
        read = tuple(tuple(mark) for mark in marks)
        if key:
            yield _Token(_STAND_IN, read, key)
        else:
            yield from (_Token(found.group(), read) for found in _TOKEN.finditer(text))


def _typed(text: str, left: dict[str, _Token]) -> list[_Token]:
    """Return the tokens of a typed text, without marks, and take its objects from those that are left to be used.

    Raises TextInvalid for an object that the block does not have, or one that stands twice.
    """
    return [_object(found.group(), left) or _Token(found.group(), ()) for found in _TOKEN.finditer(text)]


def _object(text: str, left: dict[str, _Token]) -> _Token | None:
    if not text.startswith("⟦") or text == "⟦":
        return None
    found = _OBJECT.fullmatch(text)
    if found is None or found[1] not in left:
        raise TextInvalid
    return left.pop(found[1])


def _with_marks(old: Sequence[_Token], new: Sequence[_Token]) -> list[_Token]:
    matcher = SequenceMatcher(None, [one.shown for one in old], [one.shown for one in new], autojunk=False)
    found: list[_Token] = []
    for kind, first, end, other, other_end in matcher.get_opcodes():
        if kind == "equal":
            found += old[first:end]
        else:
            marks = _marks_for(old, first, end)
            found += [one if one.key else _Token(one.text, marks) for one in new[other:other_end]]
    return found


def _marks_for(old: Sequence[_Token], first: int, end: int) -> tuple[tuple[str, ...], ...]:
    """Return the marks for words in place of a range: those that all of the range have, or both its neighbours."""
    around = old[first:end] or old[max(0, first - 1) : end + 1]
    if first == end and (first == 0 or end == len(old)):
        return ()  # before the first word or after the last: nothing is on both sides
    marks = {token.marks for token in around}
    plain = marks.pop() if len(marks) == 1 else ()
    return tuple(mark for mark in plain if mark[0] != "ruby")  # reading aids are those of their own characters


def _divided(tokens: Sequence[_Token], parts: Sequence[Sequence[_Token]]) -> Iterable[Sequence[_Token]]:
    at = 0
    for part in parts:
        yield tokens[at : at + len(part)]
        at += len(part)


def _pieces(tokens: Iterable[_Token]) -> list[PieceJson]:
    """Return the tokens as pieces, those of the same marks joined."""
    found: list[PieceJson] = []
    last: tuple[tuple[str, ...], ...] | None = None
    for token in tokens:
        marks = [list(mark) for mark in token.marks]
        if token.key:
            found.append([_STAND_IN, marks, token.key])
            last = None
        elif last == token.marks and not _is_ruby(token.marks):
            _append(found, token.text)
        else:
            found.append([token.text, marks] if marks else token.text)
            last = token.marks
    return found


def _append(found: list[PieceJson], text: str) -> None:
    piece = found[-1]
    if isinstance(piece, str):
        found[-1] = piece + text
    else:
        piece[0] += text


def _is_ruby(marks: tuple[tuple[str, ...], ...]) -> bool:
    return bool(marks) and marks[-1][0] == "ruby"
