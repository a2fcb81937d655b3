"""Every family of checks on the Book, in the order in which they run. The codes are in `findings/`.

Findings about pages (overfull lines, rivers, widows, type that is too small) need laid-out pages: they are made in
`proof/`.
"""

from __future__ import annotations

import traceback
from collections.abc import Callable, Iterator

from ..findings.model import Finding
from ..findings.registry import severity
from . import (
    blocks,
    chapters,
    characters,
    dashes,
    emphasis,
    headings,
    languages,
    leftovers,
    links,
    metadata,
    notes,
    pictures,
    quotes,
    scenes,
    typing_rules,
    wording,
)
from .analysis import BookAnalysis

type CheckBook = Callable[[BookAnalysis], Iterator[Finding]]

FAMILIES: dict[str, tuple[CheckBook, ...]] = {
    "chapters": chapters.CHECKS,
    "headings": headings.CHECKS,
    "scene breaks": scenes.CHECKS,
    "layout, tables, code, verse": blocks.CHECKS,
    "emphasis": emphasis.CHECKS,
    "left over": leftovers.CHECKS,
    "characters": characters.CHECKS,
    "spaces, dashes, dots": (*typing_rules.CHECKS, *dashes.CHECKS),
    "quotation marks": quotes.CHECKS,
    "wording": wording.CHECKS,
    "language": languages.CHECKS,
    "notes": notes.CHECKS,
    "links": links.CHECKS,
    "pictures": pictures.CHECKS,
    "details": metadata.CHECKS,
}

BOOK_CHECKS: tuple[CheckBook, ...] = tuple(check for family in FAMILIES.values() for check in family)


def of_book(analysis: BookAnalysis) -> list[Finding]:
    """Return all findings about the Book. A check that fails is a finding itself."""
    found: list[Finding] = []
    failed = 0
    for check in BOOK_CHECKS:
        try:
            found += check(analysis)
        except (MemoryError, RecursionError):
            raise
        except Exception:
            traceback.print_exc()
            failed += 1
    return [*found, failed_checks(failed)] if failed else found


def failed_checks(count: int) -> Finding:
    """Return the finding that checks could not be run."""
    return Finding("check.failed", severity("check.failed"), facts={"count": count})
