"""django-oscar in its own virtual environment, with products in its own database."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import psycopg

PROJECT = Path(__file__).resolve().parent.parent
PRODUCTS = 10_000
_REQUIREMENTS = PROJECT / "bench" / "shop_peers.txt"
PATHS = {
    "list": ("/catalogue/",),
    "book": tuple(f"/catalogue/book-{number}_{number + 1}/" for number in range(4000, 4040)),
    "search": ("/search/?q=lighthouse+garden", "/search/?q=winter+river", "/search/?q=island+comet"),
}


def prepare(address: str, folder: Path) -> tuple[str, dict[str, str]]:
    """Install it and load the products; return its Python, and the environment to run it in."""
    uv = shutil.which("uv", path=f"{PROJECT / '.tools' / 'bin'}{os.pathsep}{os.environ['PATH']}")
    if uv is None:
        raise SystemExit("uv is needed to install the peer: script/bootstrap brings it.")
    python = str(folder / "venv" / "bin" / "python")
    subprocess.run([uv, "venv", "-q", "--python", sys.executable, str(folder / "venv")], check=True)
    subprocess.run([uv, "pip", "install", "-q", "--python", python, "-r", str(_REQUIREMENTS)], check=True)
    host = parse_qs(urlsplit(address).query)["host"][0]
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute("CREATE DATABASE oscar")
    environ = {**os.environ, "OSCAR_DIR": str(folder), "OSCAR_HOST": host}
    environ.pop("DJANGO_SETTINGS_MODULE", None)
    quiet = {**environ, "PYTHONWARNINGS": "ignore"}  # warnings from Whoosh itself
    subprocess.run([python, "-m", "bench.shop_oscar", str(PRODUCTS)], cwd=PROJECT, env=quiet, check=True)
    return python, environ
