"""The faults, each a function that does it to a running shop and says what came of it."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

from bench.faults.buyers import CHECKOUT_FIELD, Buyer, Crowd, Sales, Visitor
from bench.faults.shop import CONVERSIONS, MONEY, Failed, Shop, children_of, descendants_of, wait_until

if TYPE_CHECKING:
    from publishing.models import Edition

SLOWER_AT_MOST_S = 2.0  # a purchase while the broker is frozen
WEB_THREADS = 2  # of a web process, as script/run starts it
PUBLIC = "/books/"


@dataclass
class Scene:
    """The shop with a book on sale, and whatever was sold and asked for so far."""

    shop: Shop
    book: Edition
    orders: list[str] = field(default_factory=list)
    jobs: list[int] = field(default_factory=list)

    @classmethod
    def made(cls, shop: Shop) -> Scene:
        from tests.factories.publishing import make_published_edition

        book = make_published_edition(slug="the-lamp", title="The Lamp")
        scene = cls(shop, book)
        with scene.buyers(at_once=1, of=2):  # whoever comes first warms the shop up
            pass
        return scene

    def buyers(self, *, at_once: int = 2, of: int = 60) -> Crowd:
        return Crowd(self.shop.site_port, self.book, at_once=at_once, of=of)

    def sold(self, sales: Sales) -> str:
        """Take down the orders, and say how it went."""
        self.orders += sales.orders
        refused = ", ".join(f"{count} times {status or 'no answer'}" for status, count in sales.refused.items())
        slowest, (request, path) = max(sales.seconds, default=0.0), sales.slowest_request
        return (
            f"{len(sales.orders)} purchases, slowest {slowest:.1f} s, slowest request {request:.1f} s ({path}); "
            f"refused on the way: {refused or 'nothing'}"
        )

    def convert(self, chapters: int = 400) -> int:
        """Ask for a book, as a web process does; the id of its job."""
        from common import clock
        from publishing import services as publishing_services
        from tests.factories.publishing import make_manuscript, make_work

        words = "Rain fell on the harbour, and the keeper counted the boats that had not come home. " * 8
        text = "\n\n".join(f"# Chapter {number}\n\n{words}\n\n{words}" for number in range(1, chapters + 1))
        work = make_work(title=f"Book {len(self.jobs)}")
        manuscript = make_manuscript(work, content=f"{text}\n\n{len(self.jobs)}\n".encode(), name="book.md")
        edition = publishing_services.prepare_edition(actor=work.owner, manuscript=manuscript, at=clock.now())
        self.jobs.append(edition.job_id)
        return edition.job_id


def state_of(job_id: int) -> tuple[str, int]:
    from conversion.models import ConversionJob

    return ConversionJob.objects.values_list("state", "attempt").get(pk=job_id)


def is_converting(job_id: int) -> bool:
    from conversion.models import ConversionJob

    return ConversionJob.objects.filter(pk=job_id, state="running").exclude(stage__in=["", "read"]).exists()


def wait_for_book(job_id: int) -> str:
    seconds = wait_until("the book is made", lambda: state_of(job_id)[0] not in {"queued", "running"})
    state, attempt = state_of(job_id)
    if state != "done":
        raise Failed(f"the conversion ended as {state} at attempt {attempt}")
    return f"book made {seconds:.1f} s later, at attempt {attempt}"


def check_nothing_lost(scene: Scene) -> str:
    """Hold every order, payment, book and file against what buyers and authors were told."""
    from conversion.models import Artifact, ConversionJob
    from royalties.services import invariants
    from storefront.checkout.models import Entitlement, Order, Payment

    def all_paid() -> bool:
        return Order.objects.filter(public_id__in=scene.orders, state="paid").count() == len(scene.orders)

    wait_until("every order that a buyer was told of is paid", all_paid)
    told = Order.objects.filter(public_id__in=scene.orders)
    payments = Counter(Payment.objects.filter(order__in=told, state="succeeded").values_list("order_id", flat=True))
    books = Counter(Entitlement.objects.filter(ended_at=None).values_list("user_id", "work_id"))
    doubled = [key for key, count in (payments + books).items() if count != 1]
    files = Counter(Artifact.objects.filter(job__in=scene.jobs).values_list("job_id", "kind", "target"))
    twice = [key for key, count in files.items() if count != 1]
    waiting = ConversionJob.objects.filter(pk__in=scene.jobs).exclude(state="done").count()
    broken = [str(one) for one in invariants.check_invariants()]
    if len(set(scene.orders)) != len(scene.orders) or doubled or twice or waiting or broken:
        raise Failed(f"doubled {doubled}, files twice {twice}, not made {waiting}, ledger {broken}")
    return f"{len(scene.orders)} orders and {len(scene.jobs)} books: 0 lost, 0 twice, ledger in order"


def worker_killed(scene: Scene) -> str:
    """The worker is killed with SIGKILL, with everything it started, in the middle of a book."""
    job = scene.convert()
    wait_until("it is being converted", lambda: is_converting(job))
    below = descendants_of(scene.shop.running["convert"].pid)
    scene.shop.kill("convert")
    for pid in below:  # an engine has a session of its own, and dies with its worker
        wait_until("the engine is gone", lambda pid=pid: not Path(f"/proc/{pid}").exists(), 30)
    scene.shop.start_worker("convert", CONVERSIONS)
    return wait_for_book(job)


def child_killed(scene: Scene) -> str:
    """The converting child is killed with SIGKILL, as a kernel without memory does."""
    job = scene.convert()
    wait_until("it is being converted", lambda: is_converting(job))
    main = scene.shop.running["convert"].pid
    os.kill(descendants_of(main)[-1], signal.SIGKILL)
    told = wait_for_book(job)
    if scene.shop.running["convert"].poll() is not None:
        raise Failed("the worker ended as well")
    return told


def worker_told_to_stop(scene: Scene) -> str:
    """The worker gets SIGTERM in the middle of a book, as in a deployment."""
    job = scene.convert()
    wait_until("it is being converted", lambda: is_converting(job))
    began = time.monotonic()
    scene.shop.kill("convert", signal.SIGTERM, is_group=False)
    gone = time.monotonic() - began
    scene.shop.start_worker("convert", CONVERSIONS)
    told = wait_for_book(job)
    if state_of(job)[1] != 1:
        raise Failed("an attempt was counted")
    return f"gone after {gone:.1f} s; {told}"


def delivered_often(scene: Scene) -> str:
    """The message about a book comes twenty more times while it is converted."""
    from common import jobs

    job = scene.convert()
    for _ in range(20):
        jobs.enqueue("conversion.run")
        jobs.enqueue("conversion.run_large")
    told = wait_for_book(job)
    if state_of(job)[1] != 1:
        raise Failed("it was made more than once")
    return told


def web_worker_killed(scene: Scene) -> str:
    """The workers of both web servers are killed with SIGKILL, one after the other, under four buyers."""
    took = []
    with scene.buyers(at_once=4) as sales:
        for number in (0, 1):
            time.sleep(3)
            (child, *_more) = children_of(scene.shop.running[f"web-{number}"].pid)
            os.kill(child, signal.SIGKILL)
            took.append(wait_until("both web servers answer", scene.shop.is_web_up))
        time.sleep(3)
    told = scene.sold(sales)
    # A form that a killed process had in hand is not sent to the other one, which might do it twice.
    in_hand = len(took) * WEB_THREADS
    if set(sales.refused) - {503} or sales.refused[503] > in_hand or sales.without_retry_after:
        raise Failed(told)
    return f"{told}; back after {max(took):.1f} s"


def database_killed(scene: Scene) -> str:
    """PostgreSQL is killed for ten seconds under two buyers, with a book under way."""
    from django.db import connections

    visitor = Visitor(scene.shop.site_port)
    visitor.ask(PUBLIC)
    with scene.buyers() as sales:
        job = scene.convert()
        time.sleep(3)
        connections.close_all()
        scene.shop.cluster.kill()
        stale = [visitor.ask(PUBLIC).status for _ in range(5) if not time.sleep(2)]
        began = time.monotonic()
        scene.shop.cluster.start_again()
        started = time.monotonic() - began
        back = wait_until("the shop answers", scene.shop.is_web_up)
        time.sleep(5)
    told = scene.sold(sales)
    if stale != [200] * 5 or sales.without_retry_after or set(sales.refused) - {503}:
        raise Failed(f"{told}; public pages {stale}; {sales.without_retry_after} without Retry-After")
    return f"{told}, each with Retry-After; public pages stale; up {back:.1f} s after {started:.1f} s of replay; " + (
        wait_for_book(job)
    )


def broker_frozen(scene: Scene) -> str:
    """The broker is frozen with SIGSTOP for thirty seconds under two buyers."""
    with scene.buyers(of=10) as before:
        time.sleep(10)
    scene.orders += before.orders
    with scene.buyers() as sales, scene.shop.frozen("broker"):
        time.sleep(30)
    told = scene.sold(sales)
    usual, slower = median(before.seconds), median(sales.seconds)
    longest = max(sales.seconds) - max(before.seconds)
    if sales.refused or max(slower - usual, longest) > SLOWER_AT_MOST_S:
        raise Failed(f"{told}; a purchase took {slower:.1f} s (median) instead of {usual:.1f} s")
    return f"{told}; a purchase took {slower:.1f} s (median), before {usual:.1f} s"


def broker_emptied(scene: Scene) -> str:
    """FLUSHALL while six books wait and people buy."""
    import redis

    with scene.buyers() as sales:
        jobs = [scene.convert(40) for _ in range(6)]
        redis.Redis(unix_socket_path=str(scene.shop.folder / "broker.sock")).flushall()
        began = time.monotonic()
        for job in jobs:
            wait_for_book(job)
    return f"{scene.sold(sales)}; all six books made {time.monotonic() - began:.1f} s after it"


def broker_killed(scene: Scene) -> str:
    """The broker is killed for fifteen seconds; people buy and a book is asked for."""
    scene.shop.kill("broker")
    with scene.buyers() as sales:
        job = scene.convert(40)
        time.sleep(15)
        scene.shop.start_broker()
        told = wait_for_book(job)
    if sales.refused:
        raise Failed(scene.sold(sales))
    return f"{scene.sold(sales)}; {told}"


def money_worker_killed(scene: Scene) -> str:
    """The worker that books payments is killed while people pay, and comes back fifteen seconds later."""
    with scene.buyers() as sales:
        time.sleep(2)
        scene.shop.kill("worker")
        time.sleep(15)
        scene.shop.start_worker("worker", MONEY)
    return scene.sold(sales)


def clicked_often(scene: Scene) -> str:
    """A buyer clicks Buy twenty times at once."""
    buyer, sales = Buyer(scene.shop.site_port), Sales()
    buyer.visitor.ask("/cart/add/", {"edition": str(scene.book.public_id)})
    form = dict(CHECKOUT_FIELD.findall(buyer.visitor.ask("/checkout/?country=US").text)) | {
        "country": "US",
        "consent": "on",
    }
    pages: list[str] = []

    def click() -> None:
        twin = Visitor(scene.shop.site_port, dict(buyer.visitor.cookies))
        pages.append(twin.ask("/checkout/", form).location)

    clicks = [threading.Thread(target=click) for _ in range(20)]
    for one in clicks:
        one.start()
    for one in clicks:
        one.join()
    found = {page for page in pages if page}
    if len(found) != 1 or len(pages) != 20:
        raise Failed(f"{len(found)} payment pages: {Counter(pages)}")
    buyer.buy(scene.book, sales)
    return f"one payment page; {scene.sold(sales)}"


TRIALS: dict[str, Callable[[Scene], str]] = {
    "F01": worker_killed,
    "F02": child_killed,
    "F03": worker_told_to_stop,
    "F05": delivered_often,
    "F07": web_worker_killed,
    "F08": broker_killed,
    "F09": money_worker_killed,
    "F10": database_killed,
    "F13": broker_frozen,
    "F13b": broker_emptied,
    "F24": clicked_often,
}
