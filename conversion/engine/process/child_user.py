"""The user that child processes run as, where the parent process may change users.

Landlock and the system call filter already keep a child away from everything that is not its own; a user without files
and processes is a second barrier. Only root can start a child as another user. Workers that run as an ordinary user,
which is better, have children of that same user.
"""

from __future__ import annotations

import os
import pwd
import stat
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

# A uid without account or files: Debian's policy reserves it, and every container has it.
NOBODYS = 65_533
STAY = "no"
VARIABLE = "CONVERSION_CHILD_USER"
# Capabilities to hand over a folder, change users, and then still read, measure and end what belongs to another user:
# CHOWN, DAC_OVERRIDE, FOWNER, KILL, SETGID, SETUID, SYS_PTRACE.
_NEEDED = (0, 1, 3, 5, 6, 7, 19)


@dataclass(frozen=True, slots=True)
class ChildUser:
    """The user of a child. A `uid` of 0 means: no change of user."""

    uid: int = 0
    gid: int = 0


SAME = ChildUser()


def named(name: str) -> ChildUser:
    """Return the user that a setting names: an account's name, a number, "no" for no change, "" for the unused uid.
    Raises ValueError for an account that does not exist, and for root."""
    if not name:
        return ChildUser(NOBODYS, NOBODYS)
    if name == STAY:
        return SAME
    if name.isdecimal():
        user = ChildUser(int(name), int(name))
    else:
        try:
            account = pwd.getpwnam(name)
        except KeyError:
            raise ValueError(f"there is no account {name!r}") from None
        user = ChildUser(account.pw_uid, account.pw_gid)
    if not user.uid or not user.gid:
        raise ValueError("children cannot be root")
    return user


def obstacle(user: ChildUser, paths: Iterable[Path]) -> str:
    """Return why children cannot become this user, as a sentence for operators; "" where they can. `paths` are what
    they have to reach."""
    if user == SAME:
        return f"{VARIABLE} says so"
    if sys.platform != "linux":
        return "this is not Linux"
    if os.geteuid() != 0:
        return f"user {os.geteuid()} cannot start processes of other users"
    if not _may_change():
        return "root lacks capabilities here (CHOWN, DAC_OVERRIDE, FOWNER, KILL, SETGID, SETUID, SYS_PTRACE)"
    for path in paths:
        if (closed := _first_closed(path, user)) is not None:
            return f"user {user.uid} cannot enter {closed}"
    return ""


def hand_over(path: Path, user: ChildUser) -> None:
    """Give a folder of ours, and its content, to the user."""
    for found in (path, *path.rglob("*")):
        os.chown(found, user.uid, user.gid, follow_symlinks=False)


def _may_change() -> bool:
    status = Path("/proc/self/status").read_text(encoding="ascii", errors="replace")
    effective = next(line.split()[1] for line in status.splitlines() if line.startswith("CapEff:"))
    return all(int(effective, 16) >> capability & 1 for capability in _NEEDED)


def _first_closed(path: Path, user: ChildUser) -> Path | None:
    """Return the first folder on the way to `path`, including `path`, that the user may not enter."""
    for folder in (*reversed(path.parents), path):
        try:
            about = folder.stat()
        except FileNotFoundError:
            return None
        own = about.st_mode >> (6 if about.st_uid == user.uid else 3 if about.st_gid == user.gid else 0)
        if stat.S_ISDIR(about.st_mode) and not own & 1:
            return folder
        if not stat.S_ISDIR(about.st_mode) and not own & 4:
            return folder
    return None
