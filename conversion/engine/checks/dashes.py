"""Check for two styles of dash in one book: — without spaces, and – between spaces."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..findings.model import Finding
from .analysis import BookAnalysis, TextPosition
from .making import one_finding

MIN_RARER = 2  # of the rarer kind; a single one may be a typing error or a quoted title
SHARE = 10  # the rarer kind must be at least one in ten: otherwise it is in a quotation or a list
_SIGNS = frozenset("—–")
_JOINED = re.compile(r"(?<=\w)—(?=\w)")
_SPACED = re.compile(r"(?<=[^\W\d]) – (?=[^\W\d])")


def mixed(analysis: BookAnalysis) -> Iterator[Finding]:
    """Report both kinds of dash in one book, at the first occurrence of the rarer one."""
    if not analysis.characters >= _SIGNS:
        return
    joined, spaced = _spots(analysis, _JOINED), _spots(analysis, _SPACED)
    fewer, more = sorted((joined, spaced), key=len)
    if len(fewer) >= MIN_RARER and len(fewer) * SHARE >= len(more):
        yield from one_finding("text.dashes-mixed", fewer, joined=len(joined), spaced=len(spaced))


def _spots(analysis: BookAnalysis, pattern: re.Pattern[str]) -> list[TextPosition]:
    """Return the positions of one kind of dash in passages in the book's own language."""
    spots = [analysis.spot(match.start()) for match in pattern.finditer(analysis.whole_text)]
    return [spot for spot in spots if analysis.language_of(spot.passage) == analysis.language]


CHECKS = (mixed,)
