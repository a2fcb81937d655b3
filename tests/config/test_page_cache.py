from __future__ import annotations

import gzip
from io import BytesIO
from typing import Any

import pytest

from config.page_cache import PageCache

PUBLIC = {"Cache-Control": "public, max-age=60", "Content-Type": "text/html; charset=utf-8"}


class Application:
    """Answers with a number that rises; `closed` counts bodies that were closed."""

    def __init__(self, headers: dict[str, str], status: str = "200 OK") -> None:
        self.headers, self.status, self.calls, self.closed, self.longer = headers, status, 0, 0, 0

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Any:
        self.calls += 1
        body = f"page {self.calls} of {environ['PATH_INFO']}{' and more' * self.longer}".encode()
        start_response(self.status, [*self.headers.items(), ("Content-Length", str(len(body)))])
        return self.Body(self, [body])

    class Body(list):
        def __init__(self, application: Application, parts: list[bytes]) -> None:
            super().__init__(parts)
            self.application = application

        def close(self) -> None:
            self.application.closed += 1


def ask(cache: PageCache, path: str = "/books/", method: str = "GET", **headers: str) -> tuple[str, dict, bytes]:
    said: list[Any] = []
    environ = {"REQUEST_METHOD": method, "PATH_INFO": path, "QUERY_STRING": "", "wsgi.input": BytesIO(), **headers}
    body = b"".join(cache(environ, lambda status, sent, exc_info=None: said.append((status, dict(sent)))))
    return said[-1][0], said[-1][1], body


def test_a_public_page_is_made_once() -> None:
    application = Application(PUBLIC)
    cache = PageCache(application, seconds=60)
    assert [ask(cache)[2] for _ in range(3)] == [b"page 1 of /books/"] * 3
    assert (application.calls, application.closed) == (1, 1)


def test_is_made_anew_after_its_moment() -> None:
    cache = PageCache(Application(PUBLIC), seconds=-1)
    assert [ask(cache)[2] for _ in range(2)] == [b"page 1 of /books/", b"page 2 of /books/"]


@pytest.mark.parametrize(
    "headers",
    [
        {**PUBLIC, "Cache-Control": "private, no-store"},
        {**PUBLIC, "Set-Cookie": "sessionid=1"},
        {**PUBLIC, "Vary": "HX-Request"},
        {**PUBLIC, "Content-Type": "application/epub+zip"},
        {**PUBLIC, "Content-Type": "text/css"},
        {**PUBLIC, "Content-Encoding": "br"},
    ],
)
def test_keeps_nothing_that_may_differ(headers: dict[str, str]) -> None:
    application = Application(headers)
    cache = PageCache(application, seconds=60)
    for _ in range(2):
        ask(cache)
    assert application.calls == 2


@pytest.mark.parametrize("status", ["404 Not Found", "304 Not Modified", "500 Internal Server Error"])
def test_keeps_no_other_status(status: str) -> None:
    application = Application(PUBLIC, status)
    cache = PageCache(application, seconds=60)
    assert [ask(cache)[0] for _ in range(2)] == [status, status]
    assert application.calls == 2


@pytest.mark.parametrize(
    "asked",
    [
        {"HTTP_COOKIE": "sessionid=1"},
        {"HTTP_AUTHORIZATION": "Bearer 1"},
        {"HTTP_RANGE": "bytes=0-1"},
        {"method": "HEAD"},
        {"method": "POST"},
        {"HTTP_HOST": "other.example"},
        {"path": "/books/?sort=rating"},
        {"QUERY_STRING": "sort=rating"},
        {"HTTP_X_FORWARDED_PROTO": "http"},
    ],
)
def test_others_are_not_shown_a_kept_page(asked: dict[str, str]) -> None:
    application = Application(PUBLIC)
    cache = PageCache(application, seconds=60)
    ask(cache)
    ask(cache, **asked)
    assert application.calls == 2


def test_what_a_person_is_shown_is_not_kept_for_others() -> None:
    application = Application(PUBLIC)
    cache = PageCache(application, seconds=60)
    ask(cache, HTTP_COOKIE="sessionid=1")
    assert ask(cache)[2] == b"page 2 of /books/"


def test_a_visitor_who_has_the_page_is_told_so() -> None:
    cache = PageCache(Application({**PUBLIC, "ETag": 'W/"7"'}), seconds=60)
    ask(cache)
    status, headers, body = ask(cache, HTTP_IF_NONE_MATCH='W/"7"')
    assert (status, headers["ETag"], body) == ("304 Not Modified", 'W/"7"', b"")
    assert "Content-Length" not in headers
    assert ask(cache, HTTP_IF_NONE_MATCH='W/"6"')[0] == "200 OK"


def test_the_oldest_make_room() -> None:
    application = Application(PUBLIC)
    cache = PageCache(application, seconds=60, most_bytes=30)
    for path in ("/a/", "/b/", "/c/", "/c/", "/b/", "/a/"):
        ask(cache, path)
    assert application.calls == 4  # c and b were there; a had gone


class TestCompresses:
    @pytest.fixture
    def application(self) -> Application:
        made = Application({**PUBLIC, "ETag": 'W/"7"'})
        made.longer = 400
        return made

    @pytest.mark.parametrize("seconds", [0, 60])
    @pytest.mark.parametrize("kind", ["text/html; charset=utf-8", "text/css"])
    def test_what_is_the_same_for_all(self, application: Application, seconds: int, kind: str) -> None:
        application.headers["Content-Type"] = kind
        cache = PageCache(application, seconds=seconds)
        for _ in range(2):
            _status, headers, body = ask(cache, HTTP_ACCEPT_ENCODING="br, gzip, deflate")
            assert (headers["Content-Encoding"], headers["Vary"]) == ("gzip", "Accept-Encoding")
            assert int(headers["Content-Length"]) == len(body) < 200
            assert gzip.decompress(body).startswith(b"page ")

    def test_for_nobody_who_does_not_ask(self, application: Application) -> None:
        cache = PageCache(application, seconds=60)
        assert ask(cache, HTTP_ACCEPT_ENCODING="gzip")[1]["Content-Encoding"] == "gzip"
        _status, headers, body = ask(cache)
        assert "Content-Encoding" not in headers
        assert headers["Vary"] == "Accept-Encoding"
        assert body.startswith(b"page 2 of /books/")

    def test_for_people_with_cookies_too_and_keeps_nothing(self, application: Application) -> None:
        cache = PageCache(application, seconds=60)
        for number in (1, 2):
            body = ask(cache, HTTP_ACCEPT_ENCODING="gzip", HTTP_COOKIE="sessionid=1")[2]
            assert gzip.decompress(body).startswith(b"page %d " % number)

    @pytest.mark.parametrize(
        "headers",
        [
            {"Cache-Control": "private, no-store"},
            {"Set-Cookie": "csrftoken=1"},
            {"Content-Encoding": "br"},
            {"Content-Type": "application/epub+zip"},
        ],
    )
    def test_nothing_that_may_hold_a_secret(self, application: Application, headers: dict[str, str]) -> None:
        application.headers.update(headers)
        _status, sent, body = ask(PageCache(application, seconds=60), HTTP_ACCEPT_ENCODING="gzip")
        assert sent.get("Content-Encoding", "br") == "br"
        assert body.startswith(b"page 1 of")

    def test_nothing_short(self, application: Application) -> None:
        application.longer = 0
        assert "Content-Encoding" not in ask(PageCache(application, seconds=60), HTTP_ACCEPT_ENCODING="gzip")[1]

    @pytest.mark.parametrize("headers", [{}, {"HTTP_COOKIE": "sessionid=1"}])
    def test_who_has_it_is_told_by_the_application_too_that_there_are_two(self, headers: dict[str, str]) -> None:
        """RFC 9110, 15.4.5: what a 304 leaves out, a cache in between keeps as it was or forgets."""
        application = Application({"Cache-Control": PUBLIC["Cache-Control"], "ETag": 'W/"7"'}, "304 Not Modified")
        status, sent, _body = ask(PageCache(application, seconds=60), HTTP_IF_NONE_MATCH='W/"7"', **headers)
        assert (status, sent["Vary"], sent["ETag"]) == ("304 Not Modified", "Accept-Encoding", 'W/"7"')

    def test_a_304_of_one_persons_page_stays_as_it_is(self) -> None:
        application = Application({"Cache-Control": "private", "Vary": "Cookie"}, "304 Not Modified")
        assert ask(PageCache(application, seconds=60))[1].get("Vary") == "Cookie"

    def test_that_it_varies_on_cookies_is_handed_on(self, application: Application) -> None:
        """Whoever sends one is passed on: the others share the page, and a browser that has one by now asks anew."""
        application.headers.update({"Vary": "Cookie"})
        cache = PageCache(application, seconds=60)
        told = [ask(cache, HTTP_ACCEPT_ENCODING="gzip") for _ in range(2)]
        assert told[0][2] == told[1][2]
        assert {headers["Vary"] for _status, headers, _body in told} == {"Accept-Encoding, Cookie"}
        assert ask(cache, HTTP_COOKIE="sessionid=1")[2] != told[0][2]

    def test_who_has_it_is_told_so_without_a_body_s_headers(self, application: Application) -> None:
        cache = PageCache(application, seconds=60)
        ask(cache, HTTP_ACCEPT_ENCODING="gzip")
        status, headers, body = ask(cache, HTTP_ACCEPT_ENCODING="gzip", HTTP_IF_NONE_MATCH='W/"7"')
        assert (status, body) == ("304 Not Modified", b"")
        assert "Content-Encoding" not in headers
        assert headers["Vary"] == "Accept-Encoding"


def test_what_says_the_same_is_compressed_once(monkeypatch: pytest.MonkeyPatch) -> None:
    application = Application(PUBLIC)
    application.longer = 500
    cache, made = PageCache(application, seconds=0), []
    compress = gzip.compress
    monkeypatch.setattr(
        gzip, "compress", lambda body, *args, **kwargs: made.append(body) or compress(body, *args, **kwargs)
    )
    for expected in (1, 1, 2):
        application.calls = expected - 1
        body = ask(cache, HTTP_ACCEPT_ENCODING="gzip")[2]
        assert gzip.decompress(body).startswith(f"page {expected} of /books/".encode())
    assert len(made) == 2


def test_what_is_compressed_already_is_kept_as_it_is() -> None:
    application = Application({**PUBLIC, "Content-Encoding": "gzip", "Vary": "Accept-Encoding"})
    application.longer = 500
    cache = PageCache(application, seconds=60)
    for _ in range(2):
        _status, headers, body = ask(cache, HTTP_ACCEPT_ENCODING="gzip")
        assert body.startswith(b"page 1")
        assert (headers["Content-Encoding"], headers["Vary"]) == ("gzip", "Accept-Encoding")
        assert headers["Content-Length"] == str(len(body))
    assert application.calls == 1
