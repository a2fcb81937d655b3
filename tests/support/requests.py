"""What a live server is still doing."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.signals import request_finished, request_started

_ARRIVING_S = 0.05  # what a page sends when it is left is on its way for a moment
_PATIENCE_S = 10.0


class Requests:
    """Counts requests that have begun and not ended."""

    def __init__(self) -> None:
        self._open = 0
        self._lock = threading.Lock()

    def begin(self, **_told: Any) -> None:
        with self._lock:
            self._open += 1

    def end(self, **_told: Any) -> None:
        with self._lock:
            self._open -= 1

    def wait(self) -> None:
        """Wait until all are answered."""
        time.sleep(_ARRIVING_S)
        deadline = time.monotonic() + _PATIENCE_S
        while self._open > 0 and time.monotonic() < deadline:
            time.sleep(_ARRIVING_S)


@contextmanager
def requests_counted() -> Iterator[Requests]:
    found = Requests()
    request_started.connect(found.begin)
    request_finished.connect(found.end)
    try:
        yield found
    finally:
        request_started.disconnect(found.begin)
        request_finished.disconnect(found.end)
