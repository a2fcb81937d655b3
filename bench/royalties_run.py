"""Measure how long it takes to turn a month of sales into statements: computed, stored, hashed and reconciled.

    python -m bench.royalties_run --sales 1000000 [--contributors 10000] [--sizes 10]

Loads generated sales straight into a temporary PostgreSQL (the ledger's triggers are off while loading and on again
before the run), then builds the month's statements for a tenth, a third and all of them, or for the given sizes. Each
size runs in its own process, so that the reported memory is the peak of that size.

CPU s are the processor seconds of the database for the run, which are more telling than elapsed time on a busy machine.
The chainer usually adds up tallies as it goes, a thousand entries at a time; here they are counted at once before the
run. Statement lines are added up from all sales during the run.
"""

from __future__ import annotations

import argparse
import os
import resource
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from multiprocessing import get_context

from bench.shop_measure import cpu_s
from bench.shop_servers import first_process_of

_MONTH = "2026-10"
_AT = "2026-10-15 12:00:00+00"
_WORKS_PER_CONTRIBUTOR = 5
_COUNTRIES = "ARRAY['US','DE','FR','GB','CA','AU','NL','IT']"
_TABLES = (
    "royalties_statementline, royalties_statementmovement, royalties_statement, royalties_closedperiod, "
    "royalties_saleshare, royalties_salerecord, royalties_accountbalance, royalties_posting, royalties_seal, "
    "royalties_journalentry, royalties_ledgeraccount, royalties_chainlink, royalties_monthtally, "
    "royalties_closedtally, royalties_chainmark"
)
# 499 paid: 44 for the card, 40 for the platform, 415 for the contributor.
# Settings suitable for this load; the defaults are for a machine with 1 GB.
_SERVER = {"shared_buffers": "2GB", "max_wal_size": "16GB", "maintenance_work_mem": "512MB"}
_POSTINGS = (("'stripe_balance'", 499), ("'platform_fee'", -40), ("'processor_fee_recovered'", -44), (None, -415))


@dataclass(frozen=True, slots=True)
class Measured:
    """The result for one size: seconds, what was made, and the peak memory of this process."""

    sales: int
    statements: int
    lines: int
    loading_s: float
    tallies_s: float
    run_s: float
    server_cpu_s: float
    memory_mb: float
    grew_mb: float


def main() -> None:
    """Load the sales, run the sizes and print the table."""
    from tests.support import postgres

    options = _options()
    with postgres.server(settings=_SERVER) as address:
        os.environ["DATABASE_URL"] = address
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.test")
        rows = []
        for size in options.sizes or [options.sales // 10, options.sales // 3, options.sales]:
            with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
                rows.append(pool.submit(_measure, size, options.contributors, is_first=not rows).result())
            _print(rows)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sales", type=int, default=1_000_000)
    parser.add_argument("--contributors", type=int, default=10_000)
    parser.add_argument("--sizes", type=int, nargs="+", help="instead of a tenth, a third and all of --sales")
    return parser.parse_args()


def _people(contributors: int) -> None:
    from accounts.models import User
    from common import clock
    from publishing.models import Work

    at = clock.now()
    numbers = range(1, contributors + 1)
    User.objects.bulk_create((User(pk=n, email=f"{n}@example.org", display_name=str(n)) for n in numbers), 5000)
    works = (
        Work(pk=(n - 1) * _WORKS_PER_CONTRIBUTOR + k, owner_id=n, slug=f"work-{n}-{k}", title="A Work", created_at=at)
        for n in numbers
        for k in range(1, _WORKS_PER_CONTRIBUTOR + 1)
    )
    Work.objects.bulk_create(works, 5000)


def _measure(sales: int, contributors: int, *, is_first: bool) -> Measured:
    """Load the sales, count the tallies, and make the statements."""
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection, transaction

    from royalties.models import ClosedPeriod, StatementLine
    from royalties.services import running_totals, statements

    if is_first:
        call_command("migrate", verbosity=0)
        _people(contributors)
    began = time.perf_counter()
    _load(sales, contributors)
    loaded = time.perf_counter()
    with transaction.atomic():
        running_totals.add(until=sales)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE) royalties_monthtally")
    counted = time.perf_counter()
    before, used = _memory_mb(), _server_cpu_s()
    with transaction.atomic():
        closed = ClosedPeriod.objects.create(
            period=_MONTH,
            closed_at=datetime(2026, 11, 1, tzinfo=UTC),
            trial_balance_hash="",
            chain_position=0,
            chain_hash="",
            closed_by_id=1,
            prepared_by_id=2,
        )
        made = statements.build(closed)
    done = time.perf_counter()
    lines = StatementLine.objects.filter(statement__closed_period=closed).count()
    return Measured(
        sales,
        made,
        lines,
        loading_s=loaded - began,
        tallies_s=counted - loaded,
        run_s=done - counted,
        server_cpu_s=_server_cpu_s() - used,
        memory_mb=_memory_mb(),
        grew_mb=_memory_mb() - before,
    )


def _memory_mb() -> float:
    """Return the peak memory of this process so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _server_cpu_s() -> float:
    """Return the CPU time used so far by the database's processes, which other work on the machine does not change."""
    return cpu_s(first_process_of(os.environ["DATABASE_URL"]) or 0)


def _load(sales: int, contributors: int) -> None:
    from django.db import connection

    from royalties import triggers

    triggers.drop(connection)
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")  # foreign keys and seals hold by construction
        for statement in _loading(sales, contributors):
            cursor.execute(statement)
        cursor.execute("SET session_replication_role = DEFAULT")
    triggers.install(connection)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE, FREEZE)")


def _loading(sales: int, contributors: int) -> list[str]:
    """Return the statements that load the sales: contributor n modulo their number sold line n.

    Each contributor has a few works, sold in several countries.
    """
    person = f"(n % {contributors}) + 1"
    work = f"((n % {contributors}) * {_WORKS_PER_CONTRIBUTOR} + (n / {contributors}) % {_WORKS_PER_CONTRIBUTOR}) + 1"
    postings = " UNION ALL ".join(
        f"SELECT n, {'n % ' + str(contributors) + ' + 10' if kind is None else number}, 'USD', {amount} FROM s"
        for number, (kind, amount) in enumerate(_POSTINGS, start=1)
    )
    s = f"WITH s AS (SELECT n FROM generate_series(1, {sales}) n)"
    return [
        f"TRUNCATE {_TABLES} CASCADE",
        "INSERT INTO royalties_ledgeraccount (id, name, kind, currency, side, is_guarded, owner_id) VALUES "
        + ", ".join(
            f"({number}, {kind}, {kind}, 'USD', {1 if amount > 0 else -1}, false, NULL)"
            for number, (kind, amount) in enumerate(_POSTINGS, start=1)
            if kind
        ),
        "INSERT INTO royalties_ledgeraccount (id, name, kind, currency, side, is_guarded, owner_id) "
        f"SELECT n + 9, 'contributor_clearing:usr_' || n, 'contributor_clearing', 'USD', -1, true, n "
        f"FROM generate_series(1, {contributors}) n",
        f"{s} INSERT INTO royalties_journalentry (id, kind, external_id, reference, occurred_at, booked_at, "
        f"recorded_at) SELECT n, 'sale', 'sale:lin_' || n, 'lin_' || n, '{_AT}', '{_AT}', '{_AT}' FROM s",
        # Placeholders for hashes, which nothing here reads.
        f"{s} INSERT INTO royalties_chainlink (position, version, entry_id, previous_hash, hash) "
        "SELECT n, 2, n, lpad((n - 1)::text, 10, '0'), lpad(n::text, 10, '0') FROM s",
        f"{s} INSERT INTO royalties_posting (entry_id, account_id, currency, amount_minor) "
        f"SELECT * FROM ({postings}) p ORDER BY 1",
        f"{s} INSERT INTO royalties_seal (entry_id, postings) SELECT n, 4 FROM s",
        "INSERT INTO royalties_accountbalance (account_id, side, balance_minor) "
        "SELECT a.id, a.side, SUM(p.amount_minor) FROM royalties_ledgeraccount a JOIN royalties_posting p "
        "ON p.account_id = a.id WHERE a.is_guarded GROUP BY a.id",
        f"{s} INSERT INTO royalties_saleshare (sale_id, user_id, position, share_bps, amount_minor, returned_minor, "
        "period, currency, work_id, country, unit_price_minor, terms_id, net_minor, processor_fee_minor, "
        f"platform_fee_minor) SELECT n, {person}, 0, 10000, 415, 0, '{_MONTH}', 'USD', {work}, "
        f"({_COUNTRIES})[1 + (n / 7) % 8], 499, 1, 499, 44, 40 FROM s",
    ]


def _print(rows: list[Measured]) -> None:
    print(
        f"{'sales':>12} {'statements':>11} {'lines':>9} {'loading s':>10} {'tallies s':>10} {'run s':>8} {'CPU s':>7} "
        f"{'sales/s':>12} {'growth':>7} {'memory MB':>10} {'grew MB':>8}"
    )
    before: Measured | None = None
    for row in rows:
        growth = f"{(row.run_s / before.run_s) / (row.sales / before.sales):.2f}" if before else ""
        print(
            f"{row.sales:>12,} {row.statements:>11,} {row.lines:>9,} {row.loading_s:>10.1f} {row.tallies_s:>10.1f} "
            f"{row.run_s:>8.2f} {row.server_cpu_s:>7.2f} {row.sales / row.run_s:>12,.0f} {growth:>7} "
            f"{row.memory_mb:>10.1f} {row.grew_mb:>8.1f}"
        )
        before = row
    print("growth: how much longer the run took for each sale than at the size above; 1 is linear.", flush=True)


if __name__ == "__main__":
    main()
