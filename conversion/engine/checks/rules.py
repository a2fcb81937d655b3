"""Typing rules as data: a pattern, where it applies, and what replaces a match.

Checks and fixes read the same rules, so that a fix corrects exactly what the check reports, and nothing remains after
it. A pattern sees text between `END` characters; if it has a group, that group is the part that is wrong.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass

from .analysis import END

type Match = re.Match[str]

_MAX_ADDRESS_LENGTH = 120  # characters on either side
_ADDRESS = re.compile(r"://|\bwww\.|@|\w/\w|\\")


def _always(_match: Match) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class Rule:
    """A typing rule. Every text that matches contains one of `signs`, so that most rules cost nothing in most books.

    `is_wrong` decides what the pattern cannot express. `replacement` is the text for the match, or returns it for a
    match and a language (None: there is no safe one). `probe` matches in one word of every match; fewer than `least`
    matches are not reported. `only_in` and `not_in` name languages, `not_in_region` whole tags such as "fr-ca";
    `in_address` also searches web addresses and paths.
    """

    code: str
    signs: tuple[str, ...]
    pattern: re.Pattern[str]
    replacement: Callable[[Match, str], str] | str | None = None
    is_wrong: Callable[[Match], bool] = _always
    only_in: Collection[str] = ()
    not_in: Collection[str] = ()
    not_in_region: Collection[str] = ()
    probe: re.Pattern[str] | None = None
    in_address: bool = False
    least: int = 1

    def applies_to(self, language: str) -> bool:
        """Return whether the rule applies to a language ("" for an unknown one)."""
        return language not in self.not_in and (not self.only_in or language in self.only_in)

    def matches(self, text: str) -> Iterator[tuple[int, int, Match]]:
        """Yield start and end of each wrong part in a text that begins and ends with `END`, with its match."""
        for match in self.pattern.finditer(text):
            if self.is_wrong(match):
                start, end = match.span(match.lastindex or 0)
                if self.in_address or not in_address(text, start):
                    yield start, end, match

    def fixed(self, match: Match, language: str) -> str | None:
        """Return the replacement for a match, or None."""
        return self.replacement(match, language) if callable(self.replacement) else self.replacement


def in_address(text: str, at: int) -> bool:
    """Return whether a position is inside a web or email address, or a path."""
    left = text[max(0, at - _MAX_ADDRESS_LENGTH) : at].replace(END, " ").replace("\n", " ")
    right = text[at : at + _MAX_ADDRESS_LENGTH].replace(END, " ").replace("\n", " ")
    word = left.rpartition(" ")[2] + right.partition(" ")[0]
    return _ADDRESS.search(word) is not None


def before(match: Match, width: int = 1) -> str:
    """Return the characters before a match."""
    start = match.start()
    return match.string[max(0, start - width) : start]


def after(match: Match, width: int = 1) -> str:
    """Return the characters after a match."""
    return match.string[match.end() : match.end() + width]
