"""How long a month of sales takes to become statements: computed, stored, hashed and tied out with the ledger.

    python -m bench.royalties_run --sales 1000000 [--contributors 10000]

loads made-up sales straight into a PostgreSQL of its own, which is thrown away (the ledger's triggers are off while it
loads and on again before the run), then builds the month's statements for a tenth, a third and all of them.
"""

from __future__ import annotations

import argparse
import os
import time
from datetime import UTC, datetime

_MONTH = "2026-10"
_AT = "2026-10-15 12:00:00+00"
_WORKS_PER_CONTRIBUTOR = 5
_COUNTRIES = "ARRAY['US','DE','FR','GB','CA','AU','NL','IT']"
_TABLES = (
    "royalties_statementline, royalties_statementmovement, royalties_statement, royalties_closedperiod, "
    "royalties_saleshare, royalties_salerecord, royalties_accountbalance, royalties_posting, royalties_seal, "
    "royalties_journalentry, royalties_ledgeraccount"
)
# 499 paid: 44 for the card, 40 for the platform, 415 for the contributor.
_POSTINGS = (("'stripe_balance'", 499), ("'platform_fee'", -40), ("'processor_fee_recovered'", -44), (None, -415))


def main() -> None:
    """Loads, runs and prints the table."""
    from tests.support import postgres

    options = _options()
    with postgres.server() as address:
        os.environ["DATABASE_URL"] = address
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.test")
        import django

        django.setup()
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        _people(options.contributors)
        _print([(size, *_measure(size, options.contributors)) for size in _sizes(options.sales)])


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sales", type=int, required=True)
    parser.add_argument("--contributors", type=int, default=10_000)
    return parser.parse_args()


def _sizes(sales: int) -> list[int]:
    return [sales // 10, sales // 3, sales]


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


def _measure(sales: int, contributors: int) -> tuple[float, float, int, int]:
    """Seconds of loading and of the run, and how many statements and lines it made."""
    from django.db import connection, transaction

    from royalties import triggers
    from royalties.models import ClosedPeriod, StatementLine
    from royalties.services import statements

    began = time.perf_counter()
    triggers.drop(connection)
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")  # foreign keys and seals hold by construction
        for statement in _loading(sales, contributors):
            cursor.execute(statement)
        cursor.execute("SET session_replication_role = DEFAULT")
    triggers.install(connection)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE, FREEZE)")
    loaded = time.perf_counter()
    with transaction.atomic():
        closed = ClosedPeriod.objects.create(
            period=_MONTH,
            closed_at=datetime(2026, 11, 1, tzinfo=UTC),
            trial_balance_hash="",
            chain_position=0,
            chain_hash="",
        )
        made = statements.build(closed)
    return loaded - began, time.perf_counter() - loaded, made, StatementLine.objects.count()


def _loading(sales: int, contributors: int) -> list[str]:
    """Whoever sold line n is contributor n modulo their number; each has a few works, sold in several countries."""
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


def _print(rows: list[tuple[int, float, float, int, int]]) -> None:
    print(f"{'sales':>12} {'statements':>11} {'lines':>9} {'loading s':>10} {'run s':>8} {'sales/s':>12} {'growth':>7}")
    before: tuple[int, float] | None = None
    for sales, loading, run, made, lines in rows:
        growth = f"{(run / before[1]) / (sales / before[0]):.2f}" if before else ""
        print(f"{sales:>12,} {made:>11,} {lines:>9,} {loading:>10.1f} {run:>8.2f} {sales / run:>12,.0f} {growth:>7}")
        before = sales, run
    print("growth: how much longer the run took for each sale than at the size above; 1 is linear.")


if __name__ == "__main__":
    main()
