"""How a chapter's first paragraph begins: words in capitals, or a large initial."""

from __future__ import annotations

from dataclasses import replace

from ...designs import Design, Opening
from .galley import Para, Segment
from .words import NO_MARK, Lexicon, Look, Word

_QUOTES = "“‘\"'«„¿¡"


def opened(para: Para, design: Design, lexicon: Lexicon, look: Look) -> None:
    """Give a paragraph that is threaded already its opening; one whose first words have several looks stays plain."""
    if not para.segments or not para.segments[0].words:
        return
    segment = para.segments[0]
    plain = Segment(list(segment.words), list(segment.gaps))
    capitals = replace(look, capitals=design.capitals_size, capital_spacing=design.capitals_spacing_em)
    count = _countable(segment, design.opening_words)
    if design.opening is Opening.DROP_CAP:
        initial = _initial(segment.words[0], design, lexicon, look)
        if initial is None:
            return
        para.initial, rest = initial
        para.unopened = plain
        segment.words[0] = lexicon[capitals if count else look][rest] if rest else Word("", None, ())
    for at in range(count):
        word = segment.words[at]
        if at or design.opening is Opening.CAPITALS:
            segment.words[at] = lexicon[capitals][word.text]


def _countable(segment: Segment, wanted: int) -> int:
    """How many words may become capitals: those of the paragraph's own look."""
    count = 0
    for word in segment.words[:wanted]:
        if word.look is None or word.mark is not NO_MARK or word.look.is_italic:
            break
        count += 1
    return count


def _initial(word: Word, design: Design, lexicon: Lexicon, look: Look) -> tuple[Word, str] | None:
    """Return a word's initial, with the quotation mark before it, and the rest of the word."""
    if word.look != look or word.mark is not NO_MARK:
        return None
    text = word.text
    start = len(text) - len(text.lstrip(_QUOTES))
    if start > 1 or start >= len(text) or not text[start].isalpha():
        return None
    large = Look(design.initial or design.text, design.initial_weight)
    return lexicon[large][text[: start + 1]], text[start + 1 :]
