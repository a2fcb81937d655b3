"""What a ranking takes on PostgreSQL, by the number of copies and of books.

    python -m tests.support.postgres python -m bench.ranking [--books 1000000] [--copies 1000000] [--readers 200000]

Fills a fresh database with books of one model, of which the first tenth sells, by SQL alone; then counts, places and
writes a first snapshot and tells the seconds of each step, and those of a run that finds nothing new.
"""

from __future__ import annotations

import argparse
import os
import time
from datetime import timedelta

import django

_COPY = """
    INSERT INTO {table} SELECT (jsonb_populate_record(model, jsonb_build_object({changes}))).*
    FROM {table} AS model, generate_series(1, %s) AS n WHERE model.id = %s"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--books", type=int, default=1_000_000)
    parser.add_argument("--copies", type=int, default=1_000_000)
    parser.add_argument("--readers", type=int, default=200_000)
    given = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.test")
    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    fill(given.books, given.copies, given.readers)
    measure()


def fill(books: int, copies: int, readers: int) -> None:
    """One book and one copy through the models, the rest as changed copies of their rows."""
    from django.db import connection

    from common import clock
    from tests.factories.accounts import make_reader
    from tests.storefront.ranking.facts import book_of, sell, verified_author

    now = clock.now()
    authors = [verified_author() for _ in range(200)]
    edition = book_of(authors[0], "model", now - timedelta(days=60))
    reader = make_reader()
    copy = sell(edition, reader, now - timedelta(days=50))
    first = 1_000_000_000
    work = f"{first} + n"
    sold = f"{first} + 1 + (n::bigint * n %% {max(1, books // 10)})"
    buyer = f"{first} + 1 + (n::bigint * 7919 %% {readers})"
    at = f"'{now.isoformat()}'::timestamptz - make_interval(hours => (n * 31 %% 8000)::int)"
    owner = f"{authors[0].pk} + n %% {len(authors)}"
    public = "'public_id', 'bench_' || n"
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")  # no triggers, no checks of references

        def copies_of(table: str, pk: int, number: int, changes: str) -> None:
            cursor.execute(_COPY.format(table=table, changes=f"'id', {first} + n, {changes}"), [number, pk])

        copies_of("accounts_user", reader.pk, readers, f"{public}, 'email', n || '@bench.invalid'")
        copies_of("publishing_work", edition.work_id, books, f"{public}, 'slug', 'b-' || n, 'owner_id', {owner}")
        listing = edition.work.listing.pk
        published = f"'{now.isoformat()}'::timestamptz - make_interval(mins => n)"
        changes = f"'slug', 'b-' || n, 'work_id', {work}, 'published_at', {published}"
        copies_of("storefront_listing", listing, books, changes)
        if copy.line is None:
            raise AssertionError("a sold copy has a line")
        copies_of("storefront_order", copy.line.order_id, copies, f"{public}, 'buyer_id', {buyer}")
        copies_of("storefront_orderline", copy.line.pk, copies, f"{public}, 'order_id', {first} + n")
        changes = f"{public}, 'line_id', {first} + n, 'work_id', {sold}, 'user_id', {buyer}, 'granted_at', {at}"
        cursor.execute("DROP INDEX IF EXISTS entitlement_once_while_it_lasts")  # a few buy a book twice here
        copies_of("storefront_entitlement", copy.pk, copies, changes)
        cursor.execute("SET session_replication_role = DEFAULT")
        cursor.execute("ANALYZE")


def measure() -> None:
    from common import clock
    from storefront.recompute_ranking import FORMULAS, order
    from storefront.selectors.votes import count_votes
    from storefront.services import ranking

    now = clock.now()
    started = time.perf_counter()
    votes = count_votes(now.date())
    counted = time.perf_counter()
    places = {shelf: len(order(shelf, votes.books.values(), now.date())) for shelf in FORMULAS}
    placed = time.perf_counter()
    print(f"count votes: {counted - started:.1f} s for {len(votes.books)} books with proved votes")
    print(f"order three shelves: {placed - counted:.1f} s; places {places}")
    for name in ("whole run", "run without news"):
        begun = time.perf_counter()
        ranking.make_ranking(at=now)
        print(f"{name}: {time.perf_counter() - begun:.1f} s")


if __name__ == "__main__":
    main()
