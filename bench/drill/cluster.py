"""A PostgreSQL server with an archive of its log, which can be destroyed and restored."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path

import psycopg

from tests.support import postgres

_UNPRIVILEGED = "nobody"  # PostgreSQL refuses to run as root


class Cluster:
    """The server, its data, its base backup and its archived log, in one folder."""

    def __init__(self, folder: Path, *, archive_timeout_s: int, settings: Mapping[str, str] | None = None) -> None:
        self.folder, self.archive_timeout_s, self.settings = folder, archive_timeout_s, settings or {}
        self.account = pwd.getpwnam(_UNPRIVILEGED) if os.geteuid() == 0 else None
        folder.mkdir()
        self.binaries = postgres.binaries_in(folder, readable_by_all=self.account is not None)
        self.data, self.archive, self.base = folder / "data", folder / "archive", folder / "base"
        self.archive.mkdir()
        if self.account:
            for path in (folder, self.archive):
                os.chown(path, self.account.pw_uid, self.account.pw_gid)

    @property
    def address(self) -> str:
        """The URL of the database."""
        return f"postgres://octavo@/postgres?host={self.folder}"

    def start(self) -> None:
        """Make an empty cluster and start it, with its log archived as docs/operations.md says."""
        self._run("initdb", "-D", str(self.data), "-U", "octavo", "-E", "UTF8", "--auth=trust")
        settings = {
            "archive_mode": "on",
            "archive_timeout": str(self.archive_timeout_s),
            "archive_command": f"test ! -f {self.archive}/%f && cp %p {self.archive}/%f",
            "listen_addresses": "",
            "unix_socket_directories": str(self.folder),
            "dynamic_shared_memory_type": "mmap",
            "max_connections": "50",
            **self.settings,
        }
        with (self.data / "postgresql.conf").open("a", encoding="utf-8") as file:
            file.writelines(f"{name} = '{value}'\n" for name, value in settings.items())
        self._start()

    def base_backup(self) -> None:
        """Copy the running cluster."""
        self._run("pg_basebackup", "-h", str(self.folder), "-U", "octavo", "--checkpoint=fast", "-D", str(self.base))

    def kill(self) -> None:
        """Kill every process of the server at once, as a power cut does."""
        pid = self.data / "postmaster.pid"
        if not pid.exists():
            return
        postmaster = int(pid.read_text().splitlines()[0])
        children = subprocess.run(["pgrep", "-P", str(postmaster)], capture_output=True, text=True, check=False)
        subprocess.run(["kill", "-KILL", str(postmaster), *children.stdout.split()], check=False)
        while subprocess.run(["kill", "-0", str(postmaster)], capture_output=True, check=False).returncode == 0:
            time.sleep(0.05)

    @property
    def is_running(self) -> bool:
        """Whether the server's first process lives."""
        pid = self.data / "postmaster.pid"
        return pid.exists() and Path(f"/proc/{pid.read_text().splitlines()[0]}").exists()

    def start_again(self) -> None:
        """Start the server after it was killed; it replays its log."""
        self._start()

    def follow(self, primary: Cluster) -> None:
        """Start as a replica of another cluster, which from now on commits nothing that is not here as well."""
        self._run(
            *("pg_basebackup", "-h", str(primary.folder), "-U", "octavo", "--checkpoint=fast", "-R"),
            *("-D", str(self.data)),
        )
        with (self.data / "postgresql.conf").open("a", encoding="utf-8") as file:
            file.write(f"unix_socket_directories = '{self.folder}'\n")
        self._start()
        primary.change("ALTER SYSTEM SET synchronous_standby_names = '*'", "SELECT pg_reload_conf()")

    def promote(self) -> None:
        """Let the replica take the primary's place."""
        self._run("pg_ctl", "-D", str(self.data), "-w", "promote")

    def restore(self) -> None:
        """Put the base backup in place, replay the archived log to its end, and open the database."""
        shutil.copytree(self.base, self.data)
        with (self.data / "postgresql.conf").open("a", encoding="utf-8") as file:
            file.write(f"restore_command = 'cp {self.archive}/%f %p'\n")
        (self.data / "recovery.signal").touch()
        if self.account:
            self._own(self.data)
        self.data.chmod(0o700)
        self._start()
        while self.query("SELECT pg_is_in_recovery()::text") != ["false"]:
            time.sleep(0.1)

    def query(self, statement: str) -> list[str]:
        """Return the first column of a query's rows."""
        with psycopg.connect(f"host={self.folder} dbname=postgres user=octavo") as connection:
            return [row[0] for row in connection.execute(statement.encode()).fetchall()]

    def change(self, *statements: str) -> None:
        """Run statements that no transaction may hold."""
        with psycopg.connect(f"host={self.folder} dbname=postgres user=octavo", autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement.encode())

    def _start(self) -> None:
        self._run("pg_ctl", "-D", str(self.data), "-w", "-t", "600", "-l", str(self.folder / "log"), "start")

    def _own(self, path: Path) -> None:
        assert self.account is not None
        for folder, _folders, names in path.walk():
            for one in (folder, *(folder / name for name in names)):
                os.chown(one, self.account.pw_uid, self.account.pw_gid)

    def _run(self, program: str, *arguments: str) -> None:
        subprocess.run(
            [str(self.binaries / program), *arguments],
            check=True,
            stdout=subprocess.DEVNULL,
            user=self.account.pw_uid if self.account else None,
            group=self.account.pw_gid if self.account else None,
            extra_groups=[] if self.account else None,
            cwd=self.folder,
            env={**os.environ, "LC_ALL": "C"},
        )
