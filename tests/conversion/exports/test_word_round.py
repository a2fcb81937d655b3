"""Books of the corpus through DOCX and back: words in order, notes, pictures and formulas."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench import word_round
from conversion.engine.book.model import Book


def test_a_short_book_comes_back_whole(corpus: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert word_round.main(["--corpus", str(corpus), "--only", "flatland/flatland"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 5
    assert "32 -> 32" in lines[1]


@pytest.mark.corpus
def test_every_book_comes_back_whole(corpus: Path) -> None:
    assert word_round.main(["--corpus", str(corpus)]) == 0


def test_a_lost_paragraph_is_seen(corpus: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    through_word = word_round.through_word

    def forgetful(book: Book) -> Book:
        found = through_word(book)
        found.chapters[-1].blocks.pop()
        return found

    monkeypatch.setattr(word_round, "through_word", forgetful)
    assert word_round.main(["--corpus", str(corpus), "--only", "flatland.md"]) == 1
