"""Check quotation marks: straight among curly ones, straight throughout, never closed; and how to curl straight
ones."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from ..findings.model import Finding
from .analysis import END, BookAnalysis, Passage, TextPosition
from .making import one_finding
from .rules import in_address

STRAIGHT = re.compile("[\"']")
_CURLY = frozenset("“”‘’„«»")
_MEASURE = re.compile(r"\d{1,2}['’] ?\d{1,2}[\"”]")
_OPENERS = frozenset(" \n\t\u00a0\u202f([{“‘„«—–-/" + END)
_THIN = frozenset("\u200a\u2009\u2006")
_ELISIONS = re.compile(
    r"(?:tis|twas|twere|twill|twould|em|til|cause|cos|bout|round|gainst|neath|nuff|\d\ds?)\b", re.IGNORECASE
)
MIN_STRAIGHT = 3


class Style(NamedTuple):
    """The quotation marks of a language: for a quotation, and for one nested inside it."""

    opens: str
    closes: str
    inner_opens: str
    inner_closes: str


_HIGH = Style("“", "”", "‘", "’")
_LOW = Style("„", "“", "‚", "‘")
_POINTED = Style("«", "»", "“", "”")
STYLES: dict[str, Style] = {
    "en": _HIGH,
    "nl": _HIGH,
    "pt": _HIGH,
    "tr": _HIGH,
    "ca": _POINTED,
    "es": _POINTED,
    "it": _POINTED,
    "ru": Style("«", "»", "„", "“"),
    "uk": Style("«", "»", "„", "“"),
    "el": _POINTED,
    "fr": Style("«\u00a0", "\u00a0»", "“", "”"),
    "de": _LOW,
    "cs": _LOW,
    "sk": _LOW,
    "sl": _LOW,
    "pl": Style("„", "”", "‚", "’"),
    "hu": Style("„", "”", "»", "«"),
    "ro": Style("„", "”", "«", "»"),
    "sv": Style("”", "”", "’", "’"),
    "fi": Style("”", "”", "’", "’"),
    "da": Style("»", "«", "›", "‹"),
    "no": Style("«", "»", "‘", "’"),
    "nb": Style("«", "»", "‘", "’"),
    "nn": Style("«", "»", "‘", "’"),
}
# A book that uses one of these marks has chosen its style, regardless of its language.
_BY_MARK = (("»", "«", Style("»", "«", "›", "‹")), ("„", "“", _LOW), ("“", "”", _HIGH))


def style_of(language: str, text: str) -> Style | None:
    """Return how quotations are marked in this text; None where straight marks have a meaning of their own."""
    own = STYLES.get(language)
    if own is None or own.opens.strip("\u00a0") in text:
        return own
    for opens, closes, style in _BY_MARK:
        if re.search(rf"(?<!\w){opens}\w", text) and closes in text:
            return style
    return own


def curled(text: str, style: Style) -> Iterator[tuple[int, int, str]]:
    """Yield the replacement for each straight mark of one passage between `END` characters: start, end, mark."""
    measures = {at for match in _MEASURE.finditer(text) for at in range(*match.span())}
    is_open = is_inner_open = False
    for at, sign in enumerate(text):
        if sign == style.opens[0] or sign == style.closes[-1]:
            is_open = sign == style.opens[0] and sign != style.closes[-1]
        if sign not in "\"'" or at in measures or in_address(text, at):
            continue
        left, right = _beside(text, at, -1), _beside(text, at, 1)
        opens = (left in _OPENERS or left == '"' != sign) and not right.isspace()
        if sign == '"':
            if left.isdigit() and not is_open and not opens:
                yield at, at + 1, "″"
                continue
            is_open = opens and not (is_open and left in "—–-" and not right.isalnum())
            yield at, at + 1, style.opens if is_open else style.closes
        elif opens and _quotes(text, at):
            is_inner_open = True
            yield at, at + 1, style.inner_opens
        else:
            closes = is_inner_open and not right.isalnum()
            is_inner_open = is_inner_open and not closes
            yield at, at + 1, style.inner_closes if closes else "’"


def _beside(text: str, at: int, step: int) -> str:
    """Return the character next to a mark, skipping the thin spaces between nested marks."""
    at += step
    while text[at] in _THIN:
        at += step
    return text[at]


def _quotes(text: str, at: int) -> bool:
    """Return whether a single mark before a word opens a quotation: no letters were left out, and another mark closes
    it."""
    if _ELISIONS.match(text, at + 1):
        return False
    return re.search(r"\S['’](?!\w)", text[at + 1 :]) is not None


# ---------------------------------------------------------------- checks


def straight(analysis: BookAnalysis) -> Iterator[Finding]:
    """Report straight quotation marks: among curly ones, or throughout."""
    if not analysis.characters & {'"', "'"} or analysis.language in ("he", "ar", "fa", "ja", "zh"):
        return
    spots = straight_spots(analysis)
    if analysis.characters & _CURLY:
        yield from one_finding("text.quotes-mixed", spots)
    elif analysis.language in STYLES:
        yield from one_finding("text.quotes-straight", spots, least=MIN_STRAIGHT)


def straight_spots(analysis: BookAnalysis) -> list[TextPosition]:
    """Return every straight mark that is no measure (6' 2") and not part of an address."""
    text = analysis.whole_text
    measures = {at for match in _MEASURE.finditer(text) for at in range(*match.span())}
    places = [m.start() for m in STRAIGHT.finditer(text)]
    return [analysis.spot(at) for at in places if at not in measures and not in_address(text, at)]


def unbalanced(analysis: BookAnalysis) -> Iterator[Finding]:
    """Report quotations that are opened and not closed, or closed and never opened."""
    style = STYLES.get(analysis.language)
    if style is None or style.opens == style.closes:
        return
    style = style_of(analysis.language, analysis.whole_text) or style
    opens, closes = style.opens[0], style.closes[-1]
    if opens in analysis.characters and closes in analysis.characters:
        yield from one_finding("text.quotes-unbalanced", list(_unbalanced(analysis, opens, closes)))


def _unbalanced(analysis: BookAnalysis, opens: str, closes: str) -> Iterator[TextPosition]:
    """Yield unmatched marks. A quotation of several paragraphs opens in each of them and closes only in the last."""
    passages = analysis.passages
    for number, passage in enumerate(passages):
        text = passage.typed
        more = text.count(opens) - text.count(closes)
        if more == 0 or passage.in_verse or analysis.language_of(passage) != analysis.language:
            continue
        if more < 0:
            if not _continues(passages, number, opens, closes):
                yield TextPosition(passage, text.find(closes))
        elif more > 1 or not (_goes_on(passages, number, opens) or _is_closed_later(passages, number, opens, closes)):
            yield TextPosition(passage, text.rfind(opens))


def _goes_on(passages: list[Passage], number: int, opens: str) -> bool:
    """Return whether the next paragraph reopens the same quotation, or something is quoted in between (a letter, a
    poem)."""
    here = passages[number]
    following = passages[number + 1 : number + 2]
    if not following or following[0].chapter is not here.chapter:
        return False
    return (
        following[0].typed.lstrip("‘'( \n").startswith(opens)
        or following[0].in_verse
        or here.typed.rstrip().endswith((":", ":—", "—", ","))
    )


def _is_closed_later(passages: list[Passage], number: int, opens: str, closes: str) -> bool:
    """Return whether the signature of a letter, or the end of a poem, closes the quotation."""
    here = passages[number]
    for later in passages[number + 1 : number + 12]:
        more = later.typed.count(opens) - later.typed.count(closes)
        if more or later.chapter is not here.chapter:
            return more < 0 and later.chapter is here.chapter
    return False


def _continues(passages: list[Passage], number: int, opens: str, closes: str) -> bool:
    """Return whether the paragraph ends a quotation that an earlier one opened, with a letter or a poem between
    them."""
    here = passages[number]
    for earlier in reversed(passages[max(0, number - 40) : number]):
        if earlier.chapter is not here.chapter:
            return False
        more = earlier.typed.count(opens) - earlier.typed.count(closes)
        if more:
            return more > 0
    return False


CHECKS = (straight, unbalanced)
