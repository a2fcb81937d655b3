"""Visitors who come and go while something happens to the shop, and note each answer."""

from __future__ import annotations

import http.client
import ssl
import threading
import time
from collections import Counter
from types import TracebackType

_COUNT = 4
# Personal pages, so that none is answered by the proxy itself; one is a form.
_REQUESTS = (
    ("GET", "/cart/"),
    ("GET", "/accounts/login/"),
    ("GET", "/orders/find/"),
    ("POST", "/payments/webhooks/thin/"),
)


class Visitors:
    def __init__(self, domain: str) -> None:
        self.domain = domain
        self.answers: Counter[int | str] = Counter()
        self.slowest = 0.0
        self._over = threading.Event()
        self._threads = [threading.Thread(target=self._come, daemon=True) for _ in range(_COUNT)]

    def __enter__(self) -> Visitors:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()
        for thread in self._threads:
            thread.join(60)

    def go_on(self, *, seconds: float) -> None:
        self._over.wait(seconds)

    @property
    def failures(self) -> int:
        """Answers of the shop or the proxy that are errors of theirs, and no answer at all."""
        return sum(count for answer, count in self.answers.items() if isinstance(answer, str) or answer >= 500)

    def summary(self) -> str:
        asked = sum(self.answers.values())
        return f"{asked} requests, {self.failures} lost, slowest {self.slowest:.1f} s ({dict(self.answers)})"

    def _come(self) -> None:
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        while not self._over.is_set():
            for method, path in _REQUESTS:
                began = time.monotonic()
                connection = http.client.HTTPSConnection("127.0.0.1", 443, timeout=60, context=context)
                try:
                    body = b"{}" if method == "POST" else None
                    connection.request(method, path, body=body, headers={"Host": self.domain})
                    self.answers[connection.getresponse().status] += 1
                except OSError as error:
                    self.answers[type(error).__name__] += 1
                finally:
                    connection.close()
                self.slowest = max(self.slowest, time.monotonic() - began)
                self._over.wait(0.25)
