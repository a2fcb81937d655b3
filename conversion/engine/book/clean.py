"""Clean the smallest values that a reader takes from a source: text, titles, link targets, language tags.

Every string that enters a `Book` passes through here, so writers may rely on it: only characters that XML allows, no
unbalanced bidirectional controls, no URL but http(s) and mailto.
"""

from __future__ import annotations

import re
import unicodedata

TITLE_LIMIT_CHARS = 300
HREF_LIMIT_CHARS = 2000

# Characters that XML 1.0 forbids, the C1 controls, line and paragraph separators and non-characters.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufdd0-\ufdef\ufffe\uffff\ud800-\udfff]")
_DIRECTION = re.compile("[\u202a-\u202e\u2066-\u2069]")
_EITHER = re.compile(_FORBIDDEN.pattern[:-1] + "\u202a-\u202e\u2066-\u2069]")
_SPACES = re.compile(r"\s+")
_SCHEME_NOISE = re.compile("[\x00-\x20\x7f-\xa0\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
_LANGUAGE_TAG = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,4}")
_MAILTO = re.compile(r"mailto:[^\s<>\"@]{1,64}@[^\s<>\"@]{1,255}", re.IGNORECASE)
_WEB = re.compile(r"https?://[^\s<>\"\\^`{|}]{1,2000}", re.IGNORECASE)
_SPACE_AT_LINE_END = re.compile("[ \t]+(?=[\x0b\x0c\x85\u2028\u2029])")  # WeasyPrint fails on it
_SEPARATORS = {0x2028: "\n", 0x2029: "\n", 0x85: "\n", 0x0B: "\n", 0x0C: "\n"}


def text(value: str) -> str:
    """Return `value` without the characters that XML forbids. Bidirectional controls stay only as balanced isolates."""
    if not _EITHER.search(value):
        return value
    value = _FORBIDDEN.sub("", _SPACE_AT_LINE_END.sub("", value).translate(_SEPARATORS))
    return value if _isolates_balanced(value) else _DIRECTION.sub("", value)


def _isolates_balanced(value: str) -> bool:
    depth = 0
    for match in _DIRECTION.finditer(value):
        control = match.group()
        if control in "\u202a\u202b\u202c\u202d\u202e":
            return False
        depth += -1 if control == "\u2069" else 1
        if depth < 0:
            return False
    return depth == 0


def title(value: str, limit_chars: int = TITLE_LIMIT_CHARS) -> str:
    """Return a single line without bidirectional controls, shortened at a word boundary to `limit_chars`."""
    value = _SPACES.sub(" ", _DIRECTION.sub("", _FORBIDDEN.sub(" ", value[: 20 * limit_chars]))).strip()
    if len(value) <= limit_chars:
        return value
    cut = value[: limit_chars - 1]
    return (cut[: cut.rfind(" ")] if " " in cut[limit_chars // 2 :] else cut).rstrip() + "…"


def quote(value: str, limit_chars: int = 120) -> str:
    """Return the words around a place, for a finding."""
    return title(value, limit_chars)


def href(value: str) -> str:
    """Return an absolute http(s) or mailto URL, or "" when `value` is anything else."""
    value = _SCHEME_NOISE.sub("", value[: HREF_LIMIT_CHARS + 1])
    if len(value) > HREF_LIMIT_CHARS:
        return ""
    if _WEB.fullmatch(value):
        return value if _has_host(value) else ""
    return value if _MAILTO.fullmatch(value) else ""


def _has_host(address: str) -> bool:
    authority = re.split("[/?#]", address.split("://", 1)[1], maxsplit=1)[0]
    return bool(authority) and "@" not in authority and authority.isascii()


def language(value: str) -> str:
    """Return a BCP 47 tag in its usual casing, or ""."""
    value = value.strip().replace("_", "-").split(".", 1)[0]
    if not _LANGUAGE_TAG.fullmatch(value):
        return ""
    head, *rest = value.split("-")
    return "-".join([head.lower(), *(_subtag(part) for part in rest)])


def _subtag(part: str) -> str:
    if len(part) == 2:
        return part.upper()
    return part.title() if len(part) == 4 and part.isalpha() else part.lower()


def fold(value: str) -> str:
    """Normalise a title for comparison: no case, no accents, no punctuation at the edges, single spaces."""
    plain = unicodedata.normalize("NFKD", value[:500]).casefold()
    plain = "".join(char for char in plain if not unicodedata.combining(char))
    return _SPACES.sub(" ", plain).strip(" .:;,!?*_-–—\t")
