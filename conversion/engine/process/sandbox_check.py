"""Find out which sandbox protections this machine lacks, by setting them up: for workers that start and for `manage.py
check`.

`python -m conversion.engine.process.sandbox_check POLICY` is the process that sets them up, in a temporary folder.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from . import child_user, launch, sandbox
from .sandbox import SandboxPolicy

_TIMEOUT_S = 60
# What each protection does and needs, for operators.
NEEDS = {
    "landlock": "Landlock restricts access to files. It needs Linux 6.2 or newer with landlock in "
    "/sys/kernel/security/lsm, and in a container a seccomp profile that allows landlock_*.",
    "seccomp": "seccomp restricts system calls. It needs x86-64 or arm64; a container has to allow seccomp(2).",
    "capabilities": "Giving up capabilities needs a container that allows capset(2).",
    "no_new_privs": "Giving up privileges needs prctl(PR_SET_NO_NEW_PRIVS).",
    "user": "Root could not change to the child's user; see setresuid(2).",
    "files": "This system has neither Landlock nor sandbox-exec.",
    "network": "This system has neither seccomp nor sandbox-exec.",
    "all": "The process that sets up the sandbox did not start, or did not end within a minute.",
}


@dataclass(frozen=True, slots=True)
class MissingProtections:
    """What is missing. `walls` are the names of the missing protections. `own_user` says why children run as the same
    user as this process, and is empty where they have a user of their own."""

    walls: tuple[str, ...]
    own_user: str

    @property
    def needs(self) -> str:
        """What the missing protections require, in sentences."""
        return " ".join(NEEDS.get(wall, wall) for wall in self.walls)


def lack(policy: SandboxPolicy, place: Path) -> MissingProtections:
    """Return what conversions below `place` lack on this machine, run by this user."""
    own_user = child_user.obstacle(policy.user, sandbox.reach((place,)))
    with tempfile.TemporaryDirectory(prefix="octavo-walls-") as name:
        folder = Path(name).resolve()
        settled = policy.settled((folder.parent, place))
        if settled.user != child_user.SAME:
            child_user.hand_over(folder, settled.user)
        return MissingProtections(_missing(folder, replace(settled, require=False)), own_user)


def _missing(folder: Path, policy: SandboxPolicy) -> tuple[str, ...]:
    command = [sys.executable, "-P", "-s", "-m", __name__, json.dumps(asdict(policy))]
    variables = launch.environment()
    if sys.platform == "darwin" and Path(sandbox.SANDBOX_EXEC).exists():
        command = sandbox.macos_command(folder, command)
        variables[sandbox.UNDER_SANDBOX_EXEC] = "1"
    try:
        run = subprocess.run(
            command, env=variables, cwd=folder, stdout=subprocess.PIPE, timeout=_TIMEOUT_S, check=False, text=True
        )
    except subprocess.TimeoutExpired:
        return ("all",)
    return tuple(json.loads(run.stdout)) if run.returncode == 0 else ("all",)


def main() -> None:
    """Set up the sandbox around this process and print the missing protections."""
    policy = SandboxPolicy(**json.loads(sys.argv[1]))
    sys.stdout.write(json.dumps(sandbox.confine(Path.cwd(), policy, 0)))


if __name__ == "__main__":
    main()
