"""What was made before is found by what it is made of, and by nothing else."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

import pytest

from conversion.engine.contract import AuthorDetails, ConversionRequest
from conversion.engine.pipeline import convert
from conversion.engine.process import cache_folder, runner
from conversion.engine.support.cache import NEW, USED, Cache
from tests.conversion import manuscripts

CHAPTERS = {f"Chapter {name}": [f"In {name} it rained.", "Nobody minded."] for name in ("One", "Two", "Three")}
KEY = "ab" * 32


@dataclass(frozen=True)
class Made:
    """What a conversion made anew and what it found, as keys, and the bytes of its artifacts."""

    new: set[str]
    found: set[str]
    files: dict[str, bytes]


@pytest.fixture
def shelf(tmp_path: Path) -> Path:
    """An owner's folder."""
    folder = tmp_path / "usr_one"
    folder.mkdir()
    return folder


def make(place: Path, chapters: dict[str, list[str]], shelf: Path) -> Made:
    """Convert in this process, and take over as the runner does."""
    out = place / f"out-{len(list(place.iterdir()))}"
    out.mkdir()
    source = out.with_suffix(".docx")
    source.write_bytes(manuscripts.docx(chapters.items()))
    same = AuthorDetails(identifier="urn:isbn:9780000000002")  # else it follows from the file, whose zip holds the hour
    request = ConversionRequest(source, "book.docx", out, targets=("phone",), overrides=same, jobs=1, cache=shelf)
    result = convert(request, lambda progress: None)
    new = out / NEW
    found = (new / USED).read_text().split() if (new / USED).exists() else []
    made = {path.name for path in new.iterdir()} - {USED}
    cache_folder.import_new_parts(new, shelf)
    files = {artifact.path: (out / artifact.path).read_bytes() for artifact in result.artifacts}
    return Made(made, {name.partition(".")[0] for name in found}, files)


def keep(shelf: Path, content: bytes = b"a part", key: str = KEY) -> Path:
    """Put a thing into the folder as a conversion would; return its file."""
    new = shelf.parent / f"new-{len(list(shelf.parent.iterdir()))}"
    new.mkdir()
    (new / key).write_bytes(content)
    cache_folder.import_new_parts(new, shelf)
    (file,) = shelf.glob(f"{key}.*")
    return file


class TestConversion:
    def test_finds_everything_when_nothing_changed_and_makes_the_same_bytes(self, tmp_path: Path, shelf: Path) -> None:
        first = make(tmp_path, CHAPTERS, shelf)
        second = make(tmp_path, CHAPTERS, shelf)
        assert first.found == set()
        assert second.new == set()
        assert second.found == first.new
        assert second.files == first.files

    def test_sets_one_chapter_after_an_edit_of_one(self, tmp_path: Path, shelf: Path) -> None:
        first = make(tmp_path, CHAPTERS, shelf)
        edited = {**CHAPTERS, "Chapter Two": ["In Two the sun came out.", "Nobody minded."]}
        again = make(tmp_path, edited, shelf)
        assert len(again.new) == 1
        assert again.found < first.new
        (tmp_path / "usr_two").mkdir()
        assert again.files == make(tmp_path, edited, tmp_path / "usr_two").files

    def test_a_chapter_between_leaves_the_others_what_they_were(self, tmp_path: Path, shelf: Path) -> None:
        first = make(tmp_path, CHAPTERS, shelf)
        longer = {"Chapter Zero": ["Before it rained."], **CHAPTERS}
        assert len(first.new & make(tmp_path, longer, shelf).found) >= 1

    def test_another_owner_finds_nothing(self, tmp_path: Path, shelf: Path) -> None:
        first = make(tmp_path, CHAPTERS, shelf)
        other = tmp_path / "usr_two"
        other.mkdir()
        assert make(tmp_path, CHAPTERS, other).new == first.new

    def test_makes_anew_what_was_damaged(self, tmp_path: Path, shelf: Path) -> None:
        first = make(tmp_path, CHAPTERS, shelf)
        for file in shelf.iterdir():
            file.write_bytes(file.read_bytes()[:-1])
        again = make(tmp_path, CHAPTERS, shelf)
        assert again.found == set()
        assert again.files == first.files
        assert make(tmp_path, CHAPTERS, shelf).new == set(), "whole again"

    def test_works_behind_the_walls(self, tmp_path: Path, shelf: Path) -> None:
        source = tmp_path / "book.docx"
        source.write_bytes(manuscripts.docx(CHAPTERS.items()))
        kept = []
        for number in range(2):
            out = tmp_path / f"out-{number}"
            out.mkdir()
            request = ConversionRequest(source, "book.docx", out, targets=("phone",), cache=shelf)
            runner.run(request, lambda progress: None)
            kept.append({path.name: path.stat().st_ino for path in shelf.iterdir()})
        assert kept[0]
        assert kept[1] == kept[0], "nothing was taken over again"


class TestFind:
    def test_finds_what_was_taken_over(self, shelf: Path) -> None:
        file = keep(shelf)
        assert Cache(shelf).find(KEY) == file
        assert file.read_bytes() == b"a part"

    def test_does_not_believe_another_keys_content(self, shelf: Path) -> None:
        file, other = keep(shelf), "cd" * 32
        file.rename(shelf / file.name.replace(KEY, other))
        assert Cache(shelf).find(other) is None

    def test_does_not_believe_another_folders_file(self, tmp_path: Path, shelf: Path) -> None:
        other = tmp_path / "usr_two"
        other.mkdir()
        file = keep(shelf)
        file.rename(other / file.name)
        assert Cache(other).find(KEY) is None

    @pytest.mark.parametrize("name", [KEY, f"{KEY}.{'0' * 64}"])
    def test_does_not_believe_a_file_without_its_seal(self, shelf: Path, name: str) -> None:
        (shelf / name).write_bytes(b"a part")
        assert Cache(shelf).find(KEY) is None

    def test_a_file_that_went_away_was_never_there(self, shelf: Path) -> None:
        file = keep(shelf)
        cache = Cache(shelf)
        file.unlink()
        assert cache.find(KEY) is None


class TestTakeOver:
    def test_takes_plain_files_with_keys_for_names(self, tmp_path: Path, shelf: Path) -> None:
        new = tmp_path / "new"
        new.mkdir()
        (new / ("ab" * 32)).symlink_to("/etc/passwd")
        os.mkfifo(new / ("cd" * 32))
        (new / "..half").write_bytes(b"")
        (new / ("ef" * 32)).write_bytes(b"a part")
        cache_folder.import_new_parts(new, shelf)
        assert [path.name.partition(".")[0] for path in shelf.iterdir()] == ["ef" * 32]

    def test_a_folder_that_is_gone_costs_nothing_but_the_cache(self, tmp_path: Path, shelf: Path) -> None:
        new = tmp_path / "new"
        new.mkdir()
        (new / KEY).write_bytes(b"a part")
        shelf.rmdir()
        cache_folder.import_new_parts(new, shelf)
        assert not shelf.exists()

    def test_notes_what_was_used(self, tmp_path: Path, shelf: Path) -> None:
        file = keep(shelf)
        os.utime(file, (1, 1))
        new = tmp_path / "new"
        assert Cache(shelf, new).find(KEY) == file
        cache_folder.import_new_parts(new, shelf)
        assert file.stat().st_mtime > 1


class TestTrim:
    def test_removes_what_nobody_used_then_the_least_recently_used(self, shelf: Path) -> None:
        for age, key in enumerate(("aa", "bb", "cc", "dd")):
            os.utime(keep(shelf, b"x" * 10, key * 32), (1000 - age, 1000 - age))
        assert cache_folder.trim([shelf], most_bytes=20, unused_s=2.5, now=1000) == 2
        assert sorted(path.name[:2] for path in shelf.iterdir()) == ["aa", "bb"]
        assert cache_folder.trim([shelf], most_bytes=100, unused_s=0.5, now=1000) == 1
        assert [path.name[:2] for path in shelf.iterdir()] == ["aa"]
