"""The nginx of `deploy/nginx.conf` while the shop behind it is broken, gone, restarting or overloaded."""

from __future__ import annotations

import http.client
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.deploy.test_nginx import NGINX, Proxy, _free_port, started

pytestmark = pytest.mark.skipif(NGINX is None, reason="needs nginx (apt-get install nginx-light)")
BUSY = b"Back in a moment"


class Shop(BaseHTTPRequestHandler):
    """Answers with its name; on request 503 as without a database, or only once it is allowed to."""

    name = b"shop"
    is_broken = False
    is_slow = False
    allowed = threading.Event()
    entered = threading.Semaphore(0)

    def do_GET(self) -> None:
        if self.is_slow:
            self.entered.release()
            self.allowed.wait(30)
        if self.is_broken:
            self._answer(503, b"no database", Retry_After="10")
        else:
            self._answer(200, self.name, Cache_Control="public, max-age=1, stale-while-revalidate=600")

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"] or 0))
        self._answer(200, self.name)

    def _answer(self, status: int, body: bytes, **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_words: object) -> None: ...


@contextmanager
def serving(handler: type[BaseHTTPRequestHandler]) -> Iterator[ThreadingHTTPServer]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join(10)


def shop(**state: object) -> type[Shop]:
    """A kind of shop with a state of its own."""
    own = {"allowed": threading.Event(), "entered": threading.Semaphore(0)}
    return type("OneShop", (Shop,), {**own, **state})


def test_public_pages_stay_while_the_database_is_away(tmp_path: Path) -> None:
    broken = shop()
    with serving(broken) as server, started(tmp_path, server.server_port) as proxy:
        assert proxy.get("/books/")[1] == b"shop"
        broken.is_broken = True
        while proxy.cached("/books/") == "HIT":
            time.sleep(0.05)
        for _ in range(3):
            kept, page = proxy.get("/books/")
            assert (kept.status, page) == (200, b"shop")
            assert kept.headers["X-Cache"] in {"STALE", "UPDATING"}


def test_who_is_logged_in_hears_that_the_database_is_away(tmp_path: Path) -> None:
    broken = shop()
    with serving(broken) as server, started(tmp_path, server.server_port) as proxy:
        proxy.get("/books/")
        broken.is_broken = True
        response, page = proxy.get("/books/", Cookie="__Host-sessionid=somebody")
        assert (response.status, page, response.headers["Retry-After"]) == (503, b"no database", "10")


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_shop_that_is_gone_is_said_with_when_to_try_again(tmp_path: Path, method: str) -> None:
    with started(tmp_path, _free_port()) as proxy:
        response, page = proxy.get("/cart/", method=method)
    assert (response.status, response.headers["Retry-After"]) == (503, "5")
    assert BUSY in page
    assert response.headers["Cache-Control"] == "no-store"


def test_an_upload_to_a_shop_that_is_gone_hears_the_same(tmp_path: Path) -> None:
    """And not that it is too large: the page that says so takes no large bodies."""
    with started(tmp_path, _free_port()) as proxy:
        line = http.client.HTTPConnection("127.0.0.1", proxy.port, timeout=30)
        line.request("POST", "/desk/works/new/", bytes(3_000_000), {"Host": "localhost"})
        response = line.getresponse()
        assert (response.status, response.headers["Retry-After"]) == (503, "5")
        assert BUSY in response.read()
        line.close()


def test_the_busy_page_itself_is_no_address(tmp_path: Path) -> None:
    with serving(shop()) as server, started(tmp_path, server.server_port) as proxy:
        assert BUSY not in proxy.get("/busy.html")[1]


def test_no_request_is_lost_while_one_web_process_is_gone(tmp_path: Path) -> None:
    """As while one of both restarts: also for forms, which must not be sent twice."""
    with serving(shop()) as server, started(tmp_path, server.server_port, beside=_free_port()) as proxy:
        answers = [proxy.get("/cart/", method=method)[0].status for method in ("GET", "POST") * 20]
    assert answers == [200] * 40


class Dying(BaseHTTPRequestHandler):
    """A web process that is killed with the request in its hand: it was read, perhaps done, and never answered."""

    taken: list[str]

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"] or 0))
        self.taken.append(self.path)
        self.close_connection = True

    def log_message(self, *_words: object) -> None: ...


@pytest.fixture
def answers(tmp_path: Path) -> Iterator[Callable[[str], list[int]]]:
    """Send a form ten times to a shop of which one process dies each time; what was answered."""
    dying = type("OneDying", (Dying,), {"taken": []})
    with (
        serving(dying) as first,
        serving(shop()) as second,
        started(tmp_path, first.server_port, beside=second.server_port) as proxy,
    ):

        def send(path: str) -> list[int]:
            found = [proxy.get(path, method="POST")[0].status for _ in range(10)]
            assert dying.taken
            return found

        yield send


@pytest.mark.parametrize("path", ["/cart/add/", "/checkout/", "/de-at/checkout/", "/payments/sandbox/pay/cs_1/"])
def test_who_pays_loses_nothing_with_a_killed_process(answers: Callable[[str], list[int]], path: str) -> None:
    """Sent twice, these do one thing: TestDoubleClickBuy, TestFirstOrder, test_two_clicks_on_the_page_pay_once."""
    assert set(answers(path)) == {200}


@pytest.mark.parametrize("path", ["/accounts/login/", "/checkouts/", "/desk/works/new/", "/payments/webhooks/thin/"])
def test_other_forms_are_not_sent_twice(answers: Callable[[str], list[int]], path: str) -> None:
    assert set(answers(path)) == {200, 503}


@contextmanager
def busy(folder: Path, visitors: Sequence[str]) -> Iterator[tuple[Proxy, type[Shop]]]:
    """A shop that takes as many requests as there are visitors, and has them all. They are answered at the end."""
    slow = shop()
    with serving(slow) as server, started(folder, server.server_port, at_once=len(visitors)) as proxy:
        cached = proxy.get("/books/")[1]
        slow.is_slow = True
        answers: list[int] = []
        waiting = [
            threading.Thread(target=lambda path=path: answers.append(proxy.get(path)[0].status)) for path in visitors
        ]
        for visitor in waiting:
            visitor.start()
        try:
            for _ in waiting:
                assert slow.entered.acquire(timeout=30)
            yield proxy, slow
            assert (cached, answers) == (b"shop", [])
        finally:
            slow.allowed.set()
            for visitor in waiting:
                visitor.join(30)
        assert answers == [200] * len(waiting)


PAGES = ("/page/1/", "/page/2/", "/page/3/")


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_what_is_too_much_at_once_is_turned_away_at_once(tmp_path: Path, method: str) -> None:
    with busy(tmp_path, PAGES) as (proxy, _shop):
        refused, page = proxy.get("/one-too-many/", method=method)
        assert (refused.status, refused.headers["Retry-After"], BUSY in page) == (503, "5", True)


def test_a_busy_shop_still_shows_what_is_cached(tmp_path: Path) -> None:
    with busy(tmp_path, PAGES) as (proxy, _shop):
        while (kept := proxy.get("/books/"))[0].headers["X-Cache"] == "HIT":
            time.sleep(0.05)
        assert (kept[0].status, kept[1]) == (200, b"shop")


@pytest.mark.parametrize(
    "path", ["/healthz", "/payments/webhooks/platform/", "/desk/works/new/", "/de-at/desk/works/wrk_1/manuscript/"]
)
def test_a_busy_shop_takes_uploads_payments_and_probes(tmp_path: Path, path: str) -> None:
    """An upload is not turned away after nginx has taken all of it."""
    with busy(tmp_path, PAGES) as (proxy, taking):
        taking.is_slow = False
        response, page = proxy.get(path, method="POST")
        assert (response.status, page) == (200, b"shop")


@pytest.mark.parametrize("path", ["/accounts/login/", "/de-at/cart/", "/orders/find/"])
def test_nobody_waits_for_the_personal_page_of_somebody_else(tmp_path: Path, path: str) -> None:
    with busy(tmp_path, [path] * 3):
        pass  # all three are in the shop at once


def test_many_who_ask_for_the_same_new_page_ask_once(tmp_path: Path) -> None:
    slow = shop(is_slow=True)
    with serving(slow) as server, started(tmp_path, server.server_port) as proxy:
        first = threading.Thread(target=proxy.get, args=("/books/new/",))
        first.start()
        assert slow.entered.acquire(timeout=30)
        second = threading.Thread(target=proxy.get, args=("/books/new/",))
        second.start()
        assert not slow.entered.acquire(timeout=0.5)
        slow.allowed.set()
        for visitor in (first, second):
            visitor.join(30)
        assert proxy.cached("/books/new/") != "MISS"


def test_one_visitor_who_asks_too_much_gets_429(tmp_path: Path) -> None:
    with serving(shop()) as server, started(tmp_path, server.server_port) as proxy:
        found = {proxy.get(f"/page/{n}/")[0].status for n in range(200)}
        assert found == {200, 429}


def test_a_rush_of_sales_is_no_attack_of_the_provider(tmp_path: Path) -> None:
    with serving(shop()) as server, started(tmp_path, server.server_port) as proxy:
        found = {proxy.get("/payments/webhooks/platform/", method="POST")[0].status for _ in range(200)}
        assert found == {200}
