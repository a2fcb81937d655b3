from __future__ import annotations

import pytest

from royalties import chart, entries
from royalties.chart import AccountKind
from royalties.entries import Part, SaleAmounts
from royalties.errors import EntryDiffers, EntryNotBalanced, LedgerError
from royalties.models import AccountBalance, ClosedPeriod, EntryKind, JournalEntry, LedgerAccount, Posting, Seal
from royalties.services import ledger
from tests.royalties.database import run_together
from tests.royalties.factories import NOON, user

pytestmark = [pytest.mark.both, pytest.mark.django_db]


def draft(owner: str, gross: int = 499, reference: str = "lin_1", tax: int = 0) -> entries.Draft:
    amounts = SaleAmounts(gross, tax, 44, 40, "DE", (Part(owner, gross - tax - 84),))
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
        amounts = SaleAmounts(499, 0, 44, 40, "DE", (Part("usr_x", 416),))
        with pytest.raises(EntryNotBalanced):
            entries.sale(reference="lin_1", currency="USD", occurred_at=NOON, amounts=amounts)

    def test_books_into_the_first_open_month_when_its_own_is_closed(self):
        ClosedPeriod.objects.create(period="2026-11", closed_at=NOON, chain_position=0)
        entry = JournalEntry.objects.get(pk=ledger.post_one(draft(user().public_id)).entry_id)
        assert (entry.occurred_at, entry.booked_at.isoformat()) == (NOON, "2026-12-01T00:00:00+00:00")

    def test_empty_list_writes_nothing(self):
        assert ledger.post([]) == []

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

    def test_an_account_is_never_overdrawn_by_two_at_once(self, racing_db):
        owner = user().public_id
        ledger.post_one(draft(owner))
        ledger.post_one(
            entries.clearing(reference="lin_1", currency="USD", occurred_at=NOON, shares=[Part(owner, 415)])
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
