"""The nginx of `deploy/nginx.conf` in front of the shop: what it keeps, and that it keeps nothing of anybody's."""

from __future__ import annotations

import gzip
import http.client
import os
import re
import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from pytest_django.live_server_helper import LiveServer

from insight.events.models import Event
from publishing.models import Edition
from tests.factories.accounts import make_reader
from tests.factories.buying import buy
from tests.factories.insight import FIREFOX
from tests.factories.publishing import make_published_edition

NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(NGINX is None, reason="needs nginx (apt-get install nginx-light)"),
]
BOOK = "/books/the-lamp/"


@dataclass(frozen=True)
class Proxy:
    port: int
    process_id: int = 0

    def get(self, path: str, *, method: str = "GET", **headers: str) -> tuple[http.client.HTTPResponse, bytes]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request(method, path, headers={"Host": "localhost", **sent})
        response = connection.getresponse()
        body = response.read()
        connection.close()
        return response, body

    def cached(self, path: str, **headers: str) -> str:
        """MISS, HIT or BYPASS."""
        return self.get(path, **headers)[0].headers["X-Cache"]


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def _configuration(
    folder: Path, *, port: int, behind: int, beside: int | None, at_once: int, certificates: Path | None
) -> str:
    """The file as it stands, on ports and in folders of the test's own; without TLS unless there is a certificate."""
    text = (settings.BASE_DIR / "deploy" / "nginx.conf").read_text(encoding="utf-8")
    text = re.sub(r"server \{\n    listen 80;.*?\n\}\n", "", text, flags=re.DOTALL)
    if certificates is None:
        text = re.sub(r"    (ssl_|http2).*\n", "", text)
    else:
        text = text.replace("/etc/octavo/tls", str(certificates))
    if beside is None:
        text = re.sub(r"    server 127.0.0.1:8001.*\n", "", text)
    for theirs, ours in (
        ("127.0.0.1:8000", f"127.0.0.1:{behind}"),
        *([("127.0.0.1:8001", f"127.0.0.1:{beside}")] if beside else []),
        ("max_conns=24", f"max_conns={at_once}"),
        ("listen 443 ssl;", f"listen 127.0.0.1:{port}{' ssl' if certificates else ''};"),
        ("/var/cache/nginx/octavo", str(folder / "cache")),
        ("/var/log/nginx/octavo.log", str(folder / "access.log")),
        ("/srv/octavo/deploy", str(settings.BASE_DIR / "deploy")),
        ("/srv/octavo", str(folder)),
        ("/var/lib/octavo/", f"{folder}/var/"),
    ):
        assert theirs in text
        text = text.replace(theirs, ours)
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    temporary = "".join(f"{kind}_temp_path {folder}/{kind};" for kind in kinds)
    user = "user root; " if os.geteuid() == 0 else ""  # the folders are of whoever runs the tests
    return (
        f"{user}daemon off; pid {folder}/pid; error_log {folder}/error.log; events {{}}\n"
        f"http {{ {temporary}\n{text}\n}}"
    )


@pytest.fixture
def proxy(tmp_path: Path, live_server: LiveServer) -> Iterator[Proxy]:
    with started(tmp_path, live_server.thread.port) as found:
        yield found


@contextmanager
def started(
    folder: Path, behind: int, *, beside: int | None = None, at_once: int = 24, certificates: Path | None = None
) -> Iterator[Proxy]:
    """nginx before the servers at these ports; with TLS where a folder has its certificate."""
    port = _free_port()
    text = _configuration(folder, port=port, behind=behind, beside=beside, at_once=at_once, certificates=certificates)
    (folder / "nginx.conf").write_text(text, encoding="utf-8")
    process = subprocess.Popen([str(NGINX), "-c", str(folder / "nginx.conf"), "-p", str(folder)])
    try:
        for _ in range(100):
            with socket.socket() as door:
                if door.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.05)
        yield Proxy(port, process.pid)
    finally:
        process.terminate()
        process.wait(10)


@pytest.fixture
def lamp() -> Edition:
    return make_published_edition(slug="the-lamp", title="The Lamp")


def _session(client: Client) -> str:
    return f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"


@pytest.mark.usefixtures("lamp")
def test_a_public_page_is_kept_for_strangers(proxy: Proxy) -> None:
    first, page = proxy.get(BOOK)
    again, kept = proxy.get(BOOK)
    assert (first.headers["X-Cache"], again.headers["X-Cache"]) == ("MISS", "HIT")
    assert kept == page
    assert "Set-Cookie" not in again.headers
    assert again.headers["Cache-Control"].startswith("public, max-age=60")


@pytest.mark.usefixtures("lamp")
@pytest.mark.parametrize(
    ("path", "tags"),
    [
        (BOOK, "shop,pages:book,pages:book:the-lamp"),
        ("/de-at" + BOOK, "shop,pages:book,pages:book:the-lamp"),
        ("/books/", "shop,catalogue:books"),
        ("/account/", None),
    ],
)
def test_public_pages_name_what_they_are_about(proxy: Proxy, path: str, tags: str | None) -> None:
    """So that a CDN can drop the pages of one book in all languages."""
    for _ in range(2):
        assert proxy.get(path)[0].headers["Cache-Tag"] == tags


@pytest.mark.usefixtures("lamp")
def test_addresses_and_hosts_stay_apart(proxy: Proxy) -> None:
    assert proxy.cached(BOOK) == "MISS"
    for path in ("/de-at/books/the-lamp/", BOOK + "?utm=1", "/books/", "/"):
        assert proxy.cached(path) == "MISS"
    assert proxy.cached(BOOK, Host="127.0.0.1") == "MISS"
    assert proxy.cached(BOOK) == "HIT"


@pytest.mark.usefixtures("lamp")
def test_a_share_link_s_page_is_kept_once(proxy: Proxy) -> None:
    assert proxy.cached(BOOK) == "MISS"
    assert [proxy.cached(f"{BOOK}?via={code}") for code in ("abcdefgh", "23456789")] == ["HIT", "HIT"]
    for query in ("?via=abcdefgh&utm=1", "?via=", "?via=ABC", "?utm=1&via=abcdefgh"):
        assert proxy.cached(f"{BOOK}{query}") == "MISS"


@pytest.mark.usefixtures("lamp")
def test_a_view_of_a_kept_page_is_counted(proxy: Proxy) -> None:
    """The shop never sees whoever gets a page from the cache: their browser tells it."""
    proxy.get(BOOK)
    assert proxy.cached(BOOK) == "HIT"
    assert not Event.objects.exists()
    told = {"User-Agent": FIREFOX, "Sec-Fetch-Site": "same-origin", "Content-Type": "application/x-www-form-urlencoded"}
    for _ in range(2):
        connection = http.client.HTTPConnection("127.0.0.1", proxy.port, timeout=30)
        connection.request(
            "POST", "/de-at/count/", body="kind=view&book=the-lamp", headers={"Host": "localhost", **told}
        )
        answer = connection.getresponse()
        assert (answer.status, answer.headers["Set-Cookie"], answer.headers["X-Cache"]) == (204, None, None)
        connection.close()
    assert list(Event.objects.values_list("kind", "country", "is_bot")) == [("view", "AT", False)] * 2


@pytest.mark.usefixtures("lamp")
def test_who_takes_gzip_and_who_does_not_get_their_own(proxy: Proxy) -> None:
    for _ in range(2):
        packed, body = proxy.get(BOOK, Accept_Encoding="gzip")
        plain, whole = proxy.get(BOOK)
        assert packed.headers["Content-Encoding"] == "gzip"
        assert "Content-Encoding" not in plain.headers
        assert gzip.decompress(body) == whole
    assert packed.headers["X-Cache"] == plain.headers["X-Cache"] == "HIT"


@pytest.mark.usefixtures("lamp")
def test_who_has_the_page_is_told_so_from_the_cache(proxy: Proxy) -> None:
    etag = proxy.get(BOOK)[0].headers["ETag"]
    again, body = proxy.get(BOOK, If_None_Match=etag)
    assert (again.status, again.headers["X-Cache"], body) == (304, "HIT", b"")


@pytest.mark.parametrize("is_person_first", [True, False])
def test_nobody_gets_a_page_of_somebody_else(
    proxy: Proxy, lamp: Edition, client: Client, is_person_first: bool
) -> None:
    """A buyer sees that they own the book, whether strangers came before them or come after."""
    reader = make_reader()
    buy(reader, lamp)
    client.force_login(reader)
    if not is_person_first:
        assert proxy.cached(BOOK) == "MISS"
    theirs, page = proxy.get(BOOK, Cookie=_session(client))
    assert theirs.headers["X-Cache"] == "BYPASS"
    assert theirs.headers["Cache-Control"] == "private, no-cache"
    assert b"You own this" in page
    stranger, shown = proxy.get(BOOK)
    assert stranger.headers["X-Cache"] == ("MISS" if is_person_first else "HIT")
    assert b"You own this" not in shown
    assert "Set-Cookie" not in stranger.headers
    assert b"You own this" in proxy.get(BOOK, Cookie=_session(client))[1]


@pytest.mark.usefixtures("lamp")
@pytest.mark.parametrize(
    "headers",
    [
        {"Cookie": "sessionid=none"},
        {"Cookie": "__Host-sessionid=none"},
        {"Cookie": "theme=dark; csrftoken=0123456789abcdef0123456789abcdef"},
        {"Cookie": "__Host-csrftoken=0123456789abcdef0123456789abcdef"},
        {"Authorization": "Bearer none"},
    ],
)
def test_who_may_be_somebody_is_served_by_the_shop(proxy: Proxy, headers: dict[str, str]) -> None:
    proxy.get(BOOK)
    assert [proxy.cached(BOOK, **headers) for _ in range(2)] == ["BYPASS", "BYPASS"]
    assert proxy.cached(BOOK) == "HIT"


@pytest.mark.usefixtures("lamp")
@pytest.mark.parametrize("path", ["/accounts/login/", "/de-at/cart/", "/orders/find/", "/account/"])
def test_what_is_personal_is_served_by_the_shop(proxy: Proxy, path: str) -> None:
    assert [proxy.cached(path) for _ in range(2)] == ["BYPASS", "BYPASS"]


@pytest.mark.usefixtures("lamp")
@pytest.mark.parametrize("path", ["/books/no-such-book/", "/contact/"])
def test_what_is_not_public_is_never_kept(proxy: Proxy, path: str) -> None:
    assert [proxy.cached(path) for _ in range(2)] == ["MISS", "MISS"]


@pytest.mark.usefixtures("lamp")
def test_samples_are_kept(proxy: Proxy) -> None:
    assert [proxy.cached("/read/the-lamp/sample/") for _ in range(2)] == ["MISS", "HIT"]


def test_an_expired_page_is_shown_while_it_is_asked_for_and_while_nobody_answers(tmp_path: Path) -> None:
    class Shop(BaseHTTPRequestHandler):
        asked = 0

        def do_GET(self) -> None:
            type(self).asked += 1
            body = f"page {self.asked}".encode()
            self.send_response(200)
            self.send_header("Cache-Control", "public, max-age=1, stale-while-revalidate=600")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_words: object) -> None: ...

    shop = ThreadingHTTPServer(("127.0.0.1", 0), Shop)
    threading.Thread(target=shop.serve_forever, daemon=True).start()
    with started(tmp_path, shop.server_port) as proxy:
        assert [proxy.get("/")[1] for _ in range(2)] == [b"page 1", b"page 1"]
        time.sleep(2.1)
        stale, page = proxy.get("/")
        assert (stale.headers["X-Cache"], page) == ("STALE", b"page 1")
        time.sleep(0.5)
        assert (proxy.get("/")[1], Shop.asked) == (b"page 2", 2)
        shop.shutdown()
        shop.server_close()
        time.sleep(2.1)
        assert proxy.get("/")[1] == b"page 2"


@pytest.mark.usefixtures("lamp")
def test_only_the_shop_opens_private_files(proxy: Proxy, tmp_path: Path) -> None:
    for kind in ("private", "public"):
        folder = tmp_path / "var" / "files" / kind
        folder.mkdir(parents=True)
        (folder / "cover.webp").write_bytes(b"picture")
    tmp_path.chmod(0o755)
    assert proxy.get("/_protected/cover.webp")[0].status == 404
    public, body = proxy.get("/public/cover.webp")
    assert (public.status, body) == (200, b"picture")
    assert "immutable" in public.headers["Cache-Control"]


def test_large_bodies_are_taken_where_files_are_sent_alone(proxy: Proxy) -> None:
    for path, status in (("/cart/add/", 413), ("/account/profile/", 413)):
        connection = http.client.HTTPConnection("127.0.0.1", proxy.port, timeout=30)
        connection.putrequest("POST", path)
        connection.putheader("Content-Length", str(3 * 1024 * 1024))
        connection.endheaders()
        assert connection.getresponse().status == status
        connection.close()
