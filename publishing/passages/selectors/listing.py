"""The passages of a comparison as they are stored: the longest, in the order of the later text, with their words."""

from __future__ import annotations

from conversion.engine.api import passages
from publishing.passages.models import Passage, TextPlace

_MOST_PASSAGES = 200
_MOST_WITH_WORDS = 30
_MOST_WORDS = 200  # shown of one passage


def listed(found: passages.Comparison, later: passages.Body, earlier: passages.Body) -> tuple[Passage, ...]:
    """Return the longest passages, in the order of the later text, the longest of them with their words."""
    longest = sorted(found.pieces, key=lambda piece: (-piece.words, piece.here))[:_MOST_PASSAGES]
    with_words = set(longest[:_MOST_WITH_WORDS])
    return tuple(
        Passage(
            piece.words,
            _place(later, piece.here, piece.here_end, found.same, shows_words=piece in with_words),
            _place(earlier, piece.there, piece.there_end, found.same_there, shows_words=piece in with_words),
        )
        for piece in sorted(longest, key=lambda piece: piece.here)
    )


def _place(body: passages.Body, start: int, end: int, same: bytes, *, shows_words: bool) -> TextPlace:
    chapter, _at = body.place_of(start)
    segments = passages.excerpt(body, start, end, same, most=_MOST_WORDS) if shows_words else ()
    return TextPlace(chapter.title[:300], start, end, segments, is_cut=shows_words and end - start > _MOST_WORDS)
