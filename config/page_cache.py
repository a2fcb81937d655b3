"""Public pages on their way out: kept for a moment in the web process, in front of Django, and compressed.

A page that says `Cache-Control: public` varies on nobody (storefront/views/public.py), so whoever asks within the
moment gets the same bytes: under load each is made once a second. Whoever sends a cookie is passed on to Django: who is
signed in sees what they changed at once. Everybody else sees a change of the catalogue at most that moment later.

Only such pages are compressed. Nothing secret stands in them, so their length tells nobody anything (BREACH needs a
secret beside what an attacker chose); pages for one person leave as they are, with their tokens.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

from common.compression import packed, takes_gzip
from common.recent import Recent
from common.shared_recent import KEY_BYTES, SharedRecent

type Environ = dict[str, Any]
type Headers = list[tuple[str, str]]
type StartResponse = Callable[..., Any]
type Application = Callable[[Environ, StartResponse], Iterable[bytes]]
type _Key = tuple[str, str, str, str, bool]

_MOST_BYTES = 2 * 1024 * 1024  # of each process
_MOST_COMPRESSED_BYTES = 512 * 1024  # of others than those that views keep
_LARGEST_PAGE_BYTES = 256 * 1024
_LEAST_TO_COMPRESS = 1024  # less fits into the first packet anyway
_VARY = "Accept-Encoding"
# Whoever sends a cookie is passed on, so a page that varies on them is the same for all who are served from here.
_VARIES = {_VARY, "Cookie", f"{_VARY}, Cookie"}
_TEXTS = ("text/html", "text/css", "text/javascript", "application/javascript", "image/svg+xml")
_OF_THE_BODY = {"Content-Length", "Content-Encoding"}


@dataclass(frozen=True, slots=True)
class _Page:
    headers: Headers
    etag: str
    body: bytes
    until: float  # time.monotonic()


class PageCache:
    """Wraps a WSGI application. With 0 seconds no page is kept, only how what it says is compressed."""

    def __init__(self, application: Application, *, seconds: float, most_bytes: int = _MOST_BYTES) -> None:
        self._application = application
        self._seconds = seconds
        self._pages: Recent[_Key, _Page] = Recent(most=most_bytes, size=lambda page: len(page.body))
        self._compressed = SharedRecent(most=_MOST_COMPRESSED_BYTES)

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        get = environ.get
        if environ["REQUEST_METHOD"] != "GET" or get("HTTP_RANGE"):
            return self._application(environ, start_response)
        gzips = takes_gzip(get("HTTP_ACCEPT_ENCODING", ""))
        if get("HTTP_COOKIE") or get("HTTP_AUTHORIZATION"):
            return self._made(None, environ, start_response, gzips=gzips)
        # What tells one page from another; the language is part of the address.
        host, scheme = get("HTTP_HOST", ""), get("HTTP_X_FORWARDED_PROTO", "")
        key = (host, scheme, environ["PATH_INFO"], get("QUERY_STRING", ""), gzips)
        page = self._pages.get(key)
        if page is None or page.until < time.monotonic():
            return self._made(key, environ, start_response, gzips=gzips)
        if page.etag and get("HTTP_IF_NONE_MATCH") == page.etag:
            start_response("304 Not Modified", [pair for pair in page.headers if pair[0] not in _OF_THE_BODY])
            return [b""]
        start_response("200 OK", page.headers)
        return [page.body]

    def _made(
        self, key: _Key | None, environ: Environ, start_response: StartResponse, *, gzips: bool
    ) -> Iterable[bytes]:
        """The application's answer, changed and kept where it may be; without a key it is not kept."""
        answers: list[tuple[str, Headers, Any]] = []

        def started(status: str, headers: Headers, exc_info: Any = None) -> None:
            answers.append((status, headers, exc_info))

        result = self._application(environ, started)
        status, headers, exc_info = answers[-1]
        values = {name.lower(): value for name, value in headers}
        if exc_info is None and status.startswith("304") and _may_be_told_of_two(values):
            headers = [*headers, ("Vary", f"{_VARY}, Cookie" if "vary" in values else _VARY)]
        if exc_info is not None or not _is_for_all(status, values):
            start_response(status, headers, *([exc_info] if exc_info else []))
            return result
        try:
            body = b"".join(result)
        finally:
            if hasattr(result, "close"):
                result.close()
        headers, body = self._on_the_way(headers, body, gzips=gzips)
        if key is not None and self._seconds and values["content-type"].startswith("text/html"):
            self._pages.put(key, _Page(headers, values.get("etag", ""), body, time.monotonic() + self._seconds))
        start_response(status, headers)
        return [body]

    def _on_the_way(self, headers: Headers, body: bytes, *, gzips: bool) -> tuple[Headers, bytes]:
        """The answer for those who take gzip, or who do not: caches in between are told that there are two."""
        told = [pair for pair in headers if pair[0].lower() not in {"content-length", "vary"}]
        told.append(("Vary", f"{_VARY}, Cookie" if _varies_on(headers, "cookie") else _VARY))
        is_packed = any(name.lower() == "content-encoding" for name, _ in headers)
        if gzips and not is_packed and len(body) >= _LEAST_TO_COMPRESS:
            body = self._gzipped(body)
            told.append(("Content-Encoding", "gzip"))
        return [*told, ("Content-Length", str(len(body)))], body

    def _gzipped(self, body: bytes) -> bytes:
        """Most pages say what they said last time, and to compress one takes longer than to read what it is made of."""
        digest = blake2b(body, digest_size=KEY_BYTES).digest()
        found = self._compressed.get(digest)
        if found is None:
            found = packed(body)
            self._compressed.put(digest, found)
        return found


def _varies_on(headers: Headers, name: str) -> bool:
    return any(key.lower() == "vary" and name in value.lower() for key, value in headers)


def _may_be_told_of_two(values: Mapping[str, str]) -> bool:
    """Whether the whole answer may have come compressed or not. A 304 has no type: of one that never is compressed this
    is said in vain, and does no harm."""
    return "public" in values.get("cache-control", "") and values.get("vary", "Cookie") == "Cookie"


def _is_for_all(status: str, values: Mapping[str, str]) -> bool:
    """Whether the answer is a whole text that is the same for everybody, compressed by nobody or as we do."""
    length = values.get("content-length", "")
    return (
        status.startswith("200")
        and "public" in values.get("cache-control", "")
        and "set-cookie" not in values
        and values.get("content-encoding", "gzip") == "gzip"
        and values.get("vary", _VARY) in _VARIES
        and values.get("content-type", "").startswith(_TEXTS)
        and length.isdecimal()
        and int(length) <= _LARGEST_PAGE_BYTES
    )
