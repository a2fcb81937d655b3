"""Our books against the provider's movements: what agrees, what does not, and since when."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db.models import Sum

from common import clock
from common.money import Money
from payments.gateway import BalanceChange, GatewayUnknown, TransferResult
from royalties import entries
from royalties.entries import Deferral
from royalties.models import (
    ChainLink,
    EntryKind,
    ItemState,
    JournalEntry,
    PayoutRun,
    Posting,
    ProviderMovement,
    ReconciliationItem,
    ReconciliationRun,
)
from royalties.services import invariants, ledger, payouts, reconciliation, returns, sales
from royalties.services.reconciliation import reconcile
from tests.royalties.factories import NOON, WINDOW, edition, payable, payout_account, recorded_sale, user

pytestmark = [pytest.mark.both, pytest.mark.django_db]
NIGHT = NOON + timedelta(days=1)


class Provider:
    """A provider that only tells what moved, in its own order: newest first."""

    def __init__(self) -> None:
        self.changes: list[BalanceChange] = []

    def moves(self, kind: str, source: str, amount: int, fee: int = 0, *, at=NOON, currency="USD", text="") -> None:
        number = len(self.changes) + 1
        change = BalanceChange(
            f"txn_{number}", kind, kind, source, Money(amount, currency), Money(fee, currency), None, at, text
        )
        self.changes.insert(0, change)

    def balance_changes(self, *, since, until):
        yield from (change for change in self.changes if since <= change.at < until)


@pytest.fixture
def provider(monkeypatch):
    made = Provider()
    monkeypatch.setattr("payments.services.gateway", lambda: made)
    return made


def bought(*, charge: str = "ch_1", fee: int = 44, **fields):
    """A sale with its real fee, as settling an order books them."""
    made = recorded_sale(of=edition(), **fields)
    sales.record_processor_fee(
        order_reference=made.order_reference, fee=Money(fee, "USD"), external_id=charge, at=made.sold_at
    )
    return made


def states() -> dict[str, str]:
    return dict(ReconciliationItem.objects.values_list("key", "state"))


class TestMatching:
    def test_a_payment_is_matched_by_its_order(self, provider):
        made = bought()
        provider.moves("charge", "ch_1", 499, 44)
        run = reconcile(at=NIGHT)
        assert (run.movements, run.entries, run.open_items) == (1, 2, 0)
        item = ReconciliationItem.objects.get()
        assert (item.key, item.provider_minor, item.ledger_minor) == (made.order_reference, 455, 455)
        assert item.state == ItemState.MATCHED

    def test_a_gift_that_nobody_redeemed_yet_is_matched_by_its_order(self, provider):
        sales.record_deferred_payment(
            reference="lin_gift",
            order_reference="ord_gift",
            deferral=Deferral.GIFT,
            paid=Money(499, "USD"),
            tax=Money(0, "USD"),
            tax_country="",
            at=NOON,
        )
        sales.record_processor_fee(order_reference="ord_gift", fee=Money(44, "USD"), external_id="ch_1", at=NOON)
        provider.moves("charge", "ch_1", 499, 44)
        assert reconcile(at=NIGHT).open_items == 0
        assert states() == {"ord_gift": ItemState.MATCHED}

    def test_refund_and_transfer_by_the_providers_id(self, provider):
        author = payable()
        made = bought(charge="ch_2")
        returns.record_refund(reference=made.reference, external_id="re_1", at=NOON)
        payout_account(author)
        fiona, felix = user(is_finance=True), user(is_finance=True)
        run = payouts.propose_run(actor=fiona, currency="USD", at=NOON + WINDOW)
        payout = run.payouts.get()
        PayoutRun.objects.filter(pk=run.pk).update(state="approved", approved_by=felix, approved_at=NOON)
        provider.transfer = lambda **_: TransferResult("tr_9", Money(415, "USD"), Money(0, "USD"), NOON + WINDOW)
        with clock.frozen(NOON + WINDOW):
            payouts.send_payout(payout_id=payout.pk)
        provider.moves("charge", "ch_2", 499, 44)
        provider.moves("refund", "re_1", -499)
        provider.moves("transfer", "tr_9", -415, at=NOON + WINDOW)
        reconcile(at=NOON + WINDOW)
        found = states()
        assert found["re_1"] == found["tr_9"] == found[made.order_reference] == ItemState.MATCHED
        # The first sale was recorded without anybody having paid.
        assert ItemState.MISSING_THERE in found.values()

    def test_is_read_once_however_often(self, provider):
        bought()
        provider.moves("charge", "ch_1", 499, 44)
        reconcile(at=NIGHT)
        again = reconcile(at=NIGHT)
        assert (again.movements, again.entries) == (0, 0)
        assert ReconciliationItem.objects.get().provider_minor == 455

    def test_a_payment_whose_fee_is_booked_later_finds_its_order(self, provider):
        made = recorded_sale(of=edition())
        provider.moves("charge", "ch_1", 499, 44)
        assert reconcile(at=NIGHT).open_items == 2
        sales.record_processor_fee(
            order_reference=made.order_reference, fee=Money(44, "USD"), external_id="ch_1", at=NOON
        )
        assert reconcile(at=NIGHT + timedelta(days=1)).open_items == 0
        item = ReconciliationItem.objects.get(key=made.order_reference)
        assert (item.provider_minor, item.ledger_minor) == (455, 455)
        assert item.settled_at == NIGHT + timedelta(days=1)
        assert not ReconciliationItem.objects.filter(key="ch_1").exclude(provider_minor=0).exists()

    def test_a_movement_about_nothing_else_is_named_by_itself(self, provider):
        """Such as a monthly fee. Without a name it would be added again each night."""
        provider.moves("stripe_fee", "", -150)
        for night in range(2):
            reconcile(at=NIGHT + timedelta(days=night))
        item = ReconciliationItem.objects.get()
        assert (item.key, item.provider_minor) == ("txn_1", -150)

    def test_more_than_a_day_apart_is_late(self, provider):
        bought()
        provider.moves("charge", "ch_1", 499, 44, at=NOON - timedelta(days=2))
        reconcile(at=NIGHT)
        assert set(states().values()) == {ItemState.LATE}

    def test_each_currency_by_itself(self, provider):
        bought()
        provider.moves("charge", "ch_1", 499, 44, currency="EUR")
        assert reconcile(at=NIGHT).open_items == 2


class TestWhatDoesNotAgree:
    def test_names_each_kind_of_difference(self, provider):
        made, unpaid = bought(), recorded_sale(of=edition())
        provider.moves("charge", "ch_1", 499, 45)
        provider.moves("refund", "re_x", -100)
        assert reconcile(at=NIGHT).open_items == 3
        assert states() == {
            made.order_reference: ItemState.DIFFERS,
            unpaid.order_reference: ItemState.MISSING_THERE,
            "re_x": ItemState.MISSING_HERE,
        }
        assert ReconciliationItem.objects.get(key="re_x").difference_minor == -100

    def test_ages_until_it_is_booked(self, provider):
        made = bought()
        provider.moves("charge", "ch_1", 499, 44)
        provider.moves("refund", "re_x", -100)
        reconcile(at=NIGHT)
        reconcile(at=NIGHT + timedelta(days=2))
        item = ReconciliationItem.objects.get(key="re_x")
        assert item.age(NIGHT + timedelta(days=2)) == timedelta(days=2)
        returns.record_refund(reference=made.reference, external_id="re_x", at=NIGHT, amount=Money(100, "USD"))
        assert reconcile(at=NIGHT + timedelta(days=3)).open_items == 0

    def test_invariant_9_names_what_waits_too_long(self, provider):
        bought()
        provider.moves("charge", "ch_1", 499, 44)
        provider.moves("refund", "re_x", -100)
        with clock.frozen(NIGHT):
            reconcile(at=NIGHT)
            assert invariants.check_invariants() == []
        with clock.frozen(NIGHT + timedelta(days=4)):  # nobody compared since: it ages all the same
            assert [(v.rule, v.row) for v in invariants.check_invariants()] == [("I9", "refund re_x USD")]

    def test_nothing_is_kept_when_the_provider_is_silent(self, provider, monkeypatch):
        def silent(**_):
            raise GatewayUnknown
            yield

        monkeypatch.setattr(provider, "balance_changes", silent)
        with pytest.raises(GatewayUnknown):
            reconcile(at=NIGHT)
        assert not ReconciliationRun.objects.exists()

    def test_a_run_that_broke_off_is_made_up_for(self, provider, monkeypatch):
        """Movements are stored before they are matched: the next run matches what the broken one left."""
        bought()
        provider.moves("charge", "ch_1", 499, 44)
        with monkeypatch.context() as broken, pytest.raises(RuntimeError):
            broken.setattr(reconciliation, "_match", lambda **_: (_ for _ in ()).throw(RuntimeError))
            reconcile(at=NIGHT)
        assert ProviderMovement.objects.count() == 1
        assert reconcile(at=NIGHT).open_items == 0


class TestCommand:
    def test_all_agree(self, provider, capsys):
        bought()
        provider.moves("charge", "ch_1", 499, 44)
        with clock.frozen(NIGHT):
            call_command("reconcile")
        assert capsys.readouterr().out == "1 new movements, 2 new entries, 0 items do not agree.\n"

    def test_exits_with_1_and_names_the_item(self, provider, capsys):
        provider.moves("refund", "re_x", -100)
        with clock.frozen(NIGHT), pytest.raises(SystemExit) as stopped:
            call_command("reconcile")
        assert stopped.value.code == 1
        said = capsys.readouterr().out
        assert "re_x" in said
        assert "-1.00 USD" in said


class TestCostOfPayouts:
    """What the provider takes for paying out is told by its movements alone."""

    BILL = "Connect (2026-11): active accounts and payouts"

    def booked(self) -> dict[str, int]:
        sums = Posting.objects.values_list("account__name").annotate(total=Sum("amount_minor")).order_by()
        return dict(sums)

    @pytest.mark.parametrize("source", ["", "fee_1"])
    def test_a_bill_is_booked_as_ours_and_matched(self, provider, source):
        provider.moves("stripe_fee", source, -472, text=self.BILL)
        assert reconcile(at=NIGHT).open_items == 0
        assert self.booked() == {"payout_fee": 472, "stripe_balance": -472}
        entry = JournalEntry.objects.get()
        assert (entry.kind, entry.occurred_at) == (EntryKind.PAYOUT_FEE, NOON)
        assert invariants.check_invariants() == []

    def test_a_bill_is_booked_once_however_often_it_is_read(self, provider):
        provider.moves("stripe_fee", "", -472, text=self.BILL)
        for _ in range(3):
            assert reconcile(at=NIGHT).open_items == 0
        assert JournalEntry.objects.count() == ReconciliationItem.objects.count() == 1

    def test_a_run_that_died_after_booking_is_made_good(self, provider, monkeypatch):
        provider.moves("stripe_fee", "", -472, text=self.BILL)
        with monkeypatch.context() as patch, pytest.raises(RuntimeError):
            patch.setattr(ProviderMovement.objects, "bulk_create", self.die)
            reconcile(at=NIGHT)
        assert reconcile(at=NIGHT).open_items == 0
        assert JournalEntry.objects.count() == 1

    def die(self, *args, **kwargs):
        raise RuntimeError("the night was short")

    def test_the_fee_of_a_transfer_is_booked_beside_it(self, provider):
        ledger.post_one(
            entries.bank_sweep(external_id="po_1", currency="USD", occurred_at=NOON, amount=1000),
        )
        provider.moves("payout", "po_1", -1000, 15)
        assert reconcile(at=NIGHT).open_items == 0
        item = ReconciliationItem.objects.get()
        assert (item.key, item.ledger_minor, item.provider_minor) == ("po_1", -1015, -1015)
        assert self.booked() == {"bank": 1000, "payout_fee": 15, "stripe_balance": -1015}

    def test_what_is_given_back_of_a_bill_lowers_the_cost(self, provider):
        provider.moves("stripe_fee", "", -472, text=self.BILL)
        provider.moves("stripe_fee", "", 200, text=self.BILL)
        assert reconcile(at=NIGHT).open_items == 0
        assert self.booked() == {"payout_fee": 272, "stripe_balance": -272}

    def test_a_bill_for_something_else_waits_for_a_person(self, provider):
        provider.moves("stripe_fee", "", -30, text="Radar for Fraud Teams")
        assert [reconcile(at=NIGHT).open_items for _ in range(2)] == [1, 1]
        assert ReconciliationItem.objects.get().provider_minor == -30
        assert not JournalEntry.objects.exists()

    def test_a_cards_fee_is_no_cost_of_payouts(self, provider):
        bought()
        provider.moves("charge", "ch_1", 499, 44)
        reconcile(at=NIGHT)
        assert "payout_fee" not in self.booked()


def test_entries_are_read_in_the_order_of_the_chain(provider):
    bought()
    provider.moves("charge", "ch_1", 499, 44)
    run = reconcile(at=NIGHT)
    assert run.chain_position == ChainLink.objects.latest("position").position
