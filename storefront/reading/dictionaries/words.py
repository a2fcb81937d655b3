"""Words as dictionaries compare them."""

from __future__ import annotations

import re
import unicodedata

MAX_WORDS = 3  # of a phrase that can be looked up
MAX_CHARACTERS = 80

_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")
_ALIKE = str.maketrans(dict.fromkeys("’‘ʼ＇`´", "'") | dict.fromkeys("‐‑", "-"))
_EDGES = re.compile(r"^[^\w]+|[^\w]+$")


def key_of(text: str) -> str:
    """Return the words for comparing: without case, white space and punctuation around them, and invisible letters."""
    plain = _INVISIBLE.sub("", unicodedata.normalize("NFC", text)).translate(_ALIKE)
    return unicodedata.normalize("NFC", " ".join(_EDGES.sub("", plain).split()).casefold())


def can_be_looked_up(key: str) -> bool:
    return 0 < len(key) <= MAX_CHARACTERS and len(key.split()) <= MAX_WORDS
