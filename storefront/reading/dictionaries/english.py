"""Base forms of English words, as WordNet's own `morphy` finds them: exceptions from a list, and endings."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import islice, product
from unicodedata import combining, normalize

_ENDINGS = {
    "noun": [
        ("s", ""), ("ses", "s"), ("xes", "x"), ("zes", "z"), ("ches", "ch"), ("shes", "sh"), ("men", "man"),
        ("ies", "y"),
    ],
    "verb": [
        ("s", ""), ("ies", "y"), ("es", "e"), ("es", ""), ("ed", "e"), ("ed", ""), ("ing", "e"), ("ing", ""),
    ],
    "adjective": [("er", ""), ("est", ""), ("er", "e"), ("est", "e")],
    "adverb": [],
}  # fmt: skip
_MAX_PHRASES = 64

type Exceptions = Callable[[str], Iterable[tuple[str, str]]]  # form -> (part of speech, base form)


def base_forms(key: str, exceptions: Exceptions) -> set[tuple[str, str]]:
    """Return the forms that the word or phrase may be one of, each with its part of speech; "" stands for any.

    They need not be words. Exceptions are asked for first, because "axes" is no form of "axe" alone.
    """
    words = key.split()
    if len(words) == 1:
        return set(_of_word(key, exceptions))
    forms = [[word, *(form for _, form in _of_word(word, exceptions))] for word in words]
    phrases = islice(product(*(dict.fromkeys(some) for some in forms)), _MAX_PHRASES)
    return {("", key)} | {("", " ".join(phrase)) for phrase in phrases}


def _of_word(word: str, exceptions: Exceptions) -> Iterator[tuple[str, str]]:
    yield "", word
    bare = word.removesuffix("'s").removesuffix("'")
    if bare != word:
        yield "", bare
    yield from exceptions(bare)
    for part, endings in _ENDINGS.items():
        for ending, base in endings:
            if bare.endswith(ending) and len(bare) > len(ending) + 1:
                yield part, bare.removesuffix(ending) + base
    for spelling in _other_spellings(bare):
        yield "", spelling


def _other_spellings(word: str) -> Iterator[str]:
    """Yield how a word may be in a dictionary: "today" for "to-day", "tete-a-tete" for "tête-à-tête"."""
    plain = "".join(letter for letter in normalize("NFD", word) if not combining(letter))
    for spelling in {word, plain}:
        yield from (spelling, spelling.replace("-", ""), spelling.replace("-", " "))
