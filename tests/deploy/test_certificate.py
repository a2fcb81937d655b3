"""`script/certificate` asks an authority that speaks ACME: Debian's pebble, which asks nginx for the proof."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.conf import settings

from bench.first_hour import outside
from tests.deploy.test_nginx import NGINX, _free_port

ROOT = Path(settings.BASE_DIR)
TRUSTED = Path("/etc/ssl/certs/ca-certificates.crt")
_NEEDED = ("pebble", "pebble-challtestsrv", "uacme", "openssl", "unshare")
pytestmark = [
    pytest.mark.skipif(
        NGINX is None or not all(map(shutil.which, _NEEDED)),
        reason="needs nginx, pebble and uacme (script/bootstrap --tests)",
    ),
    # uacme trusts the system's authorities alone, and only root can put another one in their place for one process.
    pytest.mark.skipif(
        os.geteuid() != 0 or subprocess.run(["unshare", "--mount", "true"], check=False).returncode != 0,
        reason="needs root, and mounts of its own",
    ),
]

type Certificate = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def certificate(tmp_path: Path) -> Iterator[Certificate]:
    """Runs the script on a machine whose nginx answers for books.example."""
    port = _free_port()
    tmp_path.chmod(0o755)
    (tmp_path / "nginx.conf").write_text(_nginx(tmp_path, port), encoding="utf-8")
    with outside.authority(tmp_path / "acme", http_port=port) as authority:
        bundle = tmp_path / "bundle.crt"
        bundle.write_bytes(TRUSTED.read_bytes() + b"".join(path.read_bytes() for path in authority.certificates))
        nginx = subprocess.Popen([str(NGINX), "-c", str(tmp_path / "nginx.conf"), "-p", str(tmp_path)])

        def run(domain: str, **variables: str) -> subprocess.CompletedProcess[str]:
            trusting = 'mount --bind "$1" "$2" && shift 2 && exec "$@"'
            command = ["unshare", "--mount", "sh", "-c", trusting, "sh", str(bundle), str(TRUSTED)]
            environ = {
                "PATH": "/usr/sbin:/usr/bin:/sbin:/bin",
                "ACME_URL": authority.address,
                "ACME_STATE": str(tmp_path / "state"),
                "ACME_CHALLENGES": str(tmp_path / "challenges"),
                "TLS_FOLDER": str(tmp_path / "tls"),
                "NGINX_CONF": str(tmp_path / "nginx.conf"),
                **variables,
            }
            return subprocess.run(
                [*command, str(ROOT / "script" / "certificate"), domain],
                capture_output=True, text=True, check=False, env=environ, timeout=120,
            )  # fmt: skip

        yield run
        nginx.terminate()
        nginx.wait(10)


def _nginx(folder: Path, port: int) -> str:
    """The place for proofs as it stands in deploy/nginx.conf."""
    text = (ROOT / "deploy" / "nginx.conf").read_text(encoding="utf-8")
    found = re.search(r"    location /\.well-known/acme-challenge/ \{.*?\n    \}\n", text, re.DOTALL)
    assert found is not None
    place = found[0].replace("/var/lib/octavo-acme", str(folder / "challenges"))
    return (
        f"user root; daemon off; pid {folder}/pid; error_log {folder}/error.log; events {{}}\n"
        f"http {{ access_log off; server {{ listen 127.0.0.1:{port};\n{place} }} }}"
    )


def test_gets_a_certificate_and_leaves_it_while_it_is_valid(certificate: Certificate, tmp_path: Path) -> None:
    told = certificate("books.example")
    assert (told.returncode, "There is a new certificate of books.example." in told.stdout) == (0, True), told.stderr
    kept = (tmp_path / "tls" / "certificate.pem").read_bytes()
    assert (tmp_path / "tls" / "key.pem").stat().st_mode & 0o777 == 0o600
    names = subprocess.run(
        ["openssl", "x509", "-noout", "-ext", "subjectAltName", "-in", str(tmp_path / "tls" / "certificate.pem")],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert "DNS:books.example" in names.stdout
    assert list((tmp_path / "challenges/.well-known/acme-challenge").iterdir()) == []
    again = certificate("books.example")
    assert (again.returncode, "not due" in again.stdout) == (0, True)
    assert (tmp_path / "tls" / "certificate.pem").read_bytes() == kept


def test_says_so_where_the_authority_finds_no_proof(certificate: Certificate, tmp_path: Path) -> None:
    told = certificate("books.example", ACME_CHALLENGES=str(tmp_path / "elsewhere"))
    assert (told.returncode, "is port 80 open?" in told.stderr) == (1, True)
    assert not (tmp_path / "tls" / "certificate.pem").exists()


def test_says_so_where_the_authority_cannot_be_reached(certificate: Certificate, tmp_path: Path) -> None:
    told = certificate("books.example", ACME_URL=f"https://127.0.0.1:{_free_port()}/dir")
    assert (told.returncode, "be reached from here?" in told.stderr) == (1, True)
    assert not (tmp_path / "tls" / "certificate.pem").exists()


def test_opens_an_account_where_an_earlier_run_or_another_authority_left_only_a_key(
    certificate: Certificate, tmp_path: Path
) -> None:
    assert certificate("books.example", ACME_URL=f"https://127.0.0.1:{_free_port()}/dir").returncode == 1
    assert (tmp_path / "state" / "private" / "key.pem").exists()
    told = certificate("books.example")
    assert (told.returncode, "There is a new certificate of books.example." in told.stdout) == (0, True), told.stderr


def test_keeps_the_account_of_a_shop_that_has_one(certificate: Certificate, tmp_path: Path) -> None:
    """Shops from before the authority was written down have a key with its account."""
    assert certificate("books.example").returncode == 0
    (tmp_path / "state" / "authority").unlink()
    told = certificate("books.example")
    assert (told.returncode, "not due" in told.stdout) == (0, True), told.stderr
