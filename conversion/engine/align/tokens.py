"""Blocks of text as words with their offsets. In scripts without spaces a character is a word."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate
from typing import NamedTuple

from ..edition_text import fold

# Thai, Lao, Burmese and Khmer with their extensions, kana, bopomofo and Han.
SPACELESS = (
    "\u0e01-\u0eff\u1000-\u109f\u1780-\u17ff\u19e0-\u19ff\ua9e0-\ua9ff\uaa60-\uaa7f"
    "\u2e80-\u2fdf\u3005-\u3007\u3021-\u3029\u3040-\u30ff\u3100-\u312f\u31f0-\u31ff"
    "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff66-\uff9f\U00020000-\U0003ffff"
)
# Neither letter nor mark nor digit. What is missing here only sticks to a word.
_MARKS = (
    r"!-/:-@\[-`{-~\xa1-\xa9\xab-\xb4\xb6-\xb9\xbb-\xbf\xd7\xf7"
    "\u055a-\u055f\u0589\u05be\u05c0\u05c3\u05f3\u05f4\u060c\u061b\u061f\u066a-\u066d\u06d4\u0964\u0965\u0f0b-\u0f14"
    "\u2010-\u205e\u2190-\u2bff\u3001-\u3003\u3008-\u3020\u3030\uff01-\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\uff65"
)
_LETTERS = rf"[^\s{_MARKS}{SPACELESS}]+"
_WORD = re.compile(rf"[{SPACELESS}]|{_LETTERS}(?:['’]{_LETTERS})*")
_IS_SPACELESS = re.compile(rf"[{SPACELESS}]")
SPACELESS_WEIGHT = 3  # of a character of these scripts, in characters of others


class Word(NamedTuple):
    """A word by its number in the vocabulary, and where it stands in its block."""

    key: int
    start: int
    end: int


class Vocabulary:
    """Numbers for words: equal when folded, equal number."""

    def __init__(self) -> None:
        self._of_folded: dict[str, int] = {}
        self._of_word: dict[str, int] = {}
        self.spaceless: set[int] = set()

    def key(self, word: str) -> int:
        if (known := self._of_word.get(word)) is None:
            known = self._of_word[word] = self._of_folded.setdefault(fold(word), len(self._of_folded))
            if _IS_SPACELESS.match(word):
                self.spaceless.add(known)
        return known

    def words(self, text: str) -> list[Word]:
        """Return the words of a block. A block of nothing but marks, such as "* * *", is one word."""
        words = [Word(self.key(match[0]), *match.span()) for match in _WORD.finditer(text)]
        return words or ([Word(self.key(text), 0, len(text))] if text else [])


class Tokens:
    """The words of an edition's blocks. A word also has a number that counts through all blocks."""

    def __init__(self, texts: Sequence[str], vocabulary: Vocabulary) -> None:
        self.texts = texts
        self.words = [vocabulary.words(text) for text in texts]
        self.keys = [tuple([word.key for word in words]) for words in self.words]
        self.first = [0, *accumulate(map(len, self.words))]  # number of each block's first word; the last is the total

    def block_of(self, number: int) -> int:
        return bisect_right(self.first, number) - 1

    def word(self, number: int) -> tuple[int, Word]:
        """Return the block and the word with this number."""
        block = self.block_of(number)
        return block, self.words[block][number - self.first[block]]


def words_between(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Return where the words lie that the range touches, without the parts outside it."""
    found = [match.span() for match in _WORD.finditer(text)]
    return [(max(first, start), min(last, end)) for first, last in found if first < end and last > start]


def count_words(text: str) -> int:
    """Return how many words a block has: as many as `Vocabulary.words` returns."""
    return len(_WORD.findall(text)) or bool(text)


def weight(text: str) -> int:
    """Return the length of a text in characters of an alphabet."""
    return len(text) + (SPACELESS_WEIGHT - 1) * len(_IS_SPACELESS.findall(text))
