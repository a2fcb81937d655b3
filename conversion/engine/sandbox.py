"""The walls around one conversion, raised by the child process around itself before it opens the source.

No network, no other programs, no files but the read-only runtime, the fonts and its own folder; bounded
memory, processor time, file size and processes. Children that it forks inherit all of it. On macOS the parent
starts the child under `sandbox-exec` instead (`macos_command`). See docs/conversion.md.
"""

from __future__ import annotations

import os
import resource
import sys
from dataclasses import dataclass
from pathlib import Path

from . import sandbox_linux
from .errors import PlatformFault

PROJECT = Path(__file__).resolve().parents[2]
SYSTEM_READABLE = (
    *("/usr/lib", "/usr/lib64", "/usr/local/lib", "/lib", "/lib64", "/etc/ld.so.cache"),
    *("/usr/share/fonts", "/usr/local/share/fonts", "/usr/share/fontconfig", "/etc/fonts", "/var/cache/fontconfig"),
    *("/usr/share/zoneinfo", "/etc/localtime", "/sys/devices/system/cpu", "/proc/cpuinfo", "/proc/meminfo"),
)
DEVICES = ("/dev/null", "/dev/zero", "/dev/urandom", "/dev/random")
SANDBOX_EXEC = "/usr/bin/sandbox-exec"
UNDER_SANDBOX_EXEC = "OCTAVO_SANDBOX_EXEC"  # set by the parent for a child it has walled in
MEGABYTE = 1_000_000
_MOST_CPU_S = 1_800


@dataclass(frozen=True, slots=True)
class SandboxPolicy:
    """What one conversion may use.

    `require`: refuse to run where a wall cannot be raised. `enabled`: False leaves the walls out and keeps the
    limits (for tests of the layers behind them). `cpu_s` of 0 means: by the size of the source, then by its words.
    """

    require: bool = False
    enabled: bool = True
    memory_bytes: int = 1_500 * MEGABYTE
    file_bytes: int = 500 * MEGABYTE
    processes: int = 24
    cpu_s: int = 0

    def cpu_seconds(self, source_bytes: int) -> int:
        """For all processes together, before the words are counted: 60 s and 5 minutes more for each megabyte of
        source, half an hour at most."""
        return self.cpu_s or min(_MOST_CPU_S, 60 + 300 * source_bytes // MEGABYTE)

    def cpu_seconds_for_words(
        self, words: int, *, targets: int, source_bytes: int, pages: int = 0, formulas: int = 0
    ) -> int:
        """The same once they are counted: 30 s, a second for each 5,000 words in each PDF, which is twice what
        prose takes, 3 s for each megabyte of source, which then is pictures, and 3 s for each page of fixed layout; a
        tenth of a second to draw a formula and a twentieth to place it in each PDF. Half an hour at most."""
        plain = 30 + words * max(1, targets) // 5_000 + 3 * source_bytes // MEGABYTE + 3 * pages
        return self.cpu_s or min(_MOST_CPU_S, plain + formulas * (2 + targets) // 20)

    def wall_seconds(self, cpu_s: int) -> int:
        """How long the parent waits for so much processor time: six times as long, for machines that are busy.

        Work is bounded by processor time; the wall clock only ends what sleeps.
        """
        return 6 * cpu_s


def confine(folder: Path, policy: SandboxPolicy, source_bytes: int, readable: Path | None = None) -> tuple[str, ...]:
    """Raise the walls around this process; `folder` stays readable and writable, and one more folder readable. There is
    no way back.

    Returns the names of the walls that this system does not offer; raises PlatformFault("sandbox.unavailable")
    for them when the policy requires all.
    """
    missing: tuple[str, ...] = ()
    if policy.enabled and sys.platform == "linux":
        missing = _linux_walls(folder, readable)
    elif policy.enabled and UNDER_SANDBOX_EXEC not in os.environ:
        missing = ("files", "network")
    _limits(policy, source_bytes)
    if missing and policy.require:
        raise PlatformFault("sandbox.unavailable", missing=", ".join(missing))
    return missing


def confine_program(folder: Path, program: Path, policy: SandboxPolicy, source_bytes: int) -> tuple[str, ...]:
    """The walls for a process that turns into `program` next (`pandoc_child.py`): as `confine`, but for that one
    program, which may be started."""
    missing: tuple[str, ...] = ()
    if policy.enabled and sys.platform == "linux":
        rules = [*_file_rules(folder), (program, sandbox_linux.READ | sandbox_linux.EXECUTE)]
        missing = _raise_walls(rules, may_execute=True)
    elif policy.enabled and UNDER_SANDBOX_EXEC not in os.environ:
        missing = ("files", "network")
    _limits(policy, source_bytes)
    if missing and policy.require:
        raise PlatformFault("sandbox.unavailable", missing=", ".join(missing))
    return missing


def readable_paths() -> tuple[Path, ...]:
    """The runtime: Python, its packages, system libraries, fonts and the engine itself. Neither the project's
    settings nor its data."""
    base = Path(sys.base_prefix)
    runtime = [Path(sys.prefix)] if sys.prefix != sys.base_prefix else []
    if base not in (Path("/usr"), Path("/usr/local"), Path("/")):
        runtime.append(base)
    own = (PROJECT / "conversion", PROJECT / "static" / "vendor" / "fonts")
    return (*runtime, *own, *map(Path, SYSTEM_READABLE))


def macos_command(
    folder: Path, command: list[str], *, program: Path | None = None, more_readable: Path | None = None
) -> list[str]:
    """The command under `sandbox-exec` with a profile that allows what `confine` allows on Linux; `program` may be
    read and started as well, and `more_readable` be read."""
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


def _linux_walls(folder: Path, readable: Path | None) -> tuple[str, ...]:
    return _raise_walls(_file_rules(folder, readable), may_execute=False)


def _raise_walls(rules: list[tuple[Path, int]], *, may_execute: bool) -> tuple[str, ...]:
    missing = []
    walls = (
        sandbox_linux.give_up_privileges,
        lambda: sandbox_linux.restrict_files(rules),
        lambda: sandbox_linux.refuse_system_calls(may_execute=may_execute),
    )
    for wall in walls:
        try:
            wall()
        except sandbox_linux.Unavailable as lack:
            missing.append(str(lack))
    return tuple(missing)


def _file_rules(folder: Path, readable: Path | None = None) -> list[tuple[Path, int]]:
    more = (readable,) if readable is not None else ()
    rules = [(path, sandbox_linux.READ) for path in (*readable_paths(), *more)]
    rules += [(Path(device), sandbox_linux.USE_FILE) for device in DEVICES]
    return [*rules, (folder, sandbox_linux.READ_WRITE)]


def _limits(policy: SandboxPolicy, source_bytes: int) -> None:
    cpu = policy.cpu_seconds(source_bytes)
    _lower(resource.RLIMIT_CPU, cpu, cpu + 5)  # a signal first, so that the parent can tell why
    _lower(resource.RLIMIT_DATA, policy.memory_bytes)
    _lower(resource.RLIMIT_AS, 3 * policy.memory_bytes)  # fonts and libraries are mapped, not used up
    _lower(resource.RLIMIT_FSIZE, policy.file_bytes)
    _lower(resource.RLIMIT_NOFILE, 512)
    _lower(resource.RLIMIT_CORE, 0)


def _lower(limit: int, soft: int, hard: int | None = None) -> None:
    """Set a limit, never above the hard one already in force."""
    ceiling = resource.getrlimit(limit)[1]
    allowed = soft if hard is None else hard
    if ceiling != resource.RLIM_INFINITY:
        soft, allowed = min(soft, ceiling), min(allowed, ceiling)
    try:
        resource.setrlimit(limit, (soft, allowed))
    except (OSError, ValueError):  # macOS refuses some of them
        return
