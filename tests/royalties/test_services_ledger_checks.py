"""Closing a month costs what the month costs; what it leaves to the nightly run over everything is named here."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from common.periods import Month
from publishing.models import Edition
from royalties import tasks
from royalties.errors import BooksNotInOrder
from royalties.models import ChainLink, ClosedPeriod, JournalEntry, LedgerCheck, Statement
from royalties.services import daily_roots, ledger_chain, ledger_checks, month_close, returns
from tests.royalties import closing
from tests.royalties.database import run_together
from tests.royalties.factories import edition, recorded_sale, split, user
from tests.royalties.test_services_invariants import tamper

pytestmark = [pytest.mark.both, pytest.mark.django_db]
FIRST = Month(2026, 1)
SALES = 6


def make_book() -> Edition:
    made = edition()
    split(made.work, (user("Ann"), 6000), (user("Ben"), 4000), effective_at=FIRST.start)
    return made


@pytest.fixture
def book(db) -> Edition:
    return make_book()


def sell(book: Edition, month: Month) -> None:
    """The same month again: sales, one of them given back, everything of the month before cleared."""
    for number in range(SALES):
        made = recorded_sale(of=book, sold_at=month.start + timedelta(hours=number + 1), tax=33)
    returns.record_refund(reference=made.reference, external_id=f"rfd_{month}", at=month.start + timedelta(days=1))


def close(month: Month) -> ClosedPeriod:
    return closing.close(period=month, at=month.end + timedelta(days=1))


def night(month: Month) -> None:
    """The run over everything before the month is closed."""
    ledger_checks.check_whole(at=month.end)


def months(book: Edition, count: int, first: Month = FIRST) -> Month:
    """Sell in and close so many months; returns the next, at whose end the whole of them was checked."""
    for _ in range(count):
        sell(book, first)
        close(first)
        first = first.next
        night(first)
    return first


class TestCheckSinceLast:
    def test_begins_where_the_last_run_ended(self, book):
        month = months(book, 2)
        before = LedgerCheck.objects.first()
        sell(book, month)
        ledger_chain.chain_committed()
        assert ledger_checks.check_since_last(at=month.end) == []
        made = LedgerCheck.objects.first()
        last = ChainLink.objects.order_by("-position").first()
        assert (made.since_position, made.position, made.chain_hash) == (before.position, last.position, last.hash)

    def test_the_first_looks_at_everything(self, book):
        sell(book, FIRST)
        assert ledger_checks.check_since_last(at=FIRST.end) == []
        assert LedgerCheck.objects.get().is_whole

    @pytest.mark.parametrize(("late", "is_whole"), [(timedelta(0), False), (timedelta(microseconds=1), True)])
    def test_rests_on_a_run_over_everything_for_two_days(self, book, late, is_whole):
        """So that a nightly run that no longer happens is noticed by the close."""
        month = months(book, 1)
        assert ledger_checks.check_since_last(at=month.end + timedelta(days=2) + late) == []
        assert LedgerCheck.objects.first().is_whole == is_whole

    def test_leaves_what_was_checked_to_the_run_over_everything(self, book):
        """And when that finds something, no month closes over it until it found nothing again."""
        month = months(book, 2)
        sell(book, month)
        tamper("UPDATE royalties_salerecord SET paid_minor = paid_minor + 1, tax_minor = tax_minor + 1 WHERE id = "
               "(SELECT min(id) FROM royalties_salerecord)")  # fmt: skip
        close(month)
        tasks.check_ledger()
        assert LedgerCheck.objects.first().violations == 1
        sell(book, month.next)
        with pytest.raises(BooksNotInOrder):
            close(month.next)
        tamper("UPDATE royalties_salerecord SET paid_minor = paid_minor - 1, tax_minor = tax_minor - 1 WHERE id = "
               "(SELECT min(id) FROM royalties_salerecord)")  # fmt: skip
        close(month.next)
        assert LedgerCheck.objects.filter(violations=0).first().position == ClosedPeriod.objects.first().chain_position


class TestFoundMeanwhile:
    def test_stops_the_close_before_it_looks_at_everything_while_writers_wait(self, book, monkeypatch):
        """The nightly run ends between the first look and the lock."""
        month = months(book, 1)
        sell(book, month)

        def find() -> None:
            LedgerCheck.objects.create(at=month.end, since_position=0, position=1, chain_hash="x", violations=3)

        monkeypatch.setattr(month_close, "_wait_for_writers", find)
        before = LedgerCheck.objects.count()
        with pytest.raises(BooksNotInOrder) as raised:
            close(month)
        assert raised.value.facts["count"] == 3
        assert (
            LedgerCheck.objects.count() == before + 2
        )  # of the preparation, and the first look; what happened under the lock is undone
        assert not LedgerCheck.objects.first().is_whole


class TestCheckWhole:
    def test_begins_at_the_beginning_whatever_was_checked_before(self, book):
        months(book, 2)
        tamper(
            "UPDATE royalties_journalentry SET reference = 'x' WHERE id = (SELECT min(id) FROM royalties_journalentry)"
        )
        assert [found.rule for found in ledger_checks.check_whole(at=datetime(2026, 4, 1, tzinfo=UTC))][-1] == "chain"

    @pytest.mark.race
    def test_is_run_by_one_worker_at_a_time(self, racing_db, caplog):
        with transaction.atomic():
            assert ledger_checks._is_alone()
            run_together(tasks.check_ledger)
        assert "ledger.check_skipped" in caplog.text
        assert not LedgerCheck.objects.exists()
        tasks.check_ledger()
        assert LedgerCheck.objects.get().is_whole


class TestCostOfClosing:
    def test_as_many_queries_for_an_old_shop_as_for_a_young_one(self, book):
        month = months(book, 2)
        young = self._queries(book, month)
        month = months(book, 4, month.next)
        assert self._queries(book, month) == young

    def _queries(self, book: Edition, month: Month) -> int:
        sell(book, month)
        with CaptureQueriesContext(connection) as captured:
            close(month)
        return len(captured)


class TestTampered:
    """A month was closed, and the next has begun."""

    @pytest.fixture(scope="class")
    @classmethod
    def month(cls, standing_in_class) -> Month:
        return standing_in_class(cls.make)

    @staticmethod
    def make() -> Month:
        book = make_book()
        month = months(book, 1)
        sell(book, month)
        ledger_chain.chain_committed()
        daily_roots.publish_all()
        return month

    @pytest.mark.parametrize(
        ("sql", "rule"),
        [
            ("UPDATE royalties_posting SET amount_minor = amount_minor + 1 WHERE entry_id = %s", "I1"),
            ("UPDATE royalties_seal SET postings = 9 WHERE entry_id = %s", "I1"),
            ("UPDATE royalties_salerecord SET paid_minor = paid_minor + 1, tax_minor = tax_minor + 1 "
             "WHERE entry_id = %s", "I7"),
            ("UPDATE royalties_saleshare SET amount_minor = amount_minor + 1 "
             "WHERE sale_id = (SELECT id FROM royalties_salerecord WHERE entry_id = %s)", "I7"),
            ("UPDATE royalties_saleshare SET returned_minor = 1 "
             "WHERE sale_id = (SELECT id FROM royalties_salerecord WHERE entry_id = %s)", "I6"),
            ("UPDATE royalties_salerecord SET cleared_at = sold_at WHERE entry_id = %s", "I10"),
            ("UPDATE royalties_journalentry SET reference = 'x' WHERE id = %s", "chain"),
            ("UPDATE royalties_chainedposting SET salt = 'x' WHERE posting_id = "
             "(SELECT max(id) FROM royalties_posting WHERE entry_id = %s)", "chain"),
            ("UPDATE royalties_chainedposting SET ordinal = ordinal + 100 WHERE posting_id = "
             "(SELECT max(id) FROM royalties_posting WHERE entry_id = %s)", "chain"),
        ],
    )  # fmt: skip
    def test_finds_what_is_wrong_since(self, month, sql, rule):
        tamper(sql, JournalEntry.objects.filter(kind="sale").order_by("pk")[SALES].pk)
        assert rule in {found.rule for found in ledger_checks.check_since_last(at=month.end)}

    @pytest.mark.parametrize(
        ("sql", "rule"),
        [
            ("UPDATE royalties_accountbalance SET balance_minor = balance_minor * 2", "I3"),
            ("UPDATE royalties_closedtally SET amount_minor = amount_minor + 1", "I12"),
            ("UPDATE royalties_monthtally SET amount_minor = amount_minor + 1", "I3"),
            ("UPDATE royalties_closedperiod SET trial_balance_hash = 'x'", "I12"),
            ("UPDATE royalties_statementline SET royalty_minor = royalty_minor + 1", "I11"),
            ("UPDATE royalties_statementmovement SET entries = entries + 1", "I11"),
            ("UPDATE royalties_dailyroot SET root = 'x' WHERE number = (SELECT max(number) FROM royalties_dailyroot)",
             "chain"),
            ("UPDATE royalties_chainlink SET hash = 'x' WHERE position = "
             "(SELECT max(position) FROM royalties_ledgercheck)", "chain"),
        ],
    )  # fmt: skip
    def test_finds_that_what_it_rests_on_has_changed(self, month, sql, rule):
        tamper(sql)
        assert rule in {found.rule for found in ledger_checks.check_since_last(at=month.end)}

    @pytest.mark.parametrize("table", ["statement", "statementmovement", "statementline"])
    @pytest.mark.parametrize("change", ["DELETE FROM royalties_{}", "UPDATE royalties_{} SET id = id"])
    def test_statements_are_never_changed(self, month, table, change):
        assert Statement.objects.exists()
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(change.format(table))
