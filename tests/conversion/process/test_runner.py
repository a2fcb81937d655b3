"""The parent survives every child, tells why it ended, and leaves nothing behind."""

from __future__ import annotations

import errno
import os
import socket
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from conversion.engine.contract import ConversionRequest, ConversionResult, Progress
from conversion.engine.errors import AuthorFixable, PlatformFault, Stopped
from conversion.engine.process import runner
from conversion.engine.process.launch import Launch, Spawn
from conversion.engine.process.sandbox import SandboxPolicy
from conversion.engine.process.warm_server import WarmServer, available

ACTING = "tests.conversion.process.children.acting"


@pytest.fixture(scope="module")
def server() -> Iterator[WarmServer]:
    started = WarmServer(ACTING)
    yield started
    started.close()


@pytest.fixture(params=["spawned", "served"])
def launch(request: pytest.FixtureRequest, server: WarmServer) -> Launch:
    """Both ways to start a child; whatever holds for one must hold for the other."""
    if request.param == "spawned":
        return Spawn(ACTING)
    if not available():
        pytest.skip("servers are Linux's")
    return server


@pytest.fixture
def place(tmp_path: Path) -> Path:
    (tmp_path / "source").write_text("words")
    (tmp_path / "out").mkdir()
    return tmp_path


def _run(place: Path, launch: Launch, action: str, progress: list[Progress] | None = None, **how) -> ConversionResult:
    request = ConversionRequest(source=place / "source", name=action, out=place / "out")
    report = progress.append if progress is not None else lambda item: None
    how.setdefault("sandbox", SandboxPolicy(require=True))
    return runner.run(request, report, launch=launch, **how)


def _assert_clean(place: Path) -> None:
    assert sorted(path.name for path in place.iterdir()) == ["out", "source"]
    assert list((place / "out").iterdir()) == []


def _processes_of(word: str) -> list[str]:
    found = []
    for entry in os.scandir("/proc"):
        if entry.name.isdigit():
            try:
                command = Path(f"/proc/{entry.name}/cmdline").read_bytes()
                cwd = str(Path(f"/proc/{entry.name}/cwd").readlink())
            except OSError:
                continue
            if b"conversion" in command and word in cwd:
                found.append(entry.name)
    return found


class TestRun:
    def test_delivers_artifacts_as_they_are_reported(self, place: Path, launch: Launch) -> None:
        progress: list[Progress] = []
        result = _run(place, launch, "honest", progress)
        assert (place / "out" / "book.epub").read_bytes() == b"an artifact"
        assert progress[0].artifact == result.artifacts[0]
        assert sorted(path.name for path in place.iterdir()) == ["out", "source"]

    def test_what_libraries_print_does_not_reach_the_channel(self, place: Path, launch: Launch) -> None:
        assert _run(place, launch, "print").title == "T"

    @pytest.mark.parametrize(
        ("action", "limit", "policy"),
        [
            ("spin", "time", SandboxPolicy(cpu_s=1)),
            ("spin-in-helper", "time", SandboxPolicy(cpu_s=1)),
            ("grow", "memory", SandboxPolicy(memory_bytes=300_000_000)),
            ("grow-together", "memory", SandboxPolicy(memory_bytes=150_000_000)),
            ("fork", "processes", SandboxPolicy(processes=8)),
            ("fill-disk", "size", SandboxPolicy(file_bytes=5_000_000)),
            ("deepen", "depth", SandboxPolicy()),
            ("fill-folder", "storage", SandboxPolicy(written_bytes=50_000_000)),
            ("fill-nameless", "storage", SandboxPolicy(written_bytes=50_000_000)),
            ("fill-mapped", "storage", SandboxPolicy(written_bytes=50_000_000)),
            ("hand-over-again", "storage", SandboxPolicy(written_bytes=50_000_000)),
            ("fill-names", "files", SandboxPolicy(files=500)),
        ],
    )
    def test_a_limit_is_the_authors_to_mend(
        self, place: Path, launch: Launch, action: str, limit: str, policy: SandboxPolicy
    ) -> None:
        with pytest.raises(AuthorFixable) as stopped:
            _run(place, launch, action, sandbox=policy)
        assert stopped.value.code == "source.too-demanding"
        assert stopped.value.facts == {"limit": limit}
        _assert_clean(place)

    @pytest.mark.parametrize(
        ("action", "policy", "cause"),
        [
            ("spin", SandboxPolicy(cpu_s=1), "it takes too much time"),
            ("grow", SandboxPolicy(memory_bytes=300_000_000), "it needs too much memory"),
            ("deepen", SandboxPolicy(), "the text is nested too deeply"),
            ("leave-orphan", SandboxPolicy(), "a program of ours ended unexpectedly"),
        ],
    )
    def test_what_was_made_before_a_child_died_is_delivered(
        self, place: Path, launch: Launch, action: str, policy: SandboxPolicy, cause: str
    ) -> None:
        result = _run(place, launch, f"{action}-after-draft", sandbox=policy)
        assert sorted(path.name for path in (place / "out").iterdir()) == ["book-phone.pdf", "book.epub"]
        assert sorted(artifact.path for artifact in result.artifacts) == ["book-phone.pdf", "book.epub"]
        facts = {"target": "print", "cause": cause}
        assert [(finding.code, finding.facts) for finding in result.findings] == [("pdf.not-made", facts)]

    def test_a_disk_that_is_full_costs_the_file_alone(
        self, place: Path, launch: Launch, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        whole = runner._copy

        def fill(made: Path, wanted: Path) -> tuple[str, int]:
            if wanted.name.endswith(".pdf"):
                wanted.write_bytes(b"half")
                raise OSError(errno.ENOSPC, "No space left on device")
            return whole(made, wanted)

        monkeypatch.setattr(runner, "_copy", fill)
        result = _run(place, launch, "honest-after-draft")
        assert [path.name for path in (place / "out").iterdir()] == ["book.epub"]
        assert [(one.facts["target"], one.facts["cause"]) for one in result.findings] == [
            ("phone", "this server has no space left"),
            ("print", "this server has no space left"),
        ]

    def test_a_helper_that_takes_all_memory_ends_alone(self, place: Path, launch: Launch) -> None:
        policy = SandboxPolicy(memory_bytes=300_000_000)
        assert _run(place, launch, "grow-in-helper", sandbox=policy).title == "memory"

    def test_of_a_child_that_lies_nothing_is_delivered(self, place: Path, launch: Launch) -> None:
        with pytest.raises(PlatformFault) as mismatch:
            _run(place, launch, "wrong-hash-after-draft")
        assert mismatch.value.code == "engine.artifact-mismatch"
        _assert_clean(place)

    def test_the_budget_follows_the_words_once_they_are_counted(
        self, place: Path, launch: Launch, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(SandboxPolicy, "cpu_seconds_for_words", lambda self, words, **sizes: 1)
        with pytest.raises(AuthorFixable) as stopped:
            _run(place, launch, "spin-after-reading")
        assert stopped.value.facts == {"limit": "time"}

    def test_no_report_gives_more_time_than_the_source_allows(
        self, place: Path, launch: Launch, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(SandboxPolicy, "cpu_seconds", lambda self, source_bytes: 1)
        started = time.monotonic()
        with pytest.raises(AuthorFixable) as stopped:
            _run(place, launch, "lie-and-spin")
        assert stopped.value.facts == {"limit": "time"}
        assert time.monotonic() - started < 25

    def test_no_report_moves_the_deadline_twice(
        self, place: Path, launch: Launch, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(SandboxPolicy, "wall_seconds", lambda self, cpu_s: 2 if cpu_s else 0)
        started = time.monotonic()
        with pytest.raises(AuthorFixable) as stopped:
            _run(place, launch, "lie-and-wait")
        assert stopped.value.facts == {"limit": "time"}
        assert time.monotonic() - started < 25

    def test_waits_no_longer_than_the_wall_time(
        self, place: Path, launch: Launch, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(SandboxPolicy, "wall_seconds", lambda self, size: 1)
        with pytest.raises(AuthorFixable) as stopped:
            _run(place, launch, "wait")
        assert stopped.value.facts == {"limit": "time"}
        _assert_clean(place)

    def test_stops_when_asked_and_leaves_no_process(self, place: Path, launch: Launch) -> None:
        progress: list[Progress] = []
        started = time.monotonic()
        with pytest.raises(Stopped):
            _run(place, launch, "wait", progress, should_stop=lambda: bool(progress))
        assert time.monotonic() - started < 5
        _assert_clean(place)
        assert _processes_of(str(place)) == []

    def test_a_crash_is_our_fault_and_takes_delivered_files_back(self, place: Path, launch: Launch) -> None:
        progress: list[Progress] = []
        with pytest.raises(PlatformFault) as crash:
            _run(place, launch, "leave-orphan", progress)
        assert crash.value.code == "child.crashed"
        assert progress[0].artifact is not None
        _assert_clean(place)
        assert _processes_of(str(place)) == []

    def test_who_kills_the_child_from_outside_is_not_the_author(self, place: Path, launch: Launch) -> None:
        progress: list[Progress] = []
        with pytest.raises(PlatformFault) as killed:
            _run(place, launch, "be-killed", progress)
        assert killed.value.code == "child.killed"
        _assert_clean(place)

    @pytest.mark.parametrize("action", ["wrong-hash", "outside", "symlink", "unreported"])
    def test_believes_no_artifact_that_is_not_as_reported(self, place: Path, launch: Launch, action: str) -> None:
        with pytest.raises(PlatformFault) as refused:
            _run(place, launch, action, sandbox=SandboxPolicy(enabled=False))  # links could not even be made otherwise
        assert refused.value.code in ("engine.artifact-mismatch", "engine.protocol")
        _assert_clean(place)

    @pytest.mark.parametrize("action", ["read-passwd", "flee"])
    def test_what_the_walls_refuse_is_a_fault_with_its_trace_in_the_log(
        self, place: Path, launch: Launch, action: str
    ) -> None:
        with pytest.raises(PlatformFault) as refused:
            _run(place, launch, action)
        assert refused.value.code == "engine.failed"
        assert "PermissionError" in refused.value.__notes__[0]

    def test_nothing_connects(self, place: Path, launch: Launch) -> None:
        with socket.create_server(("127.0.0.1", 0)) as server:
            server.settimeout(0.2)
            (place / "source").write_text(str(server.getsockname()[1]))
            with pytest.raises(PlatformFault):
                _run(place, launch, "connect")
            with pytest.raises(TimeoutError):
                server.accept()

    def test_the_same_attack_connects_without_the_walls(self, place: Path, launch: Launch) -> None:
        with socket.create_server(("127.0.0.1", 0)) as server:
            server.settimeout(5)
            (place / "source").write_text(str(server.getsockname()[1]))
            with pytest.raises(PlatformFault):  # the action returns no result
                _run(place, launch, "connect", sandbox=SandboxPolicy(enabled=False))
            server.accept()[0].close()

    def test_an_error_of_the_listener_ends_the_child_too(self, place: Path, launch: Launch) -> None:
        def report(progress: Progress) -> None:
            raise RuntimeError("the database is away")

        request = ConversionRequest(source=place / "source", name="honest", out=place / "out")
        with pytest.raises(RuntimeError):
            runner.run(request, report, launch=launch)
        _assert_clean(place)


@pytest.mark.skipif(os.geteuid() != 0 or sys.platform != "linux", reason="only root can become somebody else")
class TestOwnUser:
    @pytest.fixture
    def open_place(self) -> Iterator[Path]:
        """A place that others may pass through, unlike pytest's."""
        with tempfile.TemporaryDirectory(prefix="octavo-test-") as name:
            place = Path(name)
            place.chmod(0o711)
            (place / "source").write_text("words")
            (place / "out").mkdir()
            yield place

    def test_a_child_of_root_becomes_nobodys_user_for_good(self, open_place: Path, launch: Launch) -> None:
        policy = SandboxPolicy(require=True).of_user("")
        result = _run(open_place, launch, "who", sandbox=policy)
        assert result.title == " ".join(["65533"] * 7)
        assert (open_place / "out" / "book.epub").stat().st_uid == 0

    def test_it_is_limited_and_ended_like_any_other(self, open_place: Path, launch: Launch) -> None:
        policy = SandboxPolicy(memory_bytes=150_000_000).of_user("")
        with pytest.raises(AuthorFixable) as stopped:
            _run(open_place, launch, "grow-together", sandbox=policy)
        assert stopped.value.facts == {"limit": "memory"}
        _assert_clean(open_place)
        deadline = time.monotonic() + 10  # what was killed takes a moment to go
        while _processes_of(str(open_place)) and time.monotonic() < deadline:
            time.sleep(0.05)
        assert _processes_of(str(open_place)) == []

    def test_it_stays_root_where_it_could_not_reach_its_folder(self, open_place: Path, launch: Launch) -> None:
        open_place.chmod(0o700)
        result = _run(open_place, launch, "who", sandbox=SandboxPolicy(require=True).of_user(""))
        assert set(result.title.split()) == {"0"}

    def test_it_finds_what_was_kept_for_its_account(self, open_place: Path) -> None:
        cache = open_place / "cache" / "acc_1"
        cache.mkdir(parents=True, mode=0o700)
        cache.parent.chmod(0o711)
        (open_place / "source").write_text("# One\n\nWords stand here.\n")
        policy = SandboxPolicy(require=True).of_user("")
        request = ConversionRequest(
            open_place / "source", "book.md", open_place / "out", formats=("epub", "cover"), targets=(), cache=cache
        )
        runner.run(request, lambda progress: None, sandbox=policy, launch=Spawn())
        kept = {path.name: path.stat().st_mtime_ns for path in cache.iterdir()}
        assert kept
        assert all(path.stat().st_mode & 0o777 == 0o640 for path in cache.iterdir())
        runner.run(request, lambda progress: None, sandbox=policy, launch=Spawn())
        again = {path.name: path.stat().st_mtime_ns for path in cache.iterdir()}
        assert set(again) == set(kept)
        assert all(again[name] > kept[name] for name in kept)  # noted as used, not made anew
        assert cache.stat().st_mode & 0o777 == 0o750
