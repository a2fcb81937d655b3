"""Claims on works: only the share in disputed words, of what clears once it was filed, is held; the winner is paid."""

from __future__ import annotations

from datetime import timedelta

import pytest

from accounts.models import AuditEntry
from common.money import Money
from royalties.errors import ClaimRefused
from royalties.models import ClaimHold, JournalEntry
from royalties.selectors import claims as selectors
from royalties.selectors.clearing_accounts import raised
from royalties.services import claims, invariants, reserves, returns
from royalties.services.claims.deciding import WINNER_HAS
from tests.royalties.books import balance
from tests.royalties.claimed import CLEARS, DECIDED, FILED, clear, hold, where
from tests.royalties.factories import NOON, edition, recorded_sale, split, user
from tests.royalties.test_withholding import in_order

pytestmark = [pytest.mark.django_db, pytest.mark.both]


@pytest.fixture
def ann():
    return user("Ann", is_author=True)


@pytest.fixture
def ben():
    return user("Ben")


@pytest.fixture
def book(ann):
    return edition(ann)


class TestHold:
    def test_touches_nothing_that_is_payable(self, ann, book):
        recorded_sale(of=book)
        clear()
        hold(book, at=CLEARS + timedelta(hours=1))
        clear(at=CLEARS + timedelta(days=1))
        assert where(ann) == {"payable": 415}
        assert selectors.held_for("clm_1") == {}
        in_order()

    def test_holds_its_share_of_what_clears_once_it_was_filed(self, ann, book):
        recorded_sale(of=book)
        hold(book)
        assert where(ann) == {"clearing": 415}
        clear()
        assert where(ann) == {"claimed": 166, "payable": 249}
        assert selectors.held_for("clm_1") == {"USD": 166}
        assert [(each.work, each.claim, each.amount) for each in selectors.held_of(ann)] == [
            (book.work, "clm_1", Money(166, "USD"))
        ]
        in_order()

    def test_not_what_should_have_cleared_before(self, ann, book):
        """The run is late: what the window had already made payable is not held."""
        recorded_sale(of=book)
        hold(book, at=CLEARS + timedelta(hours=1))
        clear(at=CLEARS + timedelta(hours=2))
        assert where(ann) == {"payable": 415}

    def test_leaves_other_works_alone(self, ann, book):
        recorded_sale(of=edition(ann))
        hold(book)
        clear()
        assert where(ann) == {"payable": 415}

    def test_of_every_contributor(self, ann, ben, book):
        split(book.work, (ann, 6000), (ben, 4000))
        recorded_sale(of=book)
        hold(book)
        clear()
        assert where(ann) == {"claimed": 100, "payable": 149}
        assert where(ben) == {"claimed": 66, "payable": 100}
        in_order()

    def test_twice_is_once(self, ann, book):
        assert hold(book).pk == hold(book, bps=9000).pk
        recorded_sale(of=book)
        clear()
        clear()
        assert where(ann)["claimed"] == 166
        assert AuditEntry.objects.filter(verb="claim.held").count() == 1

    @pytest.mark.parametrize("bps", [0, -1, 10_001])
    def test_refuses_no_share(self, book, bps):
        with pytest.raises(ClaimRefused):
            hold(book, bps=bps)

    def test_two_claims_hold_each_word_once(self, ann, book):
        """Together no more than everything: the later one holds what the earlier one leaves."""
        hold(book, bps=7000)
        hold(book, bps=6000, claim="clm_2", at=FILED + timedelta(hours=1))
        recorded_sale(of=book)
        clear()
        assert where(ann) == {"claimed": 415}
        assert selectors.held_for("clm_1") == {"USD": 291}
        assert selectors.held_for("clm_2") == {"USD": 124}
        in_order()

    def test_leaves_a_reserve_what_is_left(self, ann, book):
        reserves.impose(
            actor=user("Fay", is_finance=True),
            user=ann,
            rate_bps=5000,
            days=30,
            reason="New.",
            until=NOON + timedelta(days=90),
            at=NOON,
        )
        hold(book, bps=8000)
        recorded_sale(of=book)
        clear()
        assert where(ann) == {"claimed": 332, "reserve": 83}
        in_order()

    def test_is_explained_and_late_after_its_time(self, book):
        hold(book)
        recorded_sale(of=book)
        clear()
        assert raised(CLEARS + timedelta(days=200)) == []
        assert [each.kind for each in raised(CLEARS + timedelta(days=237))] == ["contributor_claimed"]


class TestChangeShare:
    def test_holds_less_of_what_clears_later(self, ann, book):
        hold(book)
        recorded_sale(of=book)
        clear()
        claims.change_share(claim="clm_1", share_bps=1000, at=CLEARS)
        recorded_sale(of=book, sold_at=NOON + timedelta(days=2))
        clear(at=CLEARS + timedelta(days=2))
        assert where(ann)["claimed"] == 166 + 42
        in_order()

    def test_the_winner_gets_no_more_than_it(self, ann, ben, book):
        hold(book)
        recorded_sale(of=book)
        clear()
        claims.change_share(claim="clm_1", share_bps=1000, at=CLEARS)
        claims.pay_winner(claim="clm_1", winner=ben, at=DECIDED)
        assert where(ann) == {"payable": 249 + 124}
        assert where(ben) == {"payable": 42}
        in_order()

    def test_refuses_what_is_unknown_or_over(self, book):
        with pytest.raises(ClaimRefused):
            claims.change_share(claim="clm_1", share_bps=1000, at=CLEARS)
        hold(book)
        claims.release(claim="clm_1", at=CLEARS)
        with pytest.raises(ClaimRefused):
            claims.change_share(claim="clm_1", share_bps=1000, at=CLEARS)


class TestRelease:
    def test_makes_it_payable_to_everybody(self, ann, ben, book):
        split(book.work, (ann, 6000), (ben, 4000))
        hold(book)
        sold = recorded_sale(of=book)
        clear()
        claims.release(claim="clm_1", at=DECIDED)
        assert where(ann) == {"payable": 249}
        assert where(ben) == {"payable": 166}
        assert JournalEntry.objects.get(external_id=f"claim_decided:clm_1:{sold.reference}").kind == "claim_released"
        in_order()

    def test_twice_is_once(self, ann, book):
        hold(book)
        recorded_sale(of=book)
        clear()
        for _ in range(2):
            claims.release(claim="clm_1", at=DECIDED)
        assert where(ann) == {"payable": 415}
        assert JournalEntry.objects.filter(kind="claim_released").count() == 1

    def test_of_a_claim_that_held_nothing(self):
        claims.release(claim="clm_0", at=DECIDED)

    def test_is_not_followed_by_a_payment(self, ben, book):
        hold(book)
        claims.release(claim="clm_1", at=DECIDED)
        with pytest.raises(ClaimRefused):
            claims.pay_winner(claim="clm_1", winner=ben, at=DECIDED)

    def test_holds_nothing_more(self, ann, book):
        hold(book)
        claims.release(claim="clm_1", at=FILED)
        recorded_sale(of=book)
        clear()
        assert where(ann) == {"payable": 415}


class TestPayWinner:
    def test_pays_what_was_held_and_moves_our_fee_to_the_fund(self, ann, ben, book):
        hold(book)
        recorded_sale(of=book)
        clear()
        earned = balance("platform_fee")
        claims.pay_winner(claim="clm_1", winner=ben, at=DECIDED)
        assert where(ann) == {"payable": 249}
        assert where(ben) == {"payable": 166}
        assert (balance("platform_fee"), balance("protection_fund")) == (earned - 16, 16)
        assert selectors.held_for("clm_1") == {}
        in_order()

    def test_twice_is_once(self, ben, book):
        hold(book)
        recorded_sale(of=book)
        clear()
        for _ in range(2):
            claims.pay_winner(claim="clm_1", winner=ben, at=DECIDED)
        assert where(ben) == {"payable": 166}
        assert JournalEntry.objects.filter(kind="claim_decided").count() == 1

    def test_refuses_somebody_else_and_a_release(self, ann, ben, book):
        hold(book)
        claims.pay_winner(claim="clm_1", winner=ben, at=DECIDED)
        with pytest.raises(ClaimRefused):
            claims.pay_winner(claim="clm_1", winner=ann, at=DECIDED)
        with pytest.raises(ClaimRefused):
            claims.release(claim="clm_1", at=DECIDED)

    def test_of_every_contributor(self, ann, ben, book):
        split(book.work, (ann, 6000), (user("Co"), 4000))
        hold(book)
        recorded_sale(of=book)
        clear()
        claims.pay_winner(claim="clm_1", winner=ben, at=DECIDED)
        assert where(ben) == {"payable": 166}
        assert balance("protection_fund") == 16
        in_order()

    def test_what_was_sold_while_it_ran_follows_when_it_clears(self, ann, ben, book):
        hold(book)
        recorded_sale(of=book)
        claims.pay_winner(claim="clm_1", winner=ben, at=FILED + timedelta(days=1))
        recorded_sale(of=book, sold_at=FILED + timedelta(days=2))
        clear(at=CLEARS + timedelta(days=10))
        assert where(ann) == {"payable": 249 + 415}
        assert where(ben) == {"payable": 166}
        in_order()

    def test_may_be_the_contributor(self, ann, book):
        hold(book)
        sold = recorded_sale(of=book)
        clear()
        claims.pay_winner(claim="clm_1", winner=ann, at=DECIDED)
        assert where(ann) == {"payable": 415}
        returns.record_refund(reference=sold.reference, external_id="re", at=DECIDED)
        assert where(ann) == {}
        in_order()

    def test_no_fee_is_moved_twice_by_two_claims(self, ben, book):
        for number in (1, 2, 3):
            hold(book, bps=3333, claim=f"clm_{number}", at=FILED + timedelta(hours=number))
        recorded_sale(of=book, paid=60)
        clear()
        for number in (3, 1, 2):
            claims.pay_winner(claim=f"clm_{number}", winner=ben, at=DECIDED)
        assert balance("protection_fund") in (4, 5)
        assert balance("platform_fee") >= 0
        in_order()


class TestAWinnerWithoutAnAccount:
    def test_is_waited_for(self, ann, ben, book):
        hold(book)
        recorded_sale(of=book)
        clear()
        claims.pay_winner(claim="clm_1", winner=None, at=DECIDED)
        assert claims.settle_due(at=DECIDED + WINNER_HAS - timedelta(seconds=1)) == 0
        assert where(ann) == {"claimed": 166, "payable": 249}
        assert [each.is_lost for each in selectors.held_of(ann)] == [True]
        claims.pay_winner(claim="clm_1", winner=ben, at=DECIDED + timedelta(days=100))
        assert where(ben) == {"payable": 166}
        in_order()

    def test_has_180_days(self, ann, ben, book):
        hold(book)
        recorded_sale(of=book)
        clear()
        claims.pay_winner(claim="clm_1", winner=None, at=DECIDED)
        assert claims.settle_due(at=DECIDED + WINNER_HAS) == 1
        assert where(ann) == {"payable": 249}
        assert (balance("unclaimed"), balance("protection_fund")) == (166, 16)
        in_order()

    def test_is_paid_out_of_unclaimed_after_all(self, ben, book):
        hold(book)
        recorded_sale(of=book)
        clear()
        claims.pay_winner(claim="clm_1", winner=None, at=DECIDED)
        claims.settle_due(at=DECIDED + WINNER_HAS)
        for _ in range(2):
            claims.pay_winner(claim="clm_1", winner=ben, at=DECIDED + WINNER_HAS)
        assert (balance("unclaimed"), where(ben)) == (0, {"payable": 166})
        in_order()

    def test_gives_back_out_of_unclaimed(self, ann, book):
        hold(book)
        sold = recorded_sale(of=book)
        clear()
        claims.pay_winner(claim="clm_1", winner=None, at=DECIDED)
        claims.settle_due(at=DECIDED + WINNER_HAS)
        returns.record_refund(reference=sold.reference, external_id="re", at=DECIDED + WINNER_HAS)
        assert (balance("unclaimed"), balance("protection_fund"), where(ann)) == (0, 0, {})
        in_order()


class TestChecks:
    def test_find_a_hold_without_money(self, book):
        hold(book)
        recorded_sale(of=book)
        clear()
        ClaimHold.objects.update(left_minor=0, released_minor=166)
        assert [each.rule for each in invariants.check_invariants()] == ["I17"]
