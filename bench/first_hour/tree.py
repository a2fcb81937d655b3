"""A new machine: a tree of Debian's packages, started with its own systemd."""

from __future__ import annotations

import os
import shlex
import signal
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

DOMAIN = "books.example"
_VARIABLES = {
    "PATH": "/usr/sbin:/usr/bin:/sbin:/bin",
    "HOME": "/root",
    "LANG": "C.UTF-8",
    "DEBIAN_FRONTEND": "noninteractive",
    # For uv and npm, which otherwise bring authorities of their own.
    "SSL_CERT_FILE": "/etc/ssl/certs/ca-certificates.crt",
    "NODE_EXTRA_CA_CERTS": "/etc/ssl/certs/ca-certificates.crt",
}
# The first process of a new namespace: the tree becomes its root, then systemd its first process.
_START = """
set -eu
root=$1 repository=$2
mount --make-rprivate /
mount --bind "$root" "$root"
mount -t proc proc "$root/proc"
mount -t sysfs -o ro sysfs "$root/sys"
mount -t cgroup2 none "$root/sys/fs/cgroup"
mount -t tmpfs tmpfs "$root/run"
mkdir -p "$root/run/lock" "$root/mnt/octavo" "$root/.outside"
mount --rbind /dev "$root/dev"
mount --bind -o ro "$repository" "$root/mnt/octavo"
cd "$root"
pivot_root . .outside
exec env -i container=first-hour PATH=/usr/sbin:/usr/bin:/sbin:/bin chroot . /bin/sh -c \
    'cd /; umount -l /.outside; exec /lib/systemd/systemd --system'
"""


class Failed(Exception):
    """A command on the new machine failed."""


class Tree:
    def __init__(self, root: Path) -> None:
        self.root = root
        self._first = 0

    def make(self) -> float:
        """Make the tree, and return the seconds it took."""
        began = time.monotonic()
        options = ("--variant=minbase", "--include=systemd,systemd-sysv", "--quiet")
        subprocess.run(["mmdebstrap", *options, "trixie", str(self.root)], check=True)
        (self.root / "etc" / "hosts").write_text(f"127.0.0.1 localhost {DOMAIN}\n", encoding="utf-8")
        names = Path("/etc/resolv.conf").read_text(encoding="utf-8")
        (self.root / "etc" / "resolv.conf").unlink(missing_ok=True)
        (self.root / "etc" / "resolv.conf").write_text(names, encoding="utf-8")
        return time.monotonic() - began

    def trust(self, certificates: Sequence[Path]) -> None:
        """Let the machine trust these authorities, and those that this machine was told to trust."""
        folder = self.root / "usr/local/share/ca-certificates"
        folder.mkdir(parents=True, exist_ok=True)
        for certificate in [*certificates, *Path("/usr/local/share/ca-certificates").glob("*.crt")]:
            (folder / certificate.name).write_bytes(certificate.read_bytes())

    @contextmanager
    def running(self, repository: Path) -> Iterator[None]:
        """Start the machine; at the end switch it off."""
        unshare = ["unshare", "--pid", "--fork", "--mount", "--uts", "--cgroup"]
        outer = subprocess.Popen([*unshare, "sh", "-c", _START, "start", str(self.root), str(repository)])
        try:
            self._first = _child_of(outer.pid)
            self._wait_until_started()
            yield
        finally:
            os.kill(self._first, signal.SIGKILL)
            outer.wait(30)

    def _wait_until_started(self) -> None:
        for _ in range(600):
            told = subprocess.run(
                [*self._inside(), "systemctl", "is-system-running"], capture_output=True, text=True, check=False
            )
            if told.stdout.strip() in {"running", "degraded"}:
                return
            time.sleep(0.1)
        raise Failed(f"systemd did not start: {told.stdout}{told.stderr}")

    def command(self, command: str) -> Iterator[str]:
        """Run a line of shell on the machine and yield what it says. Raises Failed."""
        process = subprocess.Popen(
            [*self._inside(), "sh", "-c", f"cd /root && {command}"],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        assert process.stdout is not None
        for line in process.stdout:
            yield line.rstrip()
        if process.wait() != 0:
            raise Failed(f"{shlex.quote(command)} ended with {process.returncode}")

    def _inside(self) -> list[str]:
        root = f"/proc/{self._first}/root"
        enter = ["nsenter", "-t", str(self._first), "-m", "-u", "-p", "-C", f"--root={root}", f"--wd={root}"]
        return [*enter, "env", "-i", *(f"{name}={value}" for name, value in _VARIABLES.items())]


def _child_of(parent: int) -> int:
    """The only child, once it is there and has become systemd."""
    for _ in range(300):
        children = Path(f"/proc/{parent}/task/{parent}/children").read_text(encoding="ascii").split()
        if children and Path(f"/proc/{children[0]}/comm").read_text(encoding="ascii").strip() == "systemd":
            return int(children[0])
        time.sleep(0.1)
    raise Failed("the new machine did not start")
