"""Values of our own files: each function returns a clean one, or raises Malformed with the place of what is wrong."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from typing import Any

from ...book import clean

MAX_TEXT_CHARACTERS = 1_000_000  # of one string
MAX_ENCODED_CHARACTERS = 60_000_000  # of one picture
MAX_SHORT_CHARACTERS = 40
MAX_ITEMS = 200_000  # of one list

type Parser = Callable[[Any, str], Any]

_ID = re.compile(r"[a-z][a-z0-9-]{0,200}")
_KEY = re.compile(r"(?:[0-9a-f]{64})?")
_ROLE = re.compile(r"[a-z][a-z-]{0,39}")
_NAME = re.compile(r"[^\x00-\x1f/\\]{0,200}")


class Malformed(ValueError):
    """The JSON is no Book. `place` says which value is wrong."""

    def __init__(self, place: str) -> None:
        self.place = place[:120]
        super().__init__(place)


def string(value: Any, place: str) -> str:
    if not isinstance(value, str) or len(value) > MAX_TEXT_CHARACTERS:
        raise Malformed(place)
    return value


def text(value: Any, place: str) -> str:
    """Return running text, cleaned as that of every manuscript."""
    return clean.text(string(value, place).encode("utf-8", "replace").decode())


def encoded(value: Any, place: str) -> str:
    """Return base64, which only its length is checked of."""
    if not isinstance(value, str) or len(value) > MAX_ENCODED_CHARACTERS:
        raise Malformed(place)
    return value


def short(value: Any, place: str) -> str:
    found = text(value, place)
    if len(found) > MAX_SHORT_CHARACTERS:
        raise Malformed(place)
    return found


def line(value: Any, place: str) -> str:
    return clean.title(text(value, place), 2000)


def flag(value: Any, place: str) -> bool:
    if not isinstance(value, bool):
        raise Malformed(place)
    return value


def number(low: int, high: int) -> Parser:
    def read(value: Any, place: str) -> int:
        if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
            raise Malformed(place)
        return value

    return read


def one_of(values: Collection[str], kind: Callable[[str], Any] = str) -> Parser:
    def read(value: Any, place: str) -> Any:
        if string(value, place) not in values:
            raise Malformed(place)
        return kind(value)

    return read


def _matching(pattern: re.Pattern[str]) -> Parser:
    def read(value: Any, place: str) -> str:
        if not pattern.fullmatch(string(value, place)):
            raise Malformed(place)
        return str(value)

    return read


identity, key, role, name = map(_matching, (_ID, _KEY, _ROLE, _NAME))


def anchor_or_nothing(value: Any, place: str) -> str:
    return "" if value == "" else str(identity(value, place))


def language(value: Any, place: str) -> str:
    found = string(value, place)
    if found and clean.language(found) != found:
        raise Malformed(place)
    return found


direction = one_of(("", "ltr", "rtl"))


def href(value: Any, place: str) -> str:
    """Return an address as links may have it: http(s), mailto or within the book."""
    found = string(value, place)
    if found.startswith("#"):
        return f"#{identity(found[1:], place)}"
    if not clean.href(found):
        raise Malformed(place)
    return clean.href(found)


def listed(item: Parser, most: int = MAX_ITEMS) -> Parser:
    def read(value: Any, place: str) -> list[Any]:
        if not isinstance(value, list) or len(value) > most:
            raise Malformed(place)
        return [item(one, f"{place}[{position}]") for position, one in enumerate(value)]

    return read


def record(build: Callable[..., Any], fields: dict[str, Parser], required: Collection[str] = ()) -> Parser:
    """Return a parser of objects with these fields and no other."""

    def read(value: Any, place: str) -> Any:
        if not isinstance(value, dict) or not value.keys() <= fields.keys() or not value.keys() >= set(required):
            raise Malformed(place)
        return build(**{key: fields[key](content, f"{place}.{key}") for key, content in value.items()})

    return read
