"""Recommends books beside a book: counted in the database, in the background, and explained on the page.

Bought together: two books are close if many buyers of one bought the other, relative to how many buyers the other has
in total. Only paid purchases count that were kept until after their refund window; nobody counts for a book they
contributed to. A pair needs MIN_COMMON_READERS different readers, so that no row reveals what one person bought, and no
row changes before a purchase's refund window is over, so that nobody can observe a single purchase. A reader's weight
is divided by the number of books they bought, and readers with more than MAX_BOOKS do not count: a ring of accounts
that buys a lot has little effect.

The cost of a run is bounded: only purchases of the last two years count, for each reader the LATEST_BOOKS latest ones,
and for a very popular book its LATEST_READERS latest readers, as a sample. Listings are counted in chunks of five
thousand, each in a transaction of its own, so that no statement grows with the shop. A run that was interrupted is
continued by the next one: a first run over many millions of purchases takes longer than a task may run.

Same subject: the best-rated books of each subject and language. A book's page shows some of them; the selection depends
on the book, so that all of them get shown.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import batched
from typing import Any

from django.db import connection, transaction

from storefront.catalogue.models import MIN_COMMON_READERS, BoughtTogether, RecommendationRun
from storefront.catalogue.services.versions import bump_version

MAX_BOOKS = 500
LATEST_BOOKS = 100
LATEST_READERS = 5000
COUNTED_FOR = timedelta(days=730)
PLACES = 12
PICKS = 60
_CHUNK = 5000

# Kept purchases of some listings or some readers. One row for each reader and listing on sale.
_KEPT = """
    SELECT held.user_id, held.granted_at, listed.id AS listing_id, listed.is_adult
    FROM checkout_entitlement held
    JOIN checkout_orderline line ON line.id = held.line_id AND line.paid_minor > 0
    JOIN checkout_order bought ON bought.id = line.order_id
    JOIN catalogue_listing listed ON listed.work_id = held.work_id AND listed.is_on_sale
    WHERE {which} AND held.ended_at IS NULL AND held.granted_at > %(oldest)s
    AND COALESCE(line.refundable_until, bought.refundable_until) <= %(until)s
    AND NOT EXISTS (
        SELECT 1 FROM publishing_contributor made WHERE made.work_id = held.work_id AND made.user_id = held.user_id
    )"""
# The listings that anybody has bought, for the first run.
_BOUGHT = """
    SELECT DISTINCT listed.id FROM checkout_entitlement held
    JOIN catalogue_listing listed ON listed.work_id = held.work_id
    WHERE held.granted_at > %(oldest)s AND listed.id > %(counted_to)s ORDER BY listed.id"""
# The listings of all readers whose purchases count differently since the last run: new and returned ones, those whose
# refund window has ended, and those that have become too old.
_TOUCHED = """
    SELECT DISTINCT listed.id FROM checkout_entitlement also
    JOIN catalogue_listing listed ON listed.work_id = also.work_id
    WHERE listed.id > %(counted_to)s AND also.user_id IN (
        SELECT user_id FROM checkout_entitlement
        WHERE ended_at > %(since)s OR granted_at > %(since)s
        OR (granted_at > %(oldest_before)s AND granted_at <= %(oldest)s)
        UNION
        SELECT held.user_id FROM checkout_order bought
        JOIN checkout_orderline line ON line.order_id = bought.id
        JOIN checkout_entitlement held ON held.line_id = line.id
        WHERE bought.refundable_until > %(since)s AND bought.refundable_until <= %(until)s
        UNION
        SELECT held.user_id FROM checkout_orderline line
        JOIN checkout_entitlement held ON held.line_id = line.id
        WHERE line.refundable_until > %(since)s AND line.refundable_until <= %(until)s
    ) ORDER BY listed.id"""
# Integers throughout, so that both databases agree: the square of a pair's common weight, divided by the number of the
# other book's readers. Ties go to more readers, then to the older listing. Pairs and reader counts are combined by a
# union and a window: PostgreSQL cannot estimate the number of pairs, and a join would recount the readers for each.
_PAIRS = """
    INSERT INTO catalogue_boughttogether (listing_id, other_id, readers, place)
    WITH mine AS (
        SELECT user_id, listing_id, is_adult FROM (
            SELECT kept.*, ROW_NUMBER() OVER (PARTITION BY listing_id ORDER BY granted_at DESC, user_id) AS latest
            FROM ({kept_here}) kept
        ) here WHERE latest <= %(latest_readers)s
    ),
    shelves AS (
        SELECT user_id, listing_id, is_adult, books FROM (
            SELECT kept.*, COUNT(*) OVER (PARTITION BY user_id) AS books,
                ROW_NUMBER() OVER (PARTITION BY user_id ORDER BY granted_at DESC, listing_id) AS latest
            FROM ({kept_of_readers}) kept
        ) whole WHERE latest <= %(latest_books)s AND books BETWEEN 2 AND %(most_books)s
    ),
    pairs AS (
        SELECT mine.listing_id, theirs.listing_id AS other_id, COUNT(*) AS readers,
            CAST(SUM(1000 / theirs.books) AS bigint) AS weight
        FROM mine
        JOIN shelves also ON also.user_id = mine.user_id AND also.listing_id = mine.listing_id
        JOIN shelves theirs ON theirs.user_id = mine.user_id AND theirs.listing_id <> mine.listing_id
            AND (mine.is_adult OR NOT theirs.is_adult)
        GROUP BY mine.listing_id, theirs.listing_id HAVING COUNT(*) >= %(fewest)s
    ),
    weighed AS (
        SELECT listing_id, other_id, readers, weight, MAX(liked) OVER (PARTITION BY other_id) AS liked FROM (
            SELECT listing_id, other_id, readers, weight, 0 AS liked FROM pairs
            UNION ALL
            SELECT 0, listing_id, 0, 0, COUNT(*) FROM ({kept_beside}) kept GROUP BY listing_id
        ) both_kinds
    ),
    ranked AS (
        SELECT weighed.*, ROW_NUMBER() OVER (
            PARTITION BY listing_id ORDER BY weight * weight / liked DESC, readers DESC, other_id
        ) AS place
        FROM weighed WHERE listing_id <> 0
    )
    SELECT listing_id, other_id, readers, place FROM ranked WHERE place <= %(places)s"""
_PICKS = """
    INSERT INTO catalogue_subjectpick (subject, language, place, listing_id)
    SELECT subject, language, place - 1, id FROM (
        SELECT id, subject, language, ROW_NUMBER() OVER (
            PARTITION BY subject, language ORDER BY rating_score DESC, sales_count DESC, id
        ) AS place
        FROM catalogue_listing
        WHERE is_on_sale AND NOT is_adult AND release_date IS NULL AND subject <> ''
    ) ranked WHERE place <= %(picks)s"""


def recommend(*, at: datetime) -> None:
    """Finish an interrupted run, if there is one; then count what changed until now, and pick the books of each
    subject. Safe to repeat; of two runs at the same time, one gives way."""
    run = _begun(at)
    if not _count(run):
        return
    _finish(run)
    if run.counting_until != at:
        recommend(at=at)


def _begun(at: datetime) -> RecommendationRun:
    """Return the run in progress, or start a new one."""
    with transaction.atomic():
        RecommendationRun.objects.get_or_create(pk=1)
        run = RecommendationRun.objects.select_for_update().get(pk=1)
        if run.counting_until is None:
            if run.counted_until is None:
                BoughtTogether.objects.all().delete()
            run.counting_until, run.counted_to = at, 0
            run.save()
    return run


def _count(run: RecommendationRun) -> bool:
    """Count the remaining listings: all of them in the first run, later those affected by changes. Return False if
    another process has continued the run in the meantime."""
    parameters = _parameters(run)
    with connection.cursor() as cursor:
        cursor.execute(_TOUCHED if run.counted_until else _BOUGHT, parameters)
        listings = [pk for (pk,) in cursor.fetchall()]
    for some in batched(listings, _CHUNK):
        with transaction.atomic(), connection.cursor() as cursor:
            if not _is_ours(run):
                return False
            keys = ", ".join(str(int(pk)) for pk in some)
            cursor.execute(f"DELETE FROM catalogue_boughttogether WHERE listing_id IN ({keys})")  # noqa: S608 - numbers
            cursor.execute(_pairs_of(keys), parameters)
            run.counted_to = some[-1]
            run.save(update_fields=["counted_to"])
    return True


@transaction.atomic
def _finish(run: RecommendationRun) -> None:
    if _is_ours(run):
        _pick()
        RecommendationRun.objects.update(counted_until=run.counting_until, counting_until=None, counted_to=0)
        bump_version()


def _is_ours(run: RecommendationRun) -> bool:
    """Return whether the run is where we left it, and lock it until the end of the transaction."""
    now = RecommendationRun.objects.select_for_update().get(pk=1)
    return (now.counting_until, now.counted_to) == (run.counting_until, run.counted_to)


def _pairs_of(keys: str) -> str:
    """Return the statement that counts the pairs of the listings with these keys."""
    return _PAIRS.format(
        kept_here=_KEPT.format(which=f"listed.id IN ({keys})"),
        kept_of_readers=_KEPT.format(which="held.user_id IN (SELECT user_id FROM mine)"),
        kept_beside=_KEPT.format(which="listed.id IN (SELECT other_id FROM pairs)"),
    )


def _parameters(run: RecommendationRun) -> dict[str, Any]:
    moment, since, until = connection.ops.adapt_datetimefield_value, run.counted_until, run.counting_until
    assert until is not None  # noqa: S101 - of a count that has begun
    return {
        "since": moment(since) if since else None,
        "until": moment(until),
        "oldest": moment(until - COUNTED_FOR),
        "oldest_before": moment(since - COUNTED_FOR) if since else None,
        "counted_to": run.counted_to,
        "most_books": MAX_BOOKS,
        "latest_books": LATEST_BOOKS,
        "latest_readers": LATEST_READERS,
        "fewest": MIN_COMMON_READERS,
        "places": PLACES,
    }


def _pick() -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM catalogue_subjectpick")
        cursor.execute(_PICKS, {"picks": PICKS})
