"""Generated catalogues of any size for performance work: plausible works, editions, listings and reviews, loaded in
bulk.

A small number of books is written by this process, with all indexes in place. A large number is made by several
processes, each with its own ranges: on PostgreSQL they also write them, by COPY; SQLite has one writer, which is this
process. Meanwhile the tables have no indexes except those that constraints need.

Generated books can be recognised only behind the scenes: their owners' addresses end in `@generated.invalid`, and all
books in a language share the files of one specimen. Sales are numbers on the listing, with no orders behind them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import nullcontext
from datetime import datetime
from itertools import batched
from multiprocessing import get_context
from multiprocessing.pool import Pool

from django.db import connection, transaction

from demo import generated_rows, generated_worker
from demo.generated_books import BOOKS_PER_AUTHOR, Keys, circle_of
from demo.generated_shared import DOMAIN, gathered, prepare
from demo.generated_worker import Made
from publishing.models import Contributor, Edition, Manuscript, Price, Series, Work
from publishing.services import editions as edition_services
from storefront.catalogue.models import Listing
from storefront.catalogue.services.versions import bump_version
from storefront.checkout.models import Entitlement, OrderLine
from storefront.community.models import Review
from storefront.search.services import index as search_index

BATCH = 1000  # a multiple of CIRCLE
# From this many books on, it is faster to start processes and to rebuild the indexes.
MANY = 20_000
_TABLES = (Series, Work, Manuscript, Edition, Price, Contributor, Review, Listing)
_REMOVED_AT_ONCE = 10_000


def generate(
    *, books: int, cover_count: int, seed: int, at: datetime, processes: int, many: int = MANY
) -> Iterator[int]:
    """Write that many more books. Raises SpecimenNotConverted.

    Yields how many were written so far, 0 as soon as everything is prepared, and the last number again once the indexes
    are back.
    """
    was_killed = generated_rows.put_back()
    first = _first_free_number()
    prepare(books=first - 1 + books, cover_count=cover_count, seed=seed, at=at)
    yield 0
    keys = Keys(
        first=first,
        series=generated_rows.take_keys(Series, circle_of(first + books - 1) - circle_of(first) + 1),
        work=generated_rows.take_keys(Work, books),
        manuscript=generated_rows.take_keys(Manuscript, books),
        edition=generated_rows.take_keys(Edition, books),
    )
    ranges = list(batched(range(first, first + books), BATCH))
    written, languages = 0, set[str]()
    try:
        parts = _many(ranges, keys, seed, at, processes) if books >= many else _few(ranges, keys, seed, at)
        for made in parts:
            written += made.count
            languages |= made.languages
            yield written
    finally:
        bump_version(*languages)
        search_index.load()
    if books >= many or was_killed:
        generated_rows.tidy(_TABLES)
    yield written


def remove(at: datetime) -> tuple[int, int]:
    """Remove all generated books. Return how many were removed, and how many stay, off sale, because someone ordered
    them.
    """
    generated_rows.put_back()
    works = Work.objects.filter(owner__email__endswith=DOMAIN)
    sold = set(OrderLine.objects.filter(edition__work__in=works).values_list("edition__work", flat=True))
    sold |= set(Entitlement.objects.filter(work__in=works).values_list("work", flat=True))
    unsold = [key for key in works.order_by("pk").values_list("pk", flat=True) if key not in sold]
    for keys in batched(unsold, _REMOVED_AT_ONCE):
        _remove(keys)
    Series.objects.filter(owner__email__endswith=DOMAIN, works=None).delete()
    for edition in Edition.objects.on_sale().filter(work__in=sold).select_related("work__owner"):
        edition_services.withdraw_edition(actor=edition.work.owner, edition=edition, at=at)
    bump_version()
    search_index.load()
    return len(unsold), len(sold)


def _first_free_number() -> int:
    """Return the first free number at the end of a generated work's slug, at the start of a new circle."""
    newest = Work.objects.filter(owner__email__endswith=DOMAIN).order_by("-pk").values_list("slug", flat=True).first()
    return (circle_of(int(newest.rpartition("-")[2])) + 1) * BOOKS_PER_AUTHOR + 1 if newest else 1


def _few(ranges: Sequence[Sequence[int]], keys: Keys, seed: int, at: datetime) -> Iterator[Made]:
    """Make and write the books in this process, one transaction a range."""
    stock = gathered(seed=seed, at=at)
    for numbers in ranges:
        batch = generated_worker.made_and_written(stock, numbers, keys.of(numbers[0]), is_written=True)
        yield Made(len(numbers), batch.languages, {})


def _many(ranges: Sequence[Sequence[int]], keys: Keys, seed: int, at: datetime, processes: int) -> Iterator[Made]:
    """Make the books in several processes while the tables have no indexes."""
    with (
        generated_rows.without_indexes(_TABLES),
        _pool(processes, seed, at) as pool,
    ):
        work = ((numbers, keys.of(numbers[0])) for numbers in ranges)
        for some in batched(work, 2 * processes):  # rows waiting to be written take memory
            for made in pool.starmap(generated_worker.make_range, some):
                with transaction.atomic() if made.rows else nullcontext():
                    generated_rows.write(made.rows)
                yield made
        if connection.vendor == "postgresql":
            pool.starmap(generated_worker.put_back, [(number, processes) for number in range(processes)])


def _pool(processes: int, seed: int, at: datetime) -> Pool:
    """Start the processes, each with its own connection.

    This one closes its own first, because forks would share it.
    """
    name = str(connection.settings_dict["NAME"])
    connection.close()
    return get_context("fork").Pool(processes, generated_worker.begin, (name, seed, at))


@transaction.atomic
def _remove(works: Sequence[int]) -> None:
    """Delete works that nobody ordered, with all that belongs to them, children first."""
    first, last = works[0], works[-1]
    doomed = {"work__gte": first, "work__lte": last} if last - first + 1 == len(works) else {"work__in": works}
    for model in (Review, Listing, Edition, Manuscript, Price, Contributor):
        model._default_manager.filter(**doomed).delete()
    Work.objects.filter(pk__in=works).delete()
