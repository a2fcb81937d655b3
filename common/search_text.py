"""Text normalisation for search: without case, accents and punctuation.

Chinese, Japanese, Thai and some others leave no space between words. Only a dictionary knows where one ends, so every
two neighbouring letters count as a word there, as in most full-text indexes. The last letter of such a run is also
indexed alone, so that each letter begins a word and can be searched for by itself.
"""

from __future__ import annotations

import re
import unicodedata
from itertools import pairwise

MAX_WORD_LENGTH = 40
# In scripts of India and South-East Asia vowels may be combining signs, which are part of a word like other letters.
_SIGNS = "".join(letter for letter in map(chr, range(0x900, 0x1800)) if unicodedata.category(letter).startswith("M"))
_WORDS = re.compile(rf"[^\W_](?:[^\W_]|[{_SIGNS}])*")
_ASCII_WORDS = re.compile("[a-z0-9]+")
_LAST = re.compile(rf"(?:[^\W_]|[{_SIGNS}])\Z")
# Scripts without spaces: Thai and Lao, Burmese, Khmer, those of Japanese, and Han with its extensions.
_UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u3007\u3040-\u30ff\u31f0-\u31ff\u3400-\u9fff\U00020000-\U0003ffff"
)
_RUNS = re.compile(f"[{_UNSPACED}]+|[^{_UNSPACED}]+")
_IS_UNSPACED = re.compile(f"[{_UNSPACED}]")
# Letters that do not decompose into a base letter and an accent.
_LETTERS = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th", "ð": "d"})
_VOICED = "\u3099\u309a"  # what turns か into が, which is not an accent


def normalize(text: str) -> str:
    """Return the text without case and accents; punctuation stays."""
    if text.isascii():
        return text.lower()
    parts = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join([one for one in parts if one in _VOICED or not unicodedata.combining(one)])
    # NFKD turns a few letters into capitals.
    return unicodedata.normalize("NFC", plain.casefold().translate(_LETTERS))


def runs(text: str) -> list[str]:
    """Return the words of the text in order, with text of unspaced scripts as one piece.

    "L'Été 吾輩は" -> ["l", "ete", "吾輩は"]. Words are cut after 40 letters.
    """
    plain = normalize(text)
    if plain.isascii():
        return [word[:MAX_WORD_LENGTH] for word in _ASCII_WORDS.findall(plain)]
    pieces = [run for word in _WORDS.findall(plain) for run in _RUNS.findall(word)]
    return [piece if is_unspaced(piece) else piece[:MAX_WORD_LENGTH] for piece in pieces]


def is_unspaced(run: str) -> bool:
    """Return whether the script of the run leaves no spaces between words."""
    return _IS_UNSPACED.match(run) is not None


def bigrams(run: str) -> list[str]:
    """Return the search terms of a run: itself, or its pairs of neighbouring letters."""
    return [*map("".join, pairwise(run))] if len(run) > 1 and is_unspaced(run) else [run]


def words(text: str) -> list[str]:
    """Return the search terms of the text: "吾輩は猫" -> ["吾輩", "輩は", "は猫"]."""
    return [word for run in runs(text) for word in bigrams(run)]


def index_words(text: str) -> str:
    """Return the words of the text as they are indexed, joined by spaces, including the last letter of each run."""
    found: list[str] = []
    for run in runs(text):
        found += bigrams(run)
        if len(run) > 1 and is_unspaced(run):
            found.append(run[-1])
    return " ".join(found)


def ends_in_word(text: str) -> bool:
    """Return whether the text ends in the middle of a word, or right after one."""
    return _LAST.search(text) is not None
