"""What the chapters of the money story share: the shop, its people, their books and orders, and the calendar."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from accounts.models import User
from common import clock
from common.periods import Month
from demo.books import state_rights, upload
from demo.content.loader import Book, Credit
from demo.money_journal import Journal, Step
from demo.people import person
from demo.shop import Shop, Visit
from publishing import selectors as publishing_selectors
from publishing.models import Edition, Work
from publishing.services import editions as edition_services
from publishing.services import prices as pricing_services
from publishing.services.prices import OpenPrice
from royalties.services import payout_accounts
from storefront.checkout.models import Order

CURRENCY = "USD"
PRICE_MINOR = 499
_SMALLEST_PAYOUT = 1

MAP, SAW, ALMANAC = "A Map of Small Hours", "The Two-Handed Saw", "Ben's Almanac of Weather"
# Credits with their shares of the royalty in basis points. Two to one is 6667 and 3333.
_WORKS = {
    MAP: (Credit("anna", "aut", 10_000),),
    SAW: (Credit("anna", "aut", 6667), Credit("ben", "aut", 3333)),
    ALMANAC: (Credit("ben", "aut", 10_000),),
}
_MANUSCRIPT = "# {title}\n\nIt is a short book, and it is whole.\n"


@dataclass(slots=True)
class Stage:
    """The stage of the story. Its month begins on the first day at nine. `orders` are by the buyer's name, `editions`
    by title.
    """

    shop: Shop
    month: Month
    journal: Journal = field(default_factory=Journal)
    authors: dict[str, User] = field(default_factory=dict)
    editions: dict[str, Edition] = field(default_factory=dict)
    orders: dict[str, Order] = field(default_factory=dict)

    def day(self, number: int) -> datetime:
        """Return the moment that many days after the first of the month."""
        return self.month.start + timedelta(days=number, hours=9)

    def day_after(self, number: int) -> datetime:
        """Return the moment that many days after the first of the next month."""
        return self.month.end + timedelta(days=number, hours=9)

    def buy(self, name: str, at: datetime, *titles: str, code: str = "", chosen_minor: int | None = None) -> None:
        """Let a reader with that name buy these books in one cart with a card issued in the US."""
        editions = tuple(self.editions[title] for title in titles)
        visit = Visit(at, stranger(name), editions, code=code, chosen_minor=chosen_minor)
        with clock.frozen(at):
            self.orders[name] = self.shop.sell(visit)

    def step(self, at: datetime, text: str) -> Step:
        return self.journal.step(at, text)


def stranger(name: str, country: str = "US") -> User:
    """Return a new reader with that name."""
    return person(f"{name.lower()}@example.org", name, country)


def publish(stage: Stage) -> Iterator[Step]:
    """Let two authors open payout accounts and put three books on sale."""
    at = stage.day(0)
    stage.authors = {
        "anna": person("anna@example.org", "Anna", "US", ("is_author",)),
        "ben": person("ben@example.org", "Ben", "US", ("is_author",)),
    }
    stage.journal.know(stage.authors.values())
    with tempfile.TemporaryDirectory() as folder, clock.frozen(at):
        for user in stage.authors.values():
            stage.shop.onboard(user)
            payout_accounts.set_minimum(actor=user, minimum_units=_SMALLEST_PAYOUT)
        works = [upload(book, stage.authors, at) for book in _books(Path(folder))]
        stage.shop.work_off()
        stage.editions = {work.title: _published(work, at) for work in works}
        pricing_services.set_prices(
            actor=stage.authors["ben"],
            work=stage.editions[ALMANAC].work,
            prices={CURRENCY: OpenPrice(least_minor=PRICE_MINOR)},
            at=at,
        )
    yield stage.step(
        at,
        f"Anna publishes “{MAP}” and, with Ben, who gets a third of it, “{SAW}”, both at 4.99. “{ALMANAC}” is by Ben "
        "alone; its readers pay 4.99 or more.",
    )


def _published(work: Work, at: datetime) -> Edition:
    edition = publishing_selectors.newest_of(work)
    if edition is None:
        raise ValueError(f"“{work.title}” has no edition")
    state_rights(edition, at)
    return edition_services.publish_edition(actor=work.owner, edition=edition, at=at)


def _books(folder: Path) -> Iterator[Book]:
    for number, (title, credits_) in enumerate(_WORKS.items(), 1):
        source = folder / f"work-{number}.md"
        source.write_text(_MANUSCRIPT.format(title=title), encoding="utf-8")
        yield Book(
            slug=source.stem,
            source=source,
            title=title,
            subtitle="",
            language="en",
            description="Made to follow its money.",
            subjects=("FB",),
            prices_minor={CURRENCY: PRICE_MINOR},
            sample_share_bps=1000,
            contributors=credits_,
        )
