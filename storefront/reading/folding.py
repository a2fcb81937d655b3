"""Text as the search in a book compares it: without case, accents and kinds of quotation marks and dashes.

`static/js/reader/fold.js` does the same in the browser. Folding letter by letter keeps the way back to the original:
"ß" becomes two letters, "ﬁ" too.
"""

from __future__ import annotations

import re
import unicodedata
from itertools import accumulate

from conversion.engine.api import edition_text

_QUOTES = dict.fromkeys("\"'`´‘’‚‛“”„‟‹›«»「」『』〝〞〟＂＇", "'")
_DASHES = dict.fromkeys("-‐‑‒–—―−﹘﹣－", "-")
# Accents of Latin, Greek and Cyrillic letters, and the vowel signs of Hebrew and Arabic.
_ACCENTS = re.compile("[\u0300-\u036f\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0640\u064b-\u065f\u0670]")
# Letters that do not decompose into a base letter and an accent.
_LETTERS = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th", "ð": "d"})


class _Table(dict[int, str]):
    def __missing__(self, code: int) -> str:
        self[code] = found = _fold(chr(code))
        return found


def _fold(letter: str) -> str:
    if mark := _QUOTES.get(letter) or _DASHES.get(letter):
        return mark
    parts = _ACCENTS.sub("", unicodedata.normalize("NFKD", letter.upper().lower()))
    return unicodedata.normalize("NFC", parts.lower().translate(_LETTERS))


_TABLE = _Table()


def fold(text: str) -> str:
    """Return the text for comparing."""
    return text.translate(_TABLE)


def fold_query(text: str) -> str:
    """Return what somebody typed, for comparing: white space and invisible letters as in the text of books."""
    return fold(edition_text.normalised(text))


def starts_of(text: str) -> list[int]:
    """Return where each letter of the text begins in its folded text, and where that ends."""
    return list(accumulate((len(_TABLE[ord(letter)]) for letter in text), initial=0))
