"""Fixes of running text: every typing rule with a replacement, quotation marks, split words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from ..book.model import TocEntry
from ..checks import leftovers, quotes, typing_rules
from ..checks.analysis import END, BookAnalysis, Passage
from ..checks.rules import Rule
from ..contract import Change
from .lines import Edit, Line

_MAX_PASSES = 6  # "&amp;lt;" becomes "&lt;" and then "<"

type Edits = Callable[[str, str], Iterable[Edit]]  # takes a text between END characters, and its language


def by_rule(rule: Rule) -> Callable[[BookAnalysis], list[Change]]:
    """Return the fix that follows from a rule."""

    def fix(analysis: BookAnalysis) -> list[Change]:
        if not typing_rules.is_suspect(rule, analysis):
            return []
        spots = typing_rules.spots(rule, analysis)
        return _fixed(
            rule.code, analysis, _passages(spot.passage for spot in spots), lambda *text: _of_rule(rule, *text)
        )

    return fix


def _of_rule(rule: Rule, text: str, language: str) -> Iterator[Edit]:
    if rule.applies_to(language):
        for start, end, match in rule.matches(text):
            new = rule.fixed(match, language)
            if new is not None and new != text[start:end]:
                yield start, end, new


def curl(code: str) -> Callable[[BookAnalysis], list[Change]]:
    """Return the fix that curls straight quotation marks as the language, or the rest of the book, has them."""

    def fix(analysis: BookAnalysis) -> list[Change]:
        if not any(finding.code == code for finding in quotes.straight(analysis)):
            return []
        whole = analysis.whole_text
        styles: dict[str, quotes.Style | None] = {}

        def edits(text: str, language: str) -> Iterator[Edit]:
            if language not in styles:
                styles[language] = quotes.style_of(language, whole)
            style = styles[language]
            return quotes.curled(text, style) if style is not None else iter(())

        passages = _passages(spot.passage for spot in quotes.straight_spots(analysis))
        return _fixed(code, analysis, passages, edits, passes=1)

    return fix


def join_words(analysis: BookAnalysis) -> list[Change]:
    """Join words that were split at the end of a printed line, where the whole word occurs elsewhere in the book."""
    places = leftovers.split_places(analysis.whole_text, lambda: analysis.vocabulary)
    passages = _passages(analysis.spot(at).passage for at, _ in places)

    def edits(text: str, _language: str) -> Iterator[Edit]:
        for at, _ in leftovers.split_places(text, lambda: analysis.vocabulary):
            yield at, at + 2, ""

    return _fixed("text.split-words", analysis, passages, edits)


def _passages(passages: Iterable[Passage]) -> list[Passage]:
    """Return each passage once, in order."""
    return list({id(passage): passage for passage in passages}.values())


def _fixed(
    code: str, analysis: BookAnalysis, passages: list[Passage], edits: Edits, passes: int = _MAX_PASSES
) -> list[Change]:
    changes = []
    for passage in passages:
        language = analysis.language_of(passage)
        for _ in range(passes):
            line = Line(passage.block.inlines)  # type: ignore[union-attr]  # prose only: no code
            made = line.write(edits(line.text, language))
            changes += [Change(code, passage.chapter.title, *words, passage.block.place) for words in made]
            if not made:
                break
    if changes:
        _mend_titles(analysis, edits)
    return changes


def _mend_titles(analysis: BookAnalysis, edits: Edits) -> None:
    """Correct the titles in the contents in the same way as the headings, which are already corrected."""
    language = analysis.language

    def fixed(title: str) -> str:
        for start, end, new in sorted(edits(f"{END}{title}{END}", language), reverse=True):
            title = title[: start - 1] + new + title[end - 1 :]
        return title.strip()

    for chapter in analysis.book.chapters:
        chapter.title = fixed(chapter.title)
    for entry in _entries(analysis.book.toc):
        entry.title = fixed(entry.title)


def _entries(entries: list[TocEntry]) -> Iterator[TocEntry]:
    for entry in entries:
        yield entry
        yield from _entries(entry.children)
