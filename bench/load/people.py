"""People in a shop: what they click, and what they were answered."""

from __future__ import annotations

import asyncio
import itertools
import json
import random
import re
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from html import unescape
from urllib.parse import quote_plus, urlsplit

from bench.faults.buyers import CHECKOUT_FIELD
from bench.load.connection import Answer, Connection

THINKS_S = (0.2, 1.0)
_MAX_TRIES = 20
_BY_PROXY = ("HIT", "STALE", "UPDATING", "REVALIDATED")
_FILE = re.compile(r'href="(/library/[^"]+)"')
_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]*)"')
_SETTINGS = re.compile(r'<script id="reader-settings"[^>]*>(.*?)</script>', re.DOTALL)


class GivenUp(Exception):
    """Somebody was refused so often, or so wrongly, that they went to do something else."""


@dataclass(frozen=True)
class Offers:
    """What there is in the shop: slugs with the ids of their editions, and words to search for."""

    books: list[tuple[str, str]]
    words: list[str]
    lists: list[str]


@dataclass
class Figures:
    """What was answered, by kind of click. Seconds are those of answers that were served."""

    seconds: dict[str, list[float]] = field(default_factory=dict)
    shed: Counter[str] = field(default_factory=Counter)
    limited: Counter[str] = field(default_factory=Counter)
    errors: Counter[str] = field(default_factory=Counter)
    examples: list[str] = field(default_factory=list)
    without_retry_after: int = 0
    by_proxy: dict[str, list[float]] = field(default_factory=dict)
    purchases: list[float] = field(default_factory=list)
    orders: list[str] = field(default_factory=list)
    downloads: int = 0
    given_up: Counter[str] = field(default_factory=Counter)

    def note(self, kind: str, path: str, answer: Answer) -> None:
        if answer.status == 503:
            self.shed[kind] += 1
            self.without_retry_after += "retry-after" not in answer.headers
        elif answer.status == 429:
            self.limited[kind] += 1
        elif answer.status < 200 or answer.status >= 400:
            self.errors[kind] += 1
            self.examples.append(f"{kind} {path}: {answer.status} after {answer.seconds:.1f} s")
        else:
            self.seconds.setdefault(kind, []).append(answer.seconds)
            if answer.headers.get("x-cache") in _BY_PROXY:
                self.by_proxy.setdefault(kind, []).append(answer.seconds)


@dataclass
class Person:
    """Somebody with an address, a connection and an account, who does one thing after the other without end."""

    connection: Connection
    offers: Offers
    figures: Figures
    dice: random.Random
    email: str
    password: str
    session: dict[str, str]  # of the account, where they stay logged in
    until: float
    _owned: set[str] = field(default_factory=set)
    _guests: itertools.count[int] = field(default_factory=lambda: itertools.count(1))
    _spent: float = 0.0

    async def go_on(self) -> None:
        """Click until the time is over."""
        doings: list[tuple[str, Callable[[], Awaitable[None]], int]] = [
            ("browse", self.browse, 40),
            ("search", self.search, 20),
            ("sample", self.sample, 12),
            ("buy", self.buy, 22),
            ("log in", self.log_in, 6),
        ]
        weights = [weight for _name, _do, weight in doings]
        await asyncio.sleep(self.dice.uniform(0, 3))  # they do not all come in the same moment
        while time.monotonic() < self.until:
            (name, do, _weight) = self.dice.choices(doings, weights)[0]
            try:
                await do()
            except GivenUp:
                self.figures.given_up[name] += 1

    async def browse(self) -> None:
        """Look at the front page, a list, a book: a visitor without cookies."""
        slug, _edition = self._some_book()
        path = self.dice.choices(["/", self.dice.choice(self.offers.lists), f"/books/{slug}/"], [2, 3, 5])[0]
        await self._click("browse", path, {})

    async def search(self) -> None:
        words = self.offers.words[self._popular(len(self.offers.words))]
        await self._click("search", f"/search/?q={quote_plus(words)}", {})

    async def sample(self) -> None:
        """Open a sample and read its first two chapters."""
        slug, _edition = self._some_book()
        page = await self._click("sample", f"/read/{slug}/sample/", {})
        found = _SETTINGS.search(page.text)
        facts = json.loads(found[1]) if found else {}
        for chapter in facts.get("chapters", [])[:2]:
            await self._click("sample", facts["files"] + chapter["href"], {})

    async def log_in(self) -> None:
        """Log in with a password, and look at the library."""
        jar = dict[str, str]()
        form = await self._click("log in", "/accounts/login/", jar)
        token = _TOKEN.findall(form.text)
        fields = {"login": self.email, "password": self.password, "csrfmiddlewaretoken": token[0] if token else ""}
        await self._click("log in", "/accounts/login/", jar, fields)
        await self._click("log in", "/library/", jar)

    async def buy(self) -> None:
        """Buy a book and download it, with an account or without one."""
        if self.dice.random() < 0.5:
            slug, edition = next(book for book in iter(self._some_book, None) if book[1] not in self._owned)
            self._owned.add(edition)
            await self._buy(slug, edition, self.session, email="")
        else:
            slug, edition = self._some_book()
            await self._buy(slug, edition, {}, email=f"{next(self._guests)}.{self.email}")

    async def _buy(self, slug: str, edition: str, jar: dict[str, str], *, email: str) -> None:
        async with self._purchase():
            await self._click("buy", f"/books/{slug}/", jar)
            await self._click("buy", "/cart/add/", jar, {"edition": edition})
            page = await self._click("buy", "/checkout/?country=US", jar)
            form = {name: unescape(value) for name, value in CHECKOUT_FIELD.findall(page.text)}
            form |= {"country": "US", "consent": "on"} | ({"email": email} if email else {})
            paying = await self._click("buy", "/checkout/", jar, form)
            order = paying
            if "/sandbox/pay/" in (location := paying.headers.get("location", "")):
                path = urlsplit(location).path
                token = _TOKEN.findall((await self._click("buy", path, jar)).text)
                fields = {"card": "us", "country": "US", "csrfmiddlewaretoken": token[0] if token else ""}
                order = await self._click("buy", path, jar, fields)
            number = re.search(r"ord_\w+", order.headers.get("location", ""))
            if number is None:
                self._wrong("buy", f"no order: {order.status} {order.headers.get('location')} {order.text[:200]}")
            self.figures.orders.append(number[0])
            there = urlsplit(order.headers["location"])
            await self._click("buy", f"{there.path}?{there.query}" if there.query else there.path, jar)
        # Who has an account finds the files in the library, everybody else on the order's page.
        await self._download(f"/orders/{number[0]}/" if email else "/library/", jar)

    async def _download(self, shelf: str, jar: dict[str, str]) -> None:
        files = _FILE.findall((await self._click("download", shelf, jar)).text)
        if not files:
            self._wrong("download", f"no file at {shelf}")
        link = await self._click("download", files[0], jar)
        if (await self._click("download", urlsplit(link.headers.get("location", "")).path, jar)).body:
            self.figures.downloads += 1

    def _wrong(self, kind: str, why: str) -> None:
        self.figures.errors[kind] += 1
        self.figures.examples.append(why)
        raise GivenUp

    @asynccontextmanager
    async def _purchase(self) -> AsyncIterator[None]:
        """Note what the shop's answers took, from the book's page to the order's."""
        self._spent = 0.0
        yield
        self.figures.purchases.append(self._spent)

    async def _click(self, kind: str, path: str, jar: dict[str, str], fields: dict[str, str] | None = None) -> Answer:
        """Think, then click. Who is turned away with 503 clicks again when Retry-After says so. Raises GivenUp."""
        for _ in range(_MAX_TRIES):
            await asyncio.sleep(self.dice.uniform(*THINKS_S))
            answer = await self.connection.ask(path, jar, fields)
            jar |= answer.cookies
            self._spent += answer.seconds
            self.figures.note(kind, path, answer)
            if answer.status != 503:
                break
            await asyncio.sleep(float(answer.headers.get("retry-after", "5")))
        if not 200 <= answer.status < 400:
            raise GivenUp
        return answer

    def _some_book(self) -> tuple[str, str]:
        return self.offers.books[self._popular(len(self.offers.books))]

    def _popular(self, count: int) -> int:
        """Return a place in a list: half of all choices fall on its first eighth."""
        return int(count * self.dice.random() ** 3)
