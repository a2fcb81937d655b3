"""Golden books as files: a manuscript that earns one finding, a neighbour that does not, and the finding itself.

`README.md` beside this module shows the form of a file. Here a file becomes a `Case`, and a finding one line.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

from conversion.engine.findings.model import Finding

FOLDER = Path(__file__).resolve().parent
SUFFIX = ".book"
_SECTION = re.compile(r"^=== (.+)$", re.MULTILINE)
_PART = re.compile(r"^--- (.+)$", re.MULTILINE)
CHAPTER = "chapter"  # HTML that becomes one chapter of the book whose pages are set
_VARYING = frozenset({"page", "places"})  # facts that depend on what else stands in that book
_ZIPPED = frozenset({"docx", "epub", "cbz", "fixed", "zip"})


@dataclass(frozen=True, slots=True)
class Source:
    """A manuscript: its format, its text, and, for containers, its parts by name. `request` are fields of the form and
    of the conversion."""

    kind: str
    text: str
    parts: dict[str, str] = field(default_factory=dict)
    request: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Case:
    """One file. `finds` are the lines of its own code, `beside` the codes that cannot but come with it."""

    code: str
    path: Path
    book: Source
    clean: Source | None
    finds: tuple[str, ...]
    beside: frozenset[str]


def load() -> dict[str, Case]:
    """All cases by code."""
    found = (read(path) for path in sorted(FOLDER.rglob(f"*{SUFFIX}")))
    return {case.code: case for case in found}


def read(path: Path) -> Case:
    """One file. Raises KeyError when it has no book."""
    sections = _cut(_SECTION, path.read_text(encoding="utf-8"))
    sources = {name.partition(".")[0]: name for name in sections if name.startswith(("book.", "clean."))}
    lines = [line for line in sections.get("finds", "").splitlines() if line.strip()]
    code = f"{path.parent.name}.{path.stem}"
    return Case(
        code,
        path,
        _source(sources["book"], sections, "request"),
        _source(sources["clean"], sections, "request of clean") if "clean" in sources else None,
        tuple(line for line in lines if not line.startswith("and ")),
        frozenset(line.removeprefix("and ") for line in lines if line.startswith("and ")),
    )


def _source(name: str, sections: dict[str, str], request: str) -> Source:
    kind = name.partition(".")[2]
    text = sections[name]
    parts = _cut(_PART, text) if kind in _ZIPPED else {}
    lines = sections.get(request, "").splitlines()
    fields = {key.strip(): value.strip() for key, _, value in (line.partition(":") for line in lines if line.strip())}
    return Source(kind, parts.pop("", text) if parts else text, parts, fields)


def _cut(pattern: re.Pattern[str], text: str) -> dict[str, str]:
    """What stands below each heading line, by heading; "" is what comes before the first."""
    first, *rest = pattern.split(text)
    return {"": first} | dict(zip(rest[::2], (body.removeprefix("\n") for body in rest[1::2]), strict=True))


def line_of(finding: Finding) -> str:
    """A finding as one line: severity, chapter, quote, facts."""
    varying = _VARYING if finding.area is not None else frozenset()
    facts = "; ".join(f"{name}={value}" for name, value in finding.facts.items() if name not in varying)
    return " | ".join((finding.severity, finding.chapter, " ".join(finding.quote.split()), facts)).rstrip()
