"""Build a simulated market, count its health, and count every figure a second time.

    python -m bench.market                  1,202 works and 6,372 sales, in a temporary PostgreSQL
    python -m bench.market --works 200 --sales 900
    python -m bench.market --sqlite

Prints the planted gap beside other gaps, the ring's authors beside others, and how many values differ from the second
count, which reads raw rows and shares no code with the first. Ends with an error if one does, or if a planted fault is
not found.
"""

from __future__ import annotations

import argparse
import logging
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory


def main() -> int:
    """Return the number of faults: differences, and planted faults that were not found."""
    options = _options()
    with _database(is_sqlite=options.sqlite) as address:
        os.environ["DATABASE_URL"] = address
        os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings.test"
        import django

        django.setup()
        logging.disable(logging.CRITICAL)  # of refunds to a provider that knows no such payments
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        return _run(options)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--works", type=int, default=1202)
    parser.add_argument("--sales", type=int, default=6372)
    parser.add_argument("--periods", type=int, default=14, help="weeks, blocks and months that are counted")
    parser.add_argument("--sqlite", action="store_true", help="instead of PostgreSQL")
    return parser.parse_args()


@contextmanager
def _database(*, is_sqlite: bool) -> Iterator[str]:
    if is_sqlite:
        with TemporaryDirectory() as folder:
            yield f"sqlite:///{Path(folder) / 'market.sqlite3'}"
        return
    from tests.support import postgres

    with postgres.server() as address:
        yield address


def _run(options: argparse.Namespace) -> int:
    from bench.market import population, recount
    from bench.market.people import NOW, Size
    from insight.market.services import counting

    began = time.perf_counter()
    market = population.build(replace(Size(), works=options.works, sales=options.sales))
    built = time.perf_counter()
    counting.recount(back=options.periods, at=NOW)
    counted = time.perf_counter()
    compared, found = recount.differences()
    print(f"{options.works:,} works, {options.sales:,} sales; built in {built - began:.0f} s", end="; ")
    print(f"{options.periods} periods of every figure counted in {counted - built:.1f} s")
    missed = _show_gaps() + _show_ring(market)
    print(f"\n{compared:,} values counted again from raw rows: {len(found)} differ")
    for one in found[:20]:
        print(f"  {one}")
    return len(found) + missed


def _show_gaps() -> int:
    """Print the gaps of the last week. Return 1 if the planted one is not the first."""
    from bench.market.books import GAP
    from bench.market.people import NOW
    from insight.market import periods
    from insight.market.periods import Cadence
    from insight.searches.selectors import gaps

    found = gaps(periods.last_ended(Cadence.WEEK, NOW).first)
    print("\ngaps of the last week, by people who found fewer than five:")
    for gap in found[:4]:
        name = f"{gap.subject_label}, {gap.language_label}"
        print(f"  {name:32} {gap.found_little:4} of {gap.people:5} people; {gap.supply} works")
    return int(not found or (found[0].subject, found[0].language) != GAP)


def _show_ring(market: object) -> int:
    """Print the ring's authors and pairs beside others. Return how many of its authors are not at the limit."""
    from bench.market import recount_money
    from bench.market.people import NOW
    from bench.market.population import Market
    from insight.market import periods
    from insight.market.periods import Cadence

    assert isinstance(market, Market)
    ring = market.ring_authors
    authors, pairs = recount_money.ring_shares(periods.last_ended(Cadence.WEEK, NOW).first)
    inside = sorted(share for author, share in authors.items() if author in ring)
    outside = [share for author, share in authors.items() if author not in ring]
    pairs_inside = sorted(share for pair, share in pairs.items() if set(pair) <= ring)
    pairs_outside = [share for pair, share in pairs.items() if not set(pair) <= ring]
    print(f"\nring of {len(market.ring_accounts)} accounts and {len(ring)} authors, by the second count:")
    print(f"  its authors  {_range(inside)}; {len(outside)} others to {max(outside, default=0):.2f}")
    print(f"  its pairs    {_range(pairs_inside)}; {len(pairs_outside)} others to {max(pairs_outside, default=0):.2f}")
    return sum(share < 0.5 for share in inside) + (len(ring) - len(inside))


def _range(shares: list[float]) -> str:
    return f"{shares[0]:.2f} to {shares[-1]:.2f}" if shares else "none"


if __name__ == "__main__":
    sys.exit(1 if main() else 0)
