"""The user that children become, where the one who starts them may change users.

Landlock and the filter of system calls keep a child from what is not its own; a user without files and processes
keeps it from them once more. Only root can give a child another user. Whoever runs workers as an ordinary user, which
is better, has children of that user.
"""

from __future__ import annotations

import os
import pwd
import stat
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

# A number that no account has and that owns no file: Debian's policy keeps it free, and every container has it.
NOBODYS = 65_533
STAY = "no"
VARIABLE = "CONVERSION_CHILD_USER"
# To hand a folder over, to change users, and then still to read, measure and end what is another's: CHOWN,
# DAC_OVERRIDE, FOWNER, KILL, SETGID, SETUID, SYS_PTRACE.
_NEEDED = (0, 1, 3, 5, 6, 7, 19)


@dataclass(frozen=True, slots=True)
class ChildUser:
    """`uid` 0 means: stay who you are."""

    uid: int = 0
    gid: int = 0


SAME = ChildUser()


def named(name: str) -> ChildUser:
    """The user of a setting: an account's name, a number, "no" to stay the same, "" for the one that is nobody's.
    Raises ValueError for an account that is not there, and for root."""
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
    """Why children cannot become this user, in a sentence for operators; "" where they can. `paths` are what they have
    to reach."""
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
    """Give a folder of ours, with what is in it, to the user."""
    for found in (path, *path.rglob("*")):
        os.chown(found, user.uid, user.gid, follow_symlinks=False)


def _may_change() -> bool:
    status = Path("/proc/self/status").read_text(encoding="ascii", errors="replace")
    effective = next(line.split()[1] for line in status.splitlines() if line.startswith("CapEff:"))
    return all(int(effective, 16) >> capability & 1 for capability in _NEEDED)


def _first_closed(path: Path, user: ChildUser) -> Path | None:
    """The first folder on the way to `path`, itself included, that the user may not enter."""
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
