"""The effect of a hundred slow downloads on other visitors: the response time of another page meanwhile."""

from __future__ import annotations

import socket
import threading
import time
from contextlib import ExitStack
from pathlib import Path

from bench.shop_cases import Facts
from bench.shop_measure import HOST, Request, Visitor, p95
from bench.shop_servers import environment, manage, nginx, web

_WEB, _FRONT = 8205, 8206
_SLOW, _ROUNDS, _PATIENCE_S = 100, 60, 20
_READ_BYTES, _REST_S = 2048, 0.25  # 8 kB a second


def measured(address: str, folder: Path, facts: Facts) -> dict[str, float]:
    """Return the 95th percentile of a list's response time in milliseconds: undisturbed, and during slow downloads.

    The downloads are served in each way that is installed here.
    """
    found = {}
    for way in ("direct", "accel"):
        environ = environment(address, folder, DOWNLOAD_BACKEND=way)
        with ExitStack() as stack:
            stack.enter_context(web("config.wsgi:application", _WEB, environ))
            is_there = way == "direct" or stack.enter_context(nginx(_FRONT, _WEB, folder / "files" / "private"))
            if not is_there:
                print("downloads by nginx: not installed")
                continue
            port = _WEB if way == "direct" else _FRONT
            found[f"{way}, undisturbed"] = _others(port)
            path = manage(["-m", "bench.shop_downloads"], environ).strip()
            with _Slow(port, path, facts["session"]):
                found[way] = _others(port)
    return found


def _others(port: int) -> float:
    """Return the milliseconds of a list; a page that times out counts as the time waited."""
    times, visitor = [], Visitor(port)
    deadline = time.monotonic() + _PATIENCE_S
    while len(times) < _ROUNDS and time.monotonic() < deadline:
        try:
            times.append(visitor.ask(Request("/books/"))[0])
        except OSError:
            times.append(_PATIENCE_S * 1000)
    visitor.close()
    return p95([*times, *times[:1]])


class _Slow:
    """A hundred readers of a long file, each on a slow connection, for as long as the `with` block lasts."""

    def __init__(self, port: int, path: str, session: str) -> None:
        self._asked = (
            f"GET {path} HTTP/1.1\r\nHost: {HOST}\r\nX-Forwarded-Proto: https\r\nCookie: {session}\r\n\r\n"
        ).encode()
        self._port = port
        self._done = threading.Event()
        self._sockets: list[socket.socket] = []

    def __enter__(self) -> _Slow:
        for _ in range(_SLOW):
            line = socket.socket()
            line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 8192)  # otherwise the kernel reads ahead
            line.connect(("127.0.0.1", self._port))
            line.sendall(self._asked)
            line.setblocking(False)
            self._sockets.append(line)
        threading.Thread(target=self._read, daemon=True).start()
        time.sleep(2)
        return self

    def __exit__(self, *_: object) -> None:
        self._done.set()
        for line in self._sockets:
            line.close()

    def _read(self) -> None:
        while not self._done.wait(_REST_S):
            for line in self._sockets:
                try:
                    line.recv(_READ_BYTES)
                except OSError:
                    continue


def _link() -> str:
    """Return a fresh link to the long file; links expire after five minutes."""
    import django

    django.setup()
    from accounts.models import User
    from storefront.checkout.models import Entitlement
    from storefront.library.services import downloads

    reader = User.objects.get(email="bench@example.org")
    work = Entitlement.objects.select_related("work").get(user=reader).work
    artifact = work.editions.get().job.artifacts.get(kind="epub")
    return downloads.download_link(actor=reader, work_id=work.public_id, artifact_id=artifact.public_id)


if __name__ == "__main__":
    print(_link())
