"""What a finding is: a coded remark about source or artifact, how grave it is, where it is seen."""

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
    INFO = "info"  # told, nothing to do
    ADVICE = "advice"  # better if mended
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
    """A coded remark about source or result. Titles and advice are looked up by `code`. `area` says where it is seen
    on a page, for remarks about pages."""

    code: str
    severity: Severity
    chapter: str = ""  # title of the chapter, as its author knows it
    quote: str = ""  # at most 120 characters around the place
    place: SourcePlace = SourcePlace()
    facts: dict[str, str | int] = field(default_factory=dict)
    area: PageArea | None = None
