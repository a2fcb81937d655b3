"""Which characters a text may contain: on input, in the database, and in XML."""

from __future__ import annotations

import re

_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
# Line breaks that word processors and others use, beside \n and \r.
_BREAKS = re.compile("[\v\f\x1c-\x1e\x85\u2028\u2029]")
# Characters that change the writing direction of what follows, beyond the end of a name in a line of names. Those
# that only affect themselves (U+200E, U+200F, U+061C) stay.
_TURNS = re.compile("[\u202a-\u202e\u2066-\u2069]")
_AROUND_BREAKS = re.compile(r"\s*[\r\n]\s*")
_NOT_KEPT = re.compile("[\0\ud800-\udfff]")


def for_xml(text: str) -> str:
    """Return the text without the characters that XML 1.0 does not allow, not even escaped."""
    return _NOT_XML.sub("", text)


def cleaned(text: str) -> str:
    """Return the text as its writer meant it: vertical tabs and form feeds become line breaks, other control characters
    are removed, and so are those that change the direction of the words around them.
    """
    return for_xml(_TURNS.sub("", _BREAKS.sub("\n", text)))


def one_line(text: str) -> str:
    """Return the text, tidied, on one line: each line break becomes a space."""
    return _AROUND_BREAKS.sub(" ", cleaned(text)).strip()


def is_storable(text: str) -> bool:
    """Return whether the database accepts the text: no NUL, no unpaired surrogates."""
    return not _NOT_KEPT.search(text)
