"""Each code of the engine has a sentence that says what to do."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from conversion.engine import editing
from publishing.editing.errors import ChapterInvalid, ChapterOrderImpossible
from publishing.editing.reasons import reason

_FOLDER = Path(editing.__file__).parent
_RAISED = re.compile(r"NotPossible\(\s*(\"[a-z-]+\"(?: if [^,)]+ else \"[a-z-]+\")?)")
_CODE = re.compile(r"\"([a-z-]+)\"")


def codes() -> set[str]:
    text = "\n".join(path.read_text() for path in _FOLDER.glob("*.py"))
    return {code for found in _RAISED.findall(text) for code in _CODE.findall(found)}


def test_the_codes_are_found() -> None:
    assert {"not-next", "too-much", "not-a-patch", "unknown-picture"} <= codes()


@pytest.mark.parametrize("code", sorted(codes() - {"not-a-patch"}))
def test_each_has_a_sentence_of_its_own(code: str) -> None:
    assert reason(code) != reason("nothing known")
    assert reason(code).endswith(".")


def test_errors_say_it() -> None:
    assert "header rows" in ChapterInvalid(rule="header-rows", block="b1").text
    assert "at least one chapter" in ChapterOrderImpossible(rule="last-chapter").text
    assert "reload the page" in ChapterInvalid(rule="form").text
