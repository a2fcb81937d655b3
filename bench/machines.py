"""What feeds, sitemaps and recommendations cost in a large shop on PostgreSQL, as ratios to a small one.

    python -m tests.support.postgres python -m bench.machines
    python -m tests.support.postgres python -m bench.machines --books 1000000 --readers 100000

The catalogue is copied in the database from one published book: the same row under other keys, so neither texts nor
purchases are like those of a real shop, but indexes, plans and numbers of rows are. Each reader bought ten books, near
each other, so that pairs come about. Prints seconds, and how many times as long each took at the depth of the shop.
"""

from __future__ import annotations

import argparse
import os
import time
from collections.abc import Callable, Iterable
from datetime import timedelta

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.test")
_EACH = 10  # books a reader bought


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--books", type=int, default=1_000_000)
    parser.add_argument("--readers", type=int, default=100_000)
    given = parser.parse_args()
    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    timed("filling the shop", lambda: fill(given.books, given.readers))
    measure(given.books)


def fill(books: int, readers: int) -> None:
    """Copies of one published book, and purchases of them."""
    from django.db import connection

    from common import clock
    from storefront.models import Listing
    from tests.factories.publishing import make_published_edition
    from tests.storefront.test_recommendations import sell

    edition = make_published_edition()
    held = sell(edition, edition.work.owner)
    listing = Listing.objects.get(work=edition.work)
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")  # no triggers, so no foreign keys: rows are our own
        copy(cursor, "publishing_work", edition.work_id, books, slug="'w' || n", public_id="'wrk_' || n")
        changed = "TIMESTAMPTZ '2026-01-01' + n * INTERVAL '1 second'"
        special = {
            "slug": "'w' || n",
            "work_id": "n",
            "changed_at": changed,
            "published_at": changed,
            "subject": "(ARRAY['FB','FF','FM','NH','UM'])[n % 5 + 1]",
            "language": "(ARRAY['en','de','fr'])[n % 3 + 1]",
            "rating_score": "3000 + n % 1999",
        }
        copy(cursor, "storefront_listing", listing.pk, books, **special)
        lines = readers * _EACH
        copy(cursor, "storefront_order", held.line.order_id, lines, public_id="'ord_' || n")
        copy(cursor, "storefront_orderline", held.line_id, lines, public_id="'lin_' || n", order_id="n")
        bought = f"1000 + (n / {_EACH} * 7 + n % {_EACH} * (n / {_EACH} % 3 + 1)) % {books - 1000}"
        rows = {"public_id": "'ent_' || n", "line_id": "n", "user_id": f"1000 + n / {_EACH}", "work_id": bought}
        copy(cursor, "storefront_entitlement", held.pk, lines, **rows)
        cursor.execute("SET session_replication_role = DEFAULT")
        cursor.execute("ANALYZE")
    assert Listing.objects.filter(changed_at__lt=clock.now() + timedelta(days=365)).exists()


def copy(cursor: object, table: str, pk: int, count: int, **columns: str) -> None:
    """Rows 1000 to 1000 + count of the table like row `pk`, but for the columns given as SQL over `n`."""
    cursor.execute("SELECT column_name FROM information_schema.columns WHERE table_name = %s", [table])  # type: ignore[attr-defined]
    names = [name for (name,) in cursor.fetchall()]  # type: ignore[attr-defined]
    values = [columns.get(name, "n" if name == "id" else f'one."{name}"') for name in names]
    quoted = ", ".join(f'"{name}"' for name in names)
    cursor.execute(  # type: ignore[attr-defined]
        f"INSERT INTO {table} ({quoted}) SELECT {', '.join(values)} "
        f"FROM {table} one, generate_series(1000, {999 + count}) n WHERE one.id = {pk} ON CONFLICT DO NOTHING"
    )


def measure(books: int) -> None:
    from django.test import Client

    from common import clock
    from storefront.models import BoughtTogether, Entitlement, Listing, SubjectPick
    from storefront.selectors import cursors, feeds
    from storefront.services import recommendations

    client = Client()
    deep = Listing.objects.get(pk=1000 + books * 96 // 100)
    after = cursors.text(cursors.microseconds(deep.changed_at), deep.pk)
    early = timed("ONIX, first message", lambda: drained(client, "/feeds/onix.xml"))
    late = timed("ONIX, message at 96 % depth", lambda: drained(client, f"/feeds/onix.xml?after={after}"))
    first, last = (min(feeds.RECORDS_A_MESSAGE, left) for left in (books, books * 4 // 100))
    print(
        f"  {late / last / (early / first):.2f} times the first for each record; {first / early:.0f} records a second"
    )
    timed("sitemap index", lambda: drained(client, "/sitemap.xml"))
    low = timed("sitemap 0", lambda: drained(client, "/sitemaps/books-0.xml"))
    high = timed("sitemap at the end", lambda: drained(client, f"/sitemaps/books-{(books - 1000) // 50_000}.xml"))
    print(f"  {high / low:.2f} times the first")
    whole = timed("recommendations, first run", lambda: recommendations.recommend(at=clock.now()))
    print(f"  {BoughtTogether.objects.count()} pairs, {SubjectPick.objects.count()} picks")
    users = list(Entitlement.objects.order_by("user_id").values_list("user_id", flat=True).distinct()[:200])
    Entitlement.objects.filter(user_id__in=users).update(granted_at=clock.now())
    later = clock.now() + timedelta(seconds=1)
    day = timed("recommendations after 200 readers bought", lambda: recommendations.recommend(at=later))
    print(f"  {day / whole:.3f} of the first run")
    slugs = Listing.objects.order_by("pk").values_list("slug", flat=True)
    page = timed("100 book pages", lambda: [drained(client, f"/books/{slug}/") for slug in slugs[2000:2100]])
    print(f"  {10 * page:.1f} ms each")


def drained(client: object, path: str) -> int:
    response = client.get(path)  # type: ignore[attr-defined]
    assert response.status_code == 200, path
    parts: Iterable[bytes] = response.streaming_content if response.streaming else [response.content]
    return sum(map(len, parts))


def timed(what: str, act: Callable[[], object]) -> float:
    began, cpu = time.perf_counter(), time.process_time()
    act()
    took, cpu = time.perf_counter() - began, time.process_time() - cpu
    print(f"{took:8.2f} s, {cpu:6.2f} s of it our own CPU time  {what}", flush=True)
    return took


if __name__ == "__main__":
    main()
