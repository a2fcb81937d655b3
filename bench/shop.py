"""Measure the shop on generated catalogues, compared with django-oscar.

    python -m bench.shop --books 10000 100000 1000000 [--peer]
    python -m bench.shop --database sqlite --books 100000
    python -m bench.shop --address postgres://… --files var     an existing catalogue

Each size is generated into its own database and served by granian with two workers in production settings. Each case is
requested over one connection, as browsers do. CPU milliseconds are those of all processes of the web server and of
PostgreSQL, read from /proc. Rates come from wrk over eight connections and need it (apt-get install wrk); downloads by
nginx need nginx. Missing programs are reported. `--peer` installs django-oscar into a temporary folder. Ratios compare
figures of one run. Exits with 1 when a goal is missed.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

from bench import shop_downloads, shop_peer, shop_report
from bench.shop_cases import CASES, Case, Facts
from bench.shop_measure import Cost, Request, Visitor, cost, memory_of, rate
from bench.shop_report import Size
from bench.shop_servers import database, environment, first_process_of, manage, web

_SHOP, _PEER = 8201, 8204  # shop_downloads uses 8205 and 8206
_CASE_S, _MIN_ROUNDS, _MAX_ROUNDS = 2.0, 40, 400
# Every browser accepts gzip, so wrk reads the bytes that are really sent.
_AS_A_BROWSER = {"Accept-Encoding": "gzip"}
_REINDEXED = 100_000


def main() -> int:
    options = _options()
    sizes = []
    if options.address:
        options.books = [0]
        options.database = "sqlite" if options.address.startswith("sqlite") else "postgresql"
    for books in options.books:
        is_last = books == options.books[-1]
        with tempfile.TemporaryDirectory(prefix="octavo-shop-", dir=options.folder) as name:
            sizes.append(_measured(books, options, Path(name), has_peer=options.peer and is_last))
        sizes[-1].books = sizes[-1].facts["on_sale"] if options.address else books
    goals = shop_report.goals(sizes)
    print(shop_report.markdown(sizes))
    for goal in goals:
        print(f"{'ok' if goal.is_met else 'MISSED':8}{goal.text}")
    return 0 if goals and all(goal.is_met for goal in goals) else 1


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--books", type=int, nargs="+", default=[10_000], help="catalogue sizes, in ascending order")
    parser.add_argument("--database", choices=["postgresql", "sqlite"], default="postgresql")
    parser.add_argument("--address", help="measure this generated catalogue; it is written to, so never a live shop")
    parser.add_argument("--files", type=Path, help="VAR_DIR of that shop")
    parser.add_argument("--brief", action="store_true", help="only the cases")
    parser.add_argument("--only", default="", help="only cases whose name contains this")
    parser.add_argument("--peer", action="store_true", help="also measure django-oscar, at the last size")
    parser.add_argument("--folder", type=Path, default=Path("/tmp"), help="where databases and files go")
    return parser.parse_args()


def _measured(books: int, options: argparse.Namespace, folder: Path, *, has_peer: bool) -> Size:
    found = Size(books, options.database)
    with ExitStack() as stack:
        address, first_process = options.address, None
        if options.address:
            first_process = first_process_of(address)
            folder = options.files
        else:
            address, first_process = stack.enter_context(database(options.database, folder))
        environ = environment(address, folder)
        _fill(found, environ, folder)
        shop = stack.enter_context(web("config.wsgi:application", _SHOP, environ))
        for case in _cases(options.only, found.facts):
            requests = list(case.requests(found.facts))
            seen = [replace(one, headers={**one.headers, **_AS_A_BROWSER}) for one in requests]
            found.costs[case.name] = _cost(_SHOP, seen, shop, first_process)
            _say(books, case.name, found.costs[case.name])
            if case.is_public:
                found.rates[case.name] = rate(_SHOP, seen[0])
        found.memory_mb["after the load"] = memory_of(shop)
        if options.brief:
            return found
        found.downloads_p95_ms = shop_downloads.measured(address, folder, found.facts)
        if books == _REINDEXED:
            found.reindexed_s = _reindexed(environ)
        if has_peer and options.database == "postgresql":
            found.peer = _peer(address, first_process)
    return found


def _fill(found: Size, environ: dict[str, str], folder: Path) -> None:
    manage(["manage.py", "collectstatic", "--noinput", "-v0"], environ)
    if found.books:
        manage(["manage.py", "migrate", "-v0"], environ)
        began = time.monotonic()
        print(manage(["manage.py", "generate_catalogue", "--force", "--books", str(found.books)], environ), flush=True)
        found.generated_s = time.monotonic() - began
    facts = folder / "facts.json"
    manage(["-m", "bench.shop_probe", str(facts)], environ)
    found.facts = json.loads(facts.read_text())


def _cases(only: str, facts: Facts) -> Iterator[Case]:
    """Yield the cases that the probe could prepare."""
    return (case for case in CASES if only in case.name and case.name in facts["queries"])


def _warm(port: int, requests: Sequence[Request]) -> None:
    visitor = Visitor(port)
    for request in requests:
        visitor.ask(request)
    visitor.close()


def _cost(port: int, requests: Sequence[Request], web_process: int, database_process: int | None) -> Cost:
    """Measure as many rounds as fit into two seconds."""
    _warm(port, requests[:8])
    began = time.monotonic()
    _warm(port, requests[:4])
    each = (time.monotonic() - began) / min(len(requests), 4)
    rounds = int(min(max(_CASE_S / each, _MIN_ROUNDS), _MAX_ROUNDS))
    return cost(port, requests, web=web_process, database=database_process, rounds=rounds)


def _reindexed(environ: dict[str, str]) -> dict[str, float]:
    """Return the seconds of `manage.py reindex_listings`, by how much changed: nothing, or each listing's facets."""
    seconds = {}
    for name, spoiled in (
        ("nothing to write", ""),
        ("everything to write", "facet_words=''"),
    ):
        if spoiled:
            spoil = f"from storefront.catalogue.models import Listing; Listing.objects.update({spoiled})"
            manage(["manage.py", "shell", "--no-imports", "-c", spoil], environ)
        began = time.monotonic()
        manage(["manage.py", "reindex_listings"], environ)
        seconds[name] = time.monotonic() - began
    return seconds


def _peer(address: str, database_process: int | None) -> dict[str, Cost]:
    """Measure django-oscar with 10,000 products on the same PostgreSQL."""
    costs = {}
    with tempfile.TemporaryDirectory(prefix="octavo-oscar-") as name:
        python, environ = shop_peer.prepare(address, Path(name))
        with web("bench.shop_oscar:application", _PEER, environ, python) as shop:
            for case, paths in shop_peer.PATHS.items():
                costs[case] = _cost(_PEER, [Request(path) for path in paths], shop, database_process)
                _say(shop_peer.PRODUCTS, f"oscar, {case}", costs[case])
    return costs


def _say(books: int, name: str, found: Cost) -> None:
    print(
        f"{books:9,} {name:32} {found.cpu_ms:8.2f} ms CPU (web {found.web_ms:.2f}, database {found.database_ms:.2f})  "
        f"p50 {found.p50_ms:.2f}  p95 {found.p95_ms:.2f} ms  {found.size_bytes / 1000:.1f} kB",
        flush=True,
    )


if __name__ == "__main__":
    sys.exit(main())
