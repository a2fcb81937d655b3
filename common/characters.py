"""Which characters a text may hold: where it comes in, where it is kept, and in XML."""

from __future__ import annotations

import re

_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
# What word processors and others put between lines, beside \n and \r.
_BREAKS = re.compile("[\v\f\x1c-\x1e\x85\u2028\u2029]")
# Marks that turn the direction of what comes after them, beyond the end of a name that stands in a line with others.
# Those that speak of themselves alone (U+200E, U+200F, U+061C) stay.
_TURNS = re.compile("[\u202a-\u202e\u2066-\u2069]")
_AROUND_BREAKS = re.compile(r"\s*[\r\n]\s*")
_NOT_KEPT = re.compile("[\0\ud800-\udfff]")


def for_xml(text: str) -> str:
    """The text without the characters that XML 1.0 does not have, not even escaped."""
    return _NOT_XML.sub("", text)


def tidied(text: str) -> str:
    """The text as its writer meant it: vertical tabs and form feeds are line breaks, other control characters go, and
    so do those that turn the direction of the words around.
    """
    return for_xml(_TURNS.sub("", _BREAKS.sub("\n", text)))


def one_line(text: str) -> str:
    """The text, tidied, in one line: a space for each line break."""
    return _AROUND_BREAKS.sub(" ", tidied(text)).strip()


def can_be_kept(text: str) -> bool:
    """Whether the database takes it: no NUL, no half of a pair of surrogates."""
    return not _NOT_KEPT.search(text)
