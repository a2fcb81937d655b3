"""Turn faults on pages into findings: severity, chapter, and no more of a kind than an author would read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from ..findings.model import Finding
from ..findings.registry import FAMILIES, severity
from .faults import Fault
from .pages import OutlineEntry

# In the order of the registry: what only a typesetter notices comes last.
_ORDER = [check.code for check in FAMILIES["Pages"]]
_MAX_OF_A_CODE = 5
_QUOTE_CHARACTERS = 120
_WORDS = {"ereader": "e-reader", "large-print": "large print"}


def worst_first(faults: Iterable[Fault]) -> list[Fault]:
    """Return the faults by severity, then in the order of the book."""
    return sorted(faults, key=lambda fault: (_ORDER.index(fault.code), fault.index))


def as_findings(
    faults: Sequence[Fault], openings: Sequence[OutlineEntry], labels: dict[int, str], target: str
) -> list[Finding]:
    """Return a few findings of each code. `places` in the facts says how many there are; `page` is the page's printed
    number."""
    places = Counter(fault.code for fault in faults)
    told: Counter[str] = Counter()
    word = _WORDS.get(target, target)
    found: list[Finding] = []
    for fault in faults:
        told[fault.code] += 1
        if told[fault.code] <= _MAX_OF_A_CODE:
            page = labels.get(fault.index, str(fault.index + 1))
            facts: dict[str, str | int] = {"target": word, "page": page, "places": places[fault.code]}
            found.append(
                Finding(
                    fault.code,
                    severity(fault.code),
                    chapter=chapter_at(openings, fault.index),
                    quote=fault.quote[:_QUOTE_CHARACTERS],
                    facts=facts | fault.facts,
                    area=fault.box.area(target, fault.index + 1),
                )
            )
    return found


def chapter_at(openings: Sequence[OutlineEntry], index: int) -> str:
    """Return the title of the chapter that the page belongs to; "" before the first opening."""
    title = ""
    for opening in openings:
        if opening.index > index:
            break
        title = opening.title
    return title
