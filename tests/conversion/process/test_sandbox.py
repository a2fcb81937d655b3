"""The walls, tried from inside a process that raised them."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from conversion.engine.errors import PlatformFault
from conversion.engine.process import sandbox, sandbox_linux
from conversion.engine.process.sandbox import PROJECT, SandboxPolicy

linux_only = pytest.mark.skipif(sys.platform != "linux", reason="Landlock and seccomp are Linux's")


def _inside(folder: Path, code: str, *, as_nobody: bool = False) -> str:
    """What the code prints behind the walls, or the name of what it raised."""
    program = f"""
import os, sys
from pathlib import Path
if {as_nobody}:
    os.setgroups([]); os.setgid(65534); os.setuid(65534)
from conversion.engine.process import sandbox
folder = Path({str(folder)!r})
sandbox.confine(folder, sandbox.SandboxPolicy(require=True, memory_bytes=300_000_000), 1000)
try:
{chr(10).join("    " + line for line in code.strip().splitlines())}
except BaseException as error:
    print(type(error).__name__)
"""
    run = subprocess.run(
        [sys.executable, "-P", "-c", program],
        env={"PYTHONPATH": str(PROJECT), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    return run.stdout.strip()


@linux_only
class TestConfine:
    @pytest.mark.parametrize(
        "code",
        [
            "open('/etc/shadow').read()",
            "open('/etc/passwd').read()",
            f"open({str(PROJECT / 'pyproject.toml')!r}).read()",
            "os.listdir('/')",
            "open(folder.parent / 'beside', 'w')",
            "os.rename(folder / 'own', folder.parent / 'moved')",
            "open('/proc/1/environ').read()",
        ],
    )
    def test_refuses_files_outside(self, tmp_path: Path, code: str) -> None:
        folder = tmp_path / "own-folder"
        folder.mkdir()
        (folder / "own").write_text("mine")
        assert _inside(folder, code) == "PermissionError"

    def test_allows_the_own_folder_and_the_runtime(self, tmp_path: Path) -> None:
        code = "(folder / 'new').write_text('x'); import colorsys, lxml.etree; print(os.listdir(folder))"
        assert _inside(tmp_path, code) == "['new']"

    @pytest.mark.parametrize("family", ["AF_INET", "AF_INET6", "AF_UNIX", "AF_NETLINK"])
    def test_refuses_sockets(self, tmp_path: Path, family: str) -> None:
        assert _inside(tmp_path, f"import socket; socket.socket(socket.{family})") == "PermissionError"

    @pytest.mark.parametrize(
        "code",
        [
            "os.execv('/bin/true', ['true'])",
            "os.unshare(os.CLONE_NEWUSER)",
            "os.chroot(folder)",
            "os.setsid()",
            "os.kill(os.getppid(), 0)",
        ],
    )
    def test_refuses_programs_namespaces_and_signals(self, tmp_path: Path, code: str) -> None:
        assert _inside(tmp_path, code) == "PermissionError"

    def test_bounds_memory(self, tmp_path: Path) -> None:
        assert _inside(tmp_path, "bytearray(400_000_000)") == "MemoryError"

    def test_forked_workers_inherit_the_walls(self, tmp_path: Path) -> None:
        code = """
read, write = os.pipe()
if os.fork() == 0:
    try:
        open('/etc/passwd')
    except PermissionError:
        os.write(write, b'refused')
    os._exit(0)
print(os.read(read, 10).decode())
"""
        assert _inside(tmp_path, code) == "refused"

    @pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")
    def test_holds_for_an_ordinary_user(self, tmp_path: Path) -> None:
        for parent in (tmp_path, *list(tmp_path.parents)[:3]):
            if parent.stat().st_uid == os.geteuid() and parent != Path("/tmp"):
                parent.chmod(0o755)
        tmp_path.chmod(0o777)
        assert _inside(tmp_path, "open('/etc/passwd').read()", as_nobody=True) == "PermissionError"
        assert _inside(tmp_path, "import socket; socket.socket()", as_nobody=True) == "PermissionError"
        assert _inside(tmp_path, "print((folder / 'x').write_text('ok'))", as_nobody=True) == "2"


class TestPolicy:
    def test_refuses_when_a_required_wall_is_missing(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(sandbox, "_apply_protections", lambda *rules, may_execute: ("landlock",))
        monkeypatch.setattr(sandbox, "_limits", lambda policy, size: None)
        monkeypatch.setattr(sys, "platform", "linux")
        with pytest.raises(PlatformFault) as refused:
            sandbox.confine(tmp_path, SandboxPolicy(require=True), 1)
        assert refused.value.code == "sandbox.unavailable"
        assert sandbox.confine(tmp_path, SandboxPolicy(), 1) == ("landlock",)

    def test_time_grows_with_the_source_up_to_a_bound_and_then_with_the_words(self) -> None:
        policy = SandboxPolicy()
        assert [policy.cpu_seconds(size) for size in (20_000, 1_000_000, 200_000_000)] == [66, 360, 1800]
        assert policy.cpu_seconds_for_words(500, targets=4, source_bytes=9_000) == 30
        assert policy.cpu_seconds_for_words(120_000, targets=4, source_bytes=1_000_000) == 129
        assert policy.cpu_seconds_for_words(120_000, targets=0, source_bytes=0) == 54
        assert policy.cpu_seconds_for_words(0, targets=4, source_bytes=0, pages=40) == 150
        assert policy.cpu_seconds_for_words(0, targets=4, source_bytes=0, formulas=100) == 60
        assert policy.cpu_seconds_for_words(0, targets=4, source_bytes=0, formulas=1_000_000) == 1_800
        given = SandboxPolicy(cpu_s=1)
        assert given.cpu_seconds(1_000_000) == given.cpu_seconds_for_words(9, targets=4, source_bytes=9) == 1

    def test_a_report_of_formulas_is_believed_as_far_as_the_source_is_large_enough(self) -> None:
        policy = SandboxPolicy()
        assert policy.most_formulas(954_000) > 10_283  # our densest book of algebra
        assert policy.most_formulas(5) == 0
        assert policy.cpu_seconds_for_formulas(1_000, targets=4) == 300

    def test_all_that_is_written_is_bounded_by_the_source(self) -> None:
        policy = SandboxPolicy()
        sizes = [policy.all_written_bytes(size) for size in (0, 100_000_000, 200_000_000, 2_000_000_000)]
        assert sizes == [1_000_000_000, 2_200_000_000, 3_400_000_000, 4_000_000_000]

    def test_unknown_machines_have_no_filter(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(sandbox_linux.platform, "machine", lambda: "mips")
        with pytest.raises(sandbox_linux.Unavailable):
            sandbox_linux.allow_system_calls(keeps_signals=True)

    def test_macos_profile_denies_network_and_names_the_folder(self, tmp_path: Path) -> None:
        command = sandbox.macos_command(tmp_path, ["python", "-m", "child"])
        assert command[0] == "/usr/bin/sandbox-exec"
        assert "(deny network*)" in command[2]
        assert f'(subpath "{tmp_path}")' in command[2]
        assert command[3:] == ["python", "-m", "child"]
