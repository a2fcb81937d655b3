"""What a paragraph style is for, by its name: word processors share most of these names."""

from __future__ import annotations

import re
from enum import StrEnum


class Kind(StrEnum):
    """What a paragraph is for, by the name of its style."""

    BODY = "body"
    TITLE = "title"
    SUBTITLE = "subtitle"
    AUTHOR = "author"
    HEADING = "heading"
    QUOTE = "quote"
    CODE = "code"
    CAPTION = "caption"
    CONTENTS = "contents"
    VERSE = "verse"
    RULE = "rule"
    CONTINUE = "continue"
    DEDICATION = "dedication"
    EPIGRAPH = "epigraph"
    TERM = "term"
    DEFINITION = "definition"


_KINDS: tuple[tuple[re.Pattern[str], Kind], ...] = tuple(
    (re.compile(pattern), kind)
    for pattern, kind in (
        (r"title|titel|titre|book ?title|título|titolo", Kind.TITLE),
        (r"subtitle|untertitel|sous-titre|book ?subtitle", Kind.SUBTITLE),
        (r"author|byline|autor|auteur", Kind.AUTHOR),
        (r"toc ?heading|toc ?\d|contents ?(heading|\d)|table of figures|toa heading", Kind.CONTENTS),
        (r"caption|image caption|table caption|figure caption|captioned figure|beschriftung|légende", Kind.CAPTION),
        (r"(intense )?quot(e|ation|ations)|block ?(text|quote|quotation)s?|zitat|citation|cita|extract", Kind.QUOTE),
        (r"source ?code|code|code block|html preformatted|preformatted( text)?|verbatim|plain code", Kind.CODE),
        (r"(poem|poetry|verse|stanza|lyrics|gedicht|vers|poème|poesia|poesía)\b.*", Kind.VERSE),
        (r"horizontal line|scene ?break|section ?break|ornament", Kind.RULE),
        (r"list continue.*", Kind.CONTINUE),
        (r"dedication|widmung|dédicace", Kind.DEDICATION),
        (r"epigraph|motto|épigraphe", Kind.EPIGRAPH),
        (r"definition term", Kind.TERM),
        (r"definition", Kind.DEFINITION),
    )
)
_HEADING_NAME = re.compile(r"(?:heading|überschrift|titre|título|titolo|kop|заголовок)\s*([1-9])")


def kind_of(name: str) -> Kind | None:
    """The kind that a style's lower-case name tells, or None."""
    return next((kind for pattern, kind in _KINDS if pattern.fullmatch(name)), None)


def heading_level(name: str) -> int:
    """The level in a style name such as "heading 2"; 0 in any other."""
    match = _HEADING_NAME.fullmatch(name)
    return int(match.group(1)) if match else 0
