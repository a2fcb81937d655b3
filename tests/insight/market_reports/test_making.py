"""The report of a quarter: what is in it, what is not, and that a second count in SQL says the same."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, connection

from common.periods import Quarter, month_after
from insight.market_reports import disclosure
from insight.market_reports.disclosure import SoldCopy
from insight.market_reports.models import MarketReport, ReportCell
from insight.market_reports.services import making
from insight.searches.disclosure import rounded
from royalties.models import SaleRecord
from storefront.catalogue.models import Listing
from tests.conftest import NOON
from tests.factories.publishing import make_published_edition
from tests.insight.market_reports.factories import DUE, QUARTER, made, published_week, published_words, sold

JULY, AUGUST = date(2026, 7, 6), date(2026, 8, 3)


def cell(report: MarketReport, subject: str = "FF", language: str = "de") -> ReportCell:
    return report.cells.get(subject=subject, language=language)


class TestPeriods:
    @pytest.mark.parametrize(
        ("day", "text"), [("2026-01-01", "2026-Q1"), ("2026-09-30", "2026-Q3"), ("2026-12-31", "2026-Q4")]
    )
    def test_a_day_is_in_one_quarter(self, day: str, text: str) -> None:
        quarter = Quarter.of_day(date.fromisoformat(day))
        assert str(quarter) == text
        assert Quarter.parse(text) == quarter
        assert quarter.start.date() <= date.fromisoformat(day) < quarter.end.date()

    @pytest.mark.parametrize("text", ["2026-Q5", "2026-Q0", "2026-q1", "26-Q1", "2026-Q1 ", "２０２６-Q1", ""])
    def test_what_is_no_quarter(self, text: str) -> None:
        with pytest.raises(ValueError, match="not a quarter"):
            Quarter.parse(text)

    def test_a_month_later(self) -> None:
        assert month_after(datetime(2027, 1, 31, 9, tzinfo=UTC)) == datetime(2027, 2, 28, 9, tzinfo=UTC)
        assert month_after(datetime(2026, 12, 5, tzinfo=UTC)) == datetime(2027, 1, 5, tzinfo=UTC)


class TestDisclosure:
    @pytest.mark.parametrize(
        ("copies", "told"),
        [
            ([(1, 1), (2, 2), (3, 3), (4, 4), (5, 5)], 5),
            ([(1, 1), (2, 2), (3, 3), (4, 4), (4, 5)], None),  # four authors
            ([(1, 1), (2, 2), (3, 3), (4, 4), (5, 4)], None),  # four people
            ([(1, 1), (2, 2), (3, 3), (4, 4), *[(5, n) for n in range(5, 9)]], 10),  # half is one author's
            ([(1, 1), (2, 2), (3, 3), (4, 4), *[(5, n) for n in range(5, 10)]], None),  # more than half
            ([], None),
        ],
    )
    def test_of_five_authors_and_five_people(self, copies: list[tuple[int, int]], told: int | None) -> None:
        assert disclosure.copies(SoldCopy(seller, buyer) for seller, buyer in copies) == told

    def test_whoever_sold_most_cannot_tell_the_second(self) -> None:
        """Their own number and the told one leave at least three other authors, rounded."""
        copies = [
            SoldCopy(seller, 10 * seller + n) for seller, count in enumerate((9, 7, 1, 1, 1)) for n in range(count)
        ]
        told = disclosure.copies(copies)
        assert told == 20
        others = {count - 9 for count in range(18, 23) if rounded(count) == told}
        assert len(others) == 5


@pytest.mark.django_db
@pytest.mark.both
class TestReport:
    def test_searches_are_the_sums_of_published_weeks(self) -> None:
        published_words(published_week(JULY, FF_de=(25, 10)), "nordsee", 20, 5)
        published_words(published_week(AUGUST, FF_de=(15, 0), F_de=(40, 5)), "nordsee", 30)
        published_week(date(2026, 6, 29), FF_de=(500, 500))
        published_week(date(2026, 10, 5), FF_de=(500, 500))
        report = made()
        assert report.weeks == 2
        one = cell(report)
        assert (one.weeks_seen, one.searchers, one.found_little) == (2, 40, 10)
        assert (cell(report, "F").weeks_seen, cell(report, "F").searchers) == (1, 40)
        word = report.words.get()
        assert (word.words, word.weeks_seen, word.searchers, word.found_little) == ("nordsee", 2, 50, 5)

    def test_what_is_on_sale(self) -> None:
        for price, subject in ((299, "FFH"), (499, "FF"), (900, "FF"), (0, "FF")):
            make_published_edition(subject=subject, language="de-AT", prices={"USD": price} if price else {})
        Listing.objects.update(published_at=QUARTER.start)
        Listing.objects.filter(price_minor=900).update(published_at=QUARTER.end)
        one = cell(made())
        assert (one.works, one.new_works, one.price_minor, one.copies) == (4, 3, 499, None)

    def test_copies_of_the_quarter(self) -> None:
        sold(2, 2, 2, 1, 1)
        sold(9, sold_at=QUARTER.start - timedelta(days=2))
        sold(9, sold_at=QUARTER.end + timedelta(days=2))
        assert cell(made()).copies == 10

    def test_a_section_has_no_copies(self) -> None:
        """Copies of a section, less those of its subjects that are told, would be those of one that is not."""
        published_week(JULY, F_de=(40, 5))
        sold(2, 2, 2, 1, 1)
        assert cell(made(), "F").copies is None

    def test_there_is_no_second_report(self) -> None:
        make_published_edition()
        made()
        with pytest.raises(IntegrityError):
            made()

    def test_it_comes_when_it_is_due_and_once(self) -> None:
        make_published_edition()
        assert making.make_due(at=QUARTER.end + making.WAIT - timedelta(seconds=1)) is None
        report = making.make_due(at=QUARTER.end + making.WAIT)
        assert report is not None
        assert report.quarter == QUARTER
        assert making.make_due(at=DUE) is None

    def test_an_empty_shop_has_none(self) -> None:
        assert making.make_due(at=NOON) is None


_COPIES = """
    SELECT CASE WHEN COUNT(DISTINCT w.owner_id) >= 5 AND COUNT(DISTINCT o.buyer_id) >= 5
                     AND 2 * (SELECT MAX(n) FROM (
                         SELECT COUNT(*) AS n FROM royalties_salerecord s2
                         JOIN publishing_work w2 ON w2.id = s2.work_id
                         WHERE s2.sold_at >= %(since)s AND s2.sold_at < %(until)s
                         GROUP BY w2.owner_id) AS most) <= COUNT(*)
                THEN (COUNT(*) + 2) / 5 * 5 END
    FROM royalties_salerecord s
    JOIN publishing_work w ON w.id = s.work_id
    JOIN checkout_orderline l ON l.public_id = s.reference
    JOIN checkout_order o ON o.id = l.order_id
    WHERE s.sold_at >= %(since)s AND s.sold_at < %(until)s
"""
_SEARCHERS = """
    SELECT SUM(c.people), SUM(c.found_little), COUNT(*)
    FROM searches_gapcell c JOIN searches_weeksheet s ON s.id = c.sheet_id
    WHERE s.week >= %(since)s AND s.week < %(until)s AND c.subject = 'FF' AND c.language = 'de'
"""


@pytest.mark.django_db
@pytest.mark.both
@pytest.mark.parametrize("seed", range(4))
def test_plain_sql_counts_the_same(seed: int) -> None:
    luck = random.Random(seed)
    sold(*[luck.randint(1, 6) for _ in range(luck.randint(4, 7))], buyers=luck.randint(4, 9))
    for week in range(12):
        people = luck.choice((0, 5, 10, 35))
        if people:
            published_week(JULY + timedelta(weeks=week), FF_de=(people, luck.choice((0, 5))))
    one = cell(made())
    with connection.cursor() as cursor:
        cursor.execute(_COPIES, {"since": QUARTER.start, "until": QUARTER.end})
        assert cursor.fetchone() == (one.copies,)
        cursor.execute(_SEARCHERS, {"since": QUARTER.start.date(), "until": QUARTER.end.date()})
        searchers, little, weeks = cursor.fetchone()
    assert (searchers or 0, little or 0, weeks) == (one.searchers, one.found_little, one.weeks_seen)
    assert SaleRecord.objects.exists()
