"""A line to a server that can be cut and mended: to a browser, a server that is gone and comes back."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

_CHUNK = 65536


class Line:
    """Passes bytes between who connects to `port` and the server. Cut, it refuses everybody, and ends who is on it."""

    def __init__(self, server: tuple[str, int]) -> None:
        self._server = server
        self._ends: set[socket.socket] = set()
        self._door: socket.socket | None = None
        self.port = 0
        self.mend()

    def mend(self) -> None:
        self._door = socket.create_server(("127.0.0.1", self.port))
        self.port = self._door.getsockname()[1]
        threading.Thread(target=self._answer, args=[self._door], daemon=True).start()

    def cut(self) -> None:
        if self._door is not None:
            _close(self._door)
            self._door = None
        for end in list(self._ends):
            _close(end)

    def _answer(self, door: socket.socket) -> None:
        while True:
            try:
                near, _ = door.accept()
            except OSError:
                return
            try:
                far = socket.create_connection(self._server)
            except OSError:
                _close(near)
                continue
            self._ends |= {near, far}
            threading.Thread(target=self._pass, args=[near, far], daemon=True).start()
            threading.Thread(target=self._pass, args=[far, near], daemon=True).start()

    def _pass(self, source: socket.socket, target: socket.socket) -> None:
        with suppress(OSError):
            while data := source.recv(_CHUNK):
                target.sendall(data)
        for end in (source, target):
            _close(end)
            self._ends.discard(end)


@contextmanager
def line_to(host: str, port: int) -> Iterator[Line]:
    line = Line((host, port))
    yield line
    line.cut()


def _close(end: socket.socket) -> None:
    with suppress(OSError):
        end.shutdown(socket.SHUT_RDWR)
    end.close()
