from __future__ import annotations

import random
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction

from common.periods import Month
from royalties import chart, entries
from royalties.chart import AccountKind
from royalties.entries import ContributorShare, SaleAmounts
from royalties.errors import EntryDiffers, EntryNotBalanced, LedgerError
from royalties.models import AccountBalance, EntryKind, JournalEntry, LedgerAccount, Posting, Seal
from royalties.services import ledger, ledger_chain, month_close, running_totals
from royalties.services.ledger import Posted
from tests.royalties.closing import mark_closed
from tests.royalties.database import run_together
from tests.royalties.factories import NOON, user

pytestmark = [pytest.mark.both, pytest.mark.django_db]


def draft(owner: str, gross: int = 499, reference: str = "lin_1", tax: int = 0) -> entries.Draft:
    amounts = SaleAmounts(gross, tax, 44, 40, "DE", (ContributorShare(owner, gross - tax - 84),))
    return entries.sale(reference=reference, currency="USD", occurred_at=NOON, amounts=amounts)


class TestPost:
    def test_writes_entry_postings_and_seal(self):
        posted = ledger.post_one(draft(user().public_id))
        assert posted.is_new
        assert Posting.objects.filter(entry_id=posted.entry_id).count() == 4
        assert Seal.objects.get(pk=posted.entry_id).postings == 4

    def test_same_event_twice_is_one_entry(self):
        once = draft(user().public_id)
        first, second = ledger.post_one(once), ledger.post_one(once)
        assert (second.entry_id, second.is_new) == (first.entry_id, False)
        assert JournalEntry.objects.count() == 1

    def test_same_event_with_other_amounts_is_refused(self):
        owner = user().public_id
        ledger.post_one(draft(owner))
        with pytest.raises(EntryDiffers):
            ledger.post_one(draft(owner, gross=500))

    def test_several_at_once_in_order(self):
        owner = user().public_id
        posted = ledger.post([draft(owner, reference=f"lin_{n}") for n in range(5)])
        events = [JournalEntry.objects.get(pk=p.entry_id).external_id for p in posted]
        assert events == [f"sale:lin_{n}" for n in range(5)]

    def test_new_beside_known(self):
        owner = user().public_id
        ledger.post_one(draft(owner, reference="lin_2"))
        posted = ledger.post([draft(owner, reference=f"lin_{n}") for n in (1, 2, 3)])
        assert [p.is_new for p in posted] == [True, False, True]

    def test_the_same_event_twice_in_one_call_is_refused(self):
        owner = user().public_id
        with pytest.raises(ValueError, match="once"):
            ledger.post([draft(owner), draft(owner)])

    def test_overdraft_is_refused_and_nothing_is_written(self):
        asked = entries.transfer_asked(
            payout="pay_1", owner=user().public_id, currency="USD", occurred_at=NOON, amount=1
        )
        with pytest.raises(LedgerError):
            ledger.post_one(asked)
        assert not JournalEntry.objects.exists()

    def test_unbalanced_is_refused_before_the_database(self):
        amounts = SaleAmounts(499, 0, 44, 40, "DE", (ContributorShare("usr_x", 416),))
        with pytest.raises(EntryNotBalanced):
            entries.sale(reference="lin_1", currency="USD", occurred_at=NOON, amounts=amounts)

    def test_books_into_the_first_open_month_when_its_own_is_closed(self):
        mark_closed("2026-11", NOON)
        entry = JournalEntry.objects.get(pk=ledger.post_one(draft(user().public_id)).entry_id)
        assert (entry.occurred_at, entry.booked_at.isoformat()) == (NOON, "2026-12-01T00:00:00+00:00")

    def test_empty_list_writes_nothing(self):
        assert ledger.post([]) == []

    def test_a_refusal_leaves_the_callers_transaction_as_it_was(self):
        owner = user().public_id
        asked = entries.transfer_asked(payout="pay_1", owner=owner, currency="USD", occurred_at=NOON, amount=1)
        with transaction.atomic():
            before = ledger.post_one(draft(owner))
            with pytest.raises(LedgerError, match="overdrawn"):
                ledger.post_one(asked)
            after = ledger.post_one(draft(owner, reference="lin_2"))
        assert set(JournalEntry.objects.values_list("pk", flat=True)) == {before.entry_id, after.entry_id}

    def test_one_refused_entry_refuses_all_of_its_call(self):
        owner = user().public_id
        asked = entries.transfer_asked(payout="pay_1", owner=owner, currency="USD", occurred_at=NOON, amount=1)
        with pytest.raises(LedgerError, match="overdrawn"):
            ledger.post([draft(owner), asked, draft(owner, reference="lin_2")])
        assert not JournalEntry.objects.exists()

    def test_one_event_with_other_amounts_refuses_all_of_its_call(self):
        owner = user().public_id
        ledger.post_one(draft(owner))
        with pytest.raises(EntryDiffers):
            ledger.post([draft(owner, reference="lin_0"), draft(owner, gross=500)])
        assert JournalEntry.objects.count() == 1

    @pytest.mark.parametrize("reference", ['a "b" \\ c', "{d,NULL}", "NULL", "é, 'f'; --", " g "])
    def test_any_text_is_a_reference(self, reference):
        entry = JournalEntry.objects.get(pk=ledger.post_one(draft(user().public_id, reference=reference)).entry_id)
        assert (entry.reference, entry.external_id) == (reference, f"sale:{reference}")

    def test_one_sale_is_one_round_trip(self, django_assert_num_queries):
        if connection.vendor != "postgresql":
            pytest.skip("SQLite has no round trips")
        owner = user().public_id
        ledger.post_one(draft(owner, reference="lin_0"))
        with django_assert_num_queries(1):
            ledger.post_one(draft(owner))

    def test_reads_no_table_from_end_to_end(self):
        if connection.vendor != "postgresql":
            pytest.skip("PostgreSQL's planner has the choice")
        owner = user().public_id
        ledger.post([draft(owner, reference=f"lin_{n}") for n in range(400)])
        tables = ("royalties_journalentry", "royalties_posting", "royalties_seal")
        with connection.cursor() as cursor:
            for table in tables:
                cursor.execute(f"ANALYZE {table}")

            def scans() -> int:
                cursor.execute(
                    "SELECT sum(seq_scan) FROM pg_stat_xact_user_tables WHERE relname = ANY (%s)", [list(tables)]
                )
                return cursor.fetchone()[0]

            before = scans()
            ledger.post_one(draft(owner, reference="one"))
            ledger.post([draft(owner, reference=f"many_{n}") for n in range(50)])
            assert scans() == before

    def test_temporary_tables_of_the_same_names_take_nothing(self):
        if connection.vendor != "postgresql":
            pytest.skip("the function is PostgreSQL's")
        once = draft(user().public_id)
        tables = ["royalties_journalentry", "royalties_posting", "royalties_seal"]
        with connection.cursor() as cursor:
            for table in tables:
                cursor.execute(f"CREATE TEMPORARY TABLE {table} (LIKE {table})")
            posted = ledger._write_by_function([once], {once.external_id: once.occurred_at})
            for table in tables:
                cursor.execute(f"DROP TABLE pg_temp.{table}")
        assert posted == {once.external_id: (JournalEntry.objects.get().pk, NOON)}

    def test_queries_are_constant(self, django_assert_max_num_queries):
        owner = user().public_id
        ledger.post_one(draft(owner, reference="lin_0"))
        with django_assert_max_num_queries(10):
            ledger.post([draft(owner, reference=f"lin_{n}") for n in range(1, 30)])


class TestAccountIds:
    def test_opens_an_account_with_its_owner_and_balance(self):
        person = user()
        name = chart.of_contributor(AccountKind.CONTRIBUTOR_PAYABLE, person.public_id)
        pk = ledger.account_ids([(name, "USD")])[name, "USD"]
        account = LedgerAccount.objects.get(pk=pk)
        assert (account.owner, account.side, account.is_guarded) == (person, -1, True)
        assert AccountBalance.objects.get(account=account).balance_minor == 0

    def test_one_account_per_currency(self):
        ids = ledger.account_ids([(chart.PLATFORM_FEE, "USD"), (chart.PLATFORM_FEE, "EUR")])
        assert len(set(ids.values())) == 2

    def test_unknown_owner_is_an_error(self):
        with pytest.raises(KeyError):
            ledger.account_ids([(chart.of_contributor(AccountKind.CONTRIBUTOR_PAYABLE, "usr_nobody"), "USD")])

    def test_a_platform_account_belongs_to_no_contributor(self):
        with pytest.raises(ValueError, match="no contributor"):
            chart.of_contributor(AccountKind.PLATFORM_FEE, "usr_x")


@pytest.mark.race
class TestBesideAClose:
    """A month is closed while an event of it is being posted: the closer has the lock, the poster waits."""

    @pytest.fixture
    def late(self, racing_db):
        """The late event as posted, after the close made the entry with the highest id."""
        owner = user().public_id
        ledger.post_one(draft(owner))
        with ThreadPoolExecutor(1) as pool:
            with transaction.atomic():
                month_close._wait_for_writers()
                waiting = pool.submit(run_together, lambda: ledger.post_one(draft(owner, reference="late")))
                _until_somebody_waits()
                ledger.post_one(draft(owner, reference="before"))
                ledger_chain.chain_committed()
                running_totals.mark_all_chained()
                mark_closed("2026-11", NOON)
            return waiting.result()[0]

    def test_books_it_into_the_next_month(self, late):
        assert isinstance(late, Posted)
        assert late.period == Month(2026, 12)
        assert Month.of(JournalEntry.objects.get(pk=late.entry_id).booked_at) == late.period

    def test_leaves_it_to_the_next_run_of_the_chainer(self, late):
        assert ledger_chain.chain_committed() == 1
        assert JournalEntry.objects.get(pk=late.entry_id).link


def _until_somebody_waits(patience_s: float = 30) -> None:
    """Until another connection waits for the table of entries."""
    end = time.monotonic() + patience_s
    with connection.cursor() as cursor:
        while time.monotonic() < end:
            cursor.execute("SELECT 1 FROM pg_locks WHERE NOT granted AND relation = 'royalties_journalentry'::regclass")
            if cursor.fetchone():
                return
            time.sleep(0.02)
    raise TimeoutError("nobody waits for the entries")


@pytest.mark.race
class TestRaces:
    def test_same_event_from_many_connections_is_one_entry(self, racing_db):
        once = draft(user().public_id)
        results = run_together(*[lambda: ledger.post_one(once)] * 8)
        assert sorted(r.is_new for r in results) == [False] * 7 + [True]
        assert JournalEntry.objects.count() == 1

    def test_first_sales_open_each_account_once(self, racing_db):
        owner = user().public_id
        results = run_together(*[lambda n=n: ledger.post_one(draft(owner, reference=f"lin_{n}")) for n in range(8)])
        assert all(r.is_new for r in results)
        assert LedgerAccount.objects.count() == 4
        clearing = AccountBalance.objects.get(account__kind="contributor_clearing")
        assert clearing.balance_minor == -8 * 415

    def test_crossing_pairs_of_authors_do_not_deadlock(self, racing_db):
        people = [user().public_id, user().public_id]
        for number, owner in enumerate(people):
            ledger.post_one(draft(owner, reference=f"open_{number}"))

        def both(order, name):
            ledger.post([draft(people[i], reference=f"{name}_{i}", tax=7) for i in order])

        results = run_together(*[lambda n=n: both((0, 1) if n % 2 else (1, 0), f"n{n}") for n in range(10)])
        assert results == [None] * 10
        assert sum(AccountBalance.objects.values_list("balance_minor", flat=True)) == -2 * 415 - 20 * 415

    def test_batches_over_the_same_people_in_any_order_do_not_deadlock(self, racing_db):
        people = [user().public_id for _ in range(8)]
        for number, owner in enumerate(people):
            ledger.post_one(draft(owner, reference=f"open_{number}", tax=7))

        def many(client: int) -> int:
            shuffled = random.Random(client)
            new = 0
            for number in range(10):  # two clients record the same events, each in its own order
                owned = [(n, people[n % 8]) for n in range(24)]
                shuffled.shuffle(owned)
                drafts = [draft(owner, reference=f"n{client // 2}_{number}_{n}", tax=7) for n, owner in owned]
                new += sum(posted.is_new for posted in ledger.post(drafts))
            return new

        results = run_together(*[lambda n=n: many(n) for n in range(8)])
        assert sum(results) == JournalEntry.objects.count() - len(people) == 4 * 10 * 24
        clearing = AccountBalance.objects.filter(account__kind="contributor_clearing")
        assert set(clearing.values_list("balance_minor", flat=True)) == {-(1 + 4 * 10 * 3) * (499 - 7 - 84)}

    def test_an_account_is_never_overdrawn_by_two_at_once(self, racing_db):
        owner = user().public_id
        ledger.post_one(draft(owner))
        ledger.post_one(
            entries.clearing(reference="lin_1", currency="USD", occurred_at=NOON, shares=[ContributorShare(owner, 415)])
        )

        def ask(number):
            return ledger.post_one(
                entries.transfer_asked(
                    payout=f"pay_{number}", owner=owner, currency="USD", occurred_at=NOON, amount=415
                )
            )

        results = run_together(*[lambda n=n: ask(n) for n in range(6)])
        assert sum(isinstance(r, LedgerError) for r in results) == 5
        assert JournalEntry.objects.filter(kind=EntryKind.TRANSFER_ASKED).count() == 1
