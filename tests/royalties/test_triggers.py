"""Attacks on the ledger by raw SQL: the database itself refuses each, on PostgreSQL and on SQLite."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from royalties.models import AccountBalance, JournalEntry, Posting
from tests.royalties.by_hand import MOMENT, account, entry, nothing_was_written, posting, run, seal, sealed
from tests.royalties.closing import mark_closed
from tests.royalties.database import run_together
from tests.royalties.factories import NOON

pytestmark = pytest.mark.both


class TestAnHonestEntry:
    def test_is_written(self, cash, fee):
        pk = sealed(cash, fee)
        assert sorted(Posting.objects.filter(entry=pk).values_list("amount_minor", flat=True)) == [-100, 100]

    def test_moves_the_balance_of_a_guarded_account(self, cash, payable):
        sealed(cash, payable)
        assert AccountBalance.objects.get(account_id=payable).balance_minor == -100

    def test_keeps_no_balance_row_for_platform_accounts(self, cash, fee):
        sealed(cash, fee)
        assert not AccountBalance.objects.exists()


class TestUnfinishedEntries:
    def test_unbalanced(self, cash, fee):
        with pytest.raises(IntegrityError), transaction.atomic():
            pk = entry()
            posting(pk, cash, 100)
            posting(pk, fee, -99)
            seal(pk)
        assert nothing_was_written()

    def test_balanced_only_across_currencies(self, cash):
        euros = account("platform_fee", "platform_fee", -1, currency="EUR")
        with pytest.raises(IntegrityError), transaction.atomic():
            pk = entry()
            posting(pk, cash, 100)
            posting(pk, euros, -100, currency="EUR")
            seal(pk)
        assert nothing_was_written()

    def test_no_seal(self, cash, fee):
        with pytest.raises(IntegrityError), transaction.atomic():
            pk = entry()
            posting(pk, cash, 100)
            posting(pk, fee, -100)
        assert nothing_was_written()

    def test_no_postings_and_no_seal(self, committing_db):
        with pytest.raises(IntegrityError), transaction.atomic():
            entry()
        assert nothing_was_written()

    def test_no_postings_but_a_seal(self, committing_db):
        with pytest.raises(IntegrityError), transaction.atomic():
            seal(entry(), postings=0)
        assert nothing_was_written()

    def test_a_single_posting(self, cash):
        with pytest.raises(IntegrityError), transaction.atomic():
            pk = entry()
            posting(pk, cash, 100)
            seal(pk, postings=1)
        assert nothing_was_written()

    def test_a_seal_that_miscounts(self, cash, fee):
        with pytest.raises(IntegrityError), transaction.atomic():
            pk = entry()
            posting(pk, cash, 100)
            posting(pk, fee, -100)
            seal(pk, postings=3)
        assert nothing_was_written()

    def test_a_seal_before_its_entry(self, cash, fee):
        with pytest.raises(IntegrityError), transaction.atomic():
            seal(77)
        assert nothing_was_written()

    def test_posting_without_an_entry(self, cash):
        with pytest.raises(IntegrityError), transaction.atomic():
            posting(77, cash, 100)
        assert nothing_was_written()


class TestBadPostings:
    def test_account_of_another_currency(self, cash, fee):
        with pytest.raises(IntegrityError), transaction.atomic():
            posting(entry(), cash, 100, currency="EUR")
        assert nothing_was_written()

    def test_zero_amount(self, cash):
        with pytest.raises(IntegrityError), transaction.atomic():
            posting(entry(), cash, 0)
        assert nothing_was_written()

    def test_same_account_twice(self, cash):
        with pytest.raises(IntegrityError), transaction.atomic():
            pk = entry()
            posting(pk, cash, 100)
            posting(pk, cash, -100)
        assert nothing_was_written()

    def test_a_fraction(self, cash, fee):
        if connection.vendor != "sqlite":
            pytest.skip("PostgreSQL's column is an integer by type")
        with pytest.raises(IntegrityError), transaction.atomic():
            posting(entry(), cash, 0.5)
        assert nothing_was_written()

    def test_overdraft_of_a_guarded_account(self, cash, payable):
        sealed(cash, payable, 100)
        with pytest.raises(IntegrityError), transaction.atomic():
            pk = entry("e2")
            posting(pk, payable, 101)
            posting(pk, cash, -101)
            seal(pk)
        assert AccountBalance.objects.get(account_id=payable).balance_minor == -100

    def test_overdraft_hidden_behind_ignore(self, cash, payable):
        if connection.vendor != "sqlite":
            pytest.skip("OR IGNORE is SQLite's")
        with pytest.raises(IntegrityError), transaction.atomic():
            pk = entry()
            posting(pk, payable, 5, verb="INSERT OR IGNORE")
            posting(pk, cash, -5)
            seal(pk)
        assert nothing_was_written()

    def test_emptying_a_guarded_account_is_allowed(self, cash, payable):
        sealed(cash, payable, 100)
        sealed(payable, cash, 100, "e2")
        assert AccountBalance.objects.get(account_id=payable).balance_minor == 0


class TestLatePostings:
    def test_after_commit(self, cash, fee):
        pk = sealed(cash, fee)
        other = account("processor_fee", "processor_fee", 1)
        with pytest.raises(IntegrityError), transaction.atomic():
            posting(pk, other, 5)
        assert Posting.objects.count() == 2

    def test_after_the_seal_in_the_same_transaction(self, cash, fee):
        other = account("processor_fee", "processor_fee", 1)
        with pytest.raises(IntegrityError), transaction.atomic():
            pk = entry()
            posting(pk, cash, 100)
            posting(pk, fee, -100)
            seal(pk)
            posting(pk, other, 5)
        assert nothing_was_written()

    @pytest.mark.race
    def test_from_a_second_connection_before_the_first_commits(self, racing_db, cash, fee):
        other = account("processor_fee", "processor_fee", 1)
        with transaction.atomic():
            pk = entry()
            posting(pk, cash, 100)
            posting(pk, fee, -100)
            seal(pk)
            late = run_together(lambda: posting(pk, other, 5))[0]
        assert isinstance(late, IntegrityError)
        assert Posting.objects.count() == 2

    @pytest.mark.race
    def test_from_a_second_connection_to_the_same_account(self, racing_db, cash, fee):
        """It waits for the first, since it may be the same posting, and is refused when that has committed."""
        with ThreadPoolExecutor(1) as pool:
            with transaction.atomic():
                pk = entry()
                posting(pk, cash, 100)
                posting(pk, fee, -100)
                late = pool.submit(run_together, lambda: posting(pk, cash, 5))
                seal(pk)
            assert isinstance(late.result()[0], IntegrityError)
        assert Posting.objects.count() == 2

    @pytest.mark.race
    def test_from_a_second_connection_after_the_first_was_undone(self, racing_db, cash, fee):
        with ThreadPoolExecutor(1) as pool:
            with transaction.atomic():
                pk = entry()
                posting(pk, cash, 100)
                late = pool.submit(run_together, lambda: posting(pk, cash, 5))
                transaction.set_rollback(True)
            assert isinstance(late.result()[0], IntegrityError)
        assert nothing_was_written()

    @pytest.mark.race
    def test_from_a_second_connection_before_the_seal(self, racing_db, cash, fee):
        other = account("processor_fee", "processor_fee", 1)
        with transaction.atomic():
            pk = entry()
            posting(pk, cash, 100)
            late = run_together(lambda: posting(pk, other, 5))[0]
            posting(pk, fee, -100)
            seal(pk)
        assert isinstance(late, IntegrityError)
        assert Posting.objects.count() == 2


class TestChangingTheBooks:
    TABLES = ("royalties_journalentry", "royalties_posting", "royalties_seal", "royalties_ledgeraccount")
    CHANGES = (
        "UPDATE royalties_posting SET amount_minor = amount_minor + 1",
        "UPDATE royalties_journalentry SET reference = 'x'",
        "UPDATE royalties_seal SET postings = 3",
        "UPDATE royalties_ledgeraccount SET currency = 'EUR'",
    )

    @pytest.mark.parametrize("sql", CHANGES)
    def test_update(self, cash, fee, sql):
        sealed(cash, fee)
        with pytest.raises(IntegrityError), transaction.atomic():
            run(sql)

    @pytest.mark.parametrize("table", [*TABLES, "royalties_accountbalance"])
    def test_delete(self, cash, payable, table):
        sealed(cash, payable)
        with pytest.raises(IntegrityError), transaction.atomic():
            run("DELETE FROM " + table)  # noqa: S608
        assert Posting.objects.count() == 2

    @pytest.mark.parametrize("table", TABLES)
    def test_truncate(self, cash, fee, table):
        if connection.vendor != "postgresql":
            pytest.skip("SQLite has no TRUNCATE")
        sealed(cash, fee)
        with pytest.raises(IntegrityError), transaction.atomic():
            run(f"TRUNCATE {table} CASCADE")
        assert Posting.objects.count() == 2

    def test_replace(self, cash, fee):
        if connection.vendor != "sqlite":
            pytest.skip("REPLACE is SQLite's")
        sealed(cash, fee)
        first = Posting.objects.get(account_id=cash)
        with pytest.raises(IntegrityError), transaction.atomic():
            run(
                "INSERT OR REPLACE INTO royalties_posting (id, entry_id, account_id, currency, amount_minor) "
                "VALUES (%s, %s, %s, 'USD', 999)",
                first.pk,
                first.entry_id,
                cash,
            )
        assert Posting.objects.get(pk=first.pk).amount_minor == 100

    def test_replace_of_an_entry(self, cash, fee):
        if connection.vendor != "sqlite":
            pytest.skip("REPLACE is SQLite's")
        pk = sealed(cash, fee)
        with pytest.raises(IntegrityError), transaction.atomic():
            run(
                "INSERT OR REPLACE INTO royalties_journalentry "
                "(id, kind, external_id, reference, occurred_at, booked_at, recorded_at) "
                "VALUES (%s, 'sale', 'e1', 'moved', %s, %s, %s)",
                pk,
                MOMENT,
                MOMENT,
                MOMENT,
            )

    def test_balance_by_hand(self, cash, payable):
        if connection.vendor != "postgresql":
            pytest.skip("SQLite cannot tell who updates; verify_ledger finds it (I3)")
        sealed(cash, payable)
        with pytest.raises(IntegrityError), transaction.atomic():
            run("UPDATE royalties_accountbalance SET balance_minor = -1000000")


class TestUniqueness:
    def test_same_event_twice(self, cash, fee):
        sealed(cash, fee)
        with pytest.raises(IntegrityError), transaction.atomic():
            sealed(cash, fee)
        assert JournalEntry.objects.count() == 1

    def test_reversed_twice(self, cash, fee):
        first = sealed(cash, fee)
        for number, refused in ((2, False), (3, True)):
            try:
                with transaction.atomic():
                    pk = entry(f"e{number}", reverses=first)
                    posting(pk, cash, -100)
                    posting(pk, fee, 100)
                    seal(pk)
            except IntegrityError:
                assert refused
        assert JournalEntry.objects.count() == 2

    def test_account_whose_guard_contradicts_its_kind(self, committing_db):
        with pytest.raises(IntegrityError), transaction.atomic():
            account("contributor_payable:x", "contributor_payable", -1, guarded=False)


class TestClosedPeriods:
    @pytest.fixture
    def october_closed(self, committing_db):
        mark_closed("2026-10", NOON)

    @pytest.mark.parametrize(
        "booked_at",
        ["2026-10-31 23:59:59.999999", "2026-10-01 00:00:00", "2026-09-30 12:00:00", "2025-12-01 00:00:00"],
    )
    def test_takes_no_entry(self, october_closed, cash, fee, booked_at):
        with pytest.raises(IntegrityError), transaction.atomic():
            entry(booked_at=booked_at)
        assert nothing_was_written()

    def test_the_next_month_does(self, october_closed, cash, fee):
        sealed(cash, fee)
        assert JournalEntry.objects.count() == 1

    def test_cannot_be_reopened_quietly(self, october_closed):
        with pytest.raises(IntegrityError), transaction.atomic():
            run("DELETE FROM royalties_closedperiod")

    def test_a_moment_written_otherwise_is_refused(self, october_closed, cash):
        with pytest.raises(DatabaseError), transaction.atomic():
            entry(booked_at="the third of November")


class TestTemporaryTables:
    """A session's own table of a ledger table's name is found first, unless a function's path says otherwise."""

    @pytest.fixture(autouse=True)
    def _postgresql(self, committing_db):
        if connection.vendor != "postgresql":
            pytest.skip("SQLite's triggers see the tables of their own database only")

    @pytest.fixture
    def shadow(self):
        made = []

        def shadow(table: str) -> None:
            run(f"CREATE TEMPORARY TABLE {table} (LIKE {table})")
            made.append(table)

        yield shadow
        for table in made:
            run(f"DROP TABLE IF EXISTS pg_temp.{table}")

    def test_reopen_no_month(self, shadow, cash, fee):
        mark_closed("2026-11", NOON)
        shadow("royalties_closedperiod")
        with pytest.raises(IntegrityError, match="is closed"), transaction.atomic():
            entry()

    def test_unseal_no_entry(self, shadow, cash, fee):
        pk = sealed(cash, fee)
        other = account("promotion", "promotion", 1)
        shadow("royalties_seal")
        with pytest.raises(IntegrityError, match="sealed"), transaction.atomic():
            posting(pk, other, 100)

    def test_hide_no_postings(self, shadow, cash, fee):
        """Only the two of the temporary table sum to zero."""
        with pytest.raises(IntegrityError, match="does not balance"), transaction.atomic():
            pk = entry()
            posting(pk, cash, 100)
            posting(pk, fee, -99)
            shadow("royalties_posting")
            run("INSERT INTO pg_temp.royalties_posting (id, entry_id, account_id, currency, amount_minor) VALUES "
                "(1, %s, 1, 'USD', 100), (2, %s, 2, 'USD', -100)", pk, pk)  # fmt: skip
            seal(pk)
        assert nothing_was_written()
