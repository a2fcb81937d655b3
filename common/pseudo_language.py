"""A language for tests: English with marked letters, read from right to left.

Words that stay plain on a page in it were never given to translators, and a page that breaks in it would break in
Arabic or Hebrew. It goes by Arabic's code, whose direction Django and browsers know.
"""

from __future__ import annotations

import re
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

CODE = "ar"
_LETTERS = str.maketrans(
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ",
    "àƀĉďéḟĝĥíĵķĺɱñóþɋŕšţúṽŵẋýžÀƁĈĎÉḞĜĤÍĴĶĹṀÑÓÞɊŔŠŢÚṼŴẊÝŽ",
)
# What a translation must keep: placeholders, markup, and entities.
_FIXED = re.compile(r"(%\(\w+\)[sd]|%%|%[sd]|\{\w*(?:[:!][^}]*)?\}|<[^>]+>|&\w+;)")


def pseudo(text: str) -> str:
    """Return the text with each letter marked; placeholders, markup and entities stay as they are."""
    parts = _FIXED.split(text)
    return "".join(part if index % 2 else part.translate(_LETTERS) for index, part in enumerate(parts))


def write_words(source: Path, folder: Path) -> int:
    """Write `<folder>/ar/LC_MESSAGES/django.mo` with every message of a .po file. Return how many there are."""
    with source.open("rb") as file:
        messages = [one for one in read_po(file) if one.id]
    words = Catalog(locale=CODE)
    for message in messages:
        words.add(message.id, _translated(message, words.num_plurals), context=message.context)
    target = folder / CODE / "LC_MESSAGES" / "django.mo"
    target.parent.mkdir(parents=True, exist_ok=True)
    with target.open("wb") as file:
        write_mo(file, words)
    return len(messages)


def _translated(message: Message, plurals: int) -> str | tuple[str, ...]:
    if isinstance(message.id, str):
        return pseudo(message.id)
    one, many = (pseudo(text) for text in message.id)
    return (many, one, *[many] * (plurals - 2))  # Arabic counts none, one, two, few, many
