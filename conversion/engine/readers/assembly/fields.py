"""Fields of a word processor: hyperlinks, references and generated lists, nested and over paragraph ends."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

_HYPERLINK = re.compile(r"\s*HYPERLINK\b(.*)", re.IGNORECASE | re.DOTALL)
_REFERENCE = re.compile(r"\s*(?:PAGEREF|REF|NOTEREF)\s+\"?([^\s\"\\]{1,200})\"?(.*)", re.IGNORECASE | re.DOTALL)
_QUOTED = re.compile(r"\"([^\"]{0,2000})\"|(?<=\s)([^\s\"\\][^\s\"]{0,2000})")
_SWITCH_L = re.compile(r"\\l\s*(?:\"([^\"]{0,300})\"|([^\s\"\\]{1,300}))")
_CONTENTS = re.compile(r"\s*(TOC|TOA)\b", re.IGNORECASE)
MAX_NESTING = 50


@dataclass(slots=True)
class _Field:
    code: list[str] = field(default_factory=list)
    in_result: bool = False
    href: str = ""
    is_contents: bool = False


class Fields:
    """The stack of open fields of one story. `resolve(address, bookmark)` gives the href of a link, or ""."""

    def __init__(self, resolve: Callable[[str, str], str], *, balanced: bool) -> None:
        self._resolve = resolve
        self._balanced = balanced  # an unclosed contents list must not swallow the book
        self._stack: list[_Field] = []
        self._skipped = 0
        self.silent = False  # text belongs to a code or to a generated list
        self.href = ""

    @property
    def is_open(self) -> bool:
        return bool(self._stack)

    @property
    def in_contents(self) -> bool:
        return bool(self._stack) and any(f.is_contents for f in self._stack)

    def begin(self) -> None:
        """A field opens with its code."""
        if len(self._stack) >= MAX_NESTING:
            self._skipped += 1
            return
        self._stack.append(_Field())
        self._update()

    def code(self, text: str) -> None:
        """Text of the innermost code."""
        if self._stack and not self._stack[-1].in_result and not self._skipped:
            self._stack[-1].code.append(text)

    def separate(self) -> None:
        """The code is complete; its result follows."""
        if not self._stack or self._skipped:
            return
        top = self._stack[-1]
        top.in_result = True
        self._read_code(top, "".join(top.code))
        self._update()

    def end(self) -> None:
        """The innermost field closes."""
        if self._skipped:
            self._skipped -= 1
        elif self._stack:
            self._stack.pop()
            self._update()

    def simple(self, code: str) -> None:
        """A field in one element: begin, code and separator at once."""
        self.begin()
        self.code(code)
        self.separate()

    def _read_code(self, top: _Field, code: str) -> None:
        if _CONTENTS.match(code):
            top.is_contents = self._balanced
        elif match := _HYPERLINK.match(code):
            top.href = self._hyperlink(match.group(1))
        elif (match := _REFERENCE.match(code)) and "\\h" in match.group(2):
            top.href = self._resolve("", match.group(1))

    def _hyperlink(self, rest: str) -> str:
        place = _SWITCH_L.search(rest)
        bookmark = (place.group(1) or place.group(2) or "") if place else ""
        address = _QUOTED.search(rest if place is None else rest[: place.start()])
        target = (address.group(1) or address.group(2) or "") if address else ""
        return self._resolve(target, bookmark)

    def _update(self) -> None:
        self.silent = any(not f.in_result or f.is_contents for f in self._stack)
        self.href = next((f.href for f in reversed(self._stack) if f.href), "")
