"""Word joiners (U+2060) before dashes: invisible, where typesetters put them anyway, and each of them one bit.

A site is a dash with enough letters before it in its block. Its bit depends on these letters alone, so a dropped
chapter, an excerpt or another order of files changes nothing at the sites that are left. Only dashes that end a word
are sites: an em dash, or an en dash after a blank. So no joiner ever stands inside a word, where it would hurt search
and speech. One after a blank keeps the dash off the beginning of a line.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Callable, Iterator

from ..edition_text import EDGES

JOINER = "\u2060"
_LETTERS = 24
_MIN_LETTERS = 8
_MARKUP = re.compile(r"<!--.*?-->|<!\[CDATA\[.*?\]\]>|<\?.*?\?>|<[^>]*>|[^<]+", re.DOTALL)
_NAME = re.compile(r"</?([^\s/>]+)")
_PASSED_OVER = frozenset({"head", "title", "style", "script", "pre", "code", "math", "svg", "rt", "rp"})
_BLANKS = " \t\r\n\u00a0\u2009\u200a\u202f"
# A dash with a joiner before it or without; no dash after a dash.
_DASH = re.compile(f"(?<![—–―⸺])({JOINER}?)([—―⸺]|(?<=[{_BLANKS}])–|(?<=[{_BLANKS}]{JOINER})–)")

type Bit = Callable[[str], bool]


def with_joiners(page: str, bit: Bit) -> str:
    """Return an XHTML page with a joiner before each dash for whose letters `bit` says so, and before no other site."""
    return "".join(_joined(text, before, bit) if before is not None else text for text, before in _texts(page))


def sites(page: str) -> Iterator[tuple[str, bool]]:
    """Yield the letters before each site of a page, and whether a joiner stands there."""
    for text, before in _texts(page):
        if before is not None:
            for dash, letters in _sites_of(text, before):
                yield letters, bool(dash[1])


def _joined(text: str, before: str, bit: Bit) -> str:
    pieces, at = [], 0
    for dash, letters in _sites_of(text, before):
        pieces += [text[at : dash.start()], JOINER if bit(letters) else "", dash[2]]
        at = dash.end()
    return "".join(pieces) + text[at:]


def _sites_of(text: str, before: str) -> Iterator[tuple[re.Match[str], str]]:
    letters, at = before, 0
    for dash in _DASH.finditer(text):
        letters = _grown(letters, text[at : dash.start()])
        at = dash.start()
        if len(letters) >= _MIN_LETTERS:
            yield dash, letters


def _texts(page: str) -> Iterator[tuple[str, str | None]]:
    """Yield a page in pieces: running text with the letters before it in its block, everything else with None."""
    letters, skipped = "", ""
    for piece in _MARKUP.findall(page):
        if piece[0] != "<":
            yield piece, None if skipped else letters
            if not skipped:
                letters = _grown(letters, piece)
            continue
        yield piece, None
        name = _local_name(piece)
        if name in EDGES:
            letters = ""
        if skipped and piece[1] == "/" and name == skipped:
            skipped = ""
        elif not skipped and name in _PASSED_OVER and piece[1] != "/" and not piece.endswith("/>"):
            skipped = name


def _grown(letters: str, text: str) -> str:
    """Return the last letters of a text that goes on, without case."""
    plain = unicodedata.normalize("NFC", html.unescape(text[-_LETTERS * 20 :]))
    return (letters + "".join(filter(str.isalpha, plain)).casefold())[-_LETTERS:]


def _local_name(tag: str) -> str:
    found = _NAME.match(tag)
    return found[1].rpartition(":")[2].lower() if found else ""
