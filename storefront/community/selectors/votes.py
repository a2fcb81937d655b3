"""Counts votes: paid copies and reviews, added up by book and day without naming anybody.

What a *vote* is, and when it is *proved* (cast by a verified reader):

- One for each account and book: a copy that cost at least 99 minor units, was not given back, and is not by the
  account itself. A gift counts for its giver.
- Only the first vote of an account for a credited name in a calendar month (UTC) counts, and only the first eight of
  an account in a month. A pen name that its owner keeps off their page is a name of its own; all other names of an
  account count as one.
- It is proved if its account paid for its first book at least 30 days ago and has paid for books by three other authors
  whom a payment provider or bank has verified. In a shop with fewer verified authors who sell: by all others. Books
  under a pen name prove nothing, and a vote for one requires one more author, since its owner may be one of the three.
  So neither the votes nor the word "proved" reveal who uses the pen name.
- A review counts, as proved or not, with the copy it came with.

Everything covers one year up to the end of the previous day: nobody can tell from a list at what moment somebody
bought.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta

from django.db import connection

from storefront.catalogue.recompute_ranking import RULES, Book, Count, Day, Rules
from storefront.catalogue.vote_rules import (
    MIN_ACCOUNT_AGE,
    MIN_OTHER_AUTHORS,
    MIN_PAID_MINOR,
    VOTE_WINDOW,
    VOTES_A_MONTH,
    Votes,
)

_DIALECTS = {
    "postgresql": {
        "day": "CAST({0} AT TIME ZONE 'UTC' AS date)",
        "month": "to_char({0} AT TIME ZONE 'UTC', 'YYYY-MM')",
    },
    "sqlite": {"day": "date({0})", "month": "strftime('%%Y-%%m', {0})"},
}

# Each part of the statement corresponds to a sentence of the docstring above.
_VOTES = """
WITH paid AS (
    SELECT o.buyer_id AS account, e.work_id AS work, MIN(e.granted_at) AS bought_at
    FROM checkout_entitlement e
    JOIN checkout_orderline l ON l.id = e.line_id
    JOIN checkout_order o ON o.id = l.order_id
    WHERE e.granted_at >= %(since)s AND e.granted_at < %(until)s
      AND (e.ended_at IS NULL OR e.ended_at >= %(until)s) AND l.paid_minor >= %(least)s
    GROUP BY o.buyer_id, e.work_id
), pen AS (
    SELECT c.work_id AS work, LOWER(MIN(c.name)) AS name
    FROM publishing_contributor c JOIN publishing_work w ON w.id = c.work_id
    WHERE NOT c.is_on_page AND (c.user_id = w.owner_id OR c.left_id = w.owner_id)
    GROUP BY c.work_id
), copy AS (
    SELECT paid.account, paid.work, paid.bought_at, w.owner_id AS author, COALESCE(pen.name, '') AS name,
      CASE WHEN a.is_ready AND pen.name IS NULL THEN 1 ELSE 0 END AS proves,
      CASE WHEN a.is_ready OR pen.name IS NOT NULL THEN 1 ELSE 0 END AS own
    FROM paid JOIN publishing_work w ON w.id = paid.work
    LEFT JOIN pen ON pen.work = paid.work
    LEFT JOIN royalties_payoutaccount a ON a.user_id = w.owner_id
    WHERE w.owner_id <> paid.account
      AND NOT EXISTS (SELECT 1 FROM publishing_contributor c WHERE c.work_id = paid.work AND c.user_id = paid.account)
), needed AS (
    SELECT CASE WHEN COUNT(*) > %(others)s THEN %(others)s WHEN COUNT(*) = 0 THEN 0 ELSE COUNT(*) - 1 END AS others
    FROM (SELECT DISTINCT author FROM copy WHERE proves = 1) AS sellers
), reader AS (
    SELECT account, MIN(bought_at) AS since, COUNT(DISTINCT CASE WHEN proves = 1 THEN author END) AS authors
    FROM copy GROUP BY account
), first_of_name AS (
    SELECT copy.*, ROW_NUMBER() OVER (PARTITION BY account, author, name, {month} ORDER BY bought_at, work) AS number
    FROM copy
), in_month AS (
    SELECT f.*, ROW_NUMBER() OVER (PARTITION BY account, {month} ORDER BY bought_at, work) AS of_month
    FROM first_of_name f WHERE number = 1
), vote AS (
    SELECT v.account, v.work, v.bought_at,
      CASE WHEN r.since <= %(standing)s AND (needed.others = 0 OR r.authors - v.own >= needed.others)
        THEN 1 ELSE 0 END AS proved
    FROM in_month v JOIN reader r ON r.account = v.account CROSS JOIN needed WHERE v.of_month <= %(votes)s
), fact AS (
    SELECT work, {vote_day} AS day, 0 AS stars, proved FROM vote WHERE bought_at >= %(selling)s
    UNION ALL
    SELECT vote.work, {review_day} AS day, review.stars, vote.proved
    FROM vote JOIN community_review review ON review.work_id = vote.work AND review.user_id = vote.account
    WHERE review.created_at < %(until)s AND review.is_verified AND review.fold <> 'hidden'
)
SELECT 0 AS listing, '' AS slug, NULL AS published, NULL AS day, 0 AS stars, 0 AS proved, others AS number FROM needed
UNION ALL
SELECT s.id, s.slug, {published_day}, fact.day, fact.stars, fact.proved, COUNT(*)
FROM fact JOIN catalogue_listing s ON s.work_id = fact.work
WHERE s.is_on_sale AND NOT s.is_adult AND s.release_date IS NULL
GROUP BY s.id, s.slug, s.published_at, fact.day, fact.stars, fact.proved
"""


@dataclass(slots=True)
class _Tally:
    """Totals of a book while its rows are read: [proved, open] by day, or by number of stars."""

    slug: str
    published: date
    copies: defaultdict[date, list[int]] = field(default_factory=lambda: defaultdict(lambda: [0, 0]))
    praise: defaultdict[date, list[int]] = field(default_factory=lambda: defaultdict(lambda: [0, 0]))
    stars: list[list[int]] = field(default_factory=lambda: [[0, 0] for _ in range(5)])

    def add(self, day: date, stars: int, place: int, number: int, rules: Rules) -> None:
        if not stars:
            self.copies[day][place] += number
            return
        self.stars[stars - 1][place] += number
        if stars >= rules.praise_stars:
            self.praise[day][place] += number

    def book(self, today: date, rules: Rules) -> Book:
        since = today - timedelta(days=rules.selling_days)
        days = sorted(day for day in {*self.copies, *self.praise} if day >= since)
        one, two, three, four, five = (Count(*number) for number in self.stars)
        return Book(
            slug=self.slug,
            published=self.published,
            days=tuple(Day(day, _count(self.copies, day), _count(self.praise, day)) for day in days),
            stars=(one, two, three, four, five),
        )


def count_votes(today: date, rules: Rules = RULES) -> Votes:
    """Return all votes up to the end of the previous day, for books on sale that are not for adults; one statement."""
    until = datetime.combine(today, time(), UTC)
    moments = {
        "since": until - VOTE_WINDOW,
        "until": until,
        "standing": until - MIN_ACCOUNT_AGE,
        "selling": until - timedelta(days=rules.selling_days),
    }
    adapt = connection.ops.adapt_datetimefield_value
    numbers = {"least": MIN_PAID_MINOR, "others": MIN_OTHER_AUTHORS, "votes": VOTES_A_MONTH}
    with connection.cursor() as cursor:
        cursor.execute(_statement(), {**{name: adapt(one) for name, one in moments.items()}, **numbers})
        return _collected(iter(cursor.fetchall()), today, rules)


def _statement() -> str:
    words = _DIALECTS[connection.vendor]
    return _VOTES.format(
        month=words["month"].format("bought_at"),
        vote_day=words["day"].format("bought_at"),
        review_day=words["day"].format("review.created_at"),
        published_day=words["day"].format("s.published_at"),
    )


def _collected(
    rows: Iterator[tuple[int, str, date | str, date | str, int, int, int]], today: date, rules: Rules
) -> Votes:
    others, tallies = 0, dict[int, _Tally]()
    for listing, slug, published, day, stars, is_proved, number in rows:
        if not listing:
            others = number
            continue
        tally = tallies.setdefault(listing, _Tally(slug, _date(published)))
        tally.add(_date(day), stars, 0 if is_proved else 1, number, rules)
    books = _active((pk, tally.book(today, rules)) for pk, tally in tallies.items())
    return Votes(dict(books), others)


def _active(books: Iterable[tuple[int, Book]]) -> Iterator[tuple[int, Book]]:
    """Yield the books that a proved reader bought or reviewed; the others do not appear in any ranking."""
    for pk, book in books:
        counts = [one for day in book.days for one in (day.copies, day.praise)] + list(book.stars)
        if any(one.proved for one in counts):
            yield pk, book


def _count(numbers: defaultdict[date, list[int]], day: date) -> Count:
    return Count(*numbers[day]) if day in numbers else Count()


def _date(value: date | str) -> date:
    return date.fromisoformat(value) if isinstance(value, str) else value
