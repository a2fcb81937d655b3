"""Opening what is damaged: a container the gate refuses is rebuilt, with every change told.

Only when asked for. `salvage.py` reads what entries there are, within all of the gate's limits; `parts.py` puts back
what its format needs; the result goes through the gate and the reader like any other file. What readers mend in the
content is told by them, with codes of the same family.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from ..errors import AuthorFixable
from ..findings.model import Finding
from ..support.reproducible_zip import FixedArchive
from .codes import CHANGES
from .parts import mend
from .salvage import salvage

_PDF = b"%PDF-"
_HEAD_BYTES = 4096


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
    with source.open("rb") as stream:
        if _PDF in stream.read(_HEAD_BYTES):  # two files in one is no accident
            raise error
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
    return [finding for finding in findings if finding.code.startswith("repaired.") or finding.code in CHANGES]
