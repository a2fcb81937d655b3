"""Public pages kept for a moment in the web process, in front of Django: under load each is made once a second.

A page that says `Cache-Control: public` varies on nobody (storefront/views/public.py), so whoever asks within the
moment gets the same bytes. Whoever sends a cookie is passed on to Django: people who are signed in see what they
changed at once. Everybody else sees a change of the catalogue at most that moment later.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from threading import Lock
from typing import Any

type Environ = dict[str, Any]
type Headers = list[tuple[str, str]]
type StartResponse = Callable[..., Any]
type Application = Callable[[Environ, StartResponse], Iterable[bytes]]

_MOST_BYTES = 8 * 1024 * 1024  # of each process
_LARGEST_PAGE_BYTES = 256 * 1024
# What tells one page from another; the language is part of the address.
_KEY = ("HTTP_HOST", "HTTP_X_FORWARDED_PROTO", "PATH_INFO", "QUERY_STRING")
_PERSONAL = ("HTTP_COOKIE", "HTTP_AUTHORIZATION", "HTTP_RANGE")


@dataclass(frozen=True, slots=True)
class _Page:
    headers: Headers
    etag: str
    body: bytes
    until: float  # time.monotonic()


class PageCache:
    """Wraps a WSGI application."""

    def __init__(self, application: Application, *, seconds: float, most_bytes: int = _MOST_BYTES) -> None:
        self._application = application
        self._seconds = seconds
        self._most_bytes = most_bytes
        self._pages: OrderedDict[tuple[str, ...], _Page] = OrderedDict()
        self._bytes = 0
        self._lock = Lock()

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        if environ["REQUEST_METHOD"] != "GET" or any(environ.get(name) for name in _PERSONAL):
            return self._application(environ, start_response)
        key = tuple([environ.get(name, "") for name in _KEY])
        page = self._pages.get(key)
        if page is None or page.until < time.monotonic():
            return self._made(key, environ, start_response)
        if page.etag and environ.get("HTTP_IF_NONE_MATCH") == page.etag:
            start_response("304 Not Modified", [pair for pair in page.headers if pair[0] != "Content-Length"])
            return [b""]
        start_response("200 OK", page.headers)
        return [page.body]

    def _made(self, key: tuple[str, ...], environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        answers: list[tuple[str, Headers]] = []

        def started(status: str, headers: Headers, exc_info: Any = None) -> None:
            answers.append((status, headers))
            start_response(status, headers, *([exc_info] if exc_info else []))

        result = self._application(environ, started)
        if not answers or not _is_to_keep(*answers[-1]):
            return result
        try:
            body = b"".join(result)
        finally:
            if hasattr(result, "close"):
                result.close()
        headers = answers[-1][1]
        etag = next((value for name, value in headers if name == "ETag"), "")
        self._keep(key, _Page(headers, etag, body, time.monotonic() + self._seconds))
        return [body]

    def _keep(self, key: tuple[str, ...], page: _Page) -> None:
        with self._lock:
            before = self._pages.pop(key, None)
            self._bytes += len(page.body) - (len(before.body) if before else 0)
            self._pages[key] = page
            while self._bytes > self._most_bytes:
                self._bytes -= len(self._pages.popitem(last=False)[1].body)


def _is_to_keep(status: str, headers: Sequence[tuple[str, str]]) -> bool:
    """Whether the answer is a whole page that is the same for everybody."""
    values = {name.lower(): value for name, value in headers}
    length = values.get("content-length", "")
    return (
        status.startswith("200")
        and "public" in values.get("cache-control", "")
        and "set-cookie" not in values
        and not values.get("vary")
        and values.get("content-type", "").startswith("text/html")
        and length.isdecimal()
        and int(length) <= _LARGEST_PAGE_BYTES
    )
