"""`reverse`, which remembers where an address has its words.

Only what is looked up is remembered. An address whose words are more than letters, digits, "-" and "_", or whose
pattern wants anything but a word, is Django's own each time.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from django.urls import URLResolver, get_resolver, get_script_prefix, get_urlconf, reverse
from django.urls.converters import SlugConverter, StringConverter
from django.utils.html import escape

_WORD = re.compile(r"[-a-zA-Z0-9_]+")
_STAND_IN = "stand-in-of-place-{}"  # a word of its own, which no pattern of ours holds


def address(name: str, *words: str) -> str:
    """The address of a named pattern in the active region. Raises NoReverseMatch as `reverse` does."""
    return remembered(name, words) or reverse(name, args=words)


def addresses(name: str, words: Iterable[str]) -> list[str]:
    """The addresses of a pattern of one word, for each of the words."""
    shape = _shape(name, 1, get_urlconf())
    if not shape:
        return [reverse(name, args=[word]) for word in words]
    shape = get_script_prefix().replace("%", "%%") + shape
    return [shape % word if _WORD.fullmatch(word) else reverse(name, args=[word]) for word in words]


def remembered(name: str, words: tuple[object, ...]) -> str:
    """The address as it is and as HTML has it; "" where Django is to be asked."""
    for word in words:
        if not (isinstance(word, str) and _WORD.fullmatch(word)):
            return ""
    shape = _shape(name, len(words), get_urlconf())
    return get_script_prefix() + shape % words if shape else ""


@lru_cache(maxsize=1024)
def _shape(name: str, count: int, urlconf: str | None) -> str:
    """What follows the script prefix, of which each region has its own, with "%s" for the words, by asking Django once
    with stand-ins; "" where the pattern might refuse or change other words."""
    if not _takes_words(name, count, urlconf):
        return ""
    stand_ins = [_STAND_IN.format(place) for place in range(count)]
    found, prefix = reverse(name, urlconf=urlconf, args=stand_ins), get_script_prefix()
    if not found.startswith(prefix) or escape(found) != found:
        return ""
    shape = found.removeprefix(prefix).replace("%", "%%")
    for one in stand_ins:
        shape = shape.replace(one, "%s", 1)
    return shape


def _takes_words(name: str, count: int, urlconf: str | None) -> bool:
    """Whether there is one pattern of the name, and it takes so many words, each without a slash."""
    patterns = get_resolver(urlconf).reverse_dict.getlist(name)
    if len(patterns) != 1:
        return False
    possibilities, _pattern, defaults, converters = patterns[0]
    if len(possibilities) != 1 or defaults:
        return False
    places = possibilities[0][1]
    return len(places) == count and all(
        type(converters.get(place)) in {SlugConverter, StringConverter} for place in places
    )


class _OfEveryLanguage(dict[str | None, Any]):
    """What Django keeps by language; whichever is asked for gets what was made for the first."""

    def __contains__(self, _language: object) -> bool:
        return bool(self)

    def __getitem__(self, _language: str | None) -> Any:
        return next(iter(self.values()))


def share_between_languages(resolver: URLResolver) -> None:
    """Let a resolver, and those below it, make its tables once.

    Django makes them for each language, since patterns may be translated. None of ours is, and the tables of seven
    locales take 6 MB.
    """
    inner: Any = resolver
    for name in ("_reverse_dict", "_namespace_dict", "_app_dict"):
        setattr(inner, name, _OfEveryLanguage(getattr(inner, name)))
    for one in inner.url_patterns:
        if isinstance(one, URLResolver):
            share_between_languages(one)
