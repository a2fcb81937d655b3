"""The full report of a conversion as one page: the files, the findings chapter by chapter, the fixes that were made.

For `manage.py convert --report`. The page is self-contained, loads nothing from the network, and prints well.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from html import escape
from pathlib import Path

from conversion import messages

from .. import ASSETS
from ..contract import ArtifactFile, Change, ConversionResult
from ..findings.model import Finding, Severity
from ..findings.registry import REGISTRY
from ..process import serialise

_STYLE = ASSETS / "report.css"
_WORDS = {
    Severity.BLOCKER: "Must be fixed",
    Severity.PROBLEM: "Readers will notice",
    Severity.ADVICE: "Better fixed",
    Severity.INFO: "For your information",
}
_ORDER = list(_WORDS)
_KINDS = {
    "epub": "EPUB",
    "kepub": "EPUB for Kobo",
    "kindle": "EPUB for Kindle",
    "pdf": "PDF",
    "print-cover": "Printed cover",
    "own-pdf": "Your own PDF",
    "text": "Plain text",
    "markdown": "Markdown",
    "docx": "DOCX",
    "book": "Manuscript",
    "proof": "Proof sheet",
    "preview": "Designs",
    "web": "Web chapters",
    "sample-web": "Sample, web chapters",
    "sample-epub": "Sample, EPUB",
    "cover": "Cover",
    "thumbnail": "Cover, small",
}


def write(result: ConversionResult, path: Path) -> None:
    """Write the report: as JSON where the file name ends in `.json`, else as an HTML page."""
    if path.suffix.lower() == ".json":
        values = serialise.to_json(result) | {"findings": [_told(finding) for finding in result.findings]}
        path.write_text(json.dumps(values, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    else:
        path.write_text(page(result), encoding="utf-8")


def page(result: ConversionResult) -> str:
    """Return the report as an HTML document."""
    title = result.title or "Untitled"
    return "\n".join(
        [
            "<!doctype html>",
            '<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">',
            f"<title>Report: {escape(title)}</title>",
            f"<style>{_STYLE.read_text(encoding='utf-8')}</style></head><body>",
            *_head(result, title),
            *_findings(result),
            *_changes(result),
            *_artifacts(result.artifacts),
            f"<footer>Octavo, engine {escape(result.engine_version)}</footer></body></html>\n",
        ]
    )


def _told(finding: Finding) -> dict[str, object]:
    message = messages.explain(finding.code, finding.facts)
    return {**serialise.to_json(finding), "title": message.title, "advice": message.advice}


def _head(result: ConversionResult, title: str) -> Iterator[str]:
    people = ", ".join(person.name for person in result.contributors)
    about = [
        f"{result.words:,} words",
        f"{len(result.chapters)} chapters",
        f"from {result.source_format.upper()}",
        f"language {result.language or 'unknown'}",
    ]
    counts = {severity: sum(f.severity is severity for f in result.findings) for severity in _ORDER}
    yield f"<header><p class=kind>Report</p><h1>{escape(title)}</h1>"
    if result.subtitle:
        yield f"<p class=subtitle>{escape(result.subtitle)}</p>"
    if people:
        yield f"<p class=people>{escape(people)}</p>"
    yield f"<p class=about>{escape(' · '.join(about))}</p><ul class=counts>"
    for severity, count in counts.items():
        yield f"<li class={severity}><b>{count}</b> {_WORDS[severity]}</li>"
    yield "</ul></header>"


# ---------------------------------------------------------------- remarks


def _findings(result: ConversionResult) -> Iterator[str]:
    yield "<main><h2>Remarks</h2>"
    if not result.findings:
        yield "<p>There are no remarks.</p>"
    for chapter, findings in _by_chapter(result):
        yield f"<section><h3>{escape(chapter) if chapter else 'The whole book'}</h3>"
        for same in _by_code(findings):
            yield from _remark(same)
        yield "</section>"
    yield "</main>"


def _by_chapter(result: ConversionResult) -> Iterator[tuple[str, list[Finding]]]:
    """Yield the findings by chapter in the book's order. Those that belong to no chapter come first."""
    grouped: dict[str, list[Finding]] = {"": [], **{chapter.title: [] for chapter in result.chapters}}
    for finding in result.findings:
        grouped.setdefault(finding.chapter, []).append(finding)
    return ((chapter, findings) for chapter, findings in grouped.items() if findings)


def _by_code(findings: Iterable[Finding]) -> Iterator[list[Finding]]:
    """Yield the findings of each code, the most severe first."""
    grouped: dict[str, list[Finding]] = {}
    for finding in sorted(findings, key=lambda finding: _ORDER.index(finding.severity)):
        grouped.setdefault(finding.code, []).append(finding)
    yield from grouped.values()


def _remark(same: list[Finding]) -> Iterator[str]:
    """Yield the markup for findings of one code in one chapter: what is wrong, what to do, where."""
    first = same[0]
    told = [messages.explain(finding.code, finding.facts) for finding in same]
    yield f"<article class={first.severity}><p class=gravity>{_WORDS[first.severity]}</p>"
    for number, (finding, message) in enumerate(zip(same, told, strict=True)):
        if not number or message.title != told[number - 1].title:
            yield f"<h4>{escape(message.title)}</h4>"
        where = _where(finding)
        if finding.quote:
            yield f"<blockquote>{escape(finding.quote)}{where}</blockquote>"
        elif where:
            yield f"<p class=where>{where}</p>"
    offer = f" The engine can fix it: <kbd>--fix {first.code}</kbd>." if _is_fixable(first.code) else ""
    yield f"<p>{escape(told[0].advice)}{offer}</p><p class=code>{escape(first.code)}</p></article>"


def _where(finding: Finding) -> str:
    if finding.area is not None:
        page = finding.facts.get("page", finding.area.page)  # as printed, where it is numbered
        return f" <cite>page {escape(str(page))}, {escape(finding.area.target)}</cite>"
    if not finding.place.index:
        return ""
    part = f"{finding.place.part}, " if finding.place.part else ""
    return f" <cite>{escape(part)}no. {finding.place.index} of the source</cite>"


def _is_fixable(code: str) -> bool:
    return code in REGISTRY and REGISTRY[code].fixable


# ---------------------------------------------------------------- changes and files


def _changes(result: ConversionResult) -> Iterator[str]:
    if not result.changed:
        return
    yield "<section class=changes><h2>Fixed</h2>"
    yield "<p>Your manuscript is unchanged: without these fixes the book appears exactly as you wrote it.</p>"
    for code, count in result.changed.items():
        listed = [change for change in result.changes if change.code == code]
        yield f"<h3>{escape(messages.subject(code))}</h3>"
        yield f"<p class=code>{escape(code)}: {_places(count)}</p><ul>"
        yield from map(_change, listed)
        yield "</ul>" + (f"<p>And {_places(count - len(listed))} more.</p>" if count > len(listed) else "")
    yield "</section>"


def _places(count: int) -> str:
    return "1 place" if count == 1 else f"{count:,} places"


def _change(change: Change) -> str:
    """Return the words around a change, with deletions and insertions marked."""
    before, after = change.before, change.after
    start = _same(before, after)
    end = min(_same(before[::-1], after[::-1]), len(before) - start, len(after) - start)
    stop = len(before) - end
    went, came = escape(before[start:stop]), escape(after[start : len(after) - end])
    marked = (f"<del>{went}</del>" if went else "") + (f"<ins>{came}</ins>" if came else "")
    where = f" <cite>{escape(change.chapter)}</cite>" if change.chapter else ""
    return f"<li>{escape(before[:start])}{marked}{escape(before[stop:])}{where}"


def _same(one: str, other: str) -> int:
    """Return how many leading characters two texts have in common."""
    return next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))


def _artifacts(artifacts: Iterable[ArtifactFile]) -> Iterator[str]:
    yield "<section class=files><h2>Files</h2><table>"
    yield "<tr><th>File<th>Kind<th class=number>Size<th class=number>Pages</tr>"
    for file in artifacts:
        kind = " ".join(filter(None, (_KINDS.get(file.kind, file.kind), file.target)))
        size, pages = f"{file.size_bytes / 1000:,.0f} kB", str(file.pages or "")
        yield f"<tr><td>{escape(file.path)}<td>{escape(kind)}<td class=number>{size}<td class=number>{pages}</tr>"
    yield "</table></section>"
