"""Two hundred people for five minutes, on this machine with everything that the shop needs.

    python -m bench.load
    python -m bench.load --users 50 --seconds 60

nginx with TLS (`deploy/nginx.conf`), two web processes, a worker for each queue, schedule, health, PostgreSQL, Valkey
and the visitors themselves share this machine's cores; settings are those of production, payments are those of the
sandbox, all limits of attempts hold. Each visitor has an address of their own and does one thing after the other: 40 %
look at a front page, list or book, 20 % search, 12 % read a sample, 22 % buy and download a book (half of them with an
account), 6 % log in. Before each click they think for 0.2 to 1 s. Who is turned away with 503 clicks again after
`Retry-After`.

Prints a table by what was clicked. Exits with 1 unless there is no error and no time-out, all 503 say when to come
back, pages from the proxy take less than 300 ms (95 %), `/healthz` always less than 100 ms, all queues are empty within
a minute, and every order that a buyer was told of is paid once. For figures that count: `nice -n -20`, and nothing
beside it.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import ssl
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from bench.faults.shop import Failed, Shop, free_port, open_shop
from bench.load import report, stock, watch
from bench.load.connection import Connection
from bench.load.people import Figures, Offers, Person

_DRAINED_WITHIN_S = 60


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.load", description="Visit a shop, many at a time.")
    parser.add_argument("--users", type=int, default=200)
    parser.add_argument("--seconds", type=float, default=300)
    parser.add_argument("--books", type=int, default=1000)
    parser.add_argument("--at-once", type=int, default=24, help="max_conns of each web process in nginx")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="octavo-load-", dir="/tmp") as name:
        folder = Path(name)
        folder.chmod(0o755)
        health_port = free_port()
        settings = stock.production(folder, health_port)
        certificates = stock.certificate(folder / "tls")
        with open_shop(
            folder,
            settings=settings,
            workers=stock.WORKERS,
            processes="",
            at_once=options.at_once,
            certificates=certificates,
        ) as shop:
            shop.start_health()
            return _run(shop, health_port, options)


def _run(shop: Shop, health_port: int, options: argparse.Namespace) -> int:
    stock.fill(options.books)
    people = stock.accounts(options.users)
    watch.drained(_DRAINED_WITHIN_S)
    print(
        f"{options.users} people for {options.seconds:.0f} s; load average before: {watch.load_average()}", flush=True
    )
    before, began = watch.processor(shop), time.monotonic()
    figures, seen = asyncio.run(_visit(shop, health_port, people, seed=options.seed, seconds=options.seconds))
    took = time.monotonic() - began
    used = {name: seconds - before.get(name, 0) for name, seconds in watch.processor(shop).items()}
    try:
        drained = watch.drained(_DRAINED_WITHIN_S)
    except Failed:
        drained = None
    return report.judge(shop, figures, seen, used=used, took=took, drained=drained)


async def _visit(
    shop: Shop, health_port: int, accounts: Sequence[stock.Account], *, seed: int, seconds: float
) -> tuple[Figures, watch.Watch]:
    """Let everybody click until the time is over."""
    figures, seen, until = Figures(), watch.Watch(), time.monotonic() + seconds
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    offers = Offers(*await asyncio.to_thread(stock.offers))
    people = []
    for number, account in enumerate(accounts):
        connection = Connection(shop.site_port, f"127.1.{number // 250}.{number % 250 + 1}", context)
        dice = random.Random(seed * 10_000 + number)
        people.append(
            Person(connection, offers, figures, dice, account.email, stock.PASSWORD, dict(account.session), until)
        )
    await asyncio.gather(
        seen.ask_health(health_port, until), seen.count_queues(until), *(person.go_on() for person in people)
    )
    for person in people:
        person.connection.close()
    return figures, seen


if __name__ == "__main__":
    sys.exit(main())
