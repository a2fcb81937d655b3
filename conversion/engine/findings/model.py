"""What a finding is: a coded remark about source or artifact, its severity, and where it is visible."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


@dataclass(slots=True, frozen=True)
class SourcePlace:
    """Where a block came from: `part` names a file inside the source ("" for single files), `index` counts
    from 1 (paragraph in a DOCX, line in text formats, element in HTML)."""

    part: str = ""
    index: int = 0


class Severity(StrEnum):
    INFO = "info"  # for information, no action needed
    ADVICE = "advice"  # better if fixed
    PROBLEM = "problem"  # readers will notice
    BLOCKER = "blocker"  # not fit to publish


@dataclass(slots=True, frozen=True)
class PageArea:
    """A rectangle on a page of a PDF: `page` counts from 1, lengths are tenths of a millimetre from the top left."""

    target: str
    page: int
    left: int = 0
    top: int = 0
    width: int = 0
    height: int = 0


@dataclass(slots=True, frozen=True)
class Finding:
    """A coded remark about source or result. Title and advice are looked up by `code`. `area` is where it is visible on
    a page, for findings about pages. `blocks` are the numbers of the blocks of its places in the base, the first 500,
    where a base was asked for; `nodes` what they are numbers of, until these are known."""

    code: str
    severity: Severity
    chapter: str = ""  # the chapter's title, as its author knows it
    quote: str = ""  # at most 120 characters around the place
    place: SourcePlace = SourcePlace()
    facts: dict[str, str | int] = field(default_factory=dict)
    area: PageArea | None = None
    blocks: tuple[int, ...] = ()
    nodes: tuple[object, ...] = field(default=(), compare=False, repr=False, metadata={"is_sent": False})
