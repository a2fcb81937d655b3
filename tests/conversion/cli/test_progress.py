"""The line on the terminal that says how far a conversion has come."""

from __future__ import annotations

from pathlib import Path

import pytest

from conversion.engine.cli.progress import Bar, for_terminal
from conversion.engine.contract import ArtifactFile, ArtifactKind, ConversionRequest, Progress, Stage

REQUEST = ConversionRequest(Path("salt.md"), "salt.md", Path("out"), targets=("phone", "print"))


def shown(bar: Bar, capsys: pytest.CaptureFixture[str], *steps: Progress) -> list[str]:
    """What each step shows."""
    for step in steps:
        bar(step)
    return capsys.readouterr().err.split("\r\x1b[K")[1:]


class TestBar:
    def test_has_words_for_every_stage_and_never_goes_back(self, capsys: pytest.CaptureFixture[str]) -> None:
        lines = shown(Bar(REQUEST), capsys, *(Progress(stage) for stage in Stage), Progress(Stage.EPUB))
        reached = [int(line.partition(" %")[0].split()[-1]) for line in lines]
        assert reached == sorted(reached)
        assert reached[-1] == 100

    def test_pages_fill_their_share_piece_by_piece(self, capsys: pytest.CaptureFixture[str]) -> None:
        made = ArtifactFile(ArtifactKind.PDF, "phone", "p.pdf", "application/pdf", "", 1)
        pieces = [Progress(Stage.PDF, {"pieces": done, "of": 10}) for done in (0, 5, 10)]
        lines = shown(Bar(REQUEST), capsys, *pieces, Progress(Stage.PDF, {}, made))
        assert [line.partition("%")[0][-4:].strip() for line in lines] == ["34", "59", "84", "84"]
        assert lines[-1].endswith("pages, phone (1 of 2)")

    def test_tells_what_was_read(self, capsys: pytest.CaptureFixture[str]) -> None:
        facts: dict[str, str | int] = {"chapters": 3, "words": 900, "pictures": 0, "title": "Salt"}
        (line,) = shown(Bar(REQUEST), capsys, Progress(Stage.READ, facts))
        assert line.endswith("reading, 3 chapters, 900 words")

    def test_fits_a_narrow_terminal(self, capsys: pytest.CaptureFixture[str]) -> None:
        lines = shown(Bar(REQUEST, columns=44), capsys, *(Progress(stage) for stage in Stage))
        assert max(map(len, lines)) < 44

    def test_is_not_shown_into_pipes(self) -> None:
        assert for_terminal(REQUEST, is_quiet=False) is None
