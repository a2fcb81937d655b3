"""Words as search compares them: without case, accents and punctuation; and their spellings with a letter left out."""

from __future__ import annotations

import re
import unicodedata

LONGEST_WORD = 40
_WORDS = re.compile(r"[^\W_]+")
# Letters that do not decompose into a base letter and a mark.
_LETTERS = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th", "ð": "d"})


_COMMON = 0x600  # below it: Latin, Greek, Cyrillic, Hebrew, and their marks


class _Plain(dict[int, int | str | None]):
    """For `str.translate`: marks go, and these letters become others. What common letters become is noted; visitors may
    ask for any."""

    def __missing__(self, letter: int) -> int | None:
        found = None if unicodedata.combining(chr(letter)) else letter
        if letter < _COMMON:
            self[letter] = found
        return found


_PLAIN = _Plain(_LETTERS)
# A title's first word that readers leave out, or add.
ARTICLES = frozenset(
    [
        *("the", "a", "an", "der", "die", "das", "den", "ein", "eine", "le", "la", "les", "un", "une", "el", "los"),
        *("las", "una", "il", "lo", "gli", "o", "os", "um", "uma", "de", "het", "een", "det", "en", "ett"),
    ]
)


def fold_words(text: str) -> list[str]:
    """The text's words in order: "L'Été, 1912" -> ["l", "ete", "1912"]. Words longer than 40 letters are cut."""
    if text.isascii():  # nothing to take apart: most words of most shops, at a third of the time
        return [word[:LONGEST_WORD] for word in _WORDS.findall(text.lower())]
    plain = unicodedata.normalize("NFKD", text.casefold()).translate(_PLAIN)
    return [word[:LONGEST_WORD] for word in _WORDS.findall(unicodedata.normalize("NFC", plain))]


def folded(*texts: str) -> str:
    """Each text's words joined by spaces, one text a line."""
    return "\n".join(" ".join(fold_words(text)) for text in texts)


def without_article(key: str) -> str:
    """A title's folded words without the article before them."""
    first, _, rest = key.partition(" ")
    return rest if rest and first in ARTICLES else key


def variants(word: str) -> set[str]:
    """The word and every spelling with one letter left out. Two words one typo apart share one."""
    return {word} | {word[:i] + word[i + 1 :] for i in range(len(word))}


def is_one_typo_apart(left: str, right: str) -> bool:
    """Whether one letter changed, added, left out or swapped with its neighbour turns one word into the other."""
    if abs(len(left) - len(right)) > 1 or left == right:
        return False
    start = next((i for i, pair in enumerate(zip(left, right, strict=False)) if pair[0] != pair[1]), None)
    if start is None:
        return True  # one is the other with a letter more at its end
    a, b = left[start:], right[start:]
    if len(a) == len(b):
        return a[1:] == b[1:] or (a[:2] == b[:2][::-1] and a[2:] == b[2:])
    return a[1:] == b or a == b[1:]
