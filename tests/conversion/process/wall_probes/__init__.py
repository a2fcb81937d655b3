"""What a broken-into child of the converter could do, with each primitive of the kernel missing in turn.

`python -m tests.conversion.process.wall_probes` prints it as a table; `test_sandbox_status.py` asserts it.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from conversion.engine.process import child_user
from tests.conversion.process.wall_probes import probes
from tests.conversion.process.wall_probes.probes import KNOWN, LACKS, OPEN, Order

PROJECT = Path(__file__).resolve().parents[4]
_ORDINARY = 65_534


@dataclass(frozen=True, slots=True)
class User:
    """Who starts the child, and who it becomes (0: the same)."""

    name: str
    starts_as: int
    becomes: int = 0


def users() -> list[User]:
    """Whom this process can try it as."""
    if os.geteuid() != 0:
        return [User("an ordinary user", os.geteuid())]
    return [
        User("root, with a user of its own for the child", 0, child_user.NOBODYS),
        User("root, the child as root", 0),
        User("an ordinary user", _ORDINARY),
    ]


@contextmanager
def _scene(user: User) -> Iterator[Order]:
    """A box, a folder and a process beside it that are nobody else's."""
    with tempfile.TemporaryDirectory(prefix="octavo-walls-") as name:
        top = Path(name)
        top.chmod(0o711)
        box, outside = top / "box", top / "outside"
        for folder in (box, outside):
            folder.mkdir(mode=0o700)
            for file in ("own", "secret", "spare", "other"):
                (folder / file).write_text("of the host")
                (folder / file).chmod(0o600)
        _give(outside, user.starts_as)
        _give(box, user.becomes or user.starts_as)
        victim = subprocess.Popen(["sleep", "600"], user=user.starts_as)
        try:
            yield Order(box=str(box), outside=str(outside), victim=victim.pid, uid=user.becomes)
        finally:
            victim.kill()
            victim.wait()


def _give(folder: Path, uid: int) -> None:
    if os.geteuid() == 0:
        child_user.hand_over(folder, child_user.ChildUser(uid, uid))


def ask(user: User, order: Order) -> dict[str, Any]:
    """What a child of the user finds."""
    run = subprocess.run(
        [sys.executable, "-P", probes.__file__, json.dumps(asdict(order))],
        env={"PATH": "/usr/bin:/bin", "PYTHONPATH": str(PROJECT)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        **({"user": user.starts_as, "group": user.starts_as, "extra_groups": []} if user.starts_as else {}),
    )
    if run.returncode != 0:
        raise RuntimeError(run.stderr)
    answer: dict[str, Any] = json.loads(run.stdout)
    return answer


def tried(user: User, lack: str) -> dict[str, str]:
    """What comes of each probe as this user where the primitive is missing."""
    with _scene(user) as order:
        results: dict[str, str] = ask(user, replace(order, lack=lack))["results"]
    return results


def refused(user: User, lack: str) -> str:
    """The names with which a child refuses to work without the primitive; "" where it works."""
    with _scene(user) as order:
        return str(ask(user, replace(order, lack=lack, require=True)).get("refused", ""))


def lacks_of(user: User) -> list[str]:
    """What can be missing for a user; a user of its own only where there is one."""
    return [lack for lack in LACKS if lack != "user" or user.becomes]


def passed(results: dict[str, str]) -> list[str]:
    """The probes that came through, but for what is known to."""
    return [name for name, result in results.items() if result.startswith(OPEN) and name not in KNOWN]
