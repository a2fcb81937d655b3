"""How much of a request is taken in: a small form anywhere, a file only where one belongs, from whoever may send it."""

from __future__ import annotations

import os
import select
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.test.client import FakePayload
from pytest_django import Settings

from accounts.models import Refusal
from tests.factories.accounts import make_author, make_finance, make_reader
from tests.factories.publishing import make_edition, make_work
from tests.support.migrated import make_file

pytestmark = pytest.mark.django_db
PROJECT = Path(__file__).resolve().parent.parent.parent
MB = 1024 * 1024
BOUNDARY = "octavo"


class Untouched(FakePayload):
    """A body that must not be read."""

    def __init__(self) -> None:
        super().__init__(b"")

    def read(self, *args: object, **kwargs: object) -> bytes:
        raise AssertionError("the body was read")


def post_unread(client: Client, path: str, size_bytes: int, **extra: object):
    told = {"CONTENT_LENGTH": str(size_bytes), "CONTENT_TYPE": f"multipart/form-data; boundary={BOUNDARY}"}
    return client.generic("POST", path, **{**told, "wsgi.input": Untouched(), **extra})


@pytest.fixture
def author(client: Client):
    author = make_author()
    client.force_login(author)
    return author


class TestAnywhere:
    @pytest.mark.parametrize(
        "path", ["/accounts/login/", "/contact/", "/cart/add/", "/checkout/", "/payments/webhooks/platform/"]
    )
    def test_a_large_body_is_refused_unread_with_a_page(self, client: Client, path: str) -> None:
        response = post_unread(client, path, 200 * MB)
        assert response.status_code == 413
        assert "This is too large" in response.content.decode()
        assert "more than 2 MB" in response.content.decode()

    def test_in_the_words_of_the_region(self, client: Client) -> None:
        page = post_unread(client, "/de-de/contact/", 3 * MB).content.decode()
        assert "Das ist zu groß" in page

    def test_a_body_without_a_length_is_refused_unread(self, client: Client) -> None:
        told = {"CONTENT_LENGTH": "", "HTTP_TRANSFER_ENCODING": "chunked"}
        response = client.generic("POST", "/contact/", **{**told, "wsgi.input": Untouched()})
        assert response.status_code == 411
        assert "did not say how much it was sending" in response.content.decode()

    def test_whoever_is_logged_in_sends_no_more_elsewhere(self, client: Client, author) -> None:
        assert post_unread(client, "/account/profile/", 3 * MB).status_code == 413

    def test_an_ordinary_form_is_taken(self, client: Client) -> None:
        response = client.post("/contact/", {"email": "a@example.org", "topic": "other", "body": "x" * 3000})
        assert response.status_code in {302, 422}


class TestManuscripts:
    def test_a_stranger_is_led_to_the_log_in_unread(self, client: Client) -> None:
        response = post_unread(client, "/desk/works/new/", 50 * MB)
        assert response.status_code == 302
        assert response["Location"] == "/accounts/login/?next=/desk/works/new/"

    def test_a_reader_who_publishes_nothing_is_refused_unread(self, client: Client) -> None:
        client.force_login(make_reader())
        assert post_unread(client, "/desk/works/new/", 50 * MB).status_code == 403

    def test_somebody_elses_work_is_not_there(self, client: Client, author) -> None:
        path = f"/desk/works/{make_edition().work.public_id}/manuscript/"
        assert post_unread(client, path, 50 * MB).status_code == 404

    def test_an_address_that_is_not_confirmed_is_refused_unread(self, client: Client, author) -> None:
        author.emailaddress_set.update(verified=False)
        response = post_unread(client, "/desk/works/new/", 50 * MB)
        assert response.status_code == 403
        assert "Confirm your email address" in response.content.decode()

    def test_more_than_a_day_allows_is_refused_unread(self, client: Client, author, settings: Settings) -> None:
        settings.MAX_UPLOAD_BYTES_PER_DAY = -1
        response = post_unread(client, "/desk/works/new/", 50 * MB)
        assert (response.status_code, response["Retry-After"]) == (429, "3600")

    def test_counts_before_it_is_taken_in_whatever_becomes_of_it(
        self, client: Client, author, settings: Settings
    ) -> None:
        settings.ACCOUNT_RATE_LIMITS = {"upload": "2/h/key"}
        answers = [post_unread(client, "/desk/works/new/", 202 * MB).status_code for _number in range(3)]
        assert answers == [413, 413, 429]

    def test_and_once(self, client: Client, author, settings: Settings) -> None:
        settings.ACCOUNT_RATE_LIMITS = {"upload": "2/h/key"}
        text = b"# A\n\n" + b"Rain. " * (MB // 2)
        answers = [
            client.post("/desk/works/new/", {"manuscript": SimpleUploadedFile("a.md", text, "text/markdown")})
            for _number in range(3)
        ]
        assert [answer.status_code for answer in answers] == [302, 302, 429]

    def test_its_length_counts_for_the_quota(self, client: Client, author, settings: Settings) -> None:
        settings.MAX_UPLOAD_BYTES_PER_DAY = 40 * MB
        assert post_unread(client, "/desk/works/new/", 50 * MB).status_code == 429

    def test_more_than_any_manuscript_is_refused_unread(self, client: Client, author) -> None:
        response = post_unread(client, "/desk/works/new/", 202 * MB)
        assert response.status_code == 413
        assert "more than 200 MB" in response.content.decode()

    def test_an_author_sends_one_of_three_megabytes(self, client: Client, author, monkeypatch) -> None:
        monkeypatch.setattr("common.jobs.enqueue", lambda name, **ids: None)
        text = ("# A chapter\n\n" + "Rain fell on the harbour. " * 20 + "\n\n") * 6000
        upload = SimpleUploadedFile("book.md", text[: 3 * MB].encode(), "text/markdown")
        response = client.post("/desk/works/new/", {"manuscript": upload})
        assert response.status_code == 302, response.content.decode()


class TestCoversAndStatements:
    def test_covers_have_twenty_megabytes(self, client: Client, author) -> None:
        work = make_edition(work=make_work(owner=author)).work
        path = f"/desk/works/{work.public_id}/cover/"
        assert post_unread(client, path, 22 * MB).status_code == 413
        assert "more than 20 MB" in post_unread(client, path, 22 * MB).content.decode()

    def test_bank_statements_are_finances_alone(self, client: Client, author, settings: Settings) -> None:
        assert post_unread(client, "/finance/bank/upload/", 5 * MB).status_code == 404
        assert Refusal.objects.get().facts["page"] == "finance-bank-upload"
        settings.STAFF_SECOND_FACTOR_REQUIRED = False
        client.force_login(make_finance())
        assert "more than 10 MB" in post_unread(client, "/finance/bank/upload/", 12 * MB).content.decode()


@pytest.mark.django_db(transaction=True)
class TestALiveServer:
    """The product's web server, with a body that never ends: it answers before it has read it, and spools nothing."""

    @pytest.fixture
    def server(self, tmp_path: Path) -> Iterator[tuple[int, Path]]:
        spool = tmp_path / "spool"
        spool.mkdir()
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "config.settings.dev",
            "VAR_DIR": str(tmp_path / "var"),
            "DATABASE_URL": f"sqlite:///{tmp_path}/shop.sqlite3",
            "TMPDIR": str(spool),
        }
        make_file(tmp_path / "shop.sqlite3", lambda: _manage(environment, "migrate", "-v", "0"))
        command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--port", str(port), "--log-level", "error"]
        process = subprocess.Popen([*command, "config.wsgi:application"], cwd=PROJECT, env=environment)
        try:
            _wait_for(port)
            yield port, spool
        finally:
            process.terminate()
            process.wait(20)

    @pytest.mark.parametrize(
        ("path", "status"), [("/accounts/login/", 413), ("/desk/works/new/", 302), ("/cart/add/", 413)]
    )
    def test_answers_and_keeps_nothing(self, server: tuple[int, Path], path: str, status: int) -> None:
        port, spool = server
        head = [f"POST {path} HTTP/1.1", "Host: localhost", f"Content-Length: {200 * MB}"]
        answered, most = _send(port, spool, head, b"x" * 65_536)
        assert answered == status
        assert most == 0

    def test_a_chunked_body_too(self, server: tuple[int, Path]) -> None:
        port, spool = server
        head = ["POST /accounts/login/ HTTP/1.1", "Host: localhost", "Transfer-Encoding: chunked"]
        answered, most = _send(port, spool, head, b"10000\r\n" + b"x" * 65_536 + b"\r\n")
        assert answered == 411
        assert most == 0


def _send(port: int, spool: Path, head: list[str], piece: bytes) -> tuple[int, int]:
    """The status of the answer, and how much was spooled at most while 20 MB of the body were sent, or until nobody
    took more."""
    kind = f"Content-Type: multipart/form-data; boundary={BOUNDARY}"
    part = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="manuscript"; filename="a.md"\r\n\r\n'.encode()
    most = 0
    with socket.create_connection(("127.0.0.1", port), timeout=20) as line:
        line.sendall("\r\n".join([*head, kind, "", ""]).encode())
        is_chunked = piece.startswith(b"10000\r\n")
        with suppress(ConnectionError):
            line.sendall(f"{len(part):x}\r\n".encode() + part + b"\r\n" if is_chunked else part)
            for _number in range(320):
                line.sendall(piece)
                most = max(most, sum(path.stat().st_size for path in spool.rglob("*") if path.is_file()))
                if select.select([line], [], [], 0)[0]:
                    break
        answer = line.recv(64)
    return int(answer.split()[1]), most


def _manage(environment: dict[str, str], *arguments: str) -> None:
    subprocess.run([sys.executable, "manage.py", *arguments], cwd=PROJECT, env=environment, check=True)


def _wait_for(port: int) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise AssertionError("the server did not start")
