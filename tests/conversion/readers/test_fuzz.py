"""A hundred documents that no program would write: each becomes a book in order or is refused with a reason.

`python -m bench.fuzz` converts 10,000. A seed that once crashed stays here.
"""

from __future__ import annotations

import pytest

from bench.fuzz.trial import bases, tried

_FORMATS = ("base", "epub", "text")
_ROUND = 50


@pytest.fixture(scope="module")
def known():
    return [base for base in bases() if len(base.data) < 50_000]


@pytest.mark.parametrize("first", range(0, 100, _ROUND))
def test_converts_or_refuses(tmp_path, known, first):
    outcomes = {seed: tried(seed, known, tmp_path, _FORMATS) for seed in range(first, first + _ROUND)}
    assert {seed: outcome for seed, outcome in outcomes.items() if outcome.crash} == {}
    assert sum("." not in outcome.kind for outcome in outcomes.values()) > _ROUND // 3  # most of them are books


def test_tells_of_a_crash(tmp_path, known, monkeypatch):
    def fail(*arguments):
        raise IndexError("list index out of range")

    monkeypatch.setattr("bench.fuzz.trial.convert", fail)
    assert "IndexError" in tried(1, known, tmp_path, _FORMATS).crash


def test_tells_of_a_file_that_was_not_made(tmp_path, known, monkeypatch):
    def fail(*arguments):
        raise IndexError("list index out of range")

    monkeypatch.setattr("conversion.engine.exports.text.write_text", fail)
    outcome = next(o for seed in range(20) if "." not in (o := tried(seed, known, tmp_path, _FORMATS)).kind)
    assert "artifact.not-made" in outcome.crash
    assert "IndexError" in outcome.crash
