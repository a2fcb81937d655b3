"""One RTF being read: what its stories share, and what a first look over the whole file finds out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from ...book import clean, language
from ...book.model import Anchor
from ...findings.model import Severity
from ..assembly.draft import Draft
from ..assembly.numbering import Numbering
from ..assembly.paragraphs import QUOTE_INDENT_TWIPS
from . import charsets
from .header import Header, starting_codec
from .tokens import HEX, NUMBER, TEXT, TOKEN, WORD, Group, Word, end_of_group, group_at, is_balanced, number_of

_BOOKMARK = re.compile(rb"\\bkmkstart(?![a-z])")
_FIELD_CODE = re.compile(rb"\\fldinst(?![a-z])")
_CODE_BYTES, _MAX_FIELDS = 600, 20_000  # of a code that is looked at for the names of bookmarks
_NAME_IN_CODE = re.compile(rb"[^\s\"\\{}]{1,100}")
_PARAGRAPH_END = re.compile(rb"\\par(?![a-z])")
_INDENT = re.compile(rb"\\(li|fi)(-?\d{1,6})")
_LANGUAGE = re.compile(rb"\\lang([1-9]\d{2,4})(?!\d)")
_LIST = re.compile(rb"\\ls[1-9]|\\pntext")
_SAMPLE_BYTES = 200_000
_SAMPLE_START = re.compile(rb"\\pard(?![a-z])")
_HEAD_WORDS = 40
_IN_SAMPLE = frozenset({b"u", b"uc", b"lquote", b"rquote", b"ldblquote", b"rdblquote"})


class Document:
    """Shared by all stories of one reading."""

    def __init__(self, data: bytes, draft: Draft) -> None:
        self.data = data
        self.draft = draft
        self.header = Header(starting_codec(_first_words(data)))
        self.numbering = Numbering(self.header.lists)
        self.is_balanced = is_balanced(data)
        self.writes_labels = (
            b"\\listtext" in data
        )  # then paragraphs of lists without one are further ones of their item
        self.mostly_indented = _mostly_indented(data)
        self._linked = _linked_bookmarks(data, self.header.codec)
        self._placed: set[str] = set()
        self._own_language = ""

    def settle_language(self, weak: str) -> None:
        """The language of the text; `weak` is what the program was set to."""
        if not weak and (found := _LANGUAGE.search(self.data)):
            weak = charsets.language(int(found.group(1)))
        self.draft.weak_language = weak
        sample = _sample(self.data, self.header.codec)
        settled = language.resolve_language(self.draft.metadata.language, weak, sample)
        self._own_language = language.primary(settled)

    def foreign(self, lang: str) -> str:
        """`lang` when it is another language than the document's, else ""."""
        return lang if lang and language.primary(lang) != self._own_language else ""

    def bookmark(self, name: str) -> Anchor | None:
        """The anchor of a bookmark that something links to, the first time it comes."""
        if name not in self._linked or name in self._placed:
            return None
        self._placed.add(name)
        return Anchor(self.draft.anchor(name))

    def resolve(self, target: str, bookmark: str) -> str:
        """The href of a link to an address, or to a bookmark of this document; "" when it leads nowhere."""
        if target and not target.startswith("#"):
            address = clean.href(f"{target}#{bookmark}" if bookmark and "#" not in target else target)
            if not address:
                self.draft.count("source.link-dropped", Severity.ADVICE, target)
            return address
        name = bookmark or target.lstrip("#")
        if name in self._linked:
            return "#" + self.draft.anchor(name)
        if name:
            self.draft.count("source.link-dead", Severity.ADVICE, name)
        return ""


def _first_words(data: bytes) -> dict[bytes, int | None]:
    words: dict[bytes, int | None] = {}
    for match in islice(TOKEN.finditer(data), _HEAD_WORDS):
        name = match.group(1)
        if name is not None and name not in words:
            words[name] = number_of(match)
    return words


def bookmark_name(group: Group, codec: str) -> str:
    """The name that a `\\bkmkstart` group holds."""
    return charsets.text_of(group, codec).strip()


def _linked_bookmarks(data: bytes, codec: str) -> set[str]:
    """The bookmarks that the code of a field may name."""
    names = set()
    for match in _BOOKMARK.finditer(data):
        end = data.find(b"}", match.end(), match.end() + 400)
        group, _ = group_at(data[match.end() : end if end >= 0 else match.end()], 0)
        names.add(bookmark_name(group, codec))
    codes = b"\n".join(_field_codes(data))
    words = {word.decode(codec, "replace").lstrip("#") for word in _NAME_IN_CODE.findall(codes)}
    return {name for name in names if name in words or not name.isascii() or " " in name}


def _field_codes(data: bytes) -> Iterator[bytes]:
    for match in islice(_FIELD_CODE.finditer(data), _MAX_FIELDS):
        code = data[match.end() : match.end() + _CODE_BYTES]
        yield code[: end_of_group(code, 0)]


def _mostly_indented(data: bytes) -> bool:
    """True when indents are the document's usual look and mean nothing."""
    paragraphs = indented = 0
    for part in data.split(b"\\pard")[1:]:
        ends = len(_PARAGRAPH_END.findall(part))
        if not ends:
            continue
        paragraphs += ends
        found = dict(_INDENT.findall(part[:2000]))
        left = int(found.get(b"li", 0)) + min(int(found.get(b"fi", 0)), 0)
        if left >= QUOTE_INDENT_TWIPS and not _LIST.search(part[:2000]):
            indented += ends
    return indented * 3 > paragraphs


def _sample(data: bytes, codec: str) -> str:
    """Words from the text, for guessing its language."""
    start = _SAMPLE_START.search(data)
    sample = data[start.start() if start else 0 :][:_SAMPLE_BYTES]
    flat = Group()
    for match in TOKEN.finditer(sample):
        kind = match.lastindex
        if kind == TEXT:
            flat.items.append(match.group())
        elif kind == HEX:
            flat.items.append(int(match.group(HEX), 16))
        elif kind in (WORD, NUMBER):
            name = match.group(WORD)
            flat.items.append(Word(name, number_of(match)) if name in _IN_SAMPLE else b" " if name == b"par" else b"")
    return charsets.text_of(flat, codec)
