"""Where words may be divided, by language: the same dictionaries and limits as the style sheets'."""

# pyphen has no type hints.
# mypy: disable-error-code="no-untyped-call"

from __future__ import annotations

import re

import pyphen

_LETTERS = re.compile(r"[^\W\d_]{6,}")
_BEFORE, _AFTER = 3, 3


class Hyphens:
    """The divisions of words, looked up once for each language and word."""

    def __init__(self) -> None:
        self._dictionaries: dict[str, pyphen.Pyphen | None] = {}
        self._known: dict[tuple[str, str], tuple[int, ...]] = {}

    def of(self, word: str, language: str) -> tuple[int, ...]:
        """Return the places in a word after which a hyphen may be put; none where the language has no dictionary."""
        key = (language, word)
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = self._find(word, language)
        return found

    def _find(self, word: str, language: str) -> tuple[int, ...]:
        if "\u00ad" in word:  # its author has said where
            return tuple(at + 1 for at, char in enumerate(word[:-1]) if char == "\u00ad" and at)
        if len(word) < 6:
            return ()
        dictionary = self._dictionary(language)
        if dictionary is None:
            return ()
        places: list[int] = []
        for match in _LETTERS.finditer(word):
            letters = match.group()
            last = len(letters) - _AFTER
            places += [match.start() + at for at in dictionary.positions(letters) if _BEFORE <= at <= last]
        return tuple(places)

    def _dictionary(self, language: str) -> pyphen.Pyphen | None:
        if language not in self._dictionaries:
            known = pyphen.language_fallback(language) if language else None
            self._dictionaries[language] = pyphen.Pyphen(lang=known) if known else None
        return self._dictionaries[language]
