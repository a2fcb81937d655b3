"""Run the typing rules over the whole book."""

from __future__ import annotations

from collections.abc import Iterator

from ..findings.model import Finding
from . import characters, punctuation, spacing
from .analysis import END, BookAnalysis, TextPosition
from .making import one_finding
from .rules import Rule

_SPACE_RUNS = ("  ", " \u00a0", "\u00a0 ", "\u00a0\u00a0", ". .", ".\u00a0.")

RULES: tuple[Rule, ...] = (*characters.RULES, *spacing.RULES, *punctuation.RULES)


def by_rules(analysis: BookAnalysis) -> Iterator[Finding]:
    """Yield one finding for each rule that is broken."""
    for rule in RULES:
        if is_suspect(rule, analysis):
            yield from one_finding(rule.code, spots(rule, analysis), least=rule.least)


def is_suspect(rule: Rule, analysis: BookAnalysis) -> bool:
    """Return whether the text can contain a match, by a cheap test."""
    if analysis.book.metadata.language.lower() in rule.not_in_region:
        return False
    if not analysis.is_polyglot and not rule.applies_to(analysis.language):
        return False
    if not any(_holds(analysis, sign) for sign in rule.signs):
        return False
    return rule.probe is None or rule.probe.search(analysis.token_text) is not None


def _holds(analysis: BookAnalysis, sign: str) -> bool:
    """Return whether a sign occurs. Only a sign longer than a word has to be searched for in the whole text."""
    if len(sign) == 1:
        return sign in analysis.characters
    if END in sign or any(pair in sign for pair in _SPACE_RUNS):
        return analysis.characters.issuperset(sign) and sign in analysis.whole_text
    return sign in analysis.token_text and (" " not in sign or sign in analysis.whole_text)


def spots(rule: Rule, analysis: BookAnalysis) -> list[TextPosition]:
    """Return the places where the rule is broken."""
    found = [analysis.spot(start) for start, _, _ in rule.matches(analysis.whole_text)]
    if analysis.is_polyglot:
        found = [spot for spot in found if rule.applies_to(analysis.language_of(spot.passage))]
    return found


CHECKS = (by_rules,)
