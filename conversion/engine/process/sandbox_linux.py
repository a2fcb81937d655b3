"""Linux's two mechanisms, called directly: Landlock for files, seccomp for system calls.

Called by `sandbox.py` only. Written against the system calls because no widely available library offers the combination
we need (files, TCP, signals and abstract sockets in one Landlock rule set; one filter without starting a helper
process).
"""

from __future__ import annotations

import ctypes
import os
import platform
import struct
from collections.abc import Iterable
from pathlib import Path

from . import system_calls

_PR_SET_PDEATHSIG = 1
_PR_SET_NO_NEW_PRIVS = 38
_LANDLOCK_CREATE_RULESET = 444
_LANDLOCK_ADD_RULE = 445
_LANDLOCK_RESTRICT_SELF = 446
_LANDLOCK_RULE_PATH_BENEATH = 1

# File rights, by their bit in the kernel.
EXECUTE, WRITE_FILE, READ_FILE, READ_DIR = 1 << 0, 1 << 1, 1 << 2, 1 << 3
REMOVE_DIR, REMOVE_FILE = 1 << 4, 1 << 5
MAKE_DIR, MAKE_REG = 1 << 7, 1 << 8
REFER, TRUNCATE, IOCTL_DEV = 1 << 13, 1 << 14, 1 << 15
READ = READ_FILE | READ_DIR
USE_FILE = READ_FILE | WRITE_FILE
READ_WRITE = READ | WRITE_FILE | REMOVE_DIR | REMOVE_FILE | MAKE_DIR | MAKE_REG | REFER | TRUNCATE
_OF_FILES = EXECUTE | WRITE_FILE | READ_FILE | TRUNCATE | IOCTL_DEV

_TRUNCATION_SINCE = 3  # the first Landlock version that stops read-only files from being truncated
_SIGNALS_SINCE = 6  # the first Landlock version that keeps signals inside the sandbox

_SECCOMP_SET_MODE_FILTER = 1
_SECCOMP_FILTER_FLAG_TSYNC = 1
# System call numbers of `seccomp` and `capset`.
_ARCHITECTURES = {system_calls.X86_64: (317, 126), system_calls.AARCH64: (277, 91)}


class Unavailable(Exception):
    """This kernel does not offer the mechanism."""


def die_with_parent() -> None:
    """Ask the kernel to kill this process when its parent ends."""
    _libc().prctl(_PR_SET_PDEATHSIG, 9, 0, 0, 0)


def become(uid: int, gid: int) -> None:
    """Change to another user permanently, without supplementary groups. Raises Unavailable where that is not
    allowed."""
    parent = os.getppid()
    try:
        os.setgroups([])
        os.setresgid(gid, gid, gid)
        os.setresuid(uid, uid, uid)
    except OSError:
        raise Unavailable("user") from None
    die_with_parent()  # the kernel drops this setting when the user changes
    if os.getppid() != parent:
        os._exit(1)


def give_up_privileges() -> None:
    """Give up privileges: none gained from set-uid files, and no capabilities, which matters when run as root. Raises
    Unavailable."""
    libc = _libc()
    if libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0:
        raise Unavailable("no_new_privs")
    header = struct.pack("=Ii", 0x20080522, 0)
    if libc.syscall(_architecture()[1], header, struct.pack("=6I", 0, 0, 0, 0, 0, 0)) != 0:
        raise Unavailable("capabilities")


def restrict_files(rules: Iterable[tuple[Path, int]]) -> bool:
    """Restrict files with Landlock: from now on only these paths can be opened, each with its rights, and nothing
    executed. Where the kernel supports it, TCP, abstract sockets and signals to other processes are blocked too; return
    whether signals are. Raises Unavailable; also, with the available rules in force, where the kernel lets foreign
    files be truncated."""
    libc = _libc()
    abi = landlock_version()
    if abi < 1:
        raise Unavailable("landlock")
    handled = (1 << 13) - 1
    handled |= (REFER if abi >= 2 else 0) | (TRUNCATE if abi >= 3 else 0) | (IOCTL_DEV if abi >= 5 else 0)
    attributes = struct.pack("=QQQ", handled, 3 if abi >= 4 else 0, 3 if abi >= _SIGNALS_SINCE else 0)
    known = 24 if abi >= _SIGNALS_SINCE else 16 if abi >= 4 else 8
    ruleset = libc.syscall(_LANDLOCK_CREATE_RULESET, attributes, ctypes.c_size_t(known), 0)
    if ruleset < 0:
        raise Unavailable("landlock")
    try:
        for path, rights in rules:
            _allow_beneath(ruleset, path, rights & handled)
        if libc.syscall(_LANDLOCK_RESTRICT_SELF, ruleset, 0) != 0:
            raise Unavailable("landlock")
    finally:
        os.close(ruleset)
    if abi < _TRUNCATION_SINCE:
        raise Unavailable("landlock")
    return abi >= _SIGNALS_SINCE


def landlock_version() -> int:
    """Return the version of Landlock that this kernel offers, 0 for none."""
    return max(0, int(_libc().syscall(_LANDLOCK_CREATE_RULESET, None, ctypes.c_size_t(0), 1)))


def allow_system_calls(*, keeps_signals: bool, may_execute: bool = False) -> None:
    """Restrict system calls with seccomp to those that conversions make (`system_calls.py`). `keeps_signals`: Landlock
    keeps signals inside; otherwise they can only be sent to this process itself. `may_execute` leaves `execve` to
    Landlock, which then knows the one program that may be started. Raises Unavailable."""
    own_pid = None if keeps_signals else os.getpid()
    try:
        code = system_calls.allow_list(platform.machine(), own_pid=own_pid, may_execute=may_execute)
    except KeyError:
        raise Unavailable("seccomp") from None
    install_filter(code)


def install_filter(code: bytes) -> None:
    """Install a filter of system calls in the kernel. Raises Unavailable."""
    buffer = ctypes.create_string_buffer(code, len(code))
    program = struct.pack("@HP", len(code) // 8, ctypes.addressof(buffer))
    if _libc().syscall(_architecture()[0], _SECCOMP_SET_MODE_FILTER, _SECCOMP_FILTER_FLAG_TSYNC, program) != 0:
        raise Unavailable("seccomp")


def _architecture() -> tuple[int, int]:
    try:
        return _ARCHITECTURES[platform.machine()]
    except KeyError:
        raise Unavailable("seccomp") from None


def _allow_beneath(ruleset: int, path: Path, rights: int) -> None:
    try:
        handle = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return  # a missing path needs no rule
    try:
        if not path.is_dir():
            rights &= _OF_FILES
        rule = struct.pack("=Qi", rights, handle)
        if _libc().syscall(_LANDLOCK_ADD_RULE, ruleset, _LANDLOCK_RULE_PATH_BENEATH, rule, 0) != 0:
            raise Unavailable("landlock")
    finally:
        os.close(handle)


def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)
