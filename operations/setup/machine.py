"""This machine: packages, the system's user, services, units, the proxy and its certificate. For root on Debian."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterable
from pathlib import Path
from urllib.request import urlopen

USER = "octavo"
_HOME = Path("/var/lib/octavo")
_UNITS = Path("/etc/systemd/system")
_PROXY = Path("/etc/nginx/conf.d/octavo.conf")
_TLS = Path("/etc/octavo/tls")
_CHALLENGES = Path("/var/lib/octavo-acme")
_WEB_PORTS = (8000, 8001)
# For how long nginx asks the other web process only (fail_timeout in deploy/nginx.conf), and a little more.
_PROXY_LEAVES_OUT_S = 2.5
# As they stand in deploy/.
_WRITTEN_PROJECT, _WRITTEN_DOMAIN, BACKUPS = "/srv/octavo", "books.example", "/var/backups/octavo"


class Failed(Exception):
    """A step failed. The text says which, and what it said."""


def run(*command: str, quiet: bool = True, may_fail: bool = False, **variables: str) -> bool:
    """Run a command and return whether it succeeded. Raises Failed with the end of what it said."""
    told = subprocess.run(
        command,
        check=False,
        stdout=subprocess.PIPE if quiet else None,
        stderr=subprocess.STDOUT if quiet else None,
        text=True,
        env={**os.environ, **variables},
    )
    if told.returncode and not may_fail:
        said = "\n".join((told.stdout or "").splitlines()[-20:])
        raise Failed(f"{' '.join(command)} failed.\n{said}")
    return told.returncode == 0


def has_systemd() -> bool:
    return Path("/run/systemd/system").is_dir()


def install(packages: Iterable[str]) -> None:
    """Install the Debian packages that are missing."""
    missing = [name for name in packages if not run("dpkg-query", "-s", name, may_fail=True)]
    if missing:
        run("apt-get", "update", "-q")
        options = ("-y", "-q", "--no-install-recommends")
        run("apt-get", "install", *options, *missing, DEBIAN_FRONTEND="noninteractive")


def start(service: str) -> None:
    """Start a service of Debian's now, and at every start of the machine."""
    if has_systemd():
        run("systemctl", "enable", "--quiet", "--now", service)
    else:
        run("service", service, "start")


def wait_for(host: str, port: int, *, seconds: float = 60) -> None:
    """Wait until somebody listens there. Raises Failed."""
    until = time.monotonic() + seconds
    while True:
        with socket.socket() as door:
            door.settimeout(2)
            if door.connect_ex((host, port)) == 0:
                return
        if time.monotonic() > until:
            raise Failed(f"Nothing answers at {host}:{port} after {seconds:g} s.")
        time.sleep(0.2)


def create_user() -> None:
    """Create the user that all processes run as. Only nginx may read files of its group: it hands out downloads."""
    try:
        pwd.getpwnam(USER)
    except KeyError:
        run("useradd", "--system", "--user-group", "--home-dir", str(_HOME), "--shell", "/usr/sbin/nologin", USER)
    _HOME.mkdir(mode=0o750, parents=True, exist_ok=True)
    shutil.chown(_HOME, USER, USER)
    _HOME.chmod(0o750)


def create_backup_folder(folder: Path) -> None:
    """Create the folder of the nightly backups, which hold everything but the keys."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    shutil.chown(folder, USER, USER)


def give_to_user(file: Path) -> None:
    shutil.chown(file, USER, USER)


def install_proxy(project: Path, domain: str) -> None:
    """Configure nginx for the shop. It starts with a certificate of its own making, so that an authority can ask it."""
    _certificate_for_now(domain)
    _CHALLENGES.mkdir(mode=0o755, parents=True, exist_ok=True)
    Path("/var/cache/nginx").mkdir(mode=0o755, parents=True, exist_ok=True)
    run("usermod", "--append", "--groups", USER, "www-data")
    _PROXY.write_text(_here(project / "deploy" / "nginx.conf", project, domain), encoding="utf-8")
    Path("/etc/nginx/sites-enabled/default").unlink(missing_ok=True)
    run("nginx", "-t")
    start("nginx")
    run("nginx", "-s", "reload")


def _certificate_for_now(domain: str) -> None:
    _TLS.mkdir(mode=0o755, parents=True, exist_ok=True)
    if (_TLS / "certificate.pem").exists():
        return
    key = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", str(_TLS / "key.pem"))
    name = ("-subj", f"/CN={domain}", "-addext", f"subjectAltName=DNS:{domain}")
    run("openssl", "req", "-x509", *key, *name, "-days", "30", "-out", str(_TLS / "certificate.pem"))
    (_TLS / "key.pem").chmod(0o600)


def install_units(project: Path, domain: str, backups: str) -> None:
    """Install the units with the folders and the name of this shop."""
    for unit in (project / "deploy" / "systemd").iterdir():
        text = _here(unit, project, domain).replace(BACKUPS, backups)
        (_UNITS / unit.name).write_text(text, encoding="utf-8")
    if has_systemd():
        run("systemctl", "daemon-reload")


def _here(file: Path, project: Path, domain: str) -> str:
    text = file.read_text(encoding="utf-8")
    return text.replace(_WRITTEN_PROJECT, str(project)).replace(_WRITTEN_DOMAIN, domain)


def start_shop() -> None:
    """Start all processes. Of those that run already, restart one web process after the other, so that one answers."""
    run("systemctl", "enable", "--quiet", "--now", "octavo.target")
    for port in _WEB_PORTS:
        run("systemctl", "restart", f"octavo-web@{port}")
        _wait_until_web_answers(port)
    run("systemctl", "restart", "octavo-worker@*", "octavo-converter@*", "octavo-beat", "octavo-health", may_fail=True)


def _wait_until_web_answers(port: int, *, seconds: float = 120) -> None:
    """Wait until the web process answers requests, and the proxy knows. Raises Failed."""
    until = time.monotonic() + seconds
    while not _answers(f"http://127.0.0.1:{port}/healthz"):
        if time.monotonic() > until:
            raise Failed(f"The web process at port {port} does not answer: journalctl -u octavo-web@{port}")
        time.sleep(0.2)
    time.sleep(_PROXY_LEAVES_OUT_S)


def _answers(address: str) -> bool:
    try:
        with urlopen(address, timeout=5):  # noqa: S310 # this machine's
            return True
    except OSError:
        return False


def get_certificate(project: Path, domain: str, **variables: str) -> bool:
    """Ask the authority for a certificate, now and each day from now on. Return whether there is one."""
    run("systemctl", "enable", "--quiet", "--now", "octavo-certificate.timer")
    return run(str(project / "script" / "certificate"), domain, quiet=False, may_fail=True, **variables)


def say(text: str) -> None:
    sys.stdout.write(f"• {text}\n")
    sys.stdout.flush()
