"""People who buy books over HTTP while the shop is broken under them, and what they saw."""

from __future__ import annotations

import http.client
import itertools
import re
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from html import unescape
from typing import TYPE_CHECKING
from urllib.parse import urlencode, urlsplit

from bench.faults.shop import Failed

if TYPE_CHECKING:
    from accounts.models import User
    from publishing.models import Edition

CHECKOUT_FIELD = re.compile(r'name="(digest|csrfmiddlewaretoken|shown_country)" value="([^"]*)"')
_REQUEST_TIMEOUT_S = 90
_networks = itertools.count(2)


@dataclass(frozen=True)
class Answer:
    """What a request was answered; status 0 if the connection broke."""

    status: int
    text: str = ""
    location: str = ""
    retry_after: str = ""
    seconds: float = 0.0


@dataclass
class Visitor:
    """A browser with one cookie jar, at an address of its own: nginx counts requests by address."""

    port: int
    cookies: dict[str, str] = field(default_factory=dict)
    address: str = field(default_factory=lambda: f"127.0.0.{next(_networks) % 250 + 2}")

    def ask(self, path: str, fields: dict[str, str] | None = None) -> Answer:
        """Get the page, or send it a form."""
        headers = {"Host": "localhost", "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if fields is not None:
            headers |= {"Content-Type": "application/x-www-form-urlencoded", "Origin": "http://localhost"}
            headers |= {"Sec-Fetch-Site": "same-origin", "Referer": f"http://localhost{path}"}
        body = urlencode(fields) if fields is not None else None
        began = time.monotonic()
        line = http.client.HTTPConnection(
            "127.0.0.1", self.port, timeout=_REQUEST_TIMEOUT_S, source_address=(self.address, 0)
        )
        try:
            line.request("GET" if fields is None else "POST", path, body, headers)
            response = line.getresponse()
            text = response.read().decode("utf-8", "replace")
        except (OSError, http.client.HTTPException):
            return Answer(0, seconds=time.monotonic() - began)
        finally:
            line.close()
        for cookie in response.headers.get_all("Set-Cookie") or []:
            name, _equals, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value
        told = response.headers.get
        taken = time.monotonic() - began
        return Answer(response.status, text, told("Location", ""), told("Retry-After", ""), taken)


@dataclass
class Sales:
    """What buyers were told: orders, refusals by status, how long a purchase took."""

    orders: list[str] = field(default_factory=list)
    refused: Counter[int] = field(default_factory=Counter)
    without_retry_after: int = 0
    seconds: list[float] = field(default_factory=list)
    slowest_request: tuple[float, str] = (0.0, "")
    lock: threading.Lock = field(default_factory=threading.Lock)


def logged_in(person: User, port: int) -> Visitor:
    """Return a browser in which the person is logged in."""
    from django.conf import settings
    from django.test import Client

    client = Client()
    client.force_login(person)
    name = settings.SESSION_COOKIE_NAME
    return Visitor(port, {name: client.cookies[name].value})


class Buyer:
    """Somebody who is logged in and has bought nothing yet."""

    def __init__(self, port: int) -> None:
        from tests.factories.accounts import make_reader

        self.visitor = logged_in(make_reader(), port)

    def buy(self, book: Edition, sales: Sales) -> str:
        """Buy a book from the cart to the order's page, each step once again where it was refused. Return the order."""
        began = time.monotonic()
        self._go(sales, "/cart/add/", {"edition": str(book.public_id)})
        page = self._go(sales, "/checkout/?country=US")
        form = {name: unescape(value) for name, value in CHECKOUT_FIELD.findall(page.text)}
        paying = self._go(sales, "/checkout/", form | {"country": "US", "consent": "on"})
        path = urlsplit(paying.location).path
        token = dict(CHECKOUT_FIELD.findall(self._go(sales, path).text)).get("csrfmiddlewaretoken", "")
        paid = self._go(sales, path, {"card": "us", "country": "US", "csrfmiddlewaretoken": token})
        order = re.search(r"ord_\w+", paid.location)
        if order is None:
            raise Failed(f"no order after {path}: {paid.status} {paid.location}")
        self._go(sales, urlsplit(paid.location).path + "?" + urlsplit(paid.location).query)
        with sales.lock:
            sales.orders.append(order[0])
            sales.seconds.append(time.monotonic() - began)
        return order[0]

    def _go(self, sales: Sales, path: str, fields: dict[str, str] | None = None) -> Answer:
        deadline = time.monotonic() + 120
        while True:
            answer = self.visitor.ask(path, fields)
            with sales.lock:
                sales.slowest_request = max(sales.slowest_request, (answer.seconds, path))
                if answer.status == 0 or answer.status >= 429:
                    sales.refused[answer.status] += 1
                    sales.without_retry_after += answer.status == 503 and not answer.retry_after
            if 200 <= answer.status < 400:
                return answer
            if (answer.status and answer.status < 429) or time.monotonic() > deadline:
                raise Failed(f"{path} answered {answer.status}: {answer.text[:300]}")
            time.sleep(0.5)


class Crowd:
    """Buyers who buy without pause inside a `with` block, as many at once as said."""

    def __init__(self, port: int, book: Edition, *, at_once: int = 2, of: int = 60) -> None:
        self.sales, self.failures = Sales(), list[str]()
        self._book, self._buyers = book, iter([Buyer(port) for _ in range(of)])
        self._ended, self._lock = threading.Event(), threading.Lock()
        self._threads = [threading.Thread(target=self._buy_on) for _ in range(at_once)]

    def __enter__(self) -> Sales:
        for thread in self._threads:
            thread.start()
        return self.sales

    def __exit__(self, *_error: object) -> None:
        self._ended.set()
        for thread in self._threads:
            thread.join()
        if self.failures:
            raise Failed("; ".join(self.failures))

    def _buy_on(self) -> None:
        while not self._ended.is_set():
            with self._lock:
                buyer = next(self._buyers, None)
            if buyer is None:
                return
            try:
                buyer.buy(self._book, self.sales)
            except Failed as error:
                self.failures.append(str(error))
                return
