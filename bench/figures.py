"""Measure the pages of figures for an author with 500 works and 100,000 sales beside one with five works.

    nice -n 19 python -m bench.figures
    python -m bench.figures --events 200000    a first look

A SQLite database of its own, with a year of visits and sales made up: nine in ten are of the large author, and a few
works have most of them. Each page is requested as the author sees it. Figures are medians by the process's clock,
ratios are of one run. Then days are counted by the second count, which has to agree. Exits with 1 when a page of the
large author takes more than three times the small one's, or a day disagrees.
"""

from __future__ import annotations

import argparse
import logging
import os
import random
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from accounts.models import User
    from publishing.models import Edition

_LARGE, _SMALL = 500, 5
_DAYS = 365
_ROUNDS = 15
_MOST = 3.0
NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=1_620_000)
    parser.add_argument("--sales", type=int, default=100_000)
    told = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings.test"
        os.environ["DATABASE_URL"] = f"sqlite:///{folder}/figures.sqlite3"
        os.environ["VAR_DIR"] = folder
        import django

        django.setup()
        logging.disable(logging.INFO)  # a line a request would stand between the rows
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        sys.exit(_measure(told.events, told.sales, Path(folder) / "figures.sqlite3"))


def _measure(events: int, sales: int, database: Path) -> int:
    from common import clock, jobs
    from tests.factories.accounts import make_author

    with clock.frozen(NOW), jobs.collect_messages():
        large, small = make_author(), make_author()
        works = {author: _editions(author, count) for author, count in ((large, _LARGE), (small, _SMALL))}
        _fill(works[large], works[small], events, sales)
        took = _sum_up()
        print(f"{_LARGE} works and {sales:,} sales, {events:,} events: {database.stat().st_size / 1e6:.0f} MB")
        print(f"a day summed up {took * 1000:.0f} ms (median)\n")
        is_slow = _compare_pages(large, works[large], small, works[small])
        return 1 if is_slow or _differs() else 0


def _editions(author: User, count: int) -> list[Edition]:
    from tests.factories.publishing import make_published_edition

    return [make_published_edition(owner=author, title=f"Work {number}") for number in range(count)]


def _fill(large: list[Edition], small: list[Edition], events: int, sales: int) -> None:
    """Make a year of visits and sales, by bulk."""
    from django.db import transaction

    from insight.events.models import Event
    from royalties.models import RoyaltyTerms
    from storefront.checkout.models import Order, OrderLine
    from tests.factories.accounts import make_reader

    chance, today = random.Random(7), NOW.date()
    buyer, terms = make_reader(), RoyaltyTerms.objects.values_list("pk", flat=True).first() or 1

    def work() -> Edition:
        books = large if chance.random() < 0.9 else small
        return books[min(int(chance.paretovariate(0.6)) - 1, len(books) - 1)]

    kinds = ["view"] * 12 + ["sample"] * 3 + ["cart"]
    sources = ["", "", "shop", "shop", "example.org", "mastodon.social", "duckduckgo.com"]
    with transaction.atomic():
        for start in range(0, events, 20_000):
            Event.objects.bulk_create(
                Event(
                    day=today - timedelta(days=chance.randrange(_DAYS)),
                    hour=chance.randrange(24),
                    kind=chance.choice(kinds),
                    work_id=work().work_id,
                    country=chance.choice(["", "US", "DE", "GB", "AT"]),
                    source=chance.choice(sources),
                    is_bot=chance.random() < 0.05,
                )
                for _ in range(min(20_000, events - start))
            )
        for start in range(0, sales, 5_000):
            orders = Order.objects.bulk_create(
                Order(
                    public_id=f"ord_{start + number}",
                    buyer=buyer,
                    state="paid",
                    currency="USD",
                    total_minor=499,
                    tax_country=chance.choice(["US", "DE", "GB"]),
                    quote_hash="",
                    created_at=NOW,
                    paid_at=NOW - timedelta(minutes=chance.randrange(_DAYS * 1440)),
                )
                for number in range(min(5_000, sales - start))
            )
            OrderLine.objects.bulk_create(
                OrderLine(
                    public_id=f"lin_{order.pk}",
                    order=order,
                    edition=work(),
                    title="Work",
                    list_minor=499,
                    paid_minor=499,
                    tax_minor=0,
                    tax_rate_bps=0,
                    processor_fee_minor=44,
                    platform_fee_minor=40,
                    royalty_minor=415,
                    terms_id=terms,
                )
                for order in orders
            )


def _sum_up() -> float:
    from insight.figures.services import rollups

    times = []
    for back in range(_DAYS):
        began = time.process_time()
        rollups.roll_up(day=NOW.date() - timedelta(days=back), at=NOW)
        times.append(time.process_time() - began)
    return median(times)


def _compare_pages(large: User, many: list[Edition], small: User, few: list[Edition]) -> bool:
    """Print the pages of both authors; return whether one of the large author's takes too long."""
    print("| page | 5 works, ms | 500 works, ms | ratio |")
    print("|---|---|---|---|")
    is_slow = False
    for label, address in (
        ("the desk", lambda books: "/desk/"),
        ("all works, 30 days", lambda books: "/desk/figures/"),
        ("all works, a year", lambda books: "/desk/figures/?days=365"),
        ("best seller, 30 days", lambda books: f"/desk/works/{books[0].work.public_id}/figures/"),
        ("best seller, a year", lambda books: f"/desk/works/{books[0].work.public_id}/figures/?days=365"),
        ("a work of the tail, a year", lambda books: f"/desk/works/{books[-1].work.public_id}/figures/?days=365"),
    ):
        one, other = _page(small, address(few)), _page(large, address(many))
        is_slow |= other > _MOST * one
        print(f"| {label} | {one:.0f} | {other:.0f} | {other / one:.1f} |")
    return is_slow


def _page(author: User, address: str) -> float:
    from django.test import Client

    client = Client()
    client.force_login(author)
    times = []
    for _ in range(_ROUNDS):
        began = time.process_time()
        assert client.get(address).status_code == 200
        times.append(time.process_time() - began)
    return median(times) * 1000


def _differs() -> bool:
    from insight.figures.selectors import recount

    days = [NOW.date() - timedelta(days=back) for back in range(0, _DAYS, 30)]
    began = time.process_time()
    found = [one for day in days for one in recount.differences(day, at=NOW)]
    took = (time.process_time() - began) / len(days)
    print(f"\n{len(days)} days counted again in {took * 1000:.0f} ms each: {len(found)} sums differ")
    return bool(found)


if __name__ == "__main__":
    main()
