"""Folds text to words for comparing: what looks the same becomes the same.

A copy is often disguised so that people do not see it: Cyrillic letters for Latin ones, characters that take no room,
other quotation marks. Folded words are never shown.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache

# In scripts without spaces a few letters count as a word, counted from the last punctuation mark: so many that eight
# words in a row are as unlikely to occur twice as eight English words.
_PAIRED = "\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_BY_FOUR = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\uaa60-\uaa7f"
_UNSPACED = re.compile(f"[{_PAIRED}{_BY_FOUR}]")
_WORD = re.compile(r"[^\W_]+")
_WORD_OR_LETTERS = re.compile(rf"[{_PAIRED}]{{1,2}}|[{_BY_FOUR}]{{1,4}}|[^\W_{_PAIRED}{_BY_FOUR}]+")
# Letters that are hard to tell apart in many typefaces.
_ALIKE = str.maketrans("l10", "iio")
_FILLERS = frozenset("\u115f\u1160\u3164\uffa0")  # letters that take no room
_IDEOGRAPHS = ("\u3400", "\ud7ff")  # no look-alikes of Latin letters among them, but for the Lisu letters
_LISU = ("\ua4d0", "\ua4ff")


def fold_words(text: str) -> list[str]:
    """Return the words of a text, folded. Those of `a` and `b` are those of `a b`, wherever a blank is."""
    folded = _fold(text)
    return (_WORD_OR_LETTERS if _UNSPACED.search(folded) else _WORD).findall(folded)


def _fold(text: str) -> str:
    if text.isascii():
        return text.lower().translate(_ALIKE)
    return unicodedata.normalize("NFKD", text).casefold().translate(_FOLDED)


class _Folded(dict[int, str | None]):
    """What each character becomes, found when it is first met."""

    def __missing__(self, code: int) -> str | None:
        found = self[code] = _folded(chr(code))
        return found


_FOLDED = _Folded()


def _folded(character: str) -> str | None:
    """Return what a character without case becomes; None for one that is left out."""
    if character.isascii():
        return character.translate(_ALIKE)
    category = unicodedata.category(character)
    if category[0] == "M" or category == "Cf" or character in _FILLERS:
        return None
    if category == "Nd":
        return str(unicodedata.decimal(character)).translate(_ALIKE)
    if not character.isalpha():
        return character
    return (_latin_twin(character) or _latin_twin(character.upper()) or character).casefold().translate(_ALIKE)


@cache
def _latin_twin(character: str) -> str:
    """Return the Latin letter that looks like this one, or ""."""
    if len(character) != 1 or character.isascii():
        return ""
    if _IDEOGRAPHS[0] <= character <= _IDEOGRAPHS[1] and not _LISU[0] <= character <= _LISU[1]:
        return ""
    from confusable_homoglyphs import confusables  # reads a large file; most texts need none of it

    found = confusables.is_confusable(character, greedy=True, preferred_aliases=[]) or []
    twins = sorted(twin["c"] for entry in found for twin in entry["homoglyphs"])
    return next((twin for twin in twins if len(twin) == 1 and twin.isascii() and twin.isalpha()), "")
