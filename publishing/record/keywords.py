"""Keywords: what readers would type who do not know the book yet."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable

from common.search_text import words
from publishing.record.errors import KeywordInTitle, KeywordNamesAuthor, KeywordTooLong, TooManyKeywords

MAX_KEYWORDS = 7
MAX_LENGTH = 50
_LONGEST_NAME = 5  # words
_COMPARING = re.compile(r"\b(for fans of|in the style of|books like|fans von|im stil von|bücher wie)\b", re.IGNORECASE)


def parted(text: str) -> list[str]:
    """Return the keywords of a text that has them in lines or between commas or semicolons, each once."""
    found: dict[str, str] = {}
    for part in re.split(r"[,;\n]", text):
        if keyword := " ".join(part.split()):
            found.setdefault(keyword.casefold(), keyword)
    return list(found.values())


def check(keywords: Collection[str], *, known: Iterable[str]) -> None:
    """Check number, length, and that none only repeats what is `known` of the book: title, series, names.

    Raises TooManyKeywords, KeywordTooLong, KeywordInTitle, KeywordNamesAuthor.
    """
    if len(keywords) > MAX_KEYWORDS:
        raise TooManyKeywords(most=MAX_KEYWORDS)
    shown = {word for text in known for word in words(text)}
    for keyword in keywords:
        if len(keyword) > MAX_LENGTH:
            raise KeywordTooLong(keyword=f"{keyword[:MAX_LENGTH]}…", most=MAX_LENGTH)
        if _COMPARING.search(keyword):
            raise KeywordNamesAuthor(keyword=keyword)
        if set(words(keyword)) <= shown:
            raise KeywordInTitle(keyword=keyword)


def possible_names(keywords: Iterable[str]) -> dict[str, str]:
    """Return every run of two to five words in the keywords that may be somebody's name, with its keyword."""
    found = {}
    for keyword in keywords:
        parts = keyword.lower().split()
        for start in range(len(parts)):
            for end in range(start + 2, min(len(parts), start + _LONGEST_NAME) + 1):
                found[" ".join(parts[start:end])] = keyword
    return found
