from __future__ import annotations

import pytest

from royalties import entries
from royalties.errors import DisputeUnknown, MilestoneFrozen
from royalties.models import MilestoneDispute, ProtectionTerms
from royalties.selectors import clearing_accounts
from royalties.selectors import milestones as selectors
from royalties.services import clearing, invariants, ledger, milestones
from tests.royalties.books import balance
from tests.royalties.factories import NOON
from tests.royalties.milestones import DAY, accept, dispute, paid, pay_out, usd

pytestmark = [pytest.mark.django_db, pytest.mark.both]


def books_hold() -> None:
    assert invariants.check_invariants() == []


class TestDisputes:
    def test_while_held_nothing_moves_and_a_loss_takes_what_is_held(self):
        milestone = paid(50_000)
        dispute(milestone, 50_000)
        with pytest.raises(MilestoneFrozen):
            accept(milestone, 50_000)
        assert balance(f"milestone_held:{milestone.reference}") == 50_000
        books_hold()
        milestones.dispute_lost(external_id="du_1", at=NOON)
        found = selectors.position(milestone.reference)
        assert found is not None
        assert (found.held, found.returned, found.unsent) == (usd(0), usd(50_000), usd(0))
        assert balance("bad_debt") == balance("dispute_in_progress") == 0
        assert balance("dispute_fee") == 1_500
        books_hold()

    def test_after_release_holds_the_providers_part_and_a_win_gives_it_back(self):
        milestone = paid(50_000)
        accept(milestone, 50_000)
        clearing.clear_due(at=NOON)
        dispute(milestone, 50_000)
        assert balance("contributor_disputed", milestone.payee) == 46_000
        assert balance("contributor_payable", milestone.payee) == 0
        books_hold()
        milestones.dispute_won(external_id="du_1", at=NOON)
        assert balance("contributor_payable", milestone.payee) == 46_000
        books_hold()

    def test_does_not_clear_while_the_bank_decides(self):
        milestone = paid(50_000)
        accept(milestone, 50_000)
        dispute(milestone, 20_000)
        assert clearing.clear_due(at=NOON + 30 * DAY) == 0
        assert not [row for row in clearing_accounts.clearing_accounts(NOON) if row.unexplained_minor]
        books_hold()
        milestones.dispute_won(external_id="du_1", at=NOON + 30 * DAY)
        assert clearing.clear_due(at=NOON + 30 * DAY) == 1
        assert balance("contributor_payable", milestone.payee) == 46_000

    def test_lost_after_payout_is_a_debt_and_the_fee_goes_back(self):
        milestone = paid(50_000)
        accept(milestone, 50_000)
        clearing.clear_due(at=NOON)
        pay_out(milestone, 46_000)
        dispute(milestone, 50_000)
        milestones.dispute_lost(external_id="du_1", at=NOON)
        assert balance("contributor_receivable", milestone.payee) == 46_000
        assert balance("platform_fee") == 0

    def test_lost_in_part_leaves_the_rest_to_clear(self):
        milestone = paid(50_000)
        accept(milestone, 50_000)
        dispute(milestone, 20_000)
        milestones.dispute_lost(external_id="du_1", at=NOON)
        books_hold()
        clearing.clear_due(at=NOON)
        assert balance("contributor_payable", milestone.payee) == 27_600
        books_hold()

    def test_a_return_that_arrived_meanwhile_is_our_loss(self):
        milestone = paid(50_000)
        accept(milestone, 30_000, returned=20_000)
        dispute(milestone, 50_000)
        milestones.confirm_return(reference=milestone.reference, refund_reference="re_1", amount=usd(20_000), at=NOON)
        milestones.dispute_lost(external_id="du_1", at=NOON)
        assert balance("bad_debt") == 20_000
        books_hold()

    def test_a_return_after_the_loss_is_our_loss_until_it_comes_back(self):
        milestone = paid(50_000)
        accept(milestone, 0, returned=50_000)
        dispute(milestone, 50_000)
        milestones.dispute_lost(external_id="du_1", at=NOON)
        assert balance("refund_pending") == 0
        books_hold()
        milestones.confirm_return(reference=milestone.reference, refund_reference="re_1", amount=usd(50_000), at=NOON)
        assert balance("bad_debt") == 50_000
        books_hold()
        milestones.return_failed(reference=milestone.reference, refund_reference="re_1", amount=usd(50_000), at=NOON)
        assert balance("bad_debt") == 0
        books_hold()

    def test_twice_is_once(self):
        milestone = paid(50_000)
        dispute(milestone, 50_000)
        dispute(milestone, 50_000)
        for _ in range(2):
            milestones.dispute_lost(external_id="du_1", at=NOON)
        assert MilestoneDispute.objects.count() == 1
        assert balance("dispute_in_progress") == 0

    def test_won_on_appeal_is_as_it_was(self):
        milestone = paid(50_000)
        accept(milestone, 20_000, returned=10_000)
        before = selectors.position(milestone.reference)
        dispute(milestone, 50_000)
        milestones.dispute_lost(external_id="du_1", at=NOON)
        books_hold()
        milestones.dispute_won(external_id="du_1", at=NOON)
        after = selectors.position(milestone.reference)
        assert before is not None
        assert after is not None
        assert (after.held, after.released, after.fee, after.returned, after.unsent) == (
            before.held,
            before.released,
            before.fee,
            before.returned,
            before.unsent,
        )
        assert balance("contributor_payable", milestone.payee) == 18_400
        books_hold()

    def test_the_fund_covers_a_proved_delivery_to_its_cap(self):
        milestone = paid(50_000)
        accept(milestone, 50_000)
        clearing.clear_due(at=NOON)
        feed = entries.fund_fed(external_id="x", currency="USD", occurred_at=NOON, amount=4_000)
        ledger.post_one(feed)
        dispute(milestone, 50_000)
        assert milestones.cover(external_id="du_1", at=NOON) == 0
        milestones.dispute_lost(external_id="du_1", at=NOON)
        assert milestones.cover(external_id="du_1", at=NOON) == 4_000
        assert milestones.cover(external_id="du_1", at=NOON) == 0
        assert balance("contributor_payable", milestone.payee) == 4_000
        assert balance("protection_fund") == 0
        books_hold()
        milestones.dispute_won(external_id="du_1", at=NOON)
        assert balance("contributor_payable", milestone.payee) == 46_000
        assert balance("protection_fund") == 4_000
        books_hold()

    def test_the_fund_covers_delivered_work_whose_money_was_still_held(self):
        milestone = paid(50_000)
        ledger.post_one(entries.fund_fed(external_id="x", currency="USD", occurred_at=NOON, amount=60_000))
        dispute(milestone, 50_000)
        milestones.dispute_lost(external_id="du_1", at=NOON)
        assert milestones.cover(external_id="du_1", at=NOON) == 0
        # Less than the provider's 460.00: no more of one dispute than the fund's terms say, and no more than asked for.
        assert milestones.cover(external_id="du_1", at=NOON, with_held=True, most_minor=9_000) == 9_000
        assert balance("contributor_payable", milestone.payee) == 9_000
        books_hold()
        pay_out(milestone, 9_000)
        milestones.dispute_won(external_id="du_1", at=NOON)
        assert balance("contributor_receivable", milestone.payee) == 9_000
        assert balance("protection_fund") == 60_000
        assert balance(f"milestone_held:{milestone.reference}") == 50_000
        books_hold()
        accept(milestone, 50_000)
        books_hold()

    def test_of_a_part_that_was_released_the_fund_covers_both(self):
        milestone = paid(50_000)
        accept(milestone, 20_000)
        clearing.clear_due(at=NOON)
        ledger.post_one(entries.fund_fed(external_id="x", currency="USD", occurred_at=NOON, amount=60_000))
        dispute(milestone, 50_000)
        milestones.dispute_lost(external_id="du_1", at=NOON)
        cap = ProtectionTerms.objects.in_force(currency="USD", at=NOON).dispute_cap_minor
        assert milestones.cover(external_id="du_1", at=NOON, with_held=True) == min(46_000, cap)
        books_hold()
        milestones.dispute_won(external_id="du_1", at=NOON)
        assert balance("contributor_payable", milestone.payee) == 18_400
        assert balance("protection_fund") == 60_000
        books_hold()

    def test_of_nobody_is_refused(self):
        with pytest.raises(DisputeUnknown):
            milestones.dispute_won(external_id="du_no", at=NOON)
        with pytest.raises(DisputeUnknown):
            milestones.dispute_lost(external_id="du_no", at=NOON)
