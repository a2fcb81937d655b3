"""What production's settings ask for."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from config import env

ROOT = Path(__file__).resolve().parents[2]
REQUIRED = {
    "SECRET_KEY": "secret",
    "DATABASE_URL": "postgres://octavo@db/octavo",
    "BROKER_URL": "redis://broker:6379/0",
    "ALLOWED_HOSTS": "books.example",
    "SITE_URL": "https://books.example",
    "ALLOW_SANDBOX_PAYMENTS": "yes",
    "VAULT_KEYS": env.key_from("secret"),
    "TRUSTED_PROXIES": "1",
}


def started(tmp_path: Path, variables: dict[str, str]) -> subprocess.CompletedProcess[str]:
    code = "from config.settings import production as p; print(p.TRUSTED_PROXIES)"
    environ = {"PATH": os.environ["PATH"], "VAR_DIR": str(tmp_path), **variables}
    command = [sys.executable, "-c", code]
    return subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True, check=False)


def test_starts_with_what_is_required(tmp_path: Path) -> None:
    assert started(tmp_path, REQUIRED).stdout == "1\n"


@pytest.mark.parametrize("name", ["SECRET_KEY", "VAULT_KEYS", "TRUSTED_PROXIES"])
def test_says_what_is_missing(tmp_path: Path, name: str) -> None:
    told = started(tmp_path, {key: value for key, value in REQUIRED.items() if key != name})
    assert told.returncode == 1
    assert f"Set {name}" in told.stderr


@pytest.mark.parametrize("value", ["1 Example Street|10115 Berlin", " 1 Example Street | 10115 Berlin |"])
def test_an_address_has_lines(tmp_path: Path, value: str) -> None:
    code = "from config.settings import base as b; print(b.SELLER_ADDRESS)"
    environ = {"PATH": os.environ["PATH"], "VAR_DIR": str(tmp_path), "SELLER_ADDRESS": value}
    told = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=environ, capture_output=True, text=True, check=True
    )
    assert told.stdout == "['1 Example Street', '10115 Berlin']\n"
