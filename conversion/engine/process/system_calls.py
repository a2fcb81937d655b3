"""The system calls that a conversion may make, and the kernel filter for them. All others are refused.

The list was made by watching the child over a corpus of every format and target (decision 76). A call is here because
the interpreter, the C library or a library of the engine makes it; calls whose arguments matter name the allowed ones.
Numbers are those of the kernel's tables (`arch/x86/entry/syscalls/syscall_64.tbl`,
`include/uapi/asm-generic/unistd.h`); a test compares them with the headers of the machine it runs on.
"""

from __future__ import annotations

import errno
import struct
from collections.abc import Iterable
from dataclasses import dataclass

X86_64, AARCH64 = "x86_64", "aarch64"
_AUDIT_NAMES = {X86_64: 0xC000003E, AARCH64: 0xC00000B7}

# Number on x86-64, number on arm64; None where an architecture has no such call.
type Numbers = tuple[int | None, int | None]

# What a conversion does with files, memory, time and its own processes.
ALLOWED: dict[str, Numbers] = {
    # its files: Landlock knows which. Calls for modes, owners, times, attributes and links are not included, nor is
    # flock, with which a child could block other conversions that share its account's cache
    "read": (0, 63),
    "write": (1, 64),
    "pread64": (17, 67),
    "pwrite64": (18, 68),
    "readv": (19, 65),
    "writev": (20, 66),
    "lseek": (8, 62),
    "close": (3, 57),
    "close_range": (436, 436),
    "sendfile": (40, 71),
    "copy_file_range": (326, 285),
    "open": (2, None),
    "openat": (257, 56),
    "stat": (4, None),
    "fstat": (5, 80),
    "lstat": (6, None),
    "newfstatat": (262, 79),
    "statx": (332, 291),
    "statfs": (137, 43),
    "fstatfs": (138, 44),
    "access": (21, None),
    "faccessat": (269, 48),
    "faccessat2": (439, 439),
    "readlink": (89, None),
    "readlinkat": (267, 78),
    "getdents64": (217, 61),
    "getcwd": (79, 17),
    "chdir": (80, 49),
    "fchdir": (81, 50),
    "umask": (95, 166),
    "mkdir": (83, None),
    "mkdirat": (258, 34),
    "rmdir": (84, None),
    "unlink": (87, None),
    "unlinkat": (263, 35),
    "rename": (82, None),
    "renameat": (264, 38),
    "renameat2": (316, 276),
    "ftruncate": (77, 46),
    "fsync": (74, 82),
    "fdatasync": (75, 83),
    "fadvise64": (221, 223),
    "dup": (32, 23),
    "dup2": (33, None),
    "dup3": (292, 24),
    # pipes to its helpers, and waiting
    "pipe": (22, None),
    "pipe2": (293, 59),
    "poll": (7, None),
    "ppoll": (271, 73),
    "select": (23, None),
    "pselect6": (270, 72),
    "epoll_create1": (291, 20),
    "epoll_ctl": (233, 21),
    "epoll_wait": (232, None),
    "epoll_pwait": (281, 22),
    "eventfd2": (290, 19),
    # memory
    "mmap": (9, 222),
    "munmap": (11, 215),
    "mremap": (25, 216),
    "mprotect": (10, 226),
    "madvise": (28, 233),
    "brk": (12, 214),
    "membarrier": (324, 283),
    # threads and helpers; `clone` is below
    "fork": (57, None),
    "vfork": (58, None),
    "exit": (60, 93),
    "exit_group": (231, 94),
    "wait4": (61, 260),
    "waitid": (247, 95),
    "futex": (202, 98),
    "set_robust_list": (273, 99),
    "set_tid_address": (218, 96),
    "rseq": (334, 293),
    "sched_yield": (24, 124),
    "sched_getaffinity": (204, 123),
    "arch_prctl": (158, None),
    # its own signal handlers
    "rt_sigaction": (13, 134),
    "rt_sigprocmask": (14, 135),
    "rt_sigreturn": (15, 139),
    "sigaltstack": (131, 132),
    # identity, working directory, time
    "getpid": (39, 172),
    "gettid": (186, 178),
    "getppid": (110, 173),
    "getpgrp": (111, None),
    "getpgid": (121, 155),
    "getsid": (124, 156),
    "getuid": (102, 174),
    "geteuid": (107, 175),
    "getresuid": (118, 148),
    "getresgid": (120, 150),
    "getgroups": (115, 158),
    "getgid": (104, 176),
    "getegid": (108, 177),
    "uname": (63, 160),
    "sysinfo": (99, 179),
    "getrusage": (98, 165),
    "times": (100, 153),
    "getrlimit": (97, 163),
    "getrandom": (318, 278),
    "gettimeofday": (96, 169),
    "time": (201, None),
    "clock_gettime": (228, 113),
    "clock_getres": (229, 114),
    "clock_nanosleep": (230, 115),
    "nanosleep": (35, 101),
    "restart_syscall": (219, 128),
}
# Further calls that pandoc makes: it is a separate program, with Haskell's timers and threads.
FOR_A_PROGRAM: dict[str, Numbers] = {
    "execve": (59, 221),
    "timerfd_create": (283, 85),
    "timerfd_settime": (286, 86),
}
IOCTL, FCNTL, PRCTL, PRLIMIT = (16, 29), (72, 25), (157, 167), (302, 261)
CLONE, KILL, TGKILL = (56, 220), (62, 129), (234, 131)
_CLONE3 = 435
_FIRST_UNKNOWN = 450

# Flags of clone: every new namespace, and a child of whoever started us instead of our own.
_NEW_NAMESPACES_OR_PARENT = 0x7E020000 | 0x8000
# Whether a file is a terminal, closing on exec, how much waits to be read. FIOSETOWN would aim signals at others.
_TCGETS, _TIOCGWINSZ, _FIOCLEX, _FIONREAD, _FIONBIO = 0x5401, 0x5413, 0x5451, 0x541B, 0x5421
# Copies and flags of descriptors, locks. F_SETOWN and F_SETSIG would send any signal to any process of the same user.
_DESCRIPTOR_COMMANDS = (0, 1, 2, 3, 4, 5, 6, 7, 36, 37, 38, 1030)
# PR_SET_PDEATHSIG, PR_SET_NAME, PR_GET_NAME, PR_SET_VMA (the names that libc gives to memory)
_PROCESS_OPTIONS = (1, 15, 16, 0x53564D41)


@dataclass(frozen=True, slots=True)
class Rule:
    """A call that is allowed depending on one of its arguments: one of `values`, or without any of `no_bits`."""

    numbers: Numbers
    argument: int
    values: tuple[int, ...] = ()
    no_bits: int = 0


RULES = (
    Rule(IOCTL, 1, values=(_TCGETS, _TIOCGWINSZ, _FIOCLEX, _FIONREAD, _FIONBIO)),
    Rule(FCNTL, 1, values=_DESCRIPTOR_COMMANDS),
    Rule(PRCTL, 0, values=_PROCESS_OPTIONS),
    Rule(PRLIMIT, 0, values=(0,)),  # limits of its own only
    Rule(CLONE, 0, no_bits=_NEW_NAMESPACES_OR_PARENT),
)


# Instructions of BPF that are used here, and what a filter answers.
_LOAD, _EQUAL, _AT_LEAST, _ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_NUMBER_AT, _ARCHITECTURE_AT, _ARGUMENTS_AT = 0, 4, 16
_ALLOW, _ERRNO, _KILL = 0x7FFF0000, 0x00050000, 0x80000000
_X32 = 0x40000000

type _Instruction = tuple[int, int, int, int]  # code, jump if true, jump if false, value


def allow_list(machine: str, *, own_pid: int | None = None, may_execute: bool = False) -> bytes:
    """Return the filter for a machine, in the form that the kernel takes. With `own_pid` signals can only be sent to
    that process: for kernels whose Landlock does not keep them among a conversion's own processes.

    A refused call fails with EPERM, so that a library that only tries can go on. `clone3`, whose flags a filter cannot
    see, and calls newer than this list fail with ENOSYS, so that libc falls back to an older one. Raises KeyError for
    an unknown machine.
    """
    architecture, column = _AUDIT_NAMES[machine], (X86_64, AARCH64).index(machine)
    plain = [*ALLOWED.values(), *(FOR_A_PROGRAM.values() if may_execute else ())]
    plain += [KILL, TGKILL] if own_pid is None else []
    signals = () if own_pid is None else (Rule(KILL, 0, values=(own_pid,)), Rule(TGKILL, 0, values=(own_pid,)))
    program: list[_Instruction] = [
        (_LOAD, 0, 0, _ARCHITECTURE_AT),
        (_EQUAL, 1, 0, architecture),
        (_RETURN, 0, 0, _KILL),
        (_LOAD, 0, 0, _NUMBER_AT),
        (_AT_LEAST, 0, 1, _X32),  # calls with numbers of their own
        (_RETURN, 0, 0, _KILL),
    ]
    for numbers in plain:
        if (number := numbers[column]) is not None:
            program += [(_EQUAL, 0, 1, number), (_RETURN, 0, 0, _ALLOW)]
    for rule in (*RULES, *signals):
        program += _for_rule(rule, column)
    program += [
        (_EQUAL, 1, 0, _CLONE3),
        (_AT_LEAST, 0, 1, _FIRST_UNKNOWN),
        (_RETURN, 0, 0, _ERRNO | errno.ENOSYS),
        (_RETURN, 0, 0, _ERRNO | errno.EPERM),
    ]
    return _assembled(program)


def refusing(numbers: Iterable[int], error: int) -> bytes:
    """Return a filter that refuses these calls and allows all others: for tests of kernels that lack one."""
    program: list[_Instruction] = [(_LOAD, 0, 0, _NUMBER_AT)]
    for number in numbers:
        program += [(_EQUAL, 0, 1, number), (_RETURN, 0, 0, _ERRNO | error)]
    return _assembled([*program, (_RETURN, 0, 0, _ALLOW)])


def _for_rule(rule: Rule, column: int) -> list[_Instruction]:
    """Return the instructions that answer the rule's call and skip all others."""
    number = rule.numbers[column]
    if number is None:
        return []
    answers: list[_Instruction] = []
    for value in rule.values:
        answers += [(_EQUAL, 0, 1, value), (_RETURN, 0, 0, _ALLOW)]
    if rule.no_bits:
        answers += [(_ANY_BIT, 1, 0, rule.no_bits), (_RETURN, 0, 0, _ALLOW)]
    answers.append((_RETURN, 0, 0, _ERRNO | errno.EPERM))
    # The lower half of the argument: all of these are 32 bits wide to the kernel.
    load = (_LOAD, 0, 0, _ARGUMENTS_AT + 8 * rule.argument)
    return [(_EQUAL, 0, 1 + len(answers), number), load, *answers]


def _assembled(program: Iterable[_Instruction]) -> bytes:
    """Return the program as bytes, 8 per instruction."""
    return b"".join(struct.pack("=HBBI", *instruction) for instruction in program)
