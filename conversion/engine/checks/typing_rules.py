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


def by_rules(looked: BookAnalysis) -> Iterator[Finding]:
    """Yield one finding for each rule that is broken."""
    for rule in RULES:
        if is_suspect(rule, looked):
            yield from one_finding(rule.code, spots(rule, looked), least=rule.least)


def is_suspect(rule: Rule, looked: BookAnalysis) -> bool:
    """Return whether the text can contain a match, by a cheap test."""
    if looked.book.metadata.language.lower() in rule.not_in_region:
        return False
    if not looked.is_polyglot and not rule.applies_to(looked.language):
        return False
    if not any(_holds(looked, sign) for sign in rule.signs):
        return False
    return rule.probe is None or rule.probe.search(looked.token_text) is not None


def _holds(looked: BookAnalysis, sign: str) -> bool:
    """Return whether a sign occurs. Only a sign longer than a word has to be searched for in the whole text."""
    if len(sign) == 1:
        return sign in looked.characters
    if END in sign or any(pair in sign for pair in _SPACE_RUNS):
        return looked.characters.issuperset(sign) and sign in looked.whole_text
    return sign in looked.token_text and (" " not in sign or sign in looked.whole_text)


def spots(rule: Rule, looked: BookAnalysis) -> list[TextPosition]:
    """Return the places where the rule is broken."""
    found = [looked.spot(start) for start, _, _ in rule.matches(looked.whole_text)]
    if looked.is_polyglot:
        found = [spot for spot in found if rule.applies_to(looked.language_of(spot.passage))]
    return found


CHECKS = (by_rules,)
