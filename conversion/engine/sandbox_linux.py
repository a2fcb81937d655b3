"""Linux's two locks, asked of the kernel directly: Landlock for files, seccomp for system calls.

Called by `sandbox.py` only. Written against the system calls because the locks we need together (files, TCP,
signals and abstract sockets in one Landlock rule set; one filter without starting a helper process) are not
offered by a library that is everywhere.
"""

from __future__ import annotations

import ctypes
import errno
import os
import platform
import struct
from collections.abc import Iterable
from pathlib import Path

_PR_SET_PDEATHSIG = 1
_PR_SET_NO_NEW_PRIVS = 38
_LANDLOCK_CREATE_RULESET = 444
_LANDLOCK_ADD_RULE = 445
_LANDLOCK_RESTRICT_SELF = 446
_LANDLOCK_RULE_PATH_BENEATH = 1

# Rights of files, by the bit the kernel gives them.
EXECUTE, WRITE_FILE, READ_FILE, READ_DIR = 1 << 0, 1 << 1, 1 << 2, 1 << 3
REMOVE_DIR, REMOVE_FILE = 1 << 4, 1 << 5
MAKE_DIR, MAKE_REG = 1 << 7, 1 << 8
REFER, TRUNCATE, IOCTL_DEV = 1 << 13, 1 << 14, 1 << 15
READ = READ_FILE | READ_DIR
USE_FILE = READ_FILE | WRITE_FILE
READ_WRITE = READ | WRITE_FILE | REMOVE_DIR | REMOVE_FILE | MAKE_DIR | MAKE_REG | REFER | TRUNCATE
_OF_FILES = EXECUTE | WRITE_FILE | READ_FILE | TRUNCATE | IOCTL_DEV

_SECCOMP_SET_MODE_FILTER = 1
_SECCOMP_FILTER_FLAG_TSYNC = 1
_ALLOW = 0x7FFF0000
_ERRNO = 0x00050000
_KILL = 0x80000000
_CLONE_NEW_NAMESPACES = 0x7E020000  # any CLONE_NEW* flag

# Numbers of the calls refused, in one order for every architecture: socket connect accept bind listen accept4;
# execve execveat; ptrace process_vm_readv process_vm_writev kcmp; mount umount2 pivot_root chroot unshare setns;
# add_key request_key keyctl; init_module delete_module finit_module kexec_load reboot swapon; bpf
# perf_event_open userfaultfd; name_to_handle_at open_by_handle_at; shmget semget msgget; setsid setpgid (out of
# reach of the parent's kill).
_REFUSED_X86_64 = (
    *(41, 42, 43, 49, 50, 288, 59, 322, 101, 310, 311, 312, 165, 166, 155, 161, 272, 308),
    *(248, 249, 250, 175, 176, 313, 246, 169, 167, 321, 298, 323, 303, 304, 29, 64, 68, 112, 109),
)
_REFUSED_AARCH64 = (
    *(198, 203, 202, 200, 201, 242, 221, 281, 117, 270, 271, 272, 40, 39, 41, 51, 97, 268),
    *(217, 218, 219, 105, 106, 273, 104, 142, 224, 280, 241, 282, 264, 265, 194, 190, 186, 157, 154),
)
_EXECVE = {"x86_64": 59, "aarch64": 221}
# Audit's name of the architecture; numbers of `seccomp`, `clone` and `capset`; what is refused.
_ARCHITECTURES = {
    "x86_64": (0xC000003E, 317, 56, 126, _REFUSED_X86_64),
    "aarch64": (0xC00000B7, 277, 220, 91, _REFUSED_AARCH64),
}
# The same everywhere:
# io_uring_*, open_tree, move_mount, fsopen, fsconfig, fsmount, fspick, pidfd_open, pidfd_getfd, mount_setattr
_REFUSED_EVERYWHERE = (425, 426, 427, 428, 429, 430, 431, 432, 433, 434, 438, 442)
_CLONE3 = 435


class Unavailable(Exception):
    """This kernel does not offer the lock."""


def die_with_parent() -> None:
    """Ask the kernel to kill this process when the one that started it is gone."""
    _libc().prctl(_PR_SET_PDEATHSIG, 9, 0, 0, 0)


def give_up_privileges() -> None:
    """No new privileges by set-uid files; no capabilities, which matters when run as root. Raises Unavailable."""
    libc = _libc()
    if libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0:
        raise Unavailable("no_new_privs")
    header = struct.pack("=Ii", 0x20080522, 0)
    if libc.syscall(_architecture()[3], header, struct.pack("=6I", 0, 0, 0, 0, 0, 0)) != 0:
        raise Unavailable("capabilities")


def restrict_files(rules: Iterable[tuple[Path, int]]) -> None:
    """Landlock: from now on only these paths can be opened, each with its rights, and nothing executed. Where the
    kernel knows how, TCP, abstract sockets and signals to other processes are cut too. Raises Unavailable."""
    libc = _libc()
    abi = libc.syscall(_LANDLOCK_CREATE_RULESET, None, ctypes.c_size_t(0), 1)
    if abi < 1:
        raise Unavailable("landlock")
    handled = (1 << 13) - 1
    handled |= (REFER if abi >= 2 else 0) | (TRUNCATE if abi >= 3 else 0) | (IOCTL_DEV if abi >= 5 else 0)
    attributes = struct.pack("=QQQ", handled, 3 if abi >= 4 else 0, 3 if abi >= 6 else 0)
    known = 24 if abi >= 6 else 16 if abi >= 4 else 8
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


def refuse_system_calls(*, may_execute: bool = False) -> None:
    """seccomp: no sockets, no new programs, no namespaces, mounts, tracing, keys or kernel interfaces with a
    history. Refused calls fail with EPERM. `may_execute` leaves `execve` to Landlock, which then knows the one
    program that may be started. Raises Unavailable."""
    machine, seccomp, clone, _, refused = _architecture()
    if may_execute:
        refused = tuple(number for number in refused if number != _EXECVE[platform.machine()])
    code = _filter(machine, clone, (*refused, *_REFUSED_EVERYWHERE))
    buffer = ctypes.create_string_buffer(code, len(code))
    program = struct.pack("@HP", len(code) // 8, ctypes.addressof(buffer))
    if _libc().syscall(seccomp, _SECCOMP_SET_MODE_FILTER, _SECCOMP_FILTER_FLAG_TSYNC, program) != 0:
        raise Unavailable("seccomp")


def _architecture() -> tuple[int, int, int, int, tuple[int, ...]]:
    try:
        return _ARCHITECTURES[platform.machine()]
    except KeyError:
        raise Unavailable("seccomp") from None


def _filter(machine: int, clone: int, refused: tuple[int, ...]) -> bytes:
    """The filter as BPF: 8 bytes an instruction (code, jump if true, jump if false, value)."""
    load, equal, at_least, any_bit, back = 0x20, 0x15, 0x35, 0x45, 0x06
    program = [
        (load, 0, 0, 4),
        (equal, 1, 0, machine),
        (back, 0, 0, _KILL),
        (load, 0, 0, 0),
        (at_least, 0, 1, 0x40000000),  # the x32 ABI has its own numbers
        (back, 0, 0, _KILL),
        (equal, 0, 1, _CLONE3),  # its flags cannot be seen; libc falls back to clone
        (back, 0, 0, _ERRNO | errno.ENOSYS),
    ]
    for number in refused:
        program += [(equal, 0, 1, number), (back, 0, 0, _ERRNO | errno.EPERM)]
    program += [
        (equal, 0, 3, clone),
        (load, 0, 0, 16),
        (any_bit, 0, 1, _CLONE_NEW_NAMESPACES),
        (back, 0, 0, _ERRNO | errno.EPERM),
        (back, 0, 0, _ALLOW),
    ]
    return b"".join(struct.pack("=HBBI", *instruction) for instruction in program)


def _allow_beneath(ruleset: int, path: Path, rights: int) -> None:
    try:
        handle = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return  # what is not there needs no rule
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
