"""What is said of walls that are missing: to operators by the check and the log, to authors without jargon."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from unittest.mock import MagicMock

import pytest
from django.core.checks import Error, Info, Warning
from structlog.testing import capture_logs

from conversion import checks, messages, sandbox_status
from conversion.engine.process import child_user, sandbox_check, system_calls
from conversion.engine.process.child_user import ChildUser
from conversion.engine.process.sandbox import SandboxPolicy
from conversion.engine.process.sandbox_check import MissingProtections
from tests.conversion.process import wall_probes
from tests.conversion.process.wall_probes.probes import KNOWN

linux_only = pytest.mark.skipif(sys.platform != "linux", reason="Landlock and seccomp are Linux's")


@linux_only
@pytest.mark.parametrize("user", wall_probes.users(), ids=lambda user: user.name)
class TestProbes:
    def test_nothing_comes_through(self, user: wall_probes.User) -> None:
        results = wall_probes.tried(user, "")
        assert wall_probes.passed(results) == []
        assert len(results) > 60
        for name in ("chmod", "chown", "utime", "setxattr", "prlimit", "setpriority", "sched_setaffinity", "inotify"):
            assert results[name] == "EPERM"
        assert results["calls from 450 on"] == results["open_tree_attr"] == "ENOSYS"

    def test_the_same_comes_through_where_nothing_holds_it(self, user: wall_probes.User) -> None:
        """Else what is held above would mean nothing."""
        without_filter = wall_probes.passed(wall_probes.tried(user, "seccomp"))
        assert {"setsid", "socket AF_INET", "pidfd_open", "signal by F_SETOWN"} <= set(without_filter)
        if not user.becomes:
            assert {"chmod", "chown", "utime", "setxattr", "inotify"} <= set(without_filter)
            assert {"read", "write", "list"} <= set(wall_probes.passed(wall_probes.tried(user, "landlock")))

    def test_older_kernels_keep_signals_inside_too(self, user: wall_probes.User) -> None:
        results = wall_probes.tried(user, "signals of landlock")
        assert wall_probes.passed(results) == []
        assert (results["kill"], results["tgkill"]) == ("EPERM", "EPERM")

    @pytest.mark.parametrize(("lack", "named"), [("landlock", "landlock"), ("seccomp", "seccomp"), ("capset", "capab")])
    def test_a_child_that_requires_its_walls_refuses_without_one(
        self, user: wall_probes.User, lack: str, named: str
    ) -> None:
        assert named in wall_probes.refused(user, lack)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")
@linux_only
def test_a_user_of_its_own_sees_not_even_names() -> None:
    own = next(user for user in wall_probes.users() if user.becomes)
    assert {wall_probes.tried(own, "")[name] for name in KNOWN} == {"EACCES"}


class TestSystemCalls:
    @pytest.mark.parametrize(
        ("header", "column"),
        [("x86_64-linux-gnu/asm/unistd_64.h", 0), ("asm-generic/unistd.h", 1)],
    )
    def test_numbers_are_the_kernels(self, header: str, column: int) -> None:
        path = Path("/usr/include") / header
        if not path.exists():
            pytest.skip("the kernel's headers are not installed")
        known = _numbers(path.read_text())
        named = {
            **system_calls.ALLOWED,
            **system_calls.FOR_A_PROGRAM,
            **{"ioctl": system_calls.IOCTL, "fcntl": system_calls.FCNTL, "prctl": system_calls.PRCTL},
            **{"prlimit64": system_calls.PRLIMIT, "clone": system_calls.CLONE},
            **{"kill": system_calls.KILL, "tgkill": system_calls.TGKILL},
        }
        wrong = {name: numbers[column] for name, numbers in named.items() if known.get(name) != numbers[column]}
        if column == 1:  # left out of arm64's table, and kept there for other architectures
            wrong = {name: number for name, number in wrong.items() if number is not None}
        assert wrong == {}

    def test_both_machines_have_a_filter(self) -> None:
        for machine in ("x86_64", "aarch64"):
            assert len(system_calls.allow_list(machine)) % 8 == 0
        with pytest.raises(KeyError):
            system_calls.allow_list("mips")


def _numbers(header: str) -> dict[str, int]:
    found: dict[str, int] = {}
    for line in header.splitlines():
        words = line.split()
        if len(words) >= 3 and words[0] == "#define" and words[1].startswith("__NR") and words[2].isdecimal():
            name = words[1].removeprefix("__NR3264_").removeprefix("__NR_")
            found[{"fstatat": "newfstatat"}.get(name, name)] = int(words[2])
    return found


class TestChildUser:
    def test_is_nobodys_unless_a_setting_names_one(self) -> None:
        assert child_user.named("") == ChildUser(65_533, 65_533)
        assert child_user.named("1234") == ChildUser(1234, 1234)
        assert child_user.named("no") == child_user.SAME

    @pytest.mark.parametrize("name", ["0", "root", "nobody-has-this-name"])
    def test_is_never_root_nor_a_name_without_an_account(self, name: str) -> None:
        with pytest.raises(ValueError, match=r"root|no account"):
            child_user.named(name)

    @pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")
    @linux_only
    def test_a_folder_that_the_user_cannot_enter_is_named(self, tmp_path: Path) -> None:
        for folder in (tmp_path, *tmp_path.parents):
            if folder.owner() == tmp_path.owner() and not folder.stat().st_mode & 0o001:
                folder.chmod(0o711)
        closed = tmp_path / "closed"
        closed.mkdir(mode=0o700)
        assert child_user.obstacle(ChildUser(65_533, 65_533), [closed / "box"]).endswith(f"cannot enter {closed}")

    def test_an_ordinary_user_stays_that_user_and_says_so(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(os, "geteuid", lambda: 1000)
        policy = SandboxPolicy().of_user("")
        assert policy.settled(()).user == child_user.SAME
        assert "user 1000 cannot start processes of other users" in child_user.obstacle(policy.user, ()) or (
            sys.platform != "linux"
        )


@linux_only
class TestLack:
    def test_nothing_is_missing_here(self, tmp_path: Path) -> None:
        assert sandbox_check.lack(SandboxPolicy(), tmp_path).walls == ()

    def test_a_kernel_that_lets_foreign_files_be_emptied_lacks_one(self) -> None:
        program = "from conversion.engine.process import sandbox_linux; sandbox_linux.landlock_version = lambda: 2; {}"
        run = subprocess.run(
            [sys.executable, "-c", program.format("sandbox_linux.restrict_files([])")],
            capture_output=True,
            text=True,
            check=False,
        )
        assert "Unavailable: landlock" in run.stderr

    def test_every_wall_has_words_for_operators(self) -> None:
        assert "6.2" in MissingProtections(("landlock", "seccomp"), "").needs
        assert {"landlock", "seccomp", "capabilities", "no_new_privs", "user"} <= set(sandbox_check.NEEDS)


def _lacking(monkeypatch: pytest.MonkeyPatch, *missing: str, own_user: str = "", uid: int = 1000) -> None:
    monkeypatch.setattr(sandbox_status, "missing_protections", lambda: MissingProtections(missing, own_user))
    monkeypatch.setattr(os, "geteuid", lambda: uid)


class TestCheck:
    def test_says_nothing_where_all_walls_stand(self, monkeypatch: pytest.MonkeyPatch) -> None:
        _lacking(monkeypatch)
        assert checks.walls_stand(None) == []

    def test_is_an_error_where_walls_are_required(self, monkeypatch: pytest.MonkeyPatch, settings) -> None:
        settings.CONVERSION_REQUIRE_SANDBOX = True
        _lacking(monkeypatch, "landlock")
        (found,) = checks.walls_stand(None)
        assert (type(found), found.id) == (Error, "conversion.E001")
        assert "landlock" in found.msg
        assert "6.2" in found.msg
        assert "operations.md" in str(found.hint)

    def test_is_a_warning_where_they_are_not(self, monkeypatch: pytest.MonkeyPatch, settings) -> None:
        settings.CONVERSION_REQUIRE_SANDBOX = False
        _lacking(monkeypatch, "seccomp")
        assert [(type(found), found.id) for found in checks.walls_stand(None)] == [(Warning, "conversion.W001")]

    def test_warns_of_children_that_are_root(self, monkeypatch: pytest.MonkeyPatch) -> None:
        _lacking(monkeypatch, own_user="user 65533 cannot enter /srv", uid=0)
        (found,) = checks.walls_stand(None)
        assert (type(found), found.id) == (Warning, "conversion.W002")
        assert "/srv" in found.msg

    def test_tells_an_ordinary_user_without_warning(self, monkeypatch: pytest.MonkeyPatch) -> None:
        _lacking(monkeypatch, own_user="user 1000 cannot start processes of other users")
        assert [type(found) for found in checks.walls_stand(None)] == [Info]

    def test_refuses_a_user_that_is_not_there(self, settings) -> None:
        settings.CONVERSION_CHILD_USER = "nobody-has-this-name"
        assert [found.id for found in checks.walls_stand(None)] == ["conversion.E002"]


class TestLog:
    def test_names_what_is_missing(self, monkeypatch: pytest.MonkeyPatch, settings) -> None:
        settings.CONVERSION_REQUIRE_SANDBOX = True
        _lacking(monkeypatch, "landlock", "seccomp")
        with capture_logs() as lines:
            assert not sandbox_status.log_sandbox_status()
        (line,) = lines
        assert (line["log_level"], line["event"], line["missing"]) == (
            "error",
            "sandbox.unavailable",
            "landlock,seccomp",
        )

    def test_says_whose_user_children_have(self, monkeypatch: pytest.MonkeyPatch) -> None:
        _lacking(monkeypatch, own_user="user 1000 cannot start processes of other users")
        with capture_logs() as lines:
            assert sandbox_status.log_sandbox_status()
        assert [line["event"] for line in lines] == ["sandbox.complete", "sandbox.same_user"]

    @pytest.mark.parametrize(
        ("queues", "is_walled", "gives_up"),
        [
            (["conversion"], False, ["conversion"]),
            (["conversion-large", "default"], False, ["conversion-large"]),
            (["conversion", "conversion-large"], False, ["conversion", "conversion-large"]),
            (["conversion"], True, []),
            (["default"], False, []),
        ],
    )
    def test_a_worker_that_can_convert_nothing_takes_no_jobs(
        self, monkeypatch: pytest.MonkeyPatch, queues: list[str], is_walled: bool, gives_up: list[str]
    ) -> None:
        from celery.signals import worker_ready

        from conversion import tasks

        monkeypatch.setattr(sandbox_status, "log_sandbox_status", lambda: is_walled)
        worker = MagicMock(hostname="convert@here")
        worker.app.amqp.queues.consume_from = dict.fromkeys(queues)
        worker_ready.send(sender=worker)
        assert tasks._look_at_walls in [receiver() for _, receiver in worker_ready.receivers]
        asked = [(call.args, call.kwargs["destination"]) for call in worker.app.control.cancel_consumer.mock_calls]
        assert asked == [((name,), ["convert@here"]) for name in gives_up]


def test_authors_are_told_plainly() -> None:
    message = messages.explain("sandbox.unavailable", {"missing": "landlock"})
    assert "landlock" not in f"{message.title} {message.advice}"
    assert "nothing to do with your file" in message.title


@linux_only
def test_the_command_line_names_what_is_missing(tmp_path: Path) -> None:
    (tmp_path / "book.md").write_text("# One\n\nWords stand here.\n")
    program = """
import sys
from tests.conversion.process.wall_probes import probes
probes._take_away("landlock")
from conversion.engine.cli import command
sys.exit(command.main(["book.md", "--out", "out", "--formats", "epub"]))
"""
    project = str(Path(sandbox_check.__file__).resolve().parents[3])
    run = subprocess.run(
        [sys.executable, "-c", program],
        cwd=tmp_path,
        env={"PYTHONPATH": project},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    assert "missing=landlock" in run.stderr
