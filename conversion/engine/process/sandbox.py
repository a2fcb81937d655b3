"""The sandbox around one conversion, set up by the child process for itself before it opens the source.

No network, no other programs, no files but the read-only runtime, the fonts and its own folder; limited memory,
processor time, file size and processes. Processes that it forks inherit all of it. On macOS the parent starts the child
under `sandbox-exec` instead (`macos_command`). See docs/conversion.md.
"""

from __future__ import annotations

import os
import resource
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from ..errors import PlatformFault
from . import child_user, sandbox_linux
from .child_user import ChildUser

PROJECT = Path(__file__).resolve().parents[3]
SYSTEM_READABLE = (
    *("/usr/lib", "/usr/lib64", "/usr/local/lib", "/lib", "/lib64", "/etc/ld.so.cache"),
    *("/usr/share/fonts", "/usr/local/share/fonts", "/usr/share/fontconfig", "/etc/fonts", "/var/cache/fontconfig"),
    *("/usr/share/zoneinfo", "/etc/localtime", "/sys/devices/system/cpu", "/proc/cpuinfo", "/proc/meminfo"),
)
DEVICES = ("/dev/null", "/dev/zero", "/dev/urandom", "/dev/random")
SANDBOX_EXEC = "/usr/bin/sandbox-exec"
UNDER_SANDBOX_EXEC = "OCTAVO_SANDBOX_EXEC"  # set by the parent for a child that it has sandboxed
MEGABYTE = 1_000_000
_MAX_CPU_S = 1_800
_MAX_WRITTEN_BYTES = 4_000 * MEGABYTE
_FORMULA_BYTES = (
    50  # per formula in a compressed source, words around it included: half of what our densest algebra book has
)

type FileRule = tuple[Path, int]  # a path and its Landlock rights


@dataclass(frozen=True, slots=True)
class SandboxPolicy:
    """The limits of one conversion.

    `require`: refuse to run where a protection cannot be set up. `enabled`: False leaves the protections out and keeps
    the limits (for tests of the layers behind them). `cpu_s` of 0 means: by the size of the source, then by its words;
    `written_bytes` of 0: by the size of the source. `uid` and `gid` are the user that the child changes to where it
    can, 0 for the parent's own.
    """

    require: bool = False
    enabled: bool = True
    memory_bytes: int = 1_500 * MEGABYTE
    file_bytes: int = 500 * MEGABYTE
    written_bytes: int = 0
    files: int = 30_000
    processes: int = 24
    cpu_s: int = 0
    uid: int = 0
    gid: int = 0

    @property
    def user(self) -> ChildUser:
        """The user that the child changes to."""
        return ChildUser(self.uid, self.gid)

    def of_user(self, name: str) -> SandboxPolicy:
        """Return the policy with the child's user as a setting names it. Raises ValueError (`child_user.named`)."""
        user = child_user.named(name)
        return replace(self, uid=user.uid, gid=user.gid)

    def settled(self, folders: Iterable[Path]) -> SandboxPolicy:
        """Return the policy with the user that a child in these folders can actually change to."""
        if not self.enabled or child_user.obstacle(self.user, reach(folders)):
            return replace(self, uid=0, gid=0)
        return self

    def all_written_bytes(self, source_bytes: int) -> int:
        """Return the limit for all files of a conversion together, source included: 1 GB and twelve times the source,
        which is the size of its pictures in every format, 4 GB at most."""
        return self.written_bytes or min(_MAX_WRITTEN_BYTES, 1_000 * MEGABYTE + 12 * source_bytes)

    def cpu_seconds(self, source_bytes: int) -> int:
        """Return the processor time for all processes together, before the words are counted: 60 s and 5 minutes more
        for each megabyte of source, half an hour at most."""
        return self.cpu_s or min(_MAX_CPU_S, 60 + 300 * source_bytes // MEGABYTE)

    def cpu_seconds_for_words(
        self, words: int, *, targets: int, source_bytes: int, pages: int = 0, formulas: int = 0
    ) -> int:
        """Return the processor time once the words are counted: 30 s, a second for each 5,000 words in each PDF, which
        is twice what prose takes, 3 s for each megabyte of source, which then is pictures, and 3 s for each page of
        fixed layout; a tenth of a second to draw a formula and a twentieth to place it in each PDF. Half an hour at
        most."""
        plain = 30 + words * max(1, targets) // 5_000 + 3 * source_bytes // MEGABYTE + 3 * pages
        return self.cpu_s or min(_MAX_CPU_S, plain + self.cpu_seconds_for_formulas(formulas, targets=targets))

    def cpu_seconds_for_formulas(self, formulas: int, *, targets: int) -> int:
        """Return the part of that time which is for formulas."""
        return formulas * (2 + targets) // 20

    def most_formulas(self, source_bytes: int) -> int:
        """Return how many formulas a source of that size can contain at most."""
        return source_bytes // _FORMULA_BYTES

    def wall_seconds(self, cpu_s: int) -> int:
        """Return how long the parent waits for that much processor time: six times as long, for busy machines.

        Work is limited by processor time; the wall clock only ends processes that sleep.
        """
        return 6 * cpu_s


def reach(folders: Iterable[Path]) -> tuple[Path, ...]:
    """Return what a child's user has to reach: these folders, the engine and Python."""
    return (*folders, PROJECT / "conversion" / "engine" / "__init__.py", Path(sys.executable))


def confine(folder: Path, policy: SandboxPolicy, source_bytes: int, readable: Path | None = None) -> tuple[str, ...]:
    """Set up the sandbox around this process; `folder` stays readable and writable, and one more folder readable. This
    cannot be undone.

    Returns the names of the protections that this system does not offer; raises PlatformFault("sandbox.unavailable")
    for them when the policy requires all.
    """
    return _confine(policy, source_bytes, lambda: _file_rules(folder, readable), may_execute=False)


def confine_program(folder: Path, program: Path, policy: SandboxPolicy, source_bytes: int) -> tuple[str, ...]:
    """Set up the sandbox for a process that turns into `program` next (`pandoc_child.py`): like `confine`, but that one
    program may be started."""

    def rules() -> list[FileRule]:
        return [*_file_rules(folder), (program, sandbox_linux.READ | sandbox_linux.EXECUTE)]

    return _confine(policy, source_bytes, rules, may_execute=True)


def _confine(
    policy: SandboxPolicy, source_bytes: int, rules: Callable[[], list[FileRule]], *, may_execute: bool
) -> tuple[str, ...]:
    missing: tuple[str, ...] = ()
    if policy.enabled and sys.platform == "linux":
        missing = _apply_protections(policy.user, rules(), may_execute=may_execute)
    elif policy.enabled and UNDER_SANDBOX_EXEC not in os.environ:
        missing = ("files", "network")
    _limits(policy, source_bytes)
    if missing and policy.require:
        raise PlatformFault("sandbox.unavailable", missing=", ".join(missing))
    return missing


def readable_paths() -> tuple[Path, ...]:
    """Return the paths of the runtime: Python, its packages, system libraries, fonts and the engine itself. Neither the
    project's settings nor its data."""
    base = Path(sys.base_prefix)
    runtime = [Path(sys.prefix)] if sys.prefix != sys.base_prefix else []
    if base not in (Path("/usr"), Path("/usr/local"), Path("/")):
        runtime.append(base)
    own = (PROJECT / "conversion", PROJECT / "static" / "vendor" / "fonts")
    return (*runtime, *own, *map(Path, SYSTEM_READABLE))


def macos_command(
    folder: Path, command: list[str], *, program: Path | None = None, more_readable: Path | None = None
) -> list[str]:
    """Return the command under `sandbox-exec` with a profile that allows what `confine` allows on Linux. `program` may
    also be read and started, and `more_readable` be read."""
    also = () if program is None else (program,)
    more = () if more_readable is None else (more_readable,)
    readable_ones = (*readable_paths(), *map(Path, _MACOS_READABLE), *also, *more)
    readable = "".join(f' (subpath "{path}")' for path in readable_ones)
    programs = "".join(f' (literal "{path}")' for path in (sys.executable, *also))
    profile = (
        "(version 1)(deny default)(allow process-fork)(allow sysctl-read)(allow signal (target same-sandbox))"
        f"(allow process-exec{programs})(allow file-read-metadata)"
        f'(allow file-read*{readable} (literal "/dev/urandom") (literal "/dev/null"))'
        f'(allow file-read* file-write* (subpath "{folder}"))(deny network*)'
    )
    return [SANDBOX_EXEC, "-p", profile, *command]


_MACOS_READABLE = ("/usr/lib", "/System/Library", "/Library/Fonts", "/opt/homebrew", "/private/var/db/dyld")


def _apply_protections(user: ChildUser, rules: list[FileRule], *, may_execute: bool) -> tuple[str, ...]:
    """Set up every protection that Linux offers here; return the names of the missing ones."""
    missing = []
    keeps_signals = False

    def restrict_files() -> None:
        nonlocal keeps_signals
        keeps_signals = sandbox_linux.restrict_files(rules)

    def allow_system_calls() -> None:
        sandbox_linux.allow_system_calls(keeps_signals=keeps_signals, may_execute=may_execute)

    walls = [sandbox_linux.give_up_privileges, restrict_files, allow_system_calls]
    if user != child_user.SAME:
        walls.insert(0, lambda: sandbox_linux.become(user.uid, user.gid))
    for wall in walls:
        try:
            wall()
        except sandbox_linux.Unavailable as lack:
            missing.append(str(lack))
    return tuple(missing)


def _file_rules(folder: Path, readable: Path | None = None) -> list[FileRule]:
    more = (readable,) if readable is not None else ()
    rules = [(path, sandbox_linux.READ) for path in (*readable_paths(), *more)]
    rules += [(Path(device), sandbox_linux.USE_FILE) for device in DEVICES]
    return [*rules, (folder, sandbox_linux.READ_WRITE)]


def _limits(policy: SandboxPolicy, source_bytes: int) -> None:
    cpu = policy.cpu_seconds(source_bytes)
    _lower(resource.RLIMIT_CPU, cpu, cpu + 5)  # the soft limit sends a signal first, so that the parent can tell why
    _lower(resource.RLIMIT_DATA, policy.memory_bytes)
    _lower(resource.RLIMIT_AS, 3 * policy.memory_bytes)  # mapped fonts and libraries count too
    _lower(resource.RLIMIT_FSIZE, policy.file_bytes)
    _lower(resource.RLIMIT_NOFILE, 512)
    _lower(resource.RLIMIT_CORE, 0)


def _lower(limit: int, soft: int, hard: int | None = None) -> None:
    """Set a limit, never above the hard limit already in force."""
    ceiling = resource.getrlimit(limit)[1]
    allowed = soft if hard is None else hard
    if ceiling != resource.RLIM_INFINITY:
        soft, allowed = min(soft, ceiling), min(allowed, ceiling)
    try:
        resource.setrlimit(limit, (soft, allowed))
    except (OSError, ValueError):  # macOS rejects some limits
        return
