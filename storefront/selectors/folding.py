"""Words as search compares them: without case, accents and punctuation; and their spellings with a letter left out.

Chinese, Japanese, Thai and some others leave no space between words. Where one ends only a dictionary knows, so that
every two neighbouring letters count as a word there, as in most full text indexes: whoever asks for a word asks for its
pairs. Letters are stored alone as well, for those who ask for one.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise

LONGEST_WORD = 40
_COMMON = 0x600  # below it: Latin, Greek, Cyrillic, Hebrew, and their marks
_PUNCTUATION = range(0x2000, 0x2070)  # quotes and dashes
# In the scripts of India and the south-east of Asia vowels may be signs, which are letters of a word like others.
_SIGNS = "".join(letter for letter in map(chr, range(0x900, 0x1800)) if unicodedata.category(letter).startswith("M"))
_WORDS = re.compile(rf"[^\W_](?:[^\W_]|[{_SIGNS}])*")
_LAST = re.compile(rf"(?:[^\W_]|[{_SIGNS}])\Z")
# Scripts without spaces: Thai and Lao, Burmese, Khmer, those of Japanese, and Han with its extensions.
_UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u3007\u3040-\u30ff\u31f0-\u31ff\u3400-\u9fff\U00020000-\U0003ffff"
)
_RUNS = re.compile(f"[{_UNSPACED}]+|[^{_UNSPACED}]+")
_IS_UNSPACED = re.compile(f"[{_UNSPACED}]")
# Letters that do not decompose into a base letter and a mark.
_LETTERS = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th", "ð": "d"})
_VOICED = "\u3099\u309a"  # what makes が of か, which is no accent


class _Plain(dict[int, str]):
    """For `str.translate`: `_plain` of each letter. Those of common letters are noted; visitors may ask for any."""

    def __missing__(self, letter: int) -> str:
        found = _plain(letter)
        if letter < _COMMON or letter in _PUNCTUATION:
            self[letter] = found
        return found


@lru_cache(maxsize=4096)
def _plain(letter: int) -> str:
    """What becomes of a letter without case and accents."""
    parts = unicodedata.normalize("NFKD", chr(letter).casefold())
    return "".join(one for one in parts if one in _VOICED or not unicodedata.combining(one)).translate(_LETTERS)


_PLAIN = _Plain()
_FOREIGN = re.compile(r"[^\x00-\x7f]+")
_SPACED = {number: " " for number in range(128) if not chr(number).isalnum()}  # what parts words in ASCII
# A title's first word that readers leave out, or add.
ARTICLES = frozenset(
    [
        *("the", "a", "an", "der", "die", "das", "den", "ein", "eine", "le", "la", "les", "un", "une", "el", "los"),
        *("las", "una", "il", "lo", "gli", "o", "os", "um", "uma", "de", "het", "een", "det", "en", "ett"),
    ]
)


def fold_words(text: str) -> list[str]:
    """The text's words in order, as they are asked for: "L'Été, 1912" -> ["l", "ete", "1912"], "吾輩は猫" -> ["吾輩",
    "輩は", "は猫"]. Words longer than 40 letters are cut."""
    runs, has_pairs = _runs(text)
    return _asked(runs) if has_pairs else runs


def folded(*texts: str) -> str:
    """Each text's words as they are found, joined by spaces, one text a line: those that are asked for in their order,
    then the letters that pairs are made of."""
    return "\n".join([" ".join(_found(text)) for text in texts])


def ends_in_word(text: str) -> bool:
    """Whether the text ends in the midst of a word, or right behind one."""
    return _LAST.search(text) is not None


def _runs(text: str) -> tuple[list[str], bool]:
    """Words, and what stands without spaces; whether anything does. If nothing does, the words are cut already."""
    plain = text.lower()
    if not plain.isascii():  # a letter in ten, in most of Europe's languages
        plain = _FOREIGN.sub(lambda found: found[0].translate(_PLAIN), plain)
    if plain.isascii():  # nothing to take apart: most words of most shops
        return [word[:LONGEST_WORD] for word in plain.translate(_SPACED).split()], False
    words = _WORDS.findall(unicodedata.normalize("NFC", plain))
    if _IS_UNSPACED.search(plain) is None:
        return [word[:LONGEST_WORD] for word in words], False
    return [run for word in words for run in _RUNS.findall(word)], True


def _is_paired(run: str) -> bool:
    return len(run) > 1 and _IS_UNSPACED.match(run) is not None


def _asked(runs: Sequence[str]) -> list[str]:
    return [word for run in runs for word in (map("".join, pairwise(run)) if _is_paired(run) else [run[:LONGEST_WORD]])]


def _found(text: str) -> list[str]:
    runs, has_pairs = _runs(text)
    if not has_pairs:
        return runs
    return [*_asked(runs), *dict.fromkeys(letter for run in runs if _is_paired(run) for letter in run)]


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
