"""`manage.py convert` as an author meets it: files and findings, or one clear sentence."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from conversion.engine.cli import command as cli
from conversion.engine.process.sandbox import PROJECT
from conversion.engine.typography import fonts
from tests.conversion.manuscripts import short_book


def _convert(*arguments: str | Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(PROJECT / "manage.py"), "convert", *map(str, arguments)]
    environment = {"PATH": os.environ["PATH"], "DJANGO_SETTINGS_MODULE": "no.such.settings"}
    return subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True, timeout=60, check=False)


class TestConvert:
    def test_prints_artifacts_and_findings_without_django(self, tmp_path: Path) -> None:
        run = _convert(short_book(tmp_path), "--out", "book", "--formats", "epub,web", "--title", "Salt", cwd=tmp_path)
        assert run.returncode == 0, run.stderr
        assert sorted(path.name for path in (tmp_path / "book").iterdir()) == ["book.epub", "web.zip"]
        lines = run.stdout.splitlines()
        assert lines[0].startswith("web.zip  ")
        assert lines[1].startswith("book.epub  ")
        assert any(line.startswith("advice: The manuscript does not name an author.") for line in lines)

    def test_json_is_the_whole_report(self, tmp_path: Path) -> None:
        source = short_book(tmp_path)
        run = _convert(source, "--out", "b", "--formats", "epub", "--author", "Ann", "--json", cwd=tmp_path)
        report = json.loads(run.stdout)
        assert report["contributors"] == [{"name": "Ann", "role": "aut"}]
        assert report["artifacts"][0]["path"] == "book.epub"
        assert [chapter["title"] for chapter in report["chapters"]] == ["Chapter 1", "Chapter 2", "Chapter 3"]

    def test_keeps_what_was_in_the_folder(self, tmp_path: Path) -> None:
        (tmp_path / "notes.txt").write_text("mine")
        _convert(short_book(tmp_path), "--out", ".", "--formats", "epub", cwd=tmp_path)
        assert sorted(path.name for path in tmp_path.iterdir()) == ["book.epub", "notes.txt", "salt.docx"]


class TestRefusals:
    @pytest.mark.parametrize(
        ("name", "data", "sentence"),
        [
            ("empty.docx", b"", "This file is empty."),
            (
                "picture.docx",
                b"\x89PNG\r\n\x1a\n" + b"x" * 99,
                "This file is not a manuscript but something else: PNG picture.",
            ),
            ("cut.docx", b"PK\x03\x04" + b"x" * 200, "This file is damaged or incomplete"),
        ],
    )
    def test_one_sentence_no_path_no_trace_nothing_left(
        self, tmp_path: Path, name: str, data: bytes, sentence: str
    ) -> None:
        source = tmp_path / name
        source.write_bytes(data)
        run = _convert(source, "--out", tmp_path / "out", cwd=tmp_path)
        assert run.returncode == 1
        assert run.stdout == ""
        assert run.stderr.startswith(sentence)
        assert len(run.stderr.strip().splitlines()) == 1
        assert str(tmp_path) not in run.stderr
        assert list((tmp_path / "out").iterdir()) == []

    def test_a_missing_file(self, tmp_path: Path) -> None:
        run = _convert(tmp_path / "none.docx", "--out", "out", cwd=tmp_path)
        assert (run.returncode, run.stderr) == (
            1,
            "This file was not found. Check the file names of the manuscript and the cover.\n",
        )

    def test_json_failures_carry_the_code(self, tmp_path: Path) -> None:
        (tmp_path / "empty.md").write_bytes(b"")
        run = _convert("empty.md", "--out", "out", "--json", cwd=tmp_path)
        assert json.loads(run.stdout)["error"]["code"] == "source.empty"

    @pytest.mark.parametrize("option", [("--formats", "exe"), ("--targets", "wall"), ("--formats", "")])
    def test_unknown_choices_are_misuse(self, tmp_path: Path, option: tuple[str, str]) -> None:
        run = _convert(short_book(tmp_path), "--out", "out", *option, cwd=tmp_path)
        assert run.returncode == 2
        assert "choose from" in run.stderr

    def test_an_ended_command_leaves_nothing(self, tmp_path: Path) -> None:
        source = tmp_path / "long.md"  # so that it is still at work when it is told to end
        source.write_text("\n\n".join(f"# Chapter {n}\n\n{'It rained all day. ' * 400}" for n in range(1, 201)))
        command = [sys.executable, str(PROJECT / "manage.py"), "convert", str(source), "--out", str(tmp_path / "out")]
        process = subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        deadline = time.monotonic() + 20
        while not list(tmp_path.glob("out/.box-*/order.json")) and time.monotonic() < deadline:
            time.sleep(0.01)
        process.terminate()
        assert process.wait(timeout=20) != 0
        process.communicate()
        assert list((tmp_path / "out").iterdir()) == []


class TestNoFonts:
    def test_says_how_to_finish_the_set_up(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        monkeypatch.setattr(fonts, "find", lambda face, folders=(): None)
        status = cli.main([str(short_book(tmp_path)), "--out", str(tmp_path / "book"), "--formats", "epub"])
        told = capsys.readouterr().err
        assert status == cli.EXIT_FAULT
        assert "script/bootstrap" in told
        assert "went wrong on our side" not in told
        assert list((tmp_path / "book").iterdir()) == []
