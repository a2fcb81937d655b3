"""The shop, its peer and nginx as processes that run for as long as a `with` block lasts."""

from __future__ import annotations

import http.client
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import psycopg

from bench.shop_measure import HEADERS, HOST
from config import env
from tests.support import postgres

PROJECT = Path(__file__).resolve().parent.parent
# Settings suitable for a shop of this size; the defaults are for a machine with 1 GB.
_POSTGRES = {
    **{"shared_buffers": "2GB", "max_wal_size": "16GB", "maintenance_work_mem": "512MB", "work_mem": "16MB"},
    **{"effective_cache_size": "8GB", "random_page_cost": "1.1"},
}
_WORKERS = ("--workers", "2", "--blocking-threads", "2", "--log-level", "error")


@contextmanager
def database(kind: str, folder: Path) -> Iterator[tuple[str, int | None]]:
    """Yield the URL of an empty database, and the id of its first process if it is a server."""
    if kind == "sqlite":
        yield f"sqlite:///{folder}/shop.sqlite3", None
        return
    with postgres.server(settings=_POSTGRES) as address:
        yield address, first_process_of(address)


def first_process_of(address: str) -> int | None:
    """Return PostgreSQL's first process if the URL is a server on this machine; None for SQLite."""
    if not address.startswith("postgres"):
        return None
    with psycopg.connect(address) as connection:
        row = connection.execute("SELECT pg_backend_pid()").fetchone()
        status = Path(f"/proc/{row[0]}/status").read_text() if row else ""
    return int(status.partition("PPid:")[2].split()[0])


def environment(address: str, folder: Path, **more: str) -> dict[str, str]:
    """Return the environment for production settings with simulated payments."""
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "config.settings.production",
        "RATE_LIMITS": "no",
        "DATABASE_URL": address,
        "BROKER_URL": f"redis+socket://{folder}/broker.sock",
        "VAR_DIR": str(folder),
        "SECRET_KEY": "bench",
        "VAULT_KEYS": env.key_from("bench"),
        "SITE_URL": f"https://{HOST}",
        "ALLOWED_HOSTS": HOST,
        "ALLOW_SANDBOX_PAYMENTS": "yes",
        "TRUSTED_PROXIES": "0",
        "SOURCE_URL": "https://code.example/octavo",
        "CONVERSION_REQUIRE_SANDBOX": "no",
        "LOG_LEVEL": "ERROR",
        **more,
    }


def manage(arguments: Sequence[str], environ: Mapping[str, str]) -> str:
    """Run a management command of the shop and return its output."""
    done = subprocess.run(
        [sys.executable, *arguments], cwd=PROJECT, env=environ, stdout=subprocess.PIPE, text=True, check=False
    )
    if done.returncode:
        raise SystemExit(f"{' '.join(arguments)} ended with {done.returncode}")
    return done.stdout


@contextmanager
def web(application: str, port: int, environ: Mapping[str, str], python: str = sys.executable) -> Iterator[int]:
    """Run the application on granian with two workers, as docs/operations.md does; yield the first process."""
    command = [python, "-m", "granian", "--interface", "wsgi", *_WORKERS, "--port", str(port), application]
    process = subprocess.Popen(command, cwd=PROJECT, env=environ, stdout=subprocess.DEVNULL)
    try:
        _wait(port)
        yield process.pid
    finally:
        process.terminate()
        process.wait(20)


@contextmanager
def nginx(port: int, behind: int, files: Path) -> Iterator[bool]:
    """Run nginx in front of the shop, as docs/operations.md describes for downloads; yield whether it is installed."""
    program = shutil.which("nginx")
    if program is None:
        yield False
        return
    with tempfile.TemporaryDirectory(prefix="octavo-nginx-", dir="/tmp") as name:
        folder = Path(name)
        folder.chmod(0o755)
        (folder / "nginx.conf").write_text(
            f"""
            {"user root;" if os.geteuid() == 0 else ""}
            daemon off; worker_processes 1; pid {folder}/pid; error_log {folder}/log error;
            events {{ worker_connections 1024; }}
            http {{
                access_log off; client_body_temp_path {folder}/b; proxy_temp_path {folder}/p;
                fastcgi_temp_path {folder}/f; uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
                upstream shop {{ server 127.0.0.1:{behind}; keepalive 16; }}
                server {{
                    listen 127.0.0.1:{port};
                    location / {{
                        proxy_pass http://shop; proxy_http_version 1.1; proxy_set_header Connection "";
                        proxy_set_header Host $host; proxy_set_header X-Forwarded-Proto https;
                    }}
                    location /_protected/ {{ internal; alias {files}/; }}
                }}
            }}"""
        )
        process = subprocess.Popen([program, "-c", str(folder / "nginx.conf")])
        try:
            _wait(port)
            yield True
        finally:
            process.terminate()
            process.wait(20)


def _wait(port: int) -> None:
    for _ in range(240):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        try:
            connection.request("GET", "/healthz", headers=HEADERS)
            connection.getresponse().read()
        except OSError:
            time.sleep(0.25)
        else:
            return
        finally:
            connection.close()
    raise SystemExit(f"nothing answers at port {port}")
