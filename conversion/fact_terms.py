"""The words that the engine uses inside facts: kinds of files, parts of a PDF, reading ease, reading time.

They are stored with findings in English. The lists are closed, so that sentences in other languages contain no English
words; what is in no list (a name, “RTF”) is the same in every language. Plain Python, for the engine too.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from conversion.translation_marks import _

_KINDS = frozenset({
    _("program"), _("gzip archive"), _("7-Zip archive"), _("RAR archive"), _("bzip2 archive"), _("xz archive"),
    _("plain zip archive"), _("PNG picture"), _("JPEG picture"), _("GIF picture"), _("Kindle book"),
    _("Pages document"), _("Excel workbook"), _("PowerPoint presentation"), _("Jupyter notebook"), _("UNKNOWN"),
})  # fmt: skip
_LEVELS = frozenset({
    _("very easy"), _("easy"), _("moderately difficult"), _("difficult"), _("very difficult"),
})  # fmt: skip
_PARTS = frozenset({
    _("scripts"), _("links that start programs"), _("forms that send data"), _("forms that read files"),
    _("form actions"), _("XFA forms"), _("links to other files"), _("links into attached files"),
    _("films and models"), _("sounds"), _("actions on layers"), _("attached files"), _("actions on opening"),
    _("actions that start by themselves"), _("data outside the PDF"),
})  # fmt: skip
_FILES = frozenset({
    _("printed cover"), _("proof sheet"), _("designs to choose from"), _("your own PDF"), _("EPUB for Kobo"),
    _("EPUB for Kindle"), _("plain text"), _("sample for the browser"), _("sample as EPUB"),
    _("small pictures of the cover"),
})  # fmt: skip
# Parts that files or the book were made without.
_MISSING = frozenset({
    _("cover"), _("title page"), _("table of contents"), _("headers and page numbers"), _("bookmarks"),
    _("document details"), _("your own design"), _("fonts"), _("page numbers of the print edition"),
    _("copyright page"), _("dedication"), _("about the author"), _("also by the author"),
})  # fmt: skip
# Resources of which a conversion may not use more: "This file needs more … than a conversion may use."
_LIMITS = frozenset({
    _("time"), _("memory"), _("size"), _("depth"), _("processes"), _("storage"), _("files"),
})  # fmt: skip
# Why a file was not made.
_CAUSES = frozenset({
    _("a program of ours failed"), _("a program of ours ended unexpectedly"),
    _("this server ran short of memory"), _("it needs too much memory"),
    _("it takes too much time"), _("the file becomes too large"), _("the files become too large"),
    _("it needs too many files"), _("the text is nested too deeply"), _("it needs too many processes"),
    _("this server has no space left"),
})  # fmt: skip
WORDS = {
    "cause": _CAUSES, "kind": _KINDS, "level": _LEVELS, "parts": _PARTS, "file": _FILES, "limit": _LIMITS,
    "missing": _MISSING,
}  # fmt: skip

_TIME = re.compile(r"(?:(?P<hours>\d+) hours?)?(?: and )?(?:(?P<minutes>\d+) minutes?)?")
_HOUR, _HOURS = _("1 hour"), _("{count} hours")
_MINUTE, _MINUTES = _("1 minute"), _("{count} minutes")
_BOTH = _("{hours} and {minutes}")


def translate_fact(name: str, fact: str, translate: Callable[[str], str]) -> str:
    """Return the fact called `name` in the reader's language, as far as its words are the engine's."""
    if name == "time":
        return _duration(fact, translate)
    words = WORDS.get(name, frozenset())
    return ", ".join(translate(word) if word in words else word for word in fact.split(", ")) if words else fact


def _duration(fact: str, translate: Callable[[str], str]) -> str:
    found = _TIME.fullmatch(fact)
    if found is None:
        return fact
    hours, minutes = found["hours"], found["minutes"]
    told_hours = translate(_HOUR if hours == "1" else _HOURS).format(count=hours)
    told_minutes = translate(_MINUTE if minutes == "1" else _MINUTES).format(count=minutes)
    if hours and minutes:
        return translate(_BOTH).format(hours=told_hours, minutes=told_minutes)
    return told_hours if hours else told_minutes if minutes else fact
