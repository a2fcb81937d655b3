"""Character-level helpers: what XML allows, how it is escaped, and what a language tag looks like."""

from __future__ import annotations

import re

# Characters that XML 1.0 forbids or discourages: control characters, surrogates, non-characters.
_UNFIT = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff"
    + "".join(f"{chr(plane * 0x10000 + 0xFFFE)}{chr(plane * 0x10000 + 0xFFFF)}" for plane in range(1, 17))
    + "]"
)
_LANGUAGE = re.compile(
    r"[A-Za-z]{2,3}\b(?:-[A-Za-z]{4}\b)?(?:-(?:[A-Za-z]{2}|[0-9]{3})\b)?"
    r"(?:-(?:[A-Za-z0-9]{5,8}|[0-9][A-Za-z0-9]{3})\b)*"
)
_NAME = re.compile(r"[^A-Za-z0-9_-]+")


def clean(text: str) -> str:
    """Return the text without the characters that XML forbids or discourages."""
    if text.isprintable() or _all_fit(text):
        return text
    return _UNFIT.sub("", text.replace("\r\n", "\n").replace("\r", "\n").replace("\x85", "\n"))


def _all_fit(text: str) -> bool:
    """Return whether every character is fit, counting line ends and special spaces, which books are full of, as fit.
    Replacing those first is ten times faster than searching for unfit characters."""
    return text.replace("\n", " ").replace("\xa0", " ").replace("\u2060", "").replace("\u200a", " ").isprintable()


def escape(text: str) -> str:
    """Return the text as XML character data."""
    text = clean(text)
    if "&" in text:
        text = text.replace("&", "&amp;")
    if "<" in text:
        text = text.replace("<", "&lt;")
    if ">" in text:
        text = text.replace(">", "&gt;")
    return text


def one_line(text: str) -> str:
    """Return the text cleaned, with every run of white space as one space."""
    return " ".join(clean(text).split())


def attribute(text: str) -> str:
    """Return the text as the content of a double-quoted XML attribute, on one line."""
    return escape(one_line(text)).replace('"', "&quot;")


def language_tag(tag: str) -> str:
    """Return a well-formed BCP 47 tag: the given one, its longest well-formed prefix, or ""."""
    hyphened = tag.strip().replace("_", "-")
    match = _LANGUAGE.match(hyphened)
    if match is None or hyphened[match.end() : match.end() + 1] not in ("", "-"):
        return ""
    return match.group()


def xml_name(text: str, prefix: str = "i") -> str:
    """Return an id made of ASCII letters, digits, "-" and "_" that starts with a letter."""
    name = _NAME.sub("-", text).strip("-")
    return name if name[:1].isalpha() else f"{prefix}-{name}".rstrip("-")


class Names:
    """Hands out names that are unique even ignoring case."""

    def __init__(self, *taken: str) -> None:
        self._taken = {name.lower() for name in taken}
        self._next: dict[str, int] = {}

    def unique(self, wanted: str) -> str:
        """Return `wanted`, with a number appended where the name is taken."""
        key = wanted.lower()
        if key not in self._taken:
            self._taken.add(key)
            return wanted
        number = self._next.get(key, 2)
        while f"{key}-{number}" in self._taken:
            number += 1
        self._next[key] = number + 1
        self._taken.add(f"{key}-{number}")
        return f"{wanted}-{number}"
