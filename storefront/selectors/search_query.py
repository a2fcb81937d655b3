"""What a reader typed, taken apart: words, phrases in quotes, words to leave out, or an ISBN."""

from __future__ import annotations

import re
from dataclasses import dataclass

from storefront.indexing import LONGEST_KEY, isbn_of
from storefront.selectors.folding import ends_in_word, fold_words, without_article

LONGEST_QUERY = 200
_MOST_WORDS = 8
_MOST_PHRASES = 4
_QUOTES = str.maketrans(dict.fromkeys("„“”«»", '"'))
_PART = re.compile(r'(?P<minus>(?<!\S)-)?(?:"(?P<phrase>[^"]*)(?:"|$)|(?P<word>[^\s"]+))')


@dataclass(frozen=True, slots=True)
class Asked:
    """`words` are folded and in order, those of phrases among them; `phrases` are words with single spaces.

    `rest` are the words after the most that are looked for: a long title is told from others that begin like it.
    """

    words: tuple[str, ...] = ()
    rest: tuple[str, ...] = ()
    phrases: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    is_unfinished: bool = False  # the last word may go on

    @property
    def title(self) -> str:
        """The words as a title's key would have them."""
        return without_article(" ".join((*self.words, *self.rest)))[:LONGEST_KEY]


def parse(text: str) -> Asked:
    """Take any text apart; what makes no sense is left out."""
    text = text[:LONGEST_QUERY].replace("\0", " ").translate(_QUOTES)
    if number := isbn_of(text.strip()):
        return Asked(words=(number,))
    words: list[str] = []
    phrases: list[str] = []
    without: list[str] = []
    for part in _PART.finditer(text):
        found = fold_words(part["phrase"] if part["word"] is None else part["word"])
        if part["minus"]:
            without += found
            continue
        words += found
        if part["word"] is None and len(found) > 1:
            phrases.append(" ".join(found))
    return Asked(
        words=tuple(words[:_MOST_WORDS]),
        rest=tuple(words[_MOST_WORDS:]),
        phrases=tuple(phrases[:_MOST_PHRASES]),
        without=tuple(one for one in without if one not in words)[:_MOST_WORDS],
        is_unfinished=ends_in_word(text) and len(words) <= _MOST_WORDS,
    )
