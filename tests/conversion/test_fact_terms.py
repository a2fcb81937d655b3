"""The words of the engine inside of sentences: the lists are complete, and German sentences are German throughout."""

from __future__ import annotations

import ast
import inspect
from pathlib import Path

import pytest
from django.utils import translation

from conversion import fact_terms, localized_messages, messages
from conversion.engine import pipeline
from conversion.engine.checks import wording as wording_checks
from conversion.engine.exports import own_pdf
from conversion.engine.findings import not_made
from conversion.engine.gate import admission
from conversion.engine.matter import pages
from conversion.engine.process import pandoc
from conversion.engine.steps import missing_files

# Written alike in every language.
_NAMES = {
    "PostScript",
    "LaTeX",
    "Org mode",
    "reStructuredText",
    "Textile",
    "MediaWiki",
    "FictionBook",
    "DocBook",
    "Typst",
}


def kinds() -> set[str]:
    """Every literal that the gate calls a kind, and the labels of what pandoc reads."""
    tree = ast.parse(inspect.getsource(admission))
    given = [node.value for node in ast.walk(tree) if isinstance(node, ast.keyword) and node.arg == "kind"]
    named = [
        node.value for node in ast.walk(tree) if isinstance(node, ast.Assign) and "kind" in ast.unparse(node.targets[0])
    ]
    literals = {
        part.value
        for node in [*given, *named]
        for part in ast.walk(node)
        if isinstance(part, ast.Constant) and isinstance(part.value, str) and " " in part.value
    }
    told = {kind for *_, kind in (*admission._SIGNATURES, *admission._CONTENT_TYPES)}
    return literals | told | {kind.label for kind in pandoc.KINDS.values()} | {"UNKNOWN"}


def parts() -> set[str]:
    """Every word that stands for what is taken out of an author's own PDF."""
    tables = (own_pdf._ACTIONS, own_pdf._ANNOTATIONS, own_pdf._OF_CATALOG, own_pdf._OF_NAMES)
    tree = ast.parse(inspect.getsource(own_pdf))
    counted = {
        part.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Subscript) and ast.unparse(node.value) == "taken"
        for part in ast.walk(node.slice)
        if isinstance(part, ast.Constant) and not part.value.startswith("/")
    }
    return counted | {word for table in tables for word in table.values() if word}


def left_out() -> set[str]:
    """Every word that stands for a part that a file may be made without."""
    engine = Path(inspect.getfile(pipeline)).parent
    calls = (node for path in engine.rglob("*.py") for node in ast.walk(ast.parse(path.read_text("utf-8"))))
    given = [
        node.args[-1]
        for node in calls
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "allow"
    ]
    return {*pages._PAGES.values(), *(arg.value for arg in given if isinstance(arg, ast.Constant))}


def test_holds_all_that_the_engine_says() -> None:
    levels = {word for _, word in (*wording_checks._FLESCH, *wording_checks._LIX_STEPS)}
    assert kinds() - _NAMES == fact_terms.WORDS["kind"]
    assert parts() == fact_terms.WORDS["parts"]
    assert levels == fact_terms.WORDS["level"]
    causes = {not_made._FAILED, *not_made._OF_LIMITS.values(), *not_made._OF_FAULTS.values()}
    assert causes == fact_terms.WORDS["cause"]
    files = {*missing_files._FILES.values(), *pipeline._MAY_FAIL.values()}
    assert files - {"DOCX", "Markdown"} == fact_terms.WORDS["file"]
    assert left_out() == fact_terms.WORDS["missing"]


@pytest.mark.parametrize("minutes", [1, 2, 59, 60, 61, 120, 529])
def test_reads_how_long_a_book_takes(minutes: int) -> None:
    told = wording_checks._duration(minutes)
    assert fact_terms.translate_fact("time", told, str) == told
    with translation.override("de"):
        german = localized_messages.explain("wording.time", {"words": 900, "time": told}).title
    assert not {"hour", "hours", "minute", "minutes", "and"} & set(german.replace(".", "").split())
    assert ("Stunde" in german, "Minute" in german) == (minutes >= 60, minutes % 60 > 0)


def test_every_word_is_german_in_german() -> None:
    with translation.override("de"):
        for name, words in fact_terms.WORDS.items():
            for word in words - {"XFA forms"}:
                assert fact_terms.translate_fact(name, word, translation.gettext) != word, word


@pytest.mark.parametrize(
    ("code", "facts", "sentence"),
    [
        (
            "wording.level",
            {"scale": "Flesch", "figure": 70, "level": "easy", "length": 12},
            "Lesbarkeit des Textes: leicht (Flesch 70; 12 Wörter je Satz).",
        ),
        (
            "pdf.own-cleaned",
            {"parts": "attached files, scripts"},
            "Ihr eigenes PDF wurde vor dem Speichern bereinigt; entfernt wurde: angehängte Dateien, Skripte.",
        ),
        (
            "source.not-a-manuscript",
            {"kind": "PNG picture", "extension": "png"},
            "Diese Datei ist kein Manuskript, ihr Inhalt ist etwas anderes: PNG-Bild.",
        ),
        (
            "source.too-demanding",
            {"limit": "storage"},
            "Diese Datei braucht mehr Speicherplatz, als für eine Umwandlung vorgesehen ist.",
        ),
        ("source.type-unsupported", {"kind": "LaTeX"}, "Dieser Dateityp wird nicht unterstützt: LaTeX."),
    ],
)
def test_sentences(code: str, facts: dict[str, str | int], sentence: str) -> None:
    with translation.override("de"):
        assert localized_messages.explain(code, facts).title == sentence


def test_names_are_nobodys_words() -> None:
    """A picture called “scripts” is still called so, and English sentences say what the engine said."""
    with translation.override("de"):
        assert "scripts" in localized_messages.explain("image.unusable", {"name": "scripts"}).title
    assert messages.explain("pdf.own-cleaned", {"parts": "attached files, scripts"}).title.endswith("files, scripts.")
