"""Opening what is damaged: a container the gate refuses is rebuilt, with every change told.

Only when asked for. `salvage.py` reads what entries there are, within all of the gate's limits; `mend.py` puts back
what its format needs; the result goes through the gate and the reader like any other file. What readers mend in the
content is told by them, with codes of the same family.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from ..book import Finding
from ..errors import AuthorFixable
from ..fixed_archive import FixedArchive
from .mend import mend
from .salvage import salvage

# Refusals that a rebuilt container may answer. Protection, bombs, entity tricks and foreign formats are none of them.
MENDABLE = frozenset(
    {
        "source.zip-damaged",
        "source.zip-header-mismatch",
        "source.zip-duplicate",
        "source.zip-overlap",
        "source.zip-traversal",
        "source.zip-link",
        "source.zip-method",
        "source.part-missing",
        "source.xml-malformed",
        "source.type-mismatch",
        "source.not-a-manuscript",
    }
)
# What readers say when they went on without something: changes too, whoever asked for a repair.
_CHANGES = frozenset(
    {
        "source.markup-repaired",
        "source.link-dead",
        "source.link-dropped",
        "source.image-missing",
        "source.image-remote",
        "source.part-absent",
        "source.spine-repeated",
        "source.note-missing",
        "source.nesting-flattened",
        "source.encoding-damaged",
        "source.active-dropped",
        "source.embedded-dropped",
        "image.unusable",
    }
)


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """A container made anew, and what had to be changed."""

    path: Path
    findings: list[Finding]


def rebuild(source: Path, to: Path, error: AuthorFixable) -> Rebuilt:
    """Write what can be saved of a damaged container to `to`.

    Raises `error` where nothing can be saved, and AuthorFixable of its own kind for what may not be opened at all:
    `source.encrypted`, `source.zip-bomb`, `source.zip-many-entries`, `source.entity-expansion`.
    """
    saved = salvage(source)
    mended = mend(saved.entries)
    if mended is None:
        raise error
    with FixedArchive(to) as archive:
        for name, content in mended.entries.items():
            archive.write(name, content)
    return Rebuilt(to, [*saved.findings, *mended.findings])


def changes(findings: Iterable[Finding]) -> list[Finding]:
    """Those findings that tell of something the book no longer has as it came."""
    return [finding for finding in findings if finding.code.startswith("repaired.") or finding.code in _CHANGES]
