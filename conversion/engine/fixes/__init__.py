"""The corrections that the engine can make automatically: one fix per code, each listed place by place.

A fix changes the Book that it is given and nothing else: the manuscript stays as it is, and converting again without
the code restores everything. Fixes share rules and detectors with the checks, so a second run finds nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field

from ..book.model import Book
from ..checks import characters, punctuation, spacing
from ..checks.analysis import BookAnalysis, analyse
from ..checks.rules import Rule
from ..contract import Change
from ..patches.model import Fit, Patch
from . import blocks, inline, proposing, texts
from .proposing import NOT_PROPOSED, untouched

__all__ = ["FIXES", "NOT_PROPOSED", "FixFailed", "FixResult", "apply_fixes", "propose_fixes", "untouched"]

CHANGES_OF_A_CODE = 40  # how many are listed; all are counted

type Fix = Callable[[BookAnalysis], list[Change]]


def _by_rules(rules: Iterable[Rule]) -> dict[str, Fix]:
    return {rule.code: texts.by_rule(rule) for rule in rules if rule.replacement is not None}


# In the order in which they are applied: characters and spaces first, since later fixes look at words.
FIXES: dict[str, Fix] = {
    **_by_rules(characters.RULES),
    "text.quotes-mixed": texts.curl("text.quotes-mixed"),
    "text.quotes-straight": texts.curl("text.quotes-straight"),
    **_by_rules((*spacing.RULES, *punctuation.RULES)),  # some of them rely on curly marks
    "text.split-words": texts.join_words,
    "text.page-numbers": blocks.drop_page_numbers,
    "text.running-heads": blocks.drop_running_heads,
    "emphasis.typed": inline.emphasise,
    "emphasis.underline": inline.italicise,
    "link.typed": inline.link,
    "link.empty": inline.unlink,
    "layout.line-breaks": blocks.split_paragraphs,
    "layout.list-typed": blocks.set_lists,
    "structure.contents-typed": blocks.drop_contents,
    "structure.heading-bold": blocks.promote_bold,
    "structure.chapter-empty": blocks.drop_empty_chapters,
    "scene.typed": blocks.set_breaks,
    "scene.doubled": blocks.drop_doubled_breaks,
    "scene.at-edge": blocks.drop_breaks_at_edges,
}


class FixFailed(Exception):
    """A fix raised, and may have left the book half changed."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


@dataclass(slots=True)
class FixResult:
    """The result of the fixes: `counts` has the number of places by code, `changes` the first of each."""

    changes: list[Change] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)


def apply_fixes(book: Book, codes: Collection[str]) -> FixResult:
    """Apply the fixes of these codes to the book, in a fixed order. Codes without a fix are ignored. Raises FixFailed
    where one raises: the book is of no use then."""
    fixed = FixResult()
    analysis: BookAnalysis | None = None
    for code, fix in FIXES.items():
        if code not in codes:
            continue
        analysis = analysis or analyse(book)
        try:
            changes = fix(analysis)
        except (MemoryError, RecursionError):
            raise
        except Exception as error:
            raise FixFailed(code) from error
        if changes:
            analysis = None  # it describes the book before the fix
            fixed.counts[code] = len(changes)
            fixed.changes += changes[:CHANGES_OF_A_CODE]
    return fixed


def propose_fixes(
    book: Book,
    codes: Collection[str],
    fits: Iterable[tuple[Patch, Fit]] = (),
    *,
    failed: Callable[[str], None] | None = None,
) -> list[Patch]:
    """Return what the fixes of these codes correct in the book, which is changed, as patches of it. `fits` are those of
    patches that have a place in it already, accepted or declined: what touches them is not proposed. `failed` is told
    the codes of fixes that raise, of which nothing is proposed; without it, the error is raised."""
    return proposing.proposals(book, {code: fix for code, fix in FIXES.items() if code in codes}, fits, failed=failed)
