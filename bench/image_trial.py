"""Start the processes of the container image, without a container runtime.

    python -m bench.image_trial IMAGE [--storage FOLDER]

For root, with buildah. The image is mounted, its root file system made read-only, and each process started in it by
chroot as the image's user, with the variables and the command that the image declares; only /tmp and /var/lib/octavo
can be written to. Database and broker are servers of this machine, reached by their sockets. Tried are: tables by the
owner, a web process and the image's own health check, workers, the schedule, the health process, the doctor (who finds
no mail server); that the user is an ordinary one and cannot write elsewhere, and that the list of packages is there.
"""

from __future__ import annotations

import argparse
import base64
import json
import os
import secrets
import shlex
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from urllib.parse import parse_qs, urlsplit
from urllib.request import urlopen

import psycopg

from common.broker import server_command
from operations.setup import postgresql
from tests.support import postgres

# In a mount namespace of its own: the image read-only, and what may be written to.
_ENTER = """
set -eu
root=$1 data=$2 broker=$3 database=$4; shift 4
mount --make-rprivate /
mount --bind "$root" "$root"
mount -o remount,bind,ro "$root"
mount -t tmpfs tmpfs "$root/tmp"
for shared in "$broker" "$database"; do
    mkdir -p "$root$shared"
    mount --bind "$shared" "$root$shared"
done
mount --bind "$data" "$root/var/lib/octavo"
mount -t proc proc "$root/proc"
mount --rbind /dev "$root/dev"
mount --rbind /sys "$root/sys"
cd "$root"
exec /usr/sbin/chroot --userspec=10001:10001 "$root" /bin/sh -c 'cd /srv/octavo && exec "$@"' sh "$@"
"""


class Image:
    def __init__(self, name: str, storage: Path, shared: Path) -> None:
        self._buildah = ["buildah", "--storage-driver", "vfs"]
        if storage != Path():
            self._buildah += ["--root", str(storage), "--runroot", f"{storage}-run"]
        self.container = self._told("from", "--pull-never", name)
        self.root = self._told("mount", self.container)
        told = json.loads(self._told("inspect", "--type", "image", name))
        self.config = told["Docker"]["config"]
        self.data = shared / "data"
        self.sockets: list[str] = []
        self.data.mkdir()
        os.chown(self.data, 10001, 10001)

    def _told(self, *words: str) -> str:
        return subprocess.run([*self._buildah, *words], capture_output=True, text=True, check=True).stdout.strip()

    def command(self, *command: str, **variables: str) -> tuple[list[str], dict[str, str]]:
        declared = dict(pair.split("=", 1) for pair in self.config["Env"])
        enter = ["unshare", "--mount", "--pid", "--fork", "--kill-child", "sh", "-c", _ENTER, "enter"]
        return [*enter, self.root, str(self.data), *self.sockets, *command], {**declared, **variables}

    def run(self, *command: str, **variables: str) -> str:
        words, environment = self.command(*command, **variables)
        told = subprocess.run(words, env=environment, capture_output=True, text=True, check=False)
        if told.returncode:
            raise RuntimeError(f"{shlex.join(command)} ended with {told.returncode}\n{told.stdout}{told.stderr}")
        return told.stdout

    @contextmanager
    def running(self, *command: str, log: Path, **variables: str) -> Iterator[None]:
        words, environment = self.command(*command, **variables)
        with log.open("wb") as file:
            process = subprocess.Popen(words, env=environment, stdout=file, stderr=file)
            try:
                yield
            finally:
                process.terminate()
                process.wait(60)

    def remove(self) -> None:
        self._told("umount", self.container)
        self._told("rm", self.container)


def main() -> int:
    parser = argparse.ArgumentParser(description="Start the processes of an image.")
    parser.add_argument("image")
    parser.add_argument("--storage", type=Path, default=Path())
    options = parser.parse_args()
    with ExitStack() as stack:
        shared = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="octavo-image-", dir="/tmp")))
        shared.chmod(0o755)
        image = Image(options.image, options.storage, shared)
        stack.callback(image.remove)
        urls = stack.enter_context(_database())
        broker = stack.enter_context(_broker(shared))
        image.sockets = [str(Path(urlsplit(broker).path).parent), parse_qs(urlsplit(urls.owner).query)["host"][0]]
        settings = _settings(urls.application, broker)
        _look_at(image, settings)
        image.run("python", "manage.py", "migrate", "--verbosity", "0", **{**settings, "DATABASE_URL": urls.owner})
        grant = ("python", "manage.py", "grant_application_role", "octavo_app", "--apply")
        print(image.run(*grant, **{**settings, "DATABASE_URL": urls.owner}).strip())
        for process in ("web", "worker default", "worker conversion", "beat", "health"):
            words = ["script/run", *process.split()]
            log = shared / f"{process.replace(' ', '-')}.log"
            stack.enter_context(image.running(*words, log=log, **settings))
        _wait("http://127.0.0.1:8000/healthz")
        print("web answers; the image's health check:", image.config["Healthcheck"]["Test"][1:3])
        image.run(*image.config["Healthcheck"]["Test"][1:], **settings)
        print("readyz:", _wait("http://127.0.0.1:9180/readyz").decode()[:600])
        words, environment = image.command("python", "manage.py", "doctor", "--setup", **settings)
        subprocess.run(words, env=environment, check=False)
        for log in sorted(shared.glob("*.log")):
            print(f"{log.name}: {len(log.read_text().splitlines())} lines")
    return 0


def _look_at(image: Image, settings: Mapping[str, str]) -> None:
    labels = image.config["Labels"]
    print({name.rpartition(".")[2]: value for name, value in labels.items() if "opencontainers" in name})
    print("user:", image.run("id", "-u", **settings).strip(), "command:", image.config["Cmd"])
    for place in ("/", "/srv/octavo", "/srv/octavo/staticfiles", "/etc"):
        image.run("sh", "-c", f"! touch {place}/written 2>/dev/null", **settings)
    print("read-only but for /tmp and /var/lib/octavo")
    packages = json.loads(image.run("cat", "sbom/python.cdx.json", **settings))["components"]
    front = json.loads(image.run("cat", "sbom/npm.cdx.json", **settings))["components"]
    print(f"list of packages: {len(packages)} of Python, {len(front)} of npm")


def _settings(database: str, broker: str) -> dict[str, str]:
    return {
        "DATABASE_URL": database,
        "BROKER_URL": broker,
        "SECRET_KEY": secrets.token_urlsafe(50),
        "VAULT_KEYS": base64.urlsafe_b64encode(os.urandom(32)).decode(),
        "SITE_URL": "https://books.example",
        "ALLOWED_HOSTS": "books.example",
        "TRUSTED_PROXIES": "1",
        "SOURCE_URL": "https://code.example/octavo",
        "ALLOW_SANDBOX_PAYMENTS": "yes",
        "SMTP_HOST": "127.0.0.1",
        "SELLER_NAME": "Example Books",
        "SELLER_ADDRESS": "1 Example Street|10115 Berlin",
        "SELLER_EMAIL": "books@books.example",
    }


@contextmanager
def _database() -> Iterator[postgresql.Urls]:
    """A server with the two roles."""
    with postgres.server() as address:
        with psycopg.connect(address, autocommit=True) as first:
            first.execute("CREATE ROLE admin SUPERUSER LOGIN")
        admin = address.replace("octavo@", "admin@")
        with psycopg.connect(admin, autocommit=True) as second:
            second.execute("ALTER ROLE octavo RENAME TO before")
        yield postgresql.create(admin, known=None)


@contextmanager
def _broker(shared: Path) -> Iterator[str]:
    folder = shared / "broker"
    folder.mkdir(mode=0o755)
    socket = folder / "broker.sock"
    process = subprocess.Popen([*server_command(socket, folder), "--unixsocketperm", "777"])
    try:
        yield f"redis+socket://{socket}"
    finally:
        process.terminate()
        process.wait(10)


def _wait(address: str) -> bytes:
    until = time.monotonic() + 120
    while True:
        try:
            with urlopen(address, timeout=5) as answer:
                body: bytes = answer.read()
                return body
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.5)


if __name__ == "__main__":
    sys.exit(main())
