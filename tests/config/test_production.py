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
    "SOURCE_URL": "https://code.example/octavo",
}


def started(tmp_path: Path, variables: dict[str, str]) -> subprocess.CompletedProcess[str]:
    code = "from config.settings import production as p; print(p.TRUSTED_PROXIES)"
    environ = {"PATH": os.environ["PATH"], "VAR_DIR": str(tmp_path), **variables}
    command = [sys.executable, "-c", code]
    return subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True, check=False)


def test_starts_with_what_is_required(tmp_path: Path) -> None:
    assert started(tmp_path, REQUIRED).stdout == "1\n"


@pytest.mark.parametrize("name", ["SECRET_KEY", "VAULT_KEYS", "TRUSTED_PROXIES", "SOURCE_URL"])
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


def settings_of(tmp_path: Path, module: str, *names: str, **variables: str) -> list[str]:
    """The settings as their Python texts. Raises CalledProcessError when the module refuses to start."""
    code = f"from config.settings import {module} as m; print(*[repr(getattr(m, n)) for n in {names!r}], sep='\\n')"
    environ = {"PATH": os.environ["PATH"], "VAR_DIR": str(tmp_path), **variables}
    told = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=environ, capture_output=True, text=True, check=True
    )
    return told.stdout.splitlines()


class TestWhatProductionSays:
    def test_cookies_are_of_this_host_alone(self, tmp_path: Path) -> None:
        names = ("SESSION_COOKIE_NAME", "CSRF_COOKIE_NAME", "SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE")
        assert settings_of(tmp_path, "production", *names, **REQUIRED) == [
            "'__Host-sessionid'",
            "'__Host-csrftoken'",
            "True",
            "True",
        ]

    @pytest.mark.parametrize(
        "said", [{}, {"HSTS_SUBDOMAINS": "yes"}, {"HSTS_SUBDOMAINS": "yes", "HSTS_PRELOAD": "yes"}]
    )
    def test_hsts_is_about_this_host_unless_said(self, tmp_path: Path, said: dict[str, str]) -> None:
        names = ("SECURE_HSTS_INCLUDE_SUBDOMAINS", "SECURE_HSTS_PRELOAD")
        told = settings_of(tmp_path, "production", *names, **REQUIRED, **said)
        assert told == [str("HSTS_SUBDOMAINS" in said), str("HSTS_PRELOAD" in said)]

    def test_preloading_needs_the_subdomains(self, tmp_path: Path) -> None:
        told = started(tmp_path, {**REQUIRED, "HSTS_PRELOAD": "yes"})
        assert told.returncode == 1
        assert "HSTS_SUBDOMAINS=yes" in told.stderr

    def test_keys_of_before_still_hold(self, tmp_path: Path) -> None:
        told = settings_of(
            tmp_path, "production", "SECRET_KEY_FALLBACKS", **REQUIRED, SECRET_KEY_FALLBACKS="old, older"
        )
        assert told == ["['old', 'older']"]

    def test_a_link_to_the_bucket_lives_a_minute(self, tmp_path: Path) -> None:
        told = settings_of(tmp_path, "production", "BUCKET_LINK_SECONDS", "STORAGES", **REQUIRED, S3_BUCKET="books")
        assert told[0] == "60"
        assert told[1].count("'querystring_expire': 60") == 3

    def test_the_check_for_deployment_has_nothing_to_say(self, tmp_path: Path) -> None:
        for folder in (tmp_path, *tmp_path.parents):  # root's children have a user of their own, who has to get in
            if folder.owner() == tmp_path.owner() and not folder.stat().st_mode & 0o001:
                folder.chmod(0o711)
        environ = {
            "PATH": os.environ["PATH"],
            "VAR_DIR": str(tmp_path),
            **REQUIRED,
            "SECRET_KEY": "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ",
            "DATABASE_URL": f"sqlite:///{tmp_path}/octavo.sqlite3",
            "DJANGO_SETTINGS_MODULE": "config.settings.production",
            "SMTP_HOST": "mail.example",
            "SELLER_NAME": "Example Books",
            "SELLER_ADDRESS": "1 Example Street|10115 Berlin",
            "SELLER_EMAIL": "books@books.example",
            "SELLER_VAT_ID": "DE000000000",
        }
        command = [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"]
        told = subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True, check=False)
        assert told.returncode == 0, told.stderr


class TestTheEmbeddedSettings:
    """They have a public key and an open mailbox, so that nobody but this machine may reach them."""

    def test_serve_this_machine(self, tmp_path: Path) -> None:
        assert settings_of(tmp_path, "dev", "ALLOWED_HOSTS") == ["['localhost', '127.0.0.1', '[::1]']"]
        said = {"ALLOWED_HOSTS": "shop.localhost,127.0.0.2", "SITE_URL": "http://shop.localhost:8000"}
        assert settings_of(tmp_path, "dev", "ALLOWED_HOSTS", **said) == ["['shop.localhost', '127.0.0.2']"]

    @pytest.mark.parametrize(
        "said",
        [
            {"ALLOWED_HOSTS": "books.example"},
            {"ALLOWED_HOSTS": "localhost,*"},
            {"ALLOWED_HOSTS": "192.0.2.1", "DEBUG": "yes"},
            {"ALLOWED_HOSTS": ".example"},
            {"SITE_URL": "http://books.example"},
            {"SITE_URL": "https://localhost"},
            {"STRIPE_SECRET_KEY": "sk_live_1"},
            {"STRIPE_SECRET_KEY": "rk_live_1"},
        ],
    )
    def test_refuse_what_a_shop_for_others_needs(self, tmp_path: Path, said: dict[str, str]) -> None:
        with pytest.raises(subprocess.CalledProcessError) as refused:
            settings_of(tmp_path, "dev", "ALLOWED_HOSTS", **said)
        assert "set DJANGO_SETTINGS_MODULE=config.settings.production" in refused.value.stderr
