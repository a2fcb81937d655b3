"""Disputes in every order with refunds and clearing; whatever happens, every account ends where it should."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import permutations

import pytest

from common.money import Money
from royalties.errors import DisputeUnknown
from royalties.models import Reserve, SaleDispute, SaleRecord, SaleState
from royalties.services import clearing, disputes, invariants, protection_fund, reserves, returns, sales
from royalties.services.disputes import DisputeFacts
from tests.royalties import factories
from tests.royalties.books import balance
from tests.royalties.factories import NOON, WINDOW

pytestmark = pytest.mark.django_db
AFTER = NOON + WINDOW
FEE = Money(1500, "USD")
_PLACES = ("clearing", "payable", "disputed", "reserve", "receivable", "in_transit")


def opened(sold, amount=None, at=NOON, number="dp_1"):
    facts = DisputeFacts(number, sold.order_reference, Money(amount or 499, "USD"), FEE, at)
    return disputes.open_dispute(facts=facts)


def where(person) -> dict[str, int]:
    found = {place: balance(f"contributor_{place}", person) for place in _PLACES}
    return {place: amount for place, amount in found.items() if amount}


@pytest.fixture
def ann():
    return factories.user()


@pytest.fixture
def sold(ann):
    return factories.recorded_sale(of=factories.edition(ann))


class TestOpenDispute:
    def test_holds_what_is_in_clearing(self, ann, sold):
        opened(sold)
        assert where(ann) == {"disputed": 415}
        assert (balance("dispute_in_progress"), balance("dispute_fee")) == (499, 1500)
        assert SaleRecord.objects.get().state == SaleState.DISPUTED
        assert not invariants.check_invariants()

    def test_keeps_the_sale_from_clearing(self, ann, sold):
        opened(sold)
        clearing.clear_due(at=AFTER)
        assert where(ann) == {"disputed": 415}

    def test_holds_what_is_payable(self, ann, sold):
        clearing.clear_due(at=AFTER)
        opened(sold, at=AFTER)
        assert where(ann) == {"disputed": 415}
        assert not invariants.check_invariants()

    def test_holds_only_what_is_there(self, ann, sold):
        clearing.clear_due(at=AFTER)
        spend(ann, 300)
        opened(sold, at=AFTER)
        assert where(ann) == {"disputed": 115}

    def test_twice_is_once(self, ann, sold):
        assert opened(sold).pk == opened(sold).pk
        assert balance("dispute_in_progress") == 499

    def test_part_of_an_order_is_shared_by_size(self, ann):
        book = factories.edition(ann)
        lines = [factories.sale(of=book, paid=paid) for paid in (1000, 3000)]
        lines = [replace(line, order_reference="ord_x") for line in lines]
        sales.record_sales(sales=lines)
        opened(lines[0], amount=2000)
        claimed = list(SaleDispute.objects.get().sales.values_list("paid_minor", flat=True))
        assert claimed == [500, 1500]
        assert not invariants.check_invariants()

    def test_more_than_the_order_is_the_platforms_to_lose(self, ann, sold):
        returns.record_refund(reference=sold.reference, external_id="re", at=NOON)
        opened(sold)
        disputes.lose_dispute(external_id="dp_1", at=NOON)
        assert balance("bad_debt") == 499
        assert where(ann) == {}
        assert not invariants.check_invariants()


class TestWinDispute:
    def test_returns_everything_to_clearing(self, ann, sold):
        opened(sold)
        disputes.win_dispute(external_id="dp_1", at=NOON)
        assert where(ann) == {"clearing": 415}
        assert balance("stripe_balance") == 499 - 1500
        assert SaleRecord.objects.get().state == SaleState.CLEARING
        clearing.clear_due(at=AFTER)
        assert where(ann) == {"payable": 415}
        assert not invariants.check_invariants()

    def test_returns_everything_to_payable(self, ann, sold):
        clearing.clear_due(at=AFTER)
        opened(sold, at=AFTER)
        disputes.win_dispute(external_id="dp_1", at=AFTER)
        disputes.win_dispute(external_id="dp_1", at=AFTER)
        assert where(ann) == {"payable": 415}
        assert SaleRecord.objects.get().state == SaleState.CLEARED

    def test_refills_a_reserve(self, ann, sold):
        keep_a_tenth(ann)
        clearing.clear_due(at=AFTER)
        assert where(ann) == {"payable": 373, "reserve": 42}
        opened(sold, at=AFTER)
        assert where(ann) == {"disputed": 415}
        disputes.win_dispute(external_id="dp_1", at=AFTER)
        assert where(ann) == {"payable": 373, "reserve": 42}
        reserves.release_due(at=AFTER + timedelta(days=31))
        assert where(ann) == {"payable": 415}
        assert not invariants.check_invariants()

    def test_unknown_is_refused(self):
        with pytest.raises(DisputeUnknown):
            disputes.win_dispute(external_id="dp_0", at=NOON)


class TestLoseDispute:
    def test_gives_the_sale_back_out_of_the_dispute(self, ann, sold):
        opened(sold)
        disputes.lose_dispute(external_id="dp_1", at=NOON)
        assert where(ann) == {}
        assert balance("dispute_in_progress") == balance("platform_fee") == 0
        assert balance("stripe_balance") == -1500
        assert SaleRecord.objects.get().state == SaleState.REFUNDED
        assert not invariants.check_invariants()

    def test_what_was_paid_out_is_owed(self, ann, sold):
        clearing.clear_due(at=AFTER)
        spend(ann, 300)
        opened(sold, at=AFTER)
        disputes.lose_dispute(external_id="dp_1", at=AFTER)
        assert where(ann) == {"receivable": 300}
        assert not invariants.check_invariants()

    def test_a_lost_part_leaves_the_rest_as_it_was(self, ann, sold):
        opened(sold, amount=200)
        disputes.lose_dispute(external_id="dp_1", at=NOON)
        sale = SaleRecord.objects.get()
        assert (sale.state, sale.returned_minor) == (SaleState.CLEARING, 200)
        clearing.clear_due(at=AFTER)
        assert not invariants.check_invariants()

    def test_r6_every_order_of_refund_clearing_and_dispute(self):
        """Half is refunded, the sale clears, the whole rest is disputed and lost: any order, the same end."""
        ends = set()
        for number, order in enumerate(permutations(("refund", "clear", "open"))):
            person = factories.user(f"p{number}")
            sold = factories.recorded_sale(of=factories.edition(person), paid=1000)
            steps = {
                "refund": lambda sold=sold: returns.record_refund(
                    reference=sold.reference, external_id=f"re:{sold.reference}", at=AFTER, amount=Money(400, "USD")
                ),
                "clear": lambda: clearing.clear_due(at=AFTER),
                "open": lambda sold=sold: opened(sold, amount=600, at=AFTER, number=f"dp:{sold.reference}"),
            }
            for step in order:
                steps[step]()
            disputes.lose_dispute(external_id=f"dp:{sold.reference}", at=AFTER)
            ends.add((tuple(where(person)), SaleRecord.objects.get(reference=sold.reference).state))
        assert ends == {((), SaleState.REFUNDED)}
        assert not invariants.check_invariants()


class TestCover:
    def test_restores_the_share_and_the_debt_first(self, ann, sold):
        feed(200_000)
        clearing.clear_due(at=AFTER)
        spend(ann, 300)
        opened(sold, at=AFTER)
        disputes.lose_dispute(external_id="dp_1", at=AFTER)
        before = balance("protection_fund")
        assert protection_fund.cover(external_id="dp_1", at=AFTER) == 415
        assert where(ann) == {"payable": 115}
        assert balance("protection_fund") == before - 415
        assert protection_fund.cover(external_id="dp_1", at=AFTER) == 0
        assert not invariants.check_invariants()

    def test_bears_no_more_than_the_fund_has(self, ann, sold):
        opened(sold)
        disputes.lose_dispute(external_id="dp_1", at=NOON)
        assert protection_fund.cover(external_id="dp_1", at=NOON) == 0
        feed(100_000)
        assert 0 < protection_fund.cover(external_id="dp_1", at=NOON) <= 415

    def test_bears_nothing_of_a_dispute_that_is_open(self, ann, sold):
        feed(100_000)
        opened(sold)
        assert protection_fund.cover(external_id="dp_1", at=NOON) == 0

    def test_feeding_twice_is_feeding_once(self, sold):
        feed(10_000)
        fed = balance("protection_fund")
        assert fed > 0
        assert protection_fund.contribute(at=NOON) == 0
        assert balance("protection_fund") == fed


class TestReserve:
    def test_comes_first_when_a_sale_is_given_back(self, ann, sold):
        keep_a_tenth(ann)
        clearing.clear_due(at=AFTER)
        returns.record_refund(reference=sold.reference, external_id="re", at=AFTER, amount=Money(100, "USD"))
        share = where(ann)
        assert share["payable"] + share.get("reserve", 0) < 415
        assert Reserve.objects.get().left_minor == 0
        assert not invariants.check_invariants()

    def test_is_released_once(self, ann, sold):
        keep_a_tenth(ann)
        clearing.clear_due(at=AFTER)
        late = AFTER + timedelta(days=31)
        assert reserves.release_due(at=late) == 1
        assert reserves.release_due(at=late) == 0
        assert where(ann) == {"payable": 415}

    def test_nothing_is_kept_after_its_end(self, ann, sold):
        keep_a_tenth(ann, until=AFTER - timedelta(days=1))
        clearing.clear_due(at=AFTER)
        assert where(ann) == {"payable": 415}

    def test_lifting_pays_what_was_kept(self, ann, sold):
        rule = keep_a_tenth(ann)
        clearing.clear_due(at=AFTER)
        reserves.lift(actor=rule.imposed_by, rule=rule, at=AFTER)
        assert where(ann) == {"payable": 415}
        assert not invariants.check_invariants()

    def test_measured_by_disputes(self, ann):
        book = factories.edition(ann)
        made = [factories.recorded_sale(of=book) for _ in range(20)]
        assert reserves.assess(at=NOON) == []
        for number, sold in enumerate(made[:2]):
            opened(sold, number=f"dp_{number}")
        (rule,) = reserves.assess(at=NOON)
        assert rule.user == ann and "2 of your 20 sales" in rule.reason
        assert reserves.assess(at=NOON) == []


def spend(person, amount: int) -> None:
    """Pay out part of what is payable, by the entries a payout makes."""
    from royalties import entries
    from royalties.services import ledger

    move = {"payout": "pyo", "owner": person.public_id, "currency": "USD", "occurred_at": AFTER, "amount": amount}
    ledger.post([entries.transfer_asked(**move), entries.transfer_confirmed(**move)])


def feed(paid: int) -> None:
    factories.recorded_sale(paid=paid)
    protection_fund.contribute(at=NOON)


def keep_a_tenth(person, until=NOON + timedelta(days=90)):
    finance = factories.user("Fiona", is_finance=True)
    return reserves.impose(
        actor=finance, user=person, rate_bps=1000, days=30, reason="Many returns.", until=until, at=NOON
    )
