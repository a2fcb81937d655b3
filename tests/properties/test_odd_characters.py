"""Odd characters in every field become a whole book, as typed. `tests.properties.odd_characters` tries each in each."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.properties import odd
from tests.properties.profiles import many, some

_QUICK = ("web", "epub", "kepub", "kindle", "text", "markdown")
_all_kinds = st.text(st.sampled_from("".join(odd.ODD.values())) | st.characters(), min_size=1, max_size=12)


def _faults(character: str, fields: tuple[str, ...], formats: tuple[str, ...] = odd.FORMATS) -> list[str]:
    with tempfile.TemporaryDirectory() as folder:
        result = odd.made(Path(folder), character, fields, formats)
        return list(odd.faults(Path(folder), result, character, fields))


def test_a_straight_quote_in_every_field_is_in_every_file() -> None:
    assert _faults('"', odd.FIELDS) == []


def test_all_marks_of_markup_and_hidden_characters_together() -> None:
    together = "".join(odd.ODD.values())
    assert _faults(together, odd.FIELDS) == []


@pytest.mark.parametrize("name", list(odd.ODD))
def test_each_is_in_the_epub(name: str) -> None:
    assert _faults(odd.ODD[name], odd.FIELDS, _QUICK) == []


@given(_all_kinds)
@some(12)
def test_whatever_is_typed_is_no_failure(text: str) -> None:
    assert _faults(text, odd.FIELDS, _QUICK) == []


@given(_all_kinds)
@many(200)
def test_whatever_is_typed_is_no_failure_in_any_file(text: str) -> None:
    assert _faults(text, odd.FIELDS) == []
