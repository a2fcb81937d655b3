from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import transaction

from common.money import Money
from royalties import entries
from royalties.chart import AccountKind
from royalties.dto import FeeRates, MilestoneFunding, MilestoneParties
from royalties.errors import (
    EntryDiffers,
    LedgerError,
    MilestoneRefused,
    MilestoneTooLittle,
    MilestoneUnknown,
)
from royalties.models import JournalEntry, MilestoneRecord, ReserveRule
from royalties.selectors import clearing_accounts, match_keys, provider_objects
from royalties.selectors import milestones as selectors
from royalties.services import clearing, invariants, ledger, milestones, protection_fund, reserves
from tests.royalties.books import balance
from tests.royalties.factories import NOON, payout_account, user
from tests.royalties.milestones import DAY, RATES, accept, paid, pay_out, usd

pytestmark = [pytest.mark.django_db, pytest.mark.both]


def books_hold() -> None:
    assert invariants.check_invariants() == []


def held(milestone: MilestoneRecord) -> int:
    return balance(f"milestone_held:{milestone.reference}")


class TestFund:
    def test_holds_the_money(self):
        milestone = paid(50_000)
        found = selectors.position(milestone.reference)
        assert found is not None
        assert (found.funded, found.held, found.released, found.fee) == (usd(50_000), usd(50_000), usd(0), usd(0))
        assert held(milestone) == 50_000
        assert balance("stripe_balance") == 50_000
        books_hold()

    def test_is_booked_once(self):
        milestone = paid()
        entry = milestones.fund(funding=_funding(milestone), at=NOON)
        assert entry == milestone.entry_id
        assert JournalEntry.objects.filter(kind="milestone_funded").count() == 1

    def test_refuses_another_amount_for_the_same_milestone(self):
        milestone = paid(50_000)
        with pytest.raises(EntryDiffers):
            milestones.fund(funding=_funding(milestone, amount=40_000), at=NOON)

    def test_refuses_another_payee_for_the_same_milestone(self):
        milestone = paid()
        with pytest.raises(EntryDiffers):
            milestones.fund(funding=_funding(milestone, payee=user().pk), at=NOON)

    @pytest.mark.parametrize("amount", [0, -1])
    def test_refuses_nothing(self, amount):
        with pytest.raises(MilestoneRefused):
            milestones.fund(funding=_funding(paid(), amount=amount, reference="mst_x"), at=NOON)

    def test_refuses_to_pay_oneself(self):
        person = user()
        with pytest.raises(MilestoneRefused):
            paid(payer=person, payee=person)

    def test_of_nobody_has_no_position(self):
        assert selectors.position("mst_none") is None


def _funding(milestone: MilestoneRecord, *, amount: int | None = None, payee: int = 0, reference: str = ""):
    return MilestoneFunding(
        reference=reference or milestone.reference,
        contract_reference=milestone.contract_reference,
        title=milestone.title,
        parties=MilestoneParties(milestone.payer_id, payee or milestone.payee_id, milestone.service),
        amount=usd(milestone.funded_minor if amount is None else amount),
        rates=milestone.rates,
    )


class TestSettle:
    def test_acceptance_is_payable_at_the_next_run(self):
        milestone = paid(50_000)
        done = accept(milestone, 50_000)
        assert (done.fee, done.number, done.clears_at) == (usd(4_000), 1, NOON)
        assert balance("contributor_clearing", milestone.payee) == 46_000
        assert clearing.clear_due(at=NOON) == 1
        assert balance("contributor_payable", milestone.payee) == 46_000
        assert balance("platform_fee") == 4_000
        books_hold()

    def test_silence_stays_in_clearing_for_five_days(self):
        milestone = paid(50_000)
        done = accept(milestone, 50_000, by_silence=True)
        assert done.clears_at == NOON + 5 * DAY
        assert clearing.clear_due(at=NOON + 5 * DAY - timedelta(seconds=1)) == 0
        assert clearing.clear_due(at=NOON + 5 * DAY) == 1
        books_hold()

    def test_in_parts_returns_the_rest(self):
        milestone = paid(50_000)
        accept(milestone, 30_000, returned=20_000)
        found = selectors.position(milestone.reference)
        assert found is not None
        assert (found.held, found.released, found.fee, found.returned, found.unsent) == (
            usd(0),
            usd(27_600),
            usd(2_400),
            usd(20_000),
            usd(20_000),
        )
        assert balance("refund_pending") == 20_000
        books_hold()

    def test_the_same_number_twice_is_once(self):
        milestone = paid(50_000)
        accept(milestone, 50_000, number=1)
        again = accept(milestone, 50_000, number=1)
        assert not again.is_new
        assert again.fee == usd(4_000)
        assert balance("contributor_clearing", milestone.payee) == 46_000

    def test_refuses_the_same_number_with_other_amounts(self):
        milestone = paid(50_000)
        accept(milestone, 20_000, number=1)
        with pytest.raises(EntryDiffers):
            accept(milestone, 30_000, number=1)

    def test_refuses_a_number_ahead(self):
        with pytest.raises(MilestoneRefused, match="settlement 1 comes first"):
            accept(paid(), 1_000, number=2)

    def test_refuses_one_cent_too_much(self):
        milestone = paid(50_000)
        with pytest.raises(MilestoneTooLittle):
            accept(milestone, 30_000, returned=20_001)
        assert held(milestone) == 50_000

    def test_refuses_when_it_is_settled(self):
        milestone = paid(50_000)
        accept(milestone, 50_000)
        with pytest.raises(MilestoneTooLittle):
            accept(milestone, 1)

    def test_refuses_nothing_and_less(self):
        milestone = paid()
        with pytest.raises(MilestoneRefused):
            accept(milestone, 0)
        with pytest.raises(MilestoneRefused):
            accept(milestone, -5, returned=10)

    def test_refuses_another_currency(self):
        milestone = paid()
        with pytest.raises(MilestoneRefused, match="currency"):
            milestones.settle(
                reference=milestone.reference,
                released=Money(5, "EUR"),
                returned=Money(0, "EUR"),
                reason="accepted",
                at=NOON,
            )

    def test_refuses_what_was_never_paid(self):
        with pytest.raises(MilestoneUnknown):
            milestones.settle(reference="mst_no", released=usd(1), returned=usd(0), reason="accepted", at=NOON)

    def test_the_database_itself_refuses_one_cent_too_much(self):
        milestone = paid(50_000)
        draft = entries.milestone_settled(
            milestone=milestone.reference,
            number=1,
            owner=milestone.payee.public_id,
            currency="USD",
            occurred_at=NOON,
            released=50_001,
            fee=entries.FeePart(4_000),
            returned=0,
        )
        with pytest.raises(LedgerError), transaction.atomic():
            ledger.post_one(draft)


class TestFee:
    def test_parts_cost_what_the_whole_costs(self):
        milestone = paid(10_007)
        for _ in range(10_007 // 113):
            accept(milestone, 113)
        accept(milestone, 10_007 % 113)
        milestone.refresh_from_db()
        assert milestone.fee_minor == selectors.fee_of(released=usd(10_007), rates=RATES).amount_minor == 801
        books_hold()

    def test_falls_for_a_pair_that_stays(self):
        first = paid(80_000)
        accept(first, 80_000)
        rates = selectors.fee_rates(payer_id=first.payer_id, payee_id=first.payee_id, currency="USD", at=NOON)
        assert rates == FeeRates(800, 400, 20_000)
        second = paid(50_000, payer=first.payer, payee=first.payee, rates=rates)
        assert accept(second, 30_000).fee == usd(2_000)
        assert accept(second, 20_000).fee == usd(800)
        books_hold()

    def test_what_was_taken_back_does_not_count_for_the_pair(self):
        first = paid(80_000)
        accept(first, 80_000)
        milestones.take_back(reference=first.reference, number=1, amount=usd(80_000), at=NOON, key="cse_1")
        rates = selectors.fee_rates(payer_id=first.payer_id, payee_id=first.payee_id, currency="USD", at=NOON)
        assert rates.full_minor == 100_000

    def test_counts_one_currency_and_one_direction(self):
        first = paid(80_000)
        accept(first, 80_000)
        other_way = selectors.fee_rates(payer_id=first.payee_id, payee_id=first.payer_id, currency="USD", at=NOON)
        in_euro = selectors.fee_rates(payer_id=first.payer_id, payee_id=first.payee_id, currency="EUR", at=NOON)
        assert other_way.full_minor == in_euro.full_minor == 100_000

    def test_vat_in_it_is_a_posting_of_its_own(self):
        milestone = paid(50_000, rates=FeeRates(800, 400, 100_000, vat_bps=1900, vat_country="DE"))
        done = accept(milestone, 50_000)
        assert (done.fee, done.fee_vat) == (usd(4_000), usd(639))
        assert balance("platform_fee") == 3_361
        assert balance("tax:vat:DE") == 639
        milestones.take_back(reference=milestone.reference, number=1, amount=usd(50_000), at=NOON, key="cse_1")
        assert balance("platform_fee") == balance("tax:vat:DE") == 0
        books_hold()


class TestHoldClearing:
    def test_a_case_stops_what_silence_released(self):
        milestone = paid(50_000)
        accept(milestone, 50_000, by_silence=True)
        milestones.hold_clearing(reference=milestone.reference, number=1, at=NOON + DAY)
        assert clearing.clear_due(at=NOON + 30 * DAY) == 0
        milestones.take_back(reference=milestone.reference, number=1, amount=usd(20_000), at=NOON, key="cse_1")
        milestones.release_clearing(reference=milestone.reference, number=1, at=NOON + 20 * DAY)
        assert clearing.clear_due(at=NOON + 20 * DAY) == 1
        assert balance("contributor_payable", milestone.payee) == 27_600
        books_hold()

    def test_refuses_once_payable(self):
        milestone = paid(50_000)
        accept(milestone, 50_000)
        clearing.clear_due(at=NOON)
        with pytest.raises(MilestoneRefused, match="payable"):
            milestones.hold_clearing(reference=milestone.reference, number=1, at=NOON)

    def test_refuses_a_settlement_that_is_not_there(self):
        with pytest.raises(MilestoneRefused, match="no settlement 1"):
            milestones.hold_clearing(reference=paid().reference, number=1, at=NOON)

    def test_the_check_finds_a_release_that_cleared_while_held(self):
        milestone = paid(50_000)
        accept(milestone, 50_000)
        clearing.clear_due(at=NOON)
        milestone.settlements.update(held_at=NOON)
        assert [violation.rule for violation in invariants.check_invariants()] == ["I10"]


class TestTakeBack:
    def test_from_clearing(self):
        milestone = paid(50_000)
        accept(milestone, 50_000)
        fee = milestones.take_back(reference=milestone.reference, number=1, amount=usd(10_000), at=NOON, key="cse_1")
        assert fee == usd(800)
        assert balance("contributor_clearing", milestone.payee) == 36_800
        assert balance("refund_pending") == 10_000
        books_hold()

    def test_from_payable_and_then_a_debt(self):
        milestone = paid(50_000)
        accept(milestone, 50_000)
        clearing.clear_due(at=NOON)
        payout_account(milestone.payee)
        pay_out(milestone, 40_000)
        milestones.take_back(reference=milestone.reference, number=1, amount=usd(50_000), at=NOON, key="cse_1")
        assert balance("contributor_payable", milestone.payee) == 0
        assert balance("contributor_receivable", milestone.payee) == 40_000
        assert balance("platform_fee") == 0

    def test_from_the_reserve_first(self):
        milestone = paid(50_000)
        ReserveRule.objects.create(
            user=milestone.payee,
            rate_bps=1000,
            days=30,
            reason="Many disputes",
            begins_at=NOON - DAY,
            ends_at=NOON + 90 * DAY,
        )
        accept(milestone, 50_000)
        clearing.clear_due(at=NOON)
        assert balance("contributor_reserve", milestone.payee) == 4_600
        milestones.take_back(reference=milestone.reference, number=1, amount=usd(2_500), at=NOON, key="cse_1")
        assert balance("contributor_reserve", milestone.payee) == 2_300
        books_hold()
        assert reserves.release_due(at=NOON + 30 * DAY) == 1
        assert balance("contributor_payable", milestone.payee) == 43_700
        books_hold()

    def test_twice_is_once(self):
        milestone = paid(50_000)
        accept(milestone, 50_000)
        for _ in range(2):
            milestones.take_back(reference=milestone.reference, number=1, amount=usd(10_000), at=NOON, key="cse_1")
        assert balance("refund_pending") == 10_000
        with pytest.raises(EntryDiffers):
            milestones.take_back(reference=milestone.reference, number=1, amount=usd(9_000), at=NOON, key="cse_1")

    def test_refuses_more_than_was_released(self):
        milestone = paid(50_000)
        accept(milestone, 30_000)
        milestones.take_back(reference=milestone.reference, number=1, amount=usd(10_000), at=NOON, key="cse_1")
        with pytest.raises(MilestoneTooLittle):
            milestones.take_back(reference=milestone.reference, number=1, amount=usd(20_001), at=NOON, key="cse_2")

    def test_refuses_nothing(self):
        milestone = paid(50_000)
        accept(milestone, 30_000)
        with pytest.raises(MilestoneRefused):
            milestones.take_back(reference=milestone.reference, number=1, amount=usd(0), at=NOON, key="cse_1")


class TestReturns:
    def test_are_confirmed_once(self):
        milestone = paid(50_000)
        accept(milestone, 0, returned=50_000)
        for _ in range(2):
            milestones.confirm_return(
                reference=milestone.reference, refund_reference="re_1", amount=usd(50_000), at=NOON
            )
        assert balance("refund_pending") == balance("stripe_balance") == 0
        books_hold()

    def test_that_come_back_are_owed_again(self):
        milestone = paid(50_000)
        accept(milestone, 0, returned=50_000)
        milestones.confirm_return(reference=milestone.reference, refund_reference="re_1", amount=usd(50_000), at=NOON)
        for _ in range(2):
            milestones.return_failed(
                reference=milestone.reference, refund_reference="re_1", amount=usd(50_000), at=NOON
            )
        found = selectors.position(milestone.reference)
        assert found is not None
        assert found.unsent == usd(50_000)
        books_hold()
        milestones.return_resent(reference=milestone.reference, refund_reference="re_1", amount=usd(50_000), at=NOON)
        assert balance("bank") == -50_000
        books_hold()

    def test_refuses_to_resend_more_than_is_owed(self):
        with pytest.raises(MilestoneTooLittle):
            milestones.return_resent(reference=paid().reference, refund_reference="re_1", amount=usd(1), at=NOON)

    def test_are_matched_with_the_provider_by_their_id(self):
        milestone = paid(50_000)
        accept(milestone, 0, returned=50_000)
        pk = milestones.confirm_return(
            reference=milestone.reference, refund_reference="re_1", amount=usd(50_000), at=NOON
        )
        entry = JournalEntry.objects.get(pk=pk)
        assert match_keys.keys_of([entry, milestone.entry]) == {
            entry.pk: "re_1",
            milestone.entry_id: milestone.reference,
        }
        assert match_keys.entries_of("re_1") == [entry]
        assert match_keys.entries_of(milestone.reference) == [milestone.entry]
        assert [each.object_id for each in provider_objects.objects_of(entry)] == ["re_1"]


class TestI16:
    def test_finds_a_milestone_that_does_not_add_up(self):
        milestone = paid(50_000)
        accept(milestone, 20_000)
        MilestoneRecord.objects.update(returned_minor=1)
        assert [v.rule for v in invariants.check_invariants()] == ["I16"]

    def test_finds_a_fee_that_is_off_by_a_cent(self):
        milestone = paid(50_000)
        accept(milestone, 20_000)
        MilestoneRecord.objects.update(fee_minor=1_599)
        rules = [v.rule for v in invariants.check_invariants()]
        assert set(rules) == {"I16"}
        assert len(rules) == 2

    def test_finds_a_payment_without_a_record(self):
        draft = entries.milestone_funded(milestone="mst_lost", currency="USD", occurred_at=NOON, amount=100)
        ledger.post_one(draft)
        assert "is a paid milestone without a record" in [v.detail for v in invariants.check_invariants()]

    def test_held_money_is_explained_and_late_after_90_days(self):
        paid(50_000)
        rows = clearing_accounts.clearing_accounts(NOON + 90 * DAY)
        (row,) = [row for row in rows if row.kind == AccountKind.MILESTONE_HELD]
        assert (row.balance_minor, row.unexplained_minor, row.is_late) == (50_000, 0, False)
        (row,) = [row for row in clearing_accounts.raised(NOON + 91 * DAY) if row.kind == AccountKind.MILESTONE_HELD]
        assert row.is_late


def test_the_fund_is_fed_from_fees_of_milestones():
    milestone = paid(50_000)
    accept(milestone, 50_000)
    protection_fund.contribute(at=NOON + DAY)
    assert balance("protection_fund") == 200
    books_hold()
