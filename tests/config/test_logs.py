"""No secret of an address reaches the log: each such address is asked for with a bad secret, and the lines are read."""

from __future__ import annotations

import io
import json
import logging
import os
import platform
import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote

import pytest
import structlog
from django.core import signing
from django.test import Client, RequestFactory
from django.urls import URLPattern, URLResolver, get_resolver

from common.log_masks import BEFORE_SECRETS, MaskSecrets, mask_secrets
from common.logs import LineFormatter
from tests.factories.accounts import make_reader

ROOT = Path(__file__).resolve().parents[2]
# What a part of an address is called that is enough to use it.
SECRET_PARTS = {"token", "key", "uidb36", "secret"}
SECRET = "s3cret-t0ken:1aBcD:x_Y-z9"


def patterns(resolver: URLResolver, before: str = "") -> Iterator[tuple[str, set[str]]]:
    """Every address with the names of its parts."""
    for one in resolver.url_patterns:
        route = before + str(one.pattern)
        if isinstance(one, URLPattern):
            yield route, set(one.pattern.converters) | set(one.pattern.regex.groupindex)
        else:
            yield from patterns(one, route)


def secret_addresses() -> list[str]:
    found = []
    for route, parts in patterns(get_resolver()):
        if parts & SECRET_PARTS:
            found.append(filled(route))
    return sorted(set(found))


def filled(route: str) -> str:
    """An address of the route with the secret in it."""
    if "reset/key" in route:  # a regular expression of allauth's
        return f"/accounts/password/reset/key/1-{SECRET}/"
    if "confirm-email" in route:
        return f"/accounts/confirm-email/{SECRET}/"
    pieces = [_piece(piece) for piece in route.strip("/").split("/")]
    return f"/{'/'.join(pieces)}/"


def _piece(piece: str) -> str:
    """A part of an address: the secret, or something else that is none, such as a file's name."""
    if not piece.startswith("<"):
        return piece
    return SECRET if piece.strip("<>").rpartition(":")[2] in SECRET_PARTS else "book.epub"


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    """What the shop's own handler writes."""
    handler = logging.getHandlerByName("console")
    assert isinstance(handler, logging.StreamHandler)
    written = io.StringIO()
    before = handler.setStream(written)
    yield written
    if before is not None:
        handler.setStream(before)


def test_the_addresses_are_found() -> None:
    found = secret_addresses()
    for known in ("orders/open", "gifts", "download", "mails/stop", "account/keep", "invitations", "reset/key"):
        assert any(f"{known}/" in address for address in found), known


def test_the_proxy_does_not_write_them_either() -> None:
    rules = (ROOT / "deploy" / "nginx.conf").read_text(encoding="utf-8")
    patterns = [one.removeprefix("~") for one in re.findall(r'^    "(~/[^"]+)" 0;$', rules, re.M)]
    assert patterns
    written = [name for name in BEFORE_SECRETS if not any(re.search(one, f"/{name}/secret") for one in patterns)]
    assert written == []


@pytest.mark.django_db
@pytest.mark.parametrize("address", secret_addresses())
@pytest.mark.parametrize("method", ["get", "post"])
def test_a_bad_secret_is_not_written(client: Client, lines: io.StringIO, address: str, method: str) -> None:
    getattr(client, method)(address)
    getattr(client, method)(f"/no/such{address}")
    assert "[hidden]" in lines.getvalue(), "the second is nowhere, which is written"
    assert SECRET not in lines.getvalue()
    assert quote(SECRET) not in lines.getvalue()


@pytest.mark.parametrize("address", secret_addresses())
@pytest.mark.parametrize("times", [0, 1, 2])
def test_nor_within_another_address(address: str, times: int) -> None:
    inner = address
    for _ in range(times):
        inner = quote(inner, safe="/" if times == 1 else "")
    text = mask_secrets(f'GET /accounts/login/?next={inner}&page=2 HTTP/1.1" 200')
    assert "s3cret" not in text
    assert text.startswith("GET /accounts/login/?next=")
    assert text.endswith('&page=2 HTTP/1.1" 200') or times == 2


@pytest.mark.parametrize(
    "told",
    [
        "Authorization: Basic a29ibzpzM2NyZXQ=",
        "{'HTTP_AUTHORIZATION': 'Basic a29ibzpzM2NyZXQ=', 'REMOTE_ADDR': '203.0.113.9'}",
        "authorization: bearer a29ibzpzM2NyZXQ=",
        "x-auth-key: a29ibzpzM2NyZXQ=",
        "'HTTP_X_AUTH_KEY': 'a29ibzpzM2NyZXQ='",
    ],
)
def test_what_devices_sign_in_with_is_not_written(told: str) -> None:
    masked = mask_secrets(told)
    assert "a29ib" not in masked
    assert masked == told.replace("a29ibzpzM2NyZXQ=", "[hidden]")


def test_words_about_it_are() -> None:
    assert mask_secrets("authorization refused: basic rules") == "authorization refused: basic rules"


class TestOtherWays:
    address = f"/orders/open/{SECRET}/"

    def test_in_the_log_of_requests(self, lines: io.StringIO) -> None:
        """As granian writes it: by a logger of its own, whose filters it keeps."""
        logger, handler = logging.getLogger("granian.access"), logging.StreamHandler(lines)
        logger.addHandler(handler)
        try:
            logger.info('"%(method)s %(path)s"', {"method": "GET", "path": self.address})
        finally:
            logger.removeHandler(handler)
        assert "s3cret" not in lines.getvalue()
        assert '"GET /orders/open/[hidden]/"' in lines.getvalue()

    def test_granian_keeps_the_filter(self) -> None:
        """Where it takes over its loggers: in a process of its own, for it takes them from everybody."""
        code = (
            "import logging; from common.log_masks import MaskSecrets; from granian.log import *\n"
            "logging.getLogger('granian.access').addFilter(MaskSecrets())\n"
            "configure_logging(LogLevels.info, None, True)\n"
            f"logging.getLogger('granian.access').info('GET %(path)s', {{'path': '{self.address}'}})"
        )
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
        assert done.stdout.strip() == "GET /orders/open/[hidden]/"

    def test_in_a_traceback(self, lines: io.StringIO) -> None:
        try:
            raise ValueError(self.address)
        except ValueError:
            logging.getLogger("anything").exception("It failed")
        assert "ValueError: /orders/open/[hidden]/" in lines.getvalue()
        assert "s3cret" not in lines.getvalue()

    def test_in_what_is_given_with_a_record(self) -> None:
        handler = logging.getHandlerByName("console")
        assert handler is not None
        request = RequestFactory().get(self.address)
        record = logging.makeLogRecord({"msg": "Not Found: %s", "args": (self.address,), "request": request})
        handler.filter(record)
        assert "s3cret" not in str(record.__dict__)

    def test_a_call_with_the_wrong_arguments_interrupts_nobody(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(logging, "raiseExceptions", False)  # to standard error, it would be
        record = logging.makeLogRecord({"msg": "%d of %s", "args": ("a",)})
        assert MaskSecrets().filter(record)

    def test_what_is_no_secret_stays(self, lines: io.StringIO) -> None:
        logging.getLogger("anything").warning("Not Found: %s", "/orders/ord_123/lines/lin_1/refund/")
        assert "Not Found: /orders/ord_123/lines/lin_1/refund/" in lines.getvalue()

    def test_a_real_token_is_hidden_whole(self) -> None:
        token = signing.dumps(["usr_1", 2, 3], salt="x")
        assert mask_secrets(f"/download/{token}/") == "/download/[hidden]/"


class TestLine:
    """What a line has, as JSON."""

    @pytest.fixture
    def written(self, lines: io.StringIO) -> Iterator[io.StringIO]:
        handler = logging.getHandlerByName("console")
        assert handler is not None
        before = handler.formatter
        handler.setFormatter(LineFormatter(as_json=True))
        yield lines
        handler.setFormatter(before)

    def test_names_event_fields_time_machine_and_process(self, written: io.StringIO) -> None:
        structlog.stdlib.get_logger("payouts").warning("payout.failed", payout="pay_1")
        line = json.loads(written.getvalue())
        assert (line["event"], line["payout"], line["level"], line["logger"]) == (
            "payout.failed",
            "pay_1",
            "warning",
            "payouts",
        )
        assert datetime.fromisoformat(line["timestamp"]).tzinfo == UTC
        assert (line["host"], line["pid"]) == (platform.node(), os.getpid())

    def test_of_another_library_looks_the_same(self, written: io.StringIO) -> None:
        logging.getLogger("kombu").error("Lost %s", "it", extra={"codes": ["a"]})
        line = json.loads(written.getvalue())
        assert (line["event"], line["level"], line["codes"]) == ("Lost it", "error", ["a"])

    def test_has_the_traceback(self, written: io.StringIO) -> None:
        try:
            raise ValueError("/download/abc:def/")
        except ValueError:
            structlog.stdlib.get_logger("x").exception("it.failed")
        line = json.loads(written.getvalue())
        assert "ValueError: /download/[hidden]/" in line["exception"]

    @pytest.mark.django_db
    def test_of_a_request_has_the_id_that_the_visitor_gets(self, client: Client, written: io.StringIO) -> None:
        response = client.get("/search/?q=divorce+lawyer")
        found = [json.loads(text) for text in written.getvalue().splitlines()]
        assert [(line["event"], line["request"], line["code"]) for line in found] == [
            ("request_finished", "GET /search/", 200)
        ]
        assert found[0]["request_id"] == response["X-Request-ID"]
        assert "divorce" not in written.getvalue()

    @pytest.mark.django_db
    def test_of_a_request_names_nobody(self, client: Client, written: io.StringIO) -> None:
        reader = make_reader()
        client.force_login(reader)
        client.get("/account/", REMOTE_ADDR="203.0.113.9")
        assert "request_finished" in written.getvalue()
        for personal in (reader.email, "203.0.113.9"):
            assert personal not in written.getvalue()
