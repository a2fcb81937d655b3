"""The faults, each a function that does it to a running shop and says what came of it."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from statistics import median

from bench.faults import around
from bench.faults.buyers import CHECKOUT_FIELD, Buyer, Sales, Visitor
from bench.faults.scene import PUBLIC, Scene, is_converting, state_of, wait_for_book
from bench.faults.shop import CONVERSIONS, MONEY, Failed, children_of, descendants_of, wait_until

SLOWER_AT_MOST_S = 2.0  # a purchase while the broker is frozen


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
    if sales.refused:
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
    "F07u": around.upload_killed,
    "F12": around.volume_full,
    "F16": around.bucket_frozen,
    "F20": around.events_again,
    "F34": around.mail_server_dead,
    "F34f": around.mail_server_frozen,
    "F35": around.download_breaks_off,
    "F10r": around.replica_promoted,  # the last: what was the replica is the database from then on
}
OF_REDIS = frozenset({"F13b"})
