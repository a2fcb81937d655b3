"""Weak passwords are refused: short, guessable, made of words around the account, or known from leaks."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from hashlib import sha1
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any, ClassVar

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.test import Client
from structlog.testing import capture_logs

from accounts.models import User
from tests.support.entrance import PASSWORD, ask_for_reset, log_in, person, set_anew, sign_up

FIONA = User(email="fiona@ledger-house.example", display_name="Fiona Bramble")


def digest_of(password: str) -> str:
    return sha1(password.encode(), usedforsecurity=False).hexdigest().upper()


def is_taken(password: str, user: User | None = None) -> bool:
    try:
        validate_password(password, user)
    except ValidationError:
        return False
    return True


@pytest.mark.parametrize(
    "password",
    [
        "eleven char",
        "aaaaaaaaaaaa",
        "123456789012",
        "octavooctavo",
        "octavo2026octavo",
        "0ct4vo0ct4vo",
        "Octavo Octavo!",
        "testserver12",  # our host
        "passwordpassword",
        "qwertyuiop12",
        "bramblebramble1",
        "fiona bramble 99",
        "ledger-house 12",
    ],
)
def test_refused(password: str) -> None:
    assert not is_taken(password, FIONA)


@pytest.mark.parametrize(
    "password",
    [PASSWORD, "seven grey herons", "Xk9$mQ2!vL7p", "Mitternachtssonne", "sieben graue Reiher", "a" + "€ü漢" * 40],
)
def test_taken(password: str) -> None:
    assert is_taken(password, FIONA)


@pytest.mark.django_db
@pytest.mark.usefixtures("at_once")
class TestWhereItIsTyped:
    WEAK = "bramble-2026-bramble"

    def test_signing_up(self, client: Client) -> None:
        answer = sign_up(client, "new@example.org", name="Ann Bramble", password1=self.WEAK)
        assert "easy to guess" in answer.content.decode()
        assert 'value="Ann Bramble"' in answer.content.decode()

    def test_setting_it_anew(self, client: Client) -> None:
        user = person("new@example.org", display_name="Ann Bramble")
        answer = set_anew(client, ask_for_reset(client, "new@example.org"), self.WEAK)
        assert "easy to guess" in answer.content.decode()
        user.refresh_from_db()
        assert user.check_password(PASSWORD)

    def test_changing_it(self, client: Client) -> None:
        person("new@example.org", display_name="Ann Bramble")
        log_in(client, "new@example.org")
        form = {"oldpassword": PASSWORD, "password1": self.WEAK, "password2": self.WEAK}
        assert "easy to guess" in client.post("/accounts/password/change/", form).content.decode()


class Service(BaseHTTPRequestHandler):
    """Answers as the range service does."""

    asked: ClassVar[list[tuple[str, str | None]]] = []
    known: ClassVar[str] = ""
    status: ClassVar[int] = 200

    def do_GET(self) -> None:
        self.asked.append((self.path, self.headers["Add-Padding"]))
        digest = digest_of(self.known)
        padding = digest_of("never leaked, padded")
        body = f"{'0' * 35}:3\r\n{digest[5:]}:42\r\n{padding[5:]}:0\r\n".encode()
        self.send_response(self.status)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: Any) -> None:
        """Nothing."""


@pytest.fixture
def service(settings: Any) -> Iterator[type[Service]]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Service)
    Thread(target=server.serve_forever, daemon=True).start()
    settings.AUTH_PASSWORD_VALIDATORS = [
        *settings.AUTH_PASSWORD_VALIDATORS,
        {"NAME": "accounts.passwords.BreachedValidator"},
    ]
    settings.BREACHED_PASSWORDS_URL = f"http://127.0.0.1:{server.server_port}/range/"
    Service.asked, Service.known, Service.status = [], PASSWORD, 200
    yield Service
    server.shutdown()
    server.server_close()


class TestLeaks:
    def test_a_known_one_is_refused(self, service: type[Service]) -> None:
        assert not is_taken(PASSWORD)
        assert is_taken("seven grey herons")

    def test_the_service_learns_five_digits(self, service: type[Service]) -> None:
        is_taken(PASSWORD)
        prefix = digest_of(PASSWORD)[:5]
        assert service.asked == [(f"/range/{prefix}", "true")]

    def test_padding_is_no_password(self, service: type[Service]) -> None:
        assert is_taken("never leaked, padded")

    @pytest.mark.parametrize("status", [404, 503])
    def test_a_service_out_of_order_refuses_nothing(self, service: type[Service], status: int) -> None:
        service.status = status
        with capture_logs() as lines:
            assert is_taken(PASSWORD)
        assert [line["event"] for line in lines] == ["passwords.service_unavailable"]
        assert PASSWORD not in str(lines)

    def test_nobody_listening_refuses_nothing(
        self, service: type[Service], settings: Any, caplog: pytest.LogCaptureFixture
    ) -> None:
        settings.BREACHED_PASSWORDS_URL = "http://127.0.0.1:9/range/"
        assert is_taken(PASSWORD)
        assert "passwords.service_unavailable" in caplog.text

    def test_without_the_setting_nobody_is_asked(self, settings: Any) -> None:
        assert settings.BREACHED_PASSWORDS_URL == ""
        assert not [one for one in settings.AUTH_PASSWORD_VALIDATORS if "Breached" in one["NAME"]]

    def test_the_setting_switches_it_on(self) -> None:
        ask = "from config.settings import test as s; print(*(one['NAME'] for one in s.AUTH_PASSWORD_VALIDATORS))"
        known = {**os.environ, "BREACHED_PASSWORDS_URL": "http://127.0.0.1:9/"}
        told = subprocess.run([sys.executable, "-c", ask], env=known, capture_output=True, text=True, check=True)
        assert "accounts.passwords.BreachedValidator" in told.stdout
