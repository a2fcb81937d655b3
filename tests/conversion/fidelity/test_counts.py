"""The counting finds what is lost: a word, a note, emphasis, a formula, a picture, and words in another place."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.conversion.fidelity.__main__ import of_result, row
from tests.conversion.fidelity.counts import Counts, lost, of_html, of_source
from tests.conversion.readers import build

_NOTES = '<w:footnote w:id="1"><w:p><w:r><w:t>A small note.</w:t></w:r></w:p></w:footnote>'
_MARK = '<w:r><w:footnoteReference w:id="1"/></w:r>'


def _manuscript(folder: Path) -> Path:
    body = build.p("One", "Heading1") + build.p("", runs=build.run("The ") + build.run("boat", "<w:i/>") + _MARK)
    return build.docx(folder / "a.docx", body + build.p("came in."), footnotes=_NOTES)


@pytest.mark.parametrize(
    ("wanted", "got", "missing", "moved"),
    [
        ("a b c", "a b c", [], []),
        ("a b c", "a c", ["b"], []),
        ("a b c", "x a b y c", [], []),
        ("a b c d", "b c d a", [], ["a"]),
        ("a a", "a", ["a"], []),
    ],
)
def test_words(wanted: str, got: str, missing: list[str], moved: list[str]) -> None:
    assert lost(wanted.split(), got.split()) == (missing, moved)


def test_a_manuscript_is_whole_in_its_epub(tmp_path: Path) -> None:
    path = _manuscript(tmp_path)
    wanted = of_source(path)
    assert (wanted.words, wanted.notes) == (["One", "The", "boat", "came", "in"], ["A", "small", "note"])
    assert (wanted.references, wanted.emphasis) == (1, ["boat"])
    assert row(path.name, wanted, of_result(path, with_details=True))


@pytest.mark.parametrize(
    "less",
    [
        {"words": ["One", "The", "came", "in"]},
        {"notes": ["A", "note"]},
        {"references": 0},
        {"emphasis": []},
        {"formulas": -1},
        {"pictures": -1},
    ],
)
def test_what_is_missing_is_told(tmp_path: Path, less: dict[str, object]) -> None:
    wanted = of_source(_manuscript(tmp_path))
    assert row("a.docx", wanted, wanted)
    assert not row("a.docx", wanted, replace(wanted, **less))  # type: ignore[arg-type]


def test_a_refusal_counts_where_there_were_words() -> None:
    assert row("empty.docx", Counts(), "source.no-text")
    assert not row("full.docx", Counts(["word"]), "source.no-text")


def test_markup_is_counted_by_its_meaning() -> None:
    found = of_html(
        b"<body><p>One<a role='doc-noteref' href='#n'>1</a> <i>two</i> <span hidden>three</span></p>"
        b"<img src='a'><math><mi>x</mi></math><aside id='n' role='doc-footnote'>four</aside></body>"
    )
    assert (found.words, found.notes, found.references) == (["One", "two"], ["four"], 1)
    assert (found.emphasis, found.pictures, found.formulas) == (["two"], 1, 1)
