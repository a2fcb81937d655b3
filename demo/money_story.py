"""One small story of money from start to end, through the services that serve real readers and authors.

Two authors publish three works at 4.99 USD. One reader buys one of them alone, another buys all three in one cart and
gives one back. The refund window ends, the month is closed, the authors are paid. `MoneyStory.tell` yields what the
journal says after each step; `outcome` is what everything came to, and whether it had to.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings

from accounts.models import User
from common import clock, jobs
from common.periods import Month
from demo.books import upload
from demo.content.loader import Book, Credit
from demo.people import person, seed_logins
from demo.shop import Shop, Visit
from publishing import selectors as publishing_selectors
from publishing.models import Edition
from publishing.services import editions as edition_services
from royalties.errors import NothingToPayOut
from royalties.models import JournalEntry
from royalties.services import clearing, payout_accounts
from storefront.models import Order

CURRENCY = "USD"
PRICE_MINOR = 499
_SMALLEST_PAYOUT = 1

# Title, credits with their shares of the royalty in basis points. Two to one is 6667 and 3333.
_WORKS = (
    ("A Map of Small Hours", (Credit("anna", "aut", 10_000),)),
    ("The Two-Handed Saw", (Credit("anna", "aut", 6667), Credit("ben", "aut", 3333))),
    ("Ben's Almanac of Weather", (Credit("ben", "aut", 10_000),)),
)
_MANUSCRIPT = "# {title}\n\nIt is a short book, and it is whole.\n"


@dataclass(frozen=True, slots=True)
class Line:
    """One posting of an entry, minor units; `account` names people instead of their opaque ids."""

    account: str
    debit_minor: int
    credit_minor: int


@dataclass(frozen=True, slots=True)
class Entry:
    """One journal entry."""

    kind: str
    external_id: str
    currency: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """Something that happened, and the entries it left in the journal."""

    at: datetime
    text: str
    entries: tuple[Entry, ...]


class MoneyStory:
    """Told once, in an empty database. After `tell` its cast and orders are there to be looked at."""

    def __init__(self) -> None:
        self._last_entry = 0
        self.authors: dict[str, User] = {}
        self.alone: Order
        self.cart: Order

    def tell(self) -> Iterator[Step]:
        """Live through it, a step at a time. Everything happened in the month before last and the first of the next."""
        month = Month.of(clock.real_now()).previous.previous
        opened = month.start + timedelta(hours=9)
        seed_logins()
        self.authors = {
            "anna": person("anna@example.org", "Anna", "US", ("is_author",)),
            "ben": person("ben@example.org", "Ben", "US", ("is_author",)),
        }
        with jobs.gathered() as messages:
            shop = Shop(messages)
            editions = self._publish(shop, opened)
            yield self._step(opened, "Anna and Ben publish three works at 4.99; they share the second one 2 : 1.")
            yield from self._sell(shop, editions, opened)
            yield from self._settle(shop, month, opened)

    def name_of(self, account: str) -> str:
        """The ledger account's name with the person's in place of the public id."""
        for user in self.authors.values():
            account = account.replace(user.public_id, user.display_name)
        return account

    def _publish(self, shop: Shop, at: datetime) -> list[Edition]:
        with tempfile.TemporaryDirectory() as folder, clock.frozen(at):
            for user in self.authors.values():
                shop.onboard(user)
                payout_accounts.set_minimum(actor=user, minimum_units=_SMALLEST_PAYOUT)
            works = [upload(book, self.authors, at) for book in _books(Path(folder))]
            shop.work_off()
            found = [publishing_selectors.newest_of(work) for work in works]
            return [
                edition_services.publish_edition(actor=edition.work.owner, edition=edition, at=at)
                for edition in found
                if edition is not None
            ]

    def _sell(self, shop: Shop, editions: list[Edition], opened: datetime) -> Iterator[Step]:
        first, second = (person(f"{name.lower()}@example.org", name, "US") for name in ("Rosa", "Sam"))
        at = opened + timedelta(days=1)
        with clock.frozen(at):
            self.alone = shop.sell(Visit(at, first, (editions[0],)))
        yield self._step(at, f"Rosa buys “{editions[0].work.title}” alone, with a card issued in the US.")
        at += timedelta(days=1)
        with clock.frozen(at):
            self.cart = shop.sell(Visit(at, second, tuple(editions)))
        yield self._step(at, "Sam buys all three in one cart: one card payment, one fee.")
        at += timedelta(days=2)
        with clock.frozen(at):
            shop.give_back(self.cart.lines.get(edition=editions[2]), second, at)
        yield self._step(at, f"Sam gives “{editions[2].work.title}” back; what the card cost stays our expense.")

    def _settle(self, shop: Shop, month: Month, opened: datetime) -> Iterator[Step]:
        at = opened + timedelta(days=3) + settings.REFUND_WINDOW
        with clock.frozen(at):
            clearing.clear_due(at=at)
        yield self._step(at, "The refund window of what was kept is over: earnings become payable.")
        at = month.end + timedelta(hours=9)
        with clock.frozen(at):
            shop.close_month(month, at)
        yield self._step(at, f"{month} is closed: every rule checked, statements made, entries chained.")
        with clock.frozen(at), suppress(NothingToPayOut):  # the outcome's checks say who was not paid
            shop.pay_out(CURRENCY, at)
        yield self._step(at, "Fiona proposes a payout run, Felix approves it, the provider confirms.")

    def _step(self, at: datetime, text: str) -> Step:
        entries = list(
            JournalEntry.objects.filter(pk__gt=self._last_entry).order_by("pk").prefetch_related("postings__account")
        )
        self._last_entry = max((entry.pk for entry in entries), default=self._last_entry)
        return Step(at, text, tuple(self._entry(entry) for entry in entries))

    def _entry(self, entry: JournalEntry) -> Entry:
        postings = sorted(entry.postings.all(), key=lambda one: (one.amount_minor < 0, one.pk))
        return Entry(
            kind=str(entry.kind),
            external_id=entry.external_id,
            currency=postings[0].currency,
            lines=tuple(
                Line(self.name_of(one.account.name), max(one.amount_minor, 0), one.credit_minor) for one in postings
            ),
        )


def _books(folder: Path) -> Iterator[Book]:
    for number, (title, credits_) in enumerate(_WORKS, 1):
        source = folder / f"work-{number}.md"
        source.write_text(_MANUSCRIPT.format(title=title), encoding="utf-8")
        yield Book(
            slug=source.stem,
            source=source,
            title=title,
            subtitle="",
            language="en",
            description="Made to follow its money.",
            subjects=("fiction",),
            prices_minor={CURRENCY: PRICE_MINOR},
            sample_share_bps=1000,
            contributors=credits_,
        )
