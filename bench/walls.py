"""Tries to get through the walls of the converter's child, with each primitive of the kernel missing in turn.

    python -m bench.walls              as root: with a user of its own, as root itself, as an ordinary user
    python -m bench.walls --brief      without the cases that fill a disk and wait for limits

Prints a table for each user: what is tried, what holds it, and what came of it where one primitive is missing. A cell
is the error's name, or OPEN. Leaves with 1 when something passes with all walls up, or when a child that requires its
walls works without one of them. The walls use no cgroups, so that none can be missing.
"""

from __future__ import annotations

import argparse
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

PROJECT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(PROJECT))

from bench import walls_limits, walls_probes  # noqa: E402
from bench.walls_probes import KNOWN, LACKS, OPEN, Order  # noqa: E402
from conversion.engine.process import child_user  # noqa: E402

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
        [sys.executable, "-P", walls_probes.__file__, json.dumps(asdict(order))],
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


def held_by(name: str, columns: dict[str, dict[str, str]]) -> str:
    """What a probe is held by: the primitives without which it passes, or more than one at once."""
    if columns[""][name].startswith(OPEN):
        return "nothing (known)" if name in KNOWN else "NOTHING"
    alone = [lack for lack, results in columns.items() if lack and results[name].startswith(OPEN)]
    return ", ".join(alone) or "more than one"


def show(user: User) -> bool:
    """Print a user's table; whether all holds."""
    columns = {lack: tried(user, lack) for lack in lacks_of(user)}
    print(f"\n## As {user.name}\n")
    heads = ["all walls up", *(f"without {lack}" for lack in columns if lack)]
    print("| tried | held by | " + " | ".join(heads) + " |")
    print("|---" * (len(heads) + 2) + "|")
    for name in columns[""]:
        cells = [results[name] for results in columns.values()]
        print(f"| {name} | {held_by(name, columns)} | " + " | ".join(cells) + " |")
    is_good = not passed(columns[""])
    print()
    for lack in ("landlock", "truncation of landlock", "seccomp", "capset"):
        names = refused(user, lack)
        print(f"required, without {lack}: {f'refused ({names})' if names else 'CONVERTS'}")
        is_good = is_good and bool(names)
    return is_good


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--brief", action="store_true", help="without filling disks and waiting for limits")
    arguments = parser.parse_args()
    found = [show(user) for user in users()]
    if not arguments.brief:
        found.append(walls_limits.show())
    return 0 if all(found) else 1


if __name__ == "__main__":
    sys.exit(main())
