"""Fixes of running text: every typing rule with a replacement, quotation marks, split words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from ..book.model import TocEntry
from ..checks import leftovers, quotes, typing_rules
from ..checks.analysis import END, BookAnalysis, Passage
from ..checks.rules import Rule
from ..contract import Change
from .lines import Edit, Line

_MOST_PASSES = 6  # "&amp;lt;" becomes "&lt;" and then "<"

type Edits = Callable[[str, str], Iterable[Edit]]  # takes a text between END characters, and its language


def by_rule(rule: Rule) -> Callable[[BookAnalysis], list[Change]]:
    """Return the fix that follows from a rule."""

    def mend(looked: BookAnalysis) -> list[Change]:
        if not typing_rules.is_suspect(rule, looked):
            return []
        spots = typing_rules.spots(rule, looked)
        return _mended(
            rule.code, looked, _passages(spot.passage for spot in spots), lambda *text: _of_rule(rule, *text)
        )

    return mend


def _of_rule(rule: Rule, text: str, language: str) -> Iterator[Edit]:
    if rule.applies_to(language):
        for start, end, match in rule.matches(text):
            new = rule.mended(match, language)
            if new is not None and new != text[start:end]:
                yield start, end, new


def curl(code: str) -> Callable[[BookAnalysis], list[Change]]:
    """Return the fix that curls straight quotation marks as the language, or the rest of the book, has them."""

    def mend(looked: BookAnalysis) -> list[Change]:
        if not any(finding.code == code for finding in quotes.straight(looked)):
            return []
        whole = looked.whole_text
        styles: dict[str, quotes.Style | None] = {}

        def edits(text: str, language: str) -> Iterator[Edit]:
            if language not in styles:
                styles[language] = quotes.style_of(language, whole)
            style = styles[language]
            return quotes.curled(text, style) if style is not None else iter(())

        passages = _passages(spot.passage for spot in quotes.straight_spots(looked))
        return _mended(code, looked, passages, edits, passes=1)

    return mend


def join_words(looked: BookAnalysis) -> list[Change]:
    """Join words that were split at the end of a printed line, where the whole word occurs elsewhere in the book."""
    places = leftovers.split_places(looked.whole_text, lambda: looked.vocabulary)
    passages = _passages(looked.spot(at).passage for at, _ in places)

    def edits(text: str, _language: str) -> Iterator[Edit]:
        for at, _ in leftovers.split_places(text, lambda: looked.vocabulary):
            yield at, at + 2, ""

    return _mended("text.split-words", looked, passages, edits)


def _passages(passages: Iterable[Passage]) -> list[Passage]:
    """Return each passage once, in order."""
    return list({id(passage): passage for passage in passages}.values())


def _mended(
    code: str, looked: BookAnalysis, passages: list[Passage], edits: Edits, passes: int = _MOST_PASSES
) -> list[Change]:
    changes = []
    for passage in passages:
        language = looked.language_of(passage)
        for _ in range(passes):
            line = Line(passage.block.inlines)  # type: ignore[union-attr]  # prose only: no code
            made = line.write(edits(line.text, language))
            changes += [Change(code, passage.chapter.title, *words, passage.block.place) for words in made]
            if not made:
                break
    if changes:
        _mend_titles(looked, edits)
    return changes


def _mend_titles(looked: BookAnalysis, edits: Edits) -> None:
    """Correct the titles in the contents in the same way as the headings, which are already corrected."""
    language = looked.language

    def mended(title: str) -> str:
        for start, end, new in sorted(edits(f"{END}{title}{END}", language), reverse=True):
            title = title[: start - 1] + new + title[end - 1 :]
        return title.strip()

    for chapter in looked.book.chapters:
        chapter.title = mended(chapter.title)
    for entry in _entries(looked.book.toc):
        entry.title = mended(entry.title)


def _entries(entries: list[TocEntry]) -> Iterator[TocEntry]:
    for entry in entries:
        yield entry
        yield from _entries(entry.children)
