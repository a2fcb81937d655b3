"""Conversion jobs and their artifacts, without running the engine."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from accounts.models import User
from common import clock, storage
from conversion.engine.book.model import Contributor
from conversion.engine.contract import ArtifactFile, ArtifactKind, ChapterSummary, ConversionResult
from conversion.engine.findings.model import Finding
from conversion.models import Artifact, ConversionJob, FindingRecord, JobResult, JobState
from conversion.options import ConversionOptions
from tests.factories.accounts import make_author

CHAPTERS = ("The Harbour", "The Lamp", "The Letter")
RESULT = JobResult(
    engine_version="1",
    source_format="markdown",
    title="The Lighthouse",
    language="en",
    contributors=(Contributor("Ada Quill"),),
    chapters=tuple(ChapterSummary(f"c{n}", title, "bodymatter", 1200) for n, title in enumerate(CHAPTERS, start=1)),
    words=3600,
)
PICTURE = b"\x89PNG\r\n\x1a\n stands in for a page"
_TYPES = {
    ("epub", ""): ("epub", "application/epub+zip", 0),
    ("pdf", "phone"): ("pdf", "application/pdf", 64),
    ("pdf", "ereader"): ("pdf", "application/pdf", 52),
    ("pdf", "tablet"): ("pdf", "application/pdf", 24),
    ("pdf", "print"): ("pdf", "application/pdf", 22),
    ("web", ""): ("zip", "application/zip", 0),
    ("sample-web", ""): ("zip", "application/zip", 0),
    ("sample-epub", ""): ("epub", "application/epub+zip", 0),
    ("cover", ""): ("jpg", "image/jpeg", 0),
    ("thumbnail", "160-webp"): ("webp", "image/webp", 0),
    ("thumbnail", "320-webp"): ("webp", "image/webp", 0),
    ("thumbnail", "320-jpeg"): ("jpg", "image/jpeg", 0),
}


def make_job(
    *, requested_by: User | None = None, source: bytes = b"# The Harbour\n\nRain.\n", **overrides: Any
) -> ConversionJob:
    """A queued job over a stored source."""
    sha256 = hashlib.sha256(source).hexdigest()
    name = storage.store(storage.private(), f"manuscripts/{sha256[:2]}/{sha256}.md", io.BytesIO(source), sha256)
    values = {
        "requested_by": requested_by or make_author(),
        "source_file": name,
        "source_name": "harbour.md",
        "source_sha256": sha256,
        "options": ConversionOptions(),
        "created_at": clock.now(),
        "enqueued_at": clock.real_now(),
        **overrides,
    }
    return ConversionJob.objects.create(**{"due_at": values["created_at"], **values})


def make_done_job(**overrides: Any) -> ConversionJob:
    """A job that ended well, with small stand-ins for every kind of artifact."""
    result = replace(RESULT, **overrides.pop("result", {}))
    values = {"state": JobState.DONE, "stage": "done", "attempt": 1, "finished_at": clock.now(), **overrides}
    job = make_job(result=result, **values)
    Artifact.objects.bulk_create(_artifact(job, kind, target, _content(kind, target)) for kind, target in _TYPES)
    return job


def make_artifact(
    job: ConversionJob, *, kind: str = "epub", target: str = "", content: bytes | None = None
) -> Artifact:
    """A stored artifact; covers and thumbnails in public storage."""
    artifact = _artifact(job, kind, target, content if content is not None else _content(kind, target))
    artifact.save()
    return artifact


def _artifact(job: ConversionJob, kind: str, target: str, data: bytes) -> Artifact:
    suffix, media_type, pages = _TYPES.get((kind, target), ("bin", "application/octet-stream", 0))
    sha256 = hashlib.sha256(data).hexdigest()
    home = storage.public() if kind in {"cover", "thumbnail"} else storage.private()
    name = storage.store(home, f"artifacts/{sha256[:2]}/{sha256}.{suffix}", io.BytesIO(data), sha256)
    return Artifact(
        job=job,
        kind=kind,
        target=target,
        file=name,
        media_type=media_type,
        sha256=sha256,
        size_bytes=len(data),
        pages=pages,
        width=320 if kind in {"cover", "thumbnail"} else 0,
        height=512 if kind in {"cover", "thumbnail"} else 0,
    )


def make_finding(job: ConversionJob, **overrides: Any) -> FindingRecord:
    values = {
        "position": job.findings.count(),
        "code": "image.no_alt",
        "severity": "advice",
        "chapter": "The Harbour",
        "quote": "",
        **overrides,
    }
    return FindingRecord.objects.create(job=job, **values)


def web_zip(
    chapters: tuple[str, ...] = CHAPTERS,
    *,
    vertical: bool = False,
    language: str = "en",
    direction: str = "ltr",
    style: str = "p { margin: 0; }",
    pages: dict[str, str] | None = None,
    made: tuple[str, ...] = (),
    **bodies: str,
) -> bytes:
    """A web book as the engine writes it: manifest, one chapter each, style. `c1="<p>…</p>"` gives a chapter's body;
    `pages` are the labels and links of the print edition's pages, `made` the titles of chapters from the record."""
    buffer = io.BytesIO()
    about_chapter = f'lang="{language}" dir="{direction}"{' class="vertical"' if vertical else ""}'
    spine = [
        {
            "id": f"c{n}",
            "title": title,
            "href": f"chapters/c{n}.xhtml",
            "division": "bodymatter",
            "words": 4,
            "characters": 23,
            "made": title in made,
        }
        for n, title in enumerate(chapters, 1)
    ]
    toc = [{"title": one["title"], "href": one["href"], "children": []} for one in spine]
    about = {
        "format": 1,
        "title": "The Lighthouse",
        "language": language,
        "direction": direction,
        "vertical": vertical,
        "toc": toc,
        "chapters": spine,
        "pages": [{"label": label, "href": href} for label, href in (pages or {}).items()],
    }
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("book.json", json.dumps(about))
        archive.writestr("style.css", style)
        for n, title in enumerate(chapters, 1):
            body = bodies.get(f"c{n}", f"<h1>{title}</h1><p>Rain fell on the water.</p>")
            archive.writestr(
                f"chapters/c{n}.xhtml",
                '<?xml version="1.0" encoding="utf-8"?>\n<!DOCTYPE html>\n'
                f'<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops" {about_chapter}>'
                '<head><title/><link rel="stylesheet" type="text/css" href="../style.css"/></head>'
                f'<body epub:type="bodymatter"><section>{body}</section></body></html>',
            )
        archive.writestr("assets/dot.png", b"\x89PNG\r\n\x1a\n stands in for a picture")
    return buffer.getvalue()


def proof_zip(target: str = "phone", *, code: str = "page.hyphens", chapters: tuple[str, ...] = CHAPTERS) -> bytes:
    """A proof archive as the engine writes it: a title page, then an opening of each chapter; the first has a fault."""
    fault = {
        "code": code,
        "severity": "blocker" if code == "page.text-cut" else "info",
        "facts": {"target": target, "page": "2", "lines": 3},
        "quote": "high- / low- / ebb-",
        "left": 700,
        "top": 300,
        "width": 120,
        "height": 90,
    }
    openings = [("", "title"), *((title, "opening") for title in chapters)]
    drawn = [
        {
            "number": number,
            "label": str(number),
            "chapter": title,
            "why": [why],
            "text": f"{title}\nRain fell on <the> water.",
            "file": f"pages/{number:04}.png",
            "page_width": 900,
            "page_height": 1600,
            "width": 480,
            "height": 853,
            "faults": [fault] if number == 2 else [],
        }
        for number, (title, why) in enumerate(openings, 1)
    ]
    index = {"format": 1, "target": target, "pages": 64, "chapters": [], "drawn": drawn}
    return _zip({"index.json": json.dumps(index), **{str(page["file"]): PICTURE for page in drawn}})


def preview_zip(*designs: str) -> bytes:
    """A preview of designs: a page of each for two targets."""
    made = [
        {
            "name": name,
            "pages": {
                target: [{"file": f"{name}/{target}-1.png", "width": 480, "height": 853}]
                for target in ("print", "phone")
            },
        }
        for name in designs
    ]
    files = {f"{name}/{target}-1.png": PICTURE for name in designs for target in ("print", "phone")}
    return _zip({"index.json": json.dumps({"format": 1, "chapter": "The Harbour", "designs": made}), **files})


def _zip(members: dict[str, str | bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def write_result(out: Path, *, findings: tuple[Finding, ...] = ()) -> ConversionResult:
    """What a run leaves: an EPUB, a web book and a cover in `out`, and the values that describe them."""
    files = (
        write_file(out, ArtifactKind.EPUB, "book.epub", b"epub of the book"),
        write_file(out, ArtifactKind.WEB, "web.zip", web_zip()),
        write_file(out, ArtifactKind.COVER, "cover.jpg", b"cover of the book"),
    )
    return ConversionResult(
        engine_version="1",
        source_format="markdown",
        title="The Lighthouse",
        subtitle="",
        language="en",
        contributors=(Contributor("Ada Quill"),),
        description="",
        chapters=tuple(
            ChapterSummary(id=f"c{n}", title=title, division="bodymatter", words=1200)
            for n, title in enumerate(CHAPTERS, 1)
        ),
        words=3600,
        artifacts=files,
        findings=findings,
    )


def write_file(out: Path, kind: ArtifactKind, name: str, content: bytes) -> ArtifactFile:
    (out / name).write_bytes(content)
    return ArtifactFile(
        kind=kind,
        target="",
        path=name,
        media_type="application/octet-stream",
        sha256=hashlib.sha256(content).hexdigest(),
        size_bytes=len(content),
    )


@cache
def _content(kind: str, target: str) -> bytes:
    if kind in {"web", "sample-web"}:
        return web_zip(CHAPTERS if kind == "web" else CHAPTERS[:1])
    return f"{kind} {target}".encode()
