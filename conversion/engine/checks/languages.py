"""Check that the text is in its declared language, as a whole and passage by passage."""

from __future__ import annotations

from collections.abc import Iterator

from ..book import language
from ..book.model import Language, Paragraph
from ..findings.model import Finding
from .analysis import BookAnalysis, Passage, TextPosition
from .making import make_finding, one_finding
from .wording_lists import COMMON

MIN_CHARACTERS = 320
MIN_WORDS = 5000


def contradicted(analysis: BookAnalysis) -> Iterator[Finding]:
    """Report a text that is evidently in another language than its metadata says."""
    declared = analysis.book.metadata.language
    common = COMMON.get(analysis.language)
    if not declared or analysis.words < 200 or (common and _has_common(analysis, common)):
        return
    found = language.contradicting_language(declared, _middle(analysis))
    if found:
        yield make_finding("language.contradicted", declared=declared, found=found)


def _has_common(analysis: BookAnalysis, common: tuple[str, ...]) -> bool:
    """Return whether the declared language's small words have their usual share: a cheap yes for nearly every book."""
    return sum(map(analysis.counted.__getitem__, common)) * 10 > len(analysis.tokens)


def _middle(analysis: BookAnalysis) -> str:
    text = analysis.whole_text
    return text[len(text) // 3 :][: language.SAMPLE_CHARS] if len(text) > 3 * language.SAMPLE_CHARS else text


def passages(analysis: BookAnalysis) -> Iterator[Finding]:
    """Report long passages in another language that are not marked: they are hyphenated and read aloud incorrectly."""
    common = COMMON.get(analysis.language)
    if common is None:
        return
    spaced = tuple(f" {word} " for word in common)
    found: dict[str, list[TextPosition]] = {}
    for passage in analysis.prose:
        if (
            len(passage.typed) >= MIN_CHARACTERS
            and _is_candidate(passage)
            and not any(word in passage.typed for word in spaced)
        ):
            other = language.contradicting_language(analysis.book.metadata.language, passage.typed)
            if other:
                found.setdefault(other, []).append(TextPosition(passage))
    for other, spots in found.items():
        yield from one_finding("language.passage", spots, found=other)


def _is_candidate(passage: Passage) -> bool:
    """Return whether nothing in the passage is already marked as another language."""
    block = passage.block
    if block.lang or passage.chapter.lang or type(block) is not Paragraph:
        return False
    return not any(isinstance(node, Language) and node.lang for node in block.inlines)


CHECKS = (contradicted, passages)
