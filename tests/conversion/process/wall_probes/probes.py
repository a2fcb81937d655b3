"""What a broken-into child would try, each as one step from behind the walls.

`python probes.py ORDER` raises the walls around itself as ORDER (JSON) says, tries everything in a process of its own
for each, and prints what came of it: the error's name where it was held, "OPEN" where it was not. All of it aims at a
folder and a process that were made for it, and at nothing else of the machine.
"""

from __future__ import annotations

import ctypes
import errno
import fcntl
import json
import os
import platform
import resource
import signal
import socket
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from conversion.engine.errors import PlatformFault
from conversion.engine.process import sandbox, sandbox_linux, system_calls

OPEN = "OPEN"
# Names and sizes can be asked for whatever the walls: neither lock of the kernel governs `stat`.
KNOWN = frozenset({"stat"})
_LANDLOCK = (444, 445, 446)
_NUMBERS = {  # x86-64, arm64
    "seccomp": (317, 277),
    "capset": (126, 91),
    **{"fchmodat2": (452, 452), "setxattr": (188, 5), "fanotify_init": (300, 262), "inotify_init1": (294, 26)},
    **{"inotify_add_watch": (254, 27), "name_to_handle_at": (303, 264), "open_tree": (428, 428)},
    **{"open_tree_attr": (467, 467), "mount": (165, 40), "tgkill": (234, 131), "rt_sigqueueinfo": (129, 138)},
    **{"pidfd_open": (434, 434), "setpriority": (141, 140), "sched_setscheduler": (144, 119), "ptrace": (101, 117)},
    **{"process_vm_readv": (310, 270), "ioprio_set": (251, 30), "kcmp": (312, 272), "perf_event_open": (298, 241)},
    **{"bpf": (321, 280), "io_uring_setup": (425, 425), "userfaultfd": (323, 282), "keyctl": (250, 219)},
    **{"shmget": (29, 194), "mq_open": (240, 180), "personality": (135, 92), "memfd_create": (319, 279)},
    **{"clone": (56, 220), "clone3": (435, 435), "setns": (308, 268), "acct": (163, 89), "syslog": (103, 116)},
    "setresuid": (117, 147),
    **{"process_mrelease": (448, 448), "mknodat": (259, 33), "fallocate": (285, 47), "setrlimit": (160, 164)},
}


@dataclass(frozen=True, slots=True)
class Order:
    """`lack` names the primitive that this machine is made to lack: one of LACKS. `box` is the child's folder,
    `outside` and `victim` are what it must not touch."""

    box: str
    outside: str
    victim: int
    lack: str = ""
    require: bool = False
    uid: int = 0


LACKS = ("", "landlock", "truncation of landlock", "signals of landlock", "seccomp", "capset", "user")


def number(name: str) -> int:
    """The number of a system call on this machine."""
    return _NUMBERS[name][0 if platform.machine() == system_calls.X86_64 else 1]


def _call(call: str | int, *arguments: object) -> int:
    """A system call as it is. Raises OSError."""
    libc = ctypes.CDLL(None, use_errno=True)
    result = int(libc.syscall(number(call) if isinstance(call, str) else call, *arguments))
    if result < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return result


def _touch(path: Path) -> None:
    path.write_text("x")


def _handle() -> ctypes.Array[ctypes.c_char]:
    """Room for the handle of a file."""
    return ctypes.create_string_buffer(bytes([128, 0, 0, 0]), 136)


def _own_and_signal(victim: int) -> None:
    """Have the kernel send a signal of our choice to another process when a pipe of ours can be read."""
    reading, _ = os.pipe()
    fcntl.fcntl(reading, fcntl.F_SETOWN, victim)


def _aim_by_ioctl(victim: int) -> None:
    reading, _ = os.pipe()
    fcntl.ioctl(reading, 0x8901, ctypes.c_int(victim))


def _watch_folder(path: Path) -> None:
    handle = _call("inotify_init1", 0)
    _call("inotify_add_watch", handle, bytes(path), 0x2)


def _newest_calls() -> None:
    """Every call from 450 on, with arguments that make each fail, but not as one that is not there."""
    for call in range(450, 500):
        with suppress(OSError):
            _call(call, -1, -1, -1, -1, -1, -1)
            raise AssertionError(f"system call {call}")
        if ctypes.get_errno() not in (errno.ENOSYS, errno.EPERM):
            raise AssertionError(f"system call {call}: {errno.errorcode[ctypes.get_errno()]}")
    raise OSError(errno.ENOSYS, "all of them")


def _grow_limits() -> None:
    """Let this process write larger files than it was told."""
    most = resource.getrlimit(resource.RLIMIT_FSIZE)[1]
    resource.setrlimit(resource.RLIMIT_FSIZE, (most + 1, most + 1))


def _clone_namespace() -> None:
    if _call("clone", 0x10000000 | signal.SIGCHLD, 0, 0, 0, 0) == 0:
        os._exit(0)


def _x32() -> None:
    """getpid by the numbers of another ABI."""
    _call(0x40000000 + 39)


def probes(order: Order) -> dict[str, Callable[[], object]]:
    """Everything that is tried, by name."""
    box, outside, victim = Path(order.box), Path(order.outside), order.victim
    secret, inner = outside / "secret", box / "own"
    return {
        # files that are not its own
        "read": secret.read_text,
        "write": lambda: _touch(secret),
        "append": lambda: os.open(secret, os.O_WRONLY | os.O_APPEND),
        "list": lambda: list(outside.iterdir()),
        "stat": secret.stat,
        "create": lambda: _touch(outside / "new"),
        "make a folder": (outside / "folder").mkdir,
        "delete": (outside / "spare").unlink,
        "move out": lambda: inner.rename(outside / "moved"),
        "move in": lambda: (outside / "other").rename(box / "moved"),
        "link in": lambda: os.link(secret, box / "linked"),
        "link symbolically": lambda: (box / "symbolic").symlink_to(secret),
        "truncate": lambda: os.truncate(secret, 0),
        "chmod": lambda: secret.chmod(0o666),
        "chmod a folder": lambda: outside.chmod(0o777),
        "fchmodat2": lambda: _call("fchmodat2", -100, bytes(secret), 0o666, 0),
        "chown": lambda: os.chown(secret, os.geteuid(), os.getegid()),
        "utime": lambda: os.utime(secret, (1, 1)),
        "setxattr": lambda: _call("setxattr", bytes(secret), b"user.x", b"1", 1, 0),
        "inotify": lambda: _watch_folder(outside),
        "flock": lambda: fcntl.flock(os.open(box, os.O_RDONLY), fcntl.LOCK_EX | fcntl.LOCK_NB),
        "fanotify": lambda: _call("fanotify_init", 0, 0),
        "name_to_handle_at": lambda: _call("name_to_handle_at", -100, bytes(secret), _handle(), None, 0),
        "open_tree": lambda: _call("open_tree", -100, bytes(outside), 0),
        "open_tree_attr": lambda: _call("open_tree_attr", -100, bytes(outside), 0, None, 0),
        "make a pipe with a name": lambda: _call("mknodat", -100, bytes(box / "pipe"), 0o10600, 0),
        "chroot": lambda: os.chroot(box),
        "mount": lambda: _call("mount", b"none", bytes(box), b"tmpfs", 0, None),
        "reserve disk": lambda: _call("fallocate", os.open(box / "own", os.O_RDWR), 1, 0, 4096),
        # processes that are not its own
        "kill": lambda: os.kill(victim, 0),
        "tgkill": lambda: _call("tgkill", victim, victim, 0),
        "rt_sigqueueinfo": lambda: _call("rt_sigqueueinfo", victim, 0, ctypes.create_string_buffer(128)),
        "signal by F_SETOWN": lambda: _own_and_signal(victim),
        "signal by FIOSETOWN": lambda: _aim_by_ioctl(victim),
        "pidfd_open": lambda: _call("pidfd_open", victim, 0),
        "process_mrelease": lambda: _call("process_mrelease", -1, 0),
        "prlimit": lambda: _limit(victim),
        "raise its own limits": _grow_limits,
        "setpriority": lambda: os.setpriority(os.PRIO_PROCESS, victim, 19),
        "setpriority of all": lambda: os.setpriority(os.PRIO_USER, os.getuid(), 19),
        "sched_setaffinity": lambda: os.sched_setaffinity(victim, {0}),
        "sched_setscheduler": lambda: _call("sched_setscheduler", victim, 3, ctypes.create_string_buffer(8)),
        "ioprio_set": lambda: _call("ioprio_set", 1, victim, 0x6000),
        "ptrace": lambda: _call("ptrace", 0x4206, victim, None, None),
        "process_vm_readv": lambda: _call("process_vm_readv", victim, None, 0, None, 0, 0),
        "kcmp": lambda: _call("kcmp", os.getpid(), victim, 1, 0, 0),
        "its environment": lambda: Path(f"/proc/{victim}/environ").read_bytes(),
        "its memory": lambda: os.open(f"/proc/{victim}/mem", os.O_RDWR),
        "setsid": os.setsid,
        "setpgid": lambda: os.setpgid(0, 0),
        # the network, programs, the kernel
        **{f"socket {name}": _socket(name) for name in ("AF_INET", "AF_INET6", "AF_UNIX", "AF_NETLINK")},
        "socketpair": socket.socketpair,
        "execve": lambda: os.execv("/bin/true", ["true"]),  # noqa: S606
        "memfd_create": lambda: _call("memfd_create", b"x", 0),
        "unshare": lambda: os.unshare(os.CLONE_NEWUSER),
        "clone a namespace": _clone_namespace,
        "clone3": lambda: _call("clone3", None, 0),
        "setns": lambda: _call("setns", -1, 0),
        "bpf": lambda: _call("bpf", 0, None, 0),
        "io_uring_setup": lambda: _call("io_uring_setup", 1, ctypes.create_string_buffer(256)),
        "userfaultfd": lambda: _call("userfaultfd", 1),
        "perf_event_open": lambda: _call("perf_event_open", None, 0, -1, -1, 0),
        "keyctl": lambda: _call("keyctl", 0, -3, 0),
        "shmget": lambda: _call("shmget", 0, 4096, 0o1600),
        "mq_open": lambda: _call("mq_open", b"octavo-probe", 0, 0, None),
        "personality": lambda: _call("personality", 0xFFFFFFFF),
        "acct": lambda: _call("acct", None),
        "syslog": lambda: _call("syslog", 3, None, 0),
        "calls from 450 on": _newest_calls,
        "calls of another ABI": _x32,
    }


def _limit(victim: int) -> None:
    resource.prlimit(victim, resource.RLIMIT_CORE, (0, 0))


def _socket(family: str) -> Callable[[], object]:
    return lambda: socket.socket(getattr(socket, family))


def outcome(probe: Callable[[], object]) -> str:
    """What comes of a probe, in a process of its own."""
    reading, writing = os.pipe()
    pid = os.fork()
    if pid == 0:
        with suppress(BaseException):
            os.write(writing, _tried(probe).encode())
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as answers:
        answer = answers.read().decode()
    _, status = os.waitpid(pid, 0)
    if os.WIFSIGNALED(status):
        return signal.Signals(os.WTERMSIG(status)).name
    return answer or OPEN  # another program took its place


def _tried(probe: Callable[[], object]) -> str:
    try:
        probe()
    except OSError as error:
        return errno.errorcode.get(error.errno or 0, "?")
    except ValueError:  # of resource.setrlimit
        return "EPERM"
    except AssertionError as error:
        return f"{OPEN}: {error}"
    return OPEN


def _take_away(lack: str) -> None:
    """Make this process lack a primitive, as an older kernel or a container's profile would."""
    ctypes.CDLL(None).prctl(38, 1, 0, 0, 0)  # PR_SET_NO_NEW_PRIVS, without which only root may install a filter
    if lack == "landlock":
        sandbox_linux.install_filter(system_calls.refusing(_LANDLOCK, errno.ENOSYS))
    elif lack == "truncation of landlock":
        sandbox_linux.landlock_version = lambda: 2
    elif lack == "signals of landlock":
        sandbox_linux.landlock_version = lambda: 5
    elif lack == "user":
        sandbox_linux.install_filter(system_calls.refusing([number("setresuid")], errno.EPERM))
    elif lack in ("seccomp", "capset"):
        sandbox_linux.install_filter(system_calls.refusing([number(lack)], errno.EPERM))


def main() -> None:
    """Raise the walls and try everything."""
    order = Order(**json.loads(sys.argv[1]))
    policy = sandbox.SandboxPolicy(require=order.require, uid=order.uid, gid=order.uid)
    _take_away(order.lack)
    try:
        missing = sandbox.confine(Path(order.box), policy, 1000)
    except PlatformFault as fault:
        print(json.dumps({"refused": str(fault.facts.get("missing", ""))}))
        return
    results = {name: outcome(probe) for name, probe in probes(order).items()}
    print(json.dumps({"missing": list(missing), "results": results}))


if __name__ == "__main__":
    main()
