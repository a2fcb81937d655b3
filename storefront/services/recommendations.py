"""Which books stand beside a book: counted in the database, in the background, explained on the page.

Bought together. Two books are close when many of those who bought one bought the other, for how many the other has at
all. Counted are purchases that were paid, whose refund window is over and that were kept; nobody counts for a book they
contributed to. A pair needs LEAST_READERS different readers, so that no row says what one person bought; and no row
changes before the window of a purchase is over, so that nobody learns of one by watching. A reader's weight is divided
by how many books they bought, and none of those with more than MOST_BOOKS counts: a ring that buys much moves little.

Of one subject. The books best liked of each subject and language; the page of a book shows some of them, which ones
depends on the book, so that all get their turn.
"""

from __future__ import annotations

from datetime import datetime

from django.db import connection, transaction

from storefront.models import RecommendationRun
from storefront.services.versions import raise_version

LEAST_READERS = 3
MOST_BOOKS = 500
PLACES = 12
PICKS = 60

# Who bought what and kept it. A row for each reader and listing on sale.
_KEPT = """
    SELECT held.user_id, listed.id AS listing_id, listed.is_adult
    FROM storefront_entitlement held
    JOIN storefront_orderline line ON line.id = held.line_id AND line.paid_minor > 0
    JOIN storefront_order bought ON bought.id = line.order_id
    JOIN storefront_listing listed ON listed.work_id = held.work_id AND listed.is_on_sale
    WHERE held.ended_at IS NULL AND COALESCE(line.refundable_until, bought.refundable_until) <= %(until)s
    AND NOT EXISTS (
        SELECT 1 FROM publishing_contributor made WHERE made.work_id = held.work_id AND made.user_id = held.user_id
    )"""
# The listings of everybody whose purchases count otherwise than at the last run.
_TOUCHED = """
    SELECT listed.id FROM storefront_entitlement also
    JOIN storefront_listing listed ON listed.work_id = also.work_id
    WHERE also.user_id IN (
        SELECT held.user_id FROM storefront_entitlement held
        JOIN storefront_orderline line ON line.id = held.line_id
        JOIN storefront_order bought ON bought.id = line.order_id
        WHERE held.ended_at > %(since)s OR held.granted_at > %(since)s
        OR (COALESCE(line.refundable_until, bought.refundable_until) > %(since)s
            AND COALESCE(line.refundable_until, bought.refundable_until) <= %(until)s)
    )"""
# Whole numbers throughout, so that both databases agree: the square of the weight that a pair has in common, divided
# by the other book's readers. Ties go to more readers, then to the older listing.
_PAIRS = """
    INSERT INTO storefront_boughttogether (listing_id, other_id, readers, place)
    WITH kept AS ({kept}),
    weighed AS (SELECT kept.*, COUNT(*) OVER (PARTITION BY user_id) AS books FROM kept),
    usable AS (SELECT * FROM weighed WHERE books BETWEEN 2 AND %(most_books)s),
    liked AS (SELECT listing_id, COUNT(*) AS readers FROM kept GROUP BY listing_id),
    pairs AS (
        SELECT mine.listing_id, theirs.listing_id AS other_id, COUNT(*) AS readers,
            CAST(SUM(1000 / mine.books) AS bigint) AS weight
        FROM usable mine
        JOIN usable theirs ON theirs.user_id = mine.user_id AND theirs.listing_id <> mine.listing_id
            AND (mine.is_adult OR NOT theirs.is_adult)
        {only}
        GROUP BY mine.listing_id, theirs.listing_id HAVING COUNT(*) >= %(least_readers)s
    ),
    ranked AS (
        SELECT pairs.*, ROW_NUMBER() OVER (
            PARTITION BY pairs.listing_id
            ORDER BY weight * weight / liked.readers DESC, pairs.readers DESC, pairs.other_id
        ) AS place
        FROM pairs JOIN liked ON liked.listing_id = pairs.other_id
    )
    SELECT listing_id, other_id, readers, place FROM ranked WHERE place <= %(places)s"""
_PICKS = """
    INSERT INTO storefront_subjectpick (subject, language, place, listing_id)
    SELECT subject, language, place - 1, id FROM (
        SELECT id, subject, language, ROW_NUMBER() OVER (
            PARTITION BY subject, language ORDER BY rating_score DESC, sales_count DESC, id
        ) AS place
        FROM storefront_listing
        WHERE is_on_sale AND NOT is_adult AND release_date IS NULL AND subject <> ''
    ) ranked WHERE place <= %(picks)s"""


def recommend(*, at: datetime) -> None:
    """Count what changed since the last run, and pick the books of each subject. Safe to repeat; one run at a time."""
    with transaction.atomic():
        RecommendationRun.objects.get_or_create(pk=1)
        run = RecommendationRun.objects.select_for_update().get(pk=1)
        _count_pairs(since=run.counted_until, until=at)
        _pick()
        run.counted_until = at
        run.save()
        raise_version()


def _count_pairs(*, since: datetime | None, until: datetime) -> None:
    """Those of every listing at the first run, later those of the listings that are touched."""
    moment = connection.ops.adapt_datetimefield_value
    parameters = {
        "since": moment(since) if since else None,
        "until": moment(until),
        "most_books": MOST_BOOKS,
        "least_readers": LEAST_READERS,
        "places": PLACES,
    }
    touched = f"WHERE {{column}} IN ({_TOUCHED})" if since else ""
    with connection.cursor() as cursor:
        cursor.execute(
            f"DELETE FROM storefront_boughttogether {touched.format(column='listing_id')}",  # noqa: S608 - our own text
            parameters if since else {},
        )
        cursor.execute(_PAIRS.format(kept=_KEPT, only=touched.format(column="mine.listing_id")), parameters)


def _pick() -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM storefront_subjectpick")
        cursor.execute(_PICKS, {"picks": PICKS})
