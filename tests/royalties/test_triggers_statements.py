"""Statements by hand that write many rows, or only some of an entry's: refused as a whole, or as good as one by one."""

from __future__ import annotations

import random

import pytest
from django.db import IntegrityError, connection, transaction

from royalties.models import AccountBalance, JournalEntry, Posting, Seal
from tests.royalties.by_hand import MOMENT, account, entry, nothing_was_written, posting, run, seal, sealed
from tests.royalties.closing import mark_closed
from tests.royalties.database import run_together
from tests.royalties.factories import NOON, user

pytestmark = pytest.mark.both


def insert(table: str, columns: str, rows: list[tuple[object, ...]], ending: str = "") -> None:
    """All rows by one statement."""
    row = f"({', '.join(['%s'] * len(rows[0]))})"
    values = (value for each in rows for value in each)
    run(f"INSERT INTO {table} ({columns}) VALUES {', '.join([row] * len(rows))} {ending}", *values)  # noqa: S608


def postings(*rows: tuple[int, int, int], currency: str = "USD", ending: str = "") -> None:
    """Each is an entry, an account and an amount."""
    columns = "entry_id, account_id, amount_minor, currency"
    insert("royalties_posting", columns, [(*row, currency) for row in rows], ending)


def seals(*rows: tuple[int, int]) -> None:
    insert("royalties_seal", "entry_id, postings", list(rows))


@pytest.fixture
def refused():
    """The statement inside is refused, and of what came before it in the transaction nothing is lost."""

    def statement(write, *args, **options) -> None:
        before = Posting.objects.count(), Seal.objects.count(), list(AccountBalance.objects.values_list())
        with pytest.raises(IntegrityError), transaction.atomic():
            write(*args, **options)
        assert (Posting.objects.count(), Seal.objects.count(), list(AccountBalance.objects.values_list())) == before

    return statement


@pytest.fixture
def two_entries(committing_db):
    """Unsealed, in a transaction that is undone."""
    with transaction.atomic():
        yield entry("e1"), entry("e2")
        transaction.set_rollback(True)


class TestManyRowsAtOnce:
    def test_are_written(self, committing_db, cash, fee, payable):
        with transaction.atomic():
            first, second = entry("e1"), entry("e2")
            postings((first, cash, 100), (first, payable, -100), (second, payable, 30), (second, fee, -30))
            seals((first, 2), (second, 2))
        assert AccountBalance.objects.get(account_id=payable).balance_minor == -70

    def test_one_entry_in_a_closed_month(self, committing_db):
        mark_closed("2026-10", NOON)
        columns = "kind, reference, occurred_at, recorded_at, external_id, booked_at"
        booked = [MOMENT, MOMENT, "2026-10-31 12:00:00", MOMENT]
        rows = [("sale", "r", MOMENT, MOMENT, f"e{n}", moment) for n, moment in enumerate(booked)]
        with pytest.raises(IntegrityError), transaction.atomic():
            insert("royalties_journalentry", columns, rows)
        assert nothing_was_written()

    def test_one_posting_to_a_sealed_entry(self, refused, cash, fee, payable):
        late = sealed(cash, payable, 100, "e0")
        with pytest.raises(IntegrityError), transaction.atomic():  # the honest entry has no seal either
            honest = entry("e1")
            refused(postings, (honest, cash, 5), (honest, payable, -5), (late, fee, 5))
        assert JournalEntry.objects.count() == 1

    def test_one_posting_to_an_unknown_entry(self, two_entries, refused, cash, fee):
        refused(postings, (two_entries[0], cash, 5), (two_entries[1], fee, -5), (9999, cash, 5))

    def test_one_posting_to_an_unknown_account(self, two_entries, refused, cash):
        refused(postings, (two_entries[0], cash, 5), (two_entries[0], 9999, -5))

    def test_one_posting_in_the_currency_of_another_account(self, two_entries, refused, cash):
        euros = account("platform_fee", "platform_fee", -1, currency="EUR")
        refused(postings, (two_entries[0], cash, 5), (two_entries[0], euros, -5))

    def test_one_account_overdrawn(self, two_entries, refused, cash, payable):
        person = user()
        other = account(f"contributor_payable:{person.public_id}", "contributor_payable", -1, guarded=True)
        first, second = two_entries
        refused(postings, (first, cash, 5), (first, payable, -5), (second, cash, -5), (second, other, 5))

    @pytest.mark.parametrize("amounts", [(100, -99), (100, 100)])
    def test_one_seal_of_an_entry_that_does_not_balance(self, two_entries, refused, cash, fee, amounts):
        first, second = two_entries
        postings((first, cash, 7), (first, fee, -7), (second, cash, amounts[0]), (second, fee, amounts[1]))
        refused(seals, (first, 2), (second, 2))

    @pytest.mark.parametrize("counted", [1, 3])
    def test_one_seal_that_miscounts(self, two_entries, refused, cash, fee, counted):
        first, second = two_entries
        postings((first, cash, 7), (first, fee, -7), (second, cash, 5), (second, fee, -5))
        refused(seals, (first, 2), (second, counted))

    def test_one_seal_of_an_entry_without_postings(self, two_entries, refused, cash, fee):
        first, second = two_entries
        postings((first, cash, 7), (first, fee, -7))
        refused(seals, (first, 2), (second, 0))

    def test_entries_that_balance_only_together(self, two_entries, refused, cash, fee):
        first, second = two_entries
        postings((first, cash, 7), (first, fee, -6), (second, cash, 5), (second, fee, -6))
        refused(seals, (first, 2), (second, 2))

    def test_a_late_posting_that_avoids_conflicts(self, refused, committing_db, cash, fee):
        other = account("processor_fee", "processor_fee", 1)
        refused(postings, (sealed(cash, fee), other, 5), ending="ON CONFLICT DO NOTHING")


class TestEntriesInParts:
    def test_postings_may_come_in_several_statements(self, committing_db, cash, fee, payable):
        with transaction.atomic():
            first, second = entry("e1"), entry("e2")
            postings((first, cash, 100), (second, cash, 50))
            posting(first, payable, -60)
            postings((first, fee, -40), (second, payable, -50))
            seal(first, 3)
            seal(second)
        assert AccountBalance.objects.get(account_id=payable).balance_minor == -110

    def test_a_seal_after_the_first_half(self, two_entries, refused, cash, fee):
        postings((two_entries[0], cash, 100), (two_entries[0], fee, -60))
        refused(seal, two_entries[0])

    def test_the_second_half_after_the_seal(self, two_entries, refused, cash, fee, payable):
        postings((two_entries[0], cash, 100), (two_entries[0], fee, -100))
        seal(two_entries[0])
        refused(posting, two_entries[0], payable, -5)

    def test_one_of_two_entries_without_its_seal(self, committing_db, cash, fee):
        with pytest.raises(IntegrityError), transaction.atomic():
            first, second = entry("e1"), entry("e2")
            postings((first, cash, 7), (first, fee, -7), (second, cash, 5), (second, fee, -5))
            seal(first)
        assert nothing_was_written()

    def test_a_seal_by_the_same_statement_as_its_postings(self, two_entries, refused, cash, fee):
        if connection.vendor != "postgresql":
            pytest.skip("SQLite writes to one table at a time")
        refused(
            run,
            "WITH posted AS (INSERT INTO royalties_posting (entry_id, account_id, currency, amount_minor) "
            "VALUES (%s, %s, 'USD', 5), (%s, %s, 'USD', -5) RETURNING entry_id) "
            "INSERT INTO royalties_seal (entry_id, postings) SELECT entry_id, count(*) FROM posted GROUP BY 1",
            *(two_entries[0], cash, two_entries[0], fee),
        )

    def test_copied_in(self, refused, committing_db, cash, fee):
        if connection.vendor != "postgresql":
            pytest.skip("COPY is PostgreSQL's")
        late, other = sealed(cash, fee), account("processor_fee", "processor_fee", 1)

        def copy() -> None:
            into = "COPY royalties_posting (entry_id, account_id, currency, amount_minor) FROM STDIN"
            with connection.wrap_database_errors, connection.cursor() as cursor, cursor.copy(into) as rows:
                rows.write_row((late, other, "USD", 5))

        refused(copy)


@pytest.mark.race
class TestOrderOfLocks:
    def test_statements_that_name_accounts_in_any_order_do_not_deadlock(self, racing_db, cash):
        accounts = [account(f"contributor_payable:usr_{n}", "contributor_payable", -1, guarded=True) for n in range(12)]

        def write(client: int) -> None:
            shuffled = random.Random(client)
            for number in range(20):
                taken = shuffled.sample(accounts, 8)
                with transaction.atomic():
                    pk = entry(f"e{client}_{number}")
                    rows = [(pk, each, -1) for each in taken]
                    postings(*rows, (pk, cash, len(taken)))
                    seal(pk, len(taken) + 1)

        assert run_together(*[lambda n=n: write(n) for n in range(6)]) == [None] * 6
        assert sum(AccountBalance.objects.values_list("balance_minor", flat=True)) == -6 * 20 * 8
