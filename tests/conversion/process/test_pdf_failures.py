"""However the PDF writer fails, inside the walls: web chapters and EPUB are delivered, with every PDF that can be made,
and findings say what is missing, which chapter it is because of, and why."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pypdfium2 as pdfium
import pytest

from conversion import messages
from conversion.engine.book.matter import Matter, MatterKind, MatterPage
from conversion.engine.contract import AuthorDetails, ConversionRequest, ConversionResult
from conversion.engine.process import runner, serialise
from conversion.engine.process.sandbox import SandboxPolicy
from conversion.engine.process.warm_server import WarmServer

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="servers are Linux's")

_PROSE = "The lighthouse stood where the road ended, and the road ended where the salt began. "
_BOOK = (
    f"<html lang=en><title>Salt</title><h1>One</h1><p>{_PROSE}</p>"
    "<h1>Two</h1><p>The salt road is long.</p><table><tr><td>May</td><td>12</td></tr></table>"
    f"<h1>Three</h1><p>{_PROSE}</p></html>"
)
_FAILED, _ENDED = "a program of ours failed", "a program of ours ended unexpectedly"
_MEMORY, _SHORT = "it needs too much memory", "this server ran short of memory"
_TIME = "it takes too much time"
_DEEP, _LARGE, _FULL = "the text is nested too deeply", "the file becomes too large", "this server has no space left"

type Told = list[tuple[str, str, dict[str, str | int]]]


@pytest.fixture(autouse=True)
def patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """Time on the clock, of which a busy machine gives little: only processor time is limited here."""
    monkeypatch.setattr(SandboxPolicy, "wall_seconds", lambda self, cpu_s: 600)


@pytest.fixture(scope="module")
def server() -> Iterator[WarmServer]:
    started = WarmServer("tests.conversion.process.children.failing")
    yield started
    started.close()


def convert(
    folder: Path, server: WarmServer, fault: str, matter: Matter | None = None, **policy: int
) -> ConversionResult:
    source, out = folder / "source", folder / "out"
    source.write_text(_BOOK)
    out.mkdir()
    request = ConversionRequest(
        source,
        f"{fault.replace(' ', '-')}.html",
        out,
        ("web", "epub", "pdf"),
        ("phone", "print"),
        AuthorDetails(title="Salt", language="en"),
        fixes=("text.three-dots",),
        jobs=2,
        matter=matter,
    )
    return runner.run(request, lambda progress: None, sandbox=SandboxPolicy(require=True, **policy), launch=server)


def told(result: ConversionResult) -> Told:
    return [(one.code, one.chapter, one.facts) for one in result.findings if one.code.startswith("pdf.")]


def lost(cause: str, *targets: str, chapter: str = "") -> Told:
    return [("pdf.not-made", chapter, {"target": target, "cause": cause}) for target in targets]


def without(part: str) -> Told:
    return [("pdf.incomplete", "", {"missing": part, "cause": _FAILED})]


def plain(cause: str) -> Told:
    return [("pdf.plain", "Two", {"cause": cause})]


def words(path: Path) -> str:
    """All words, in small letters: the first ones of a chapter may be set as capitals."""
    with pdfium.PdfDocument(path) as document:
        return " ".join(" ".join(page.get_textpage().get_text_range() for page in document).split()).lower()


@pytest.mark.parametrize(
    ("fault", "pdfs", "findings"),
    [
        ("nothing", "phone print", []),
        ("our setter raises", "phone print", [("pdf.fallback", "One", {}), ("pdf.fallback", "Three", {})]),
        ("WeasyPrint raises", "phone print", plain(_FAILED)),
        ("WeasyPrint dies", "phone print", plain(_ENDED)),
        ("WeasyPrint is killed", "phone print", plain(_MEMORY)),
        ("WeasyPrint takes memory", "phone print", plain(_MEMORY)),
        ("WeasyPrint fills the disk", "phone print", plain(_LARGE)),
        ("WeasyPrint finds the disk full", "phone print", plain(_FULL)),
        ("WeasyPrint descends", "phone print", plain(_DEEP)),
        ("both raise", "", lost(_FAILED, "phone", "print", chapter="Two")),
        ("one target raises", "print", lost(_FAILED, "phone", chapter="Two")),
        ("joining raises", "print", lost(_FAILED, "phone")),
        ("joining dies", "print", lost(_ENDED, "phone")),
        ("binding raises", "", lost(_FAILED, "phone", "print")),
        ("headers raise", "phone print", without("headers and page numbers")),
        ("the outline raises", "phone print", without("bookmarks")),
        ("metadata raises", "phone print", without("document details")),
        ("the contents raise", "phone print", without("table of contents")),
        ("the title page raises", "phone print", without("title page")),
        ("preparing raises", "", lost(_FAILED, "phone", "print")),
        ("preparing dies", "", lost(_ENDED, "phone", "print")),
        ("preparing is killed", "", lost(_SHORT, "phone", "print")),
        ("preparing takes memory", "", lost(_MEMORY, "phone", "print")),
        ("preparing spins", "", lost(_TIME, "phone", "print")),
    ],
)
def test_the_book_is_delivered_and_the_finding_says_why(
    tmp_path: Path, server: WarmServer, fault: str, pdfs: str, findings: Told
) -> None:
    limits = {"preparing spins": {"cpu_s": 6}, "WeasyPrint fills the disk": {"file_bytes": 20_000_000}}
    result = convert(tmp_path, server, fault, **limits.get(fault, {}))
    made = {"web.zip", "book.epub", *(f"book-{target}.pdf" for target in pdfs.split())}
    assert {artifact.path for artifact in result.artifacts} == made
    assert {path.name for path in (tmp_path / "out").iterdir()} == made
    assert told(result) == findings
    for target in pdfs.split():
        assert "salt road is long." in words(tmp_path / "out" / f"book-{target}.pdf")
    for code, _, facts in findings:
        assert "?" not in messages.explain(code, facts).title


@pytest.mark.parametrize(
    ("fault", "finding"),
    [
        ("a cover raises", ("cover.not-drawn", "", {})),
        ("a fix raises", ("fix.failed", "", {"fix": "text.three-dots"})),
        ("a made page raises", ("matter.not-made", "", {"missing": "copyright page", "cause": _FAILED})),
    ],
)
def test_the_rest_of_the_book_is_delivered(
    tmp_path: Path, server: WarmServer, fault: str, finding: tuple[str, str, dict[str, str | int]]
) -> None:
    pages = Matter((MatterPage(MatterKind.TITLE), MatterPage(MatterKind.COPYRIGHT)))
    result = convert(tmp_path, server, fault, pages)
    assert {"web.zip", "book.epub", "book-phone.pdf", "book-print.pdf"} == {one.path for one in result.artifacts}
    assert [(one.code, one.chapter, one.facts) for one in result.findings if one.code == finding[0]] == [finding]
    assert "?" not in messages.explain(finding[0], finding[2]).title
    assert "salt road is long." in words(tmp_path / "out" / "book-print.pdf")


@pytest.mark.parametrize("fault", ["preparing hangs", "setting hangs"])
def test_a_child_that_hangs_is_ended(
    tmp_path: Path, server: WarmServer, fault: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = runner._ChildReader._note

    def note(self: runner._ChildReader, kind: str, value: serialise.Json) -> None:
        """Let time be up as soon as the book itself is there."""
        whole(self, kind, value)
        if self.draft is not None:
            self.deadline = 0

    monkeypatch.setattr(runner._ChildReader, "_note", note)
    result = convert(tmp_path, server, fault)
    assert {artifact.path for artifact in result.artifacts} == {"web.zip", "book.epub"}
    assert told(result) == lost(_TIME, "phone", "print")


@pytest.mark.parametrize("fault", ["fonts are broken", "a picture raises"])
def test_what_cannot_be_drawn_costs_no_word(tmp_path: Path, server: WarmServer, fault: str) -> None:
    result = convert(tmp_path, server, fault)
    assert {"web.zip", "book.epub"} <= {artifact.path for artifact in result.artifacts}
    for target in ("phone", "print"):
        path = tmp_path / "out" / f"book-{target}.pdf"
        if path.exists():
            assert "salt road is long." in words(path)
        else:
            assert ("pdf.not-made", target) in [(code, facts.get("target")) for code, _, facts in told(result)]
