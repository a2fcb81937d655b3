"""Sales under claims are returned, disputed and taxed, before and after the decision."""

from __future__ import annotations

import pytest

from common.money import Money
from royalties.models import ClaimHold, JournalEntry, ProtectionTerms, TaxForm, Withholding, WithholdingRule
from royalties.services import appeals, claims, disputes, protection_fund, returns, tax_forms, withholding
from royalties.services.claims import deciding
from tests.royalties.books import balance
from tests.royalties.claimed import CLEARS, DECIDED, clear, dispute, hold, owe, where
from tests.royalties.factories import NOON, WINDOW, edition, recorded_sale, split, user
from tests.royalties.test_services_disputes import spend
from tests.royalties.test_withholding import LAW, accepted, in_order, signed

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


class TestReturns:
    def test_take_all_that_is_held(self, ann, book):
        hold(book)
        sold = recorded_sale(of=book)
        clear()
        returns.record_refund(reference=sold.reference, external_id="re", at=CLEARS)
        assert where(ann) == {}
        claims.release(claim="clm_1", at=DECIDED)
        assert not JournalEntry.objects.filter(kind="claim_released").exists()
        in_order()

    def test_of_a_part_take_that_part_of_it(self, ann, ben, book):
        hold(book)
        sold = recorded_sale(of=book, paid=500)
        clear()
        held = where(ann)["claimed"]
        returns.record_refund(reference=sold.reference, external_id="re", at=CLEARS, amount=Money(250, "USD"))
        assert where(ann)["claimed"] in (held // 2, held - held // 2)
        in_order()
        returns.record_refund(reference=sold.reference, external_id="re2", at=CLEARS)
        assert where(ann) == {}
        in_order()

    def test_what_was_spent_is_a_debt_and_no_claim_pays_it(self, ann, book):
        hold(book)
        sold = recorded_sale(of=book)
        clear()
        spend(ann, 249)
        returns.record_refund(reference=sold.reference, external_id="re", at=CLEARS)
        assert where(ann) == {"receivable": 249}
        in_order()

    def test_after_the_decision_the_winner_gives_back_their_part(self, ann, ben, book):
        hold(book)
        sold = recorded_sale(of=book)
        clear()
        claims.pay_winner(claim="clm_1", winner=ben, at=DECIDED)
        spend(ben, 100)
        returns.record_refund(reference=sold.reference, external_id="re", at=DECIDED)
        assert where(ann) == {}
        assert where(ben) == {"receivable": 100}
        assert (balance("protection_fund"), balance("platform_fee")) == (0, 0)
        in_order()

    def test_after_the_decision_in_pieces(self, ann, ben, book):
        hold(book)
        sold = recorded_sale(of=book)
        clear()
        claims.pay_winner(claim="clm_1", winner=ben, at=DECIDED)
        for number, cents in enumerate((1, 33, 66, 199, 200)):
            returns.record_refund(
                reference=sold.reference, external_id=f"re{number}", at=DECIDED, amount=Money(cents, "USD")
            )
            in_order()
        assert (where(ann), where(ben)) == ({}, {})
        assert (balance("protection_fund"), balance("platform_fee")) == (0, 0)


class TestDisputes:
    def test_hold_it_and_give_it_back(self, ann, ben, book):
        hold(book)
        sold = recorded_sale(of=book)
        clear()
        dispute(sold)
        assert where(ann) == {"disputed": 415}
        in_order()
        claims.pay_winner(claim="clm_1", winner=ben, at=DECIDED)
        assert where(ben) == {}
        disputes.win_dispute(external_id="dp_1", at=DECIDED)
        assert where(ann) == {"claimed": 166, "payable": 249}
        in_order()
        claims.settle_due(at=DECIDED)
        assert (where(ann), where(ben)) == ({"payable": 249}, {"payable": 166})
        in_order()

    def test_lost_take_it(self, ann, ben, book):
        hold(book)
        sold = recorded_sale(of=book)
        clear()
        dispute(sold)
        disputes.lose_dispute(external_id="dp_1", at=DECIDED)
        claims.pay_winner(claim="clm_1", winner=ben, at=DECIDED)
        assert (where(ann), where(ben), balance("protection_fund")) == ({}, {}, 0)
        in_order()

    def test_of_a_part_leave_the_rest(self, ann, ben, book):
        hold(book, bps=5000)
        sold = recorded_sale(of=book, paid=1000)
        clear()
        whole = where(ann)
        dispute(sold, amount=400)
        assert where(ann)["claimed"] == round(whole["claimed"] * 0.6)
        in_order()
        returns.record_refund(reference=sold.reference, external_id="re", at=CLEARS, amount=Money(200, "USD"))
        in_order()
        disputes.lose_dispute(external_id="dp_1", at=DECIDED)
        in_order()
        claims.pay_winner(claim="clm_1", winner=ben, at=DECIDED)
        in_order()
        assert 0 < where(ben)["payable"] < whole["claimed"]

    def test_of_one_contributors_cent_make_the_others_wait(self, ann, ben, book):
        """A sale is decided at once: two decisions about it would be two events of one name."""
        split(book.work, (ann, 6000), (ben, 4000))
        hold(book)
        sold = recorded_sale(of=book)
        clear()
        dispute(sold, amount=3)
        assert sum(ClaimHold.objects.values_list("disputed_minor", flat=True)) == 1
        claims.release(claim="clm_1", at=DECIDED)
        assert (where(ann)["claimed"], where(ben)["claimed"]) != (0, 0)
        disputes.win_dispute(external_id="dp_1", at=DECIDED)
        claims.settle_due(at=DECIDED)
        assert (where(ann), where(ben)) == ({"payable": 249}, {"payable": 166})
        in_order()

    def test_of_several_contributors_are_settled_sale_by_sale(self, ann, ben, book, monkeypatch):
        """However few fit into one batch, no sale is cut in two: its decision is one event."""
        monkeypatch.setattr(deciding, "_BATCH", 1)
        split(book.work, (ann, 6000), (ben, 4000))
        hold(book)
        sales = [recorded_sale(of=book) for _ in range(2)]
        clear()
        for number, sold in enumerate(sales):
            dispute(sold, number=f"dp_{number}")
        claims.release(claim="clm_1", at=DECIDED)
        for number in range(len(sales)):
            disputes.win_dispute(external_id=f"dp_{number}", at=DECIDED)
        assert claims.settle_due(at=DECIDED) == 4
        assert (where(ann), where(ben)) == ({"payable": 498}, {"payable": 332})
        in_order()

    def test_two_claims_in_one_dispute(self, ann, ben, book):
        hold(book, bps=3000)
        hold(book, bps=3000, claim="clm_2")
        sold = recorded_sale(of=book)
        clear()
        before = where(ann)
        dispute(sold)
        disputes.win_dispute(external_id="dp_1", at=DECIDED)
        assert where(ann) == before
        in_order()

    def test_after_the_decision_won_on_appeal(self, ann, ben, book):
        hold(book)
        sold = recorded_sale(of=book)
        clear()
        claims.pay_winner(claim="clm_1", winner=ben, at=DECIDED)
        dispute(sold, at=DECIDED)
        disputes.lose_dispute(external_id="dp_1", at=DECIDED)
        assert (where(ann), where(ben)) == ({}, {})
        in_order()
        appeals.win_on_appeal(external_id="dp_1", at=DECIDED)
        assert (where(ann), where(ben)) == ({"payable": 249}, {"payable": 166})
        assert balance("protection_fund") == 16
        in_order()

    def test_after_the_decision_covered_by_the_fund(self, ann, ben, book):
        ProtectionTerms.objects.create(
            currency="USD", effective_at=NOON, feed_bps=10_000, fund_cap_minor=10_000, dispute_cap_minor=10_000
        )
        for _ in range(20):
            recorded_sale(of=edition(ann))
        protection_fund.contribute(at=NOON)
        hold(book)
        sold = recorded_sale(of=book)
        clear()
        claims.pay_winner(claim="clm_1", winner=ben, at=DECIDED)
        spend(ann, where(ann)["payable"])
        owe(ben, 166)
        dispute(sold, at=DECIDED)
        disputes.lose_dispute(external_id="dp_1", at=DECIDED)
        assert (where(ann), where(ben)) == ({"receivable": 249}, {"receivable": 166})
        assert protection_fund.cover(external_id="dp_1", at=DECIDED) == 415
        assert (where(ann), where(ben)) == ({}, {})
        in_order()


class TestWithheldTax:
    @pytest.fixture(autouse=True)
    def rule(self):
        return WithholdingRule.objects.create(country="US", effective_at=NOON, rate_bps=3000, source=LAW)

    def test_is_returned_and_withheld_anew(self, ann, ben, book):
        claims.hold(claim="clm_0", work=edition().work, share_bps=1, at=NOON)
        claims.pay_winner(claim="clm_0", winner=ben, at=NOON)  # so that he has an earnings page, with a form
        accepted(ben, form=TaxForm.W9, country="US", claims_treaty=False)
        hold(book)
        recorded_sale(of=book, country="US")
        clear()
        assert where(ann) == {"claimed": 166, "payable": 415 - 125 - 166}
        claims.pay_winner(claim="clm_1", winner=ben, at=DECIDED)
        assert where(ann) == {"payable": 415 - 166 - 75}
        assert where(ben) == {"payable": 166}
        assert balance("withholding:US") == 75
        rows = Withholding.objects.order_by("pk").values_list("user__display_name", "basis_minor", "amount_minor")
        assert list(rows) == [("Ann", 415, 125), ("Ben", 166, 0)]
        in_order()

    def test_without_a_form_the_winner_bears_it_too(self, ben, book):
        hold(book)
        recorded_sale(of=book, country="US")
        clear()
        claims.pay_winner(claim="clm_1", winner=ben, at=DECIDED)
        assert where(ben) == {"payable": 166 - 50}
        assert balance("withholding:US") == 125
        in_order()

    def test_what_it_left_too_little_for_is_made_up(self, ann, ben, book):
        """All of the work is claimed, a third of it was withheld: the winner gets what the tax gives back."""
        hold(book, bps=10_000)
        recorded_sale(of=book, country="US")
        clear()
        assert where(ann) == {"claimed": 290}
        claims.pay_winner(claim="clm_1", winner=ben, at=DECIDED)
        assert where(ann) == {}
        assert where(ben) == {"payable": 415 - 125}
        in_order()

    def test_dismissed_it_stays_as_it_was(self, ann, book):
        hold(book, bps=10_000)
        recorded_sale(of=book, country="US")
        clear()
        claims.release(claim="clm_1", at=DECIDED)
        assert where(ann) == {"payable": 290}
        assert balance("withholding:US") == 125
        in_order()

    def test_a_late_form_makes_up_what_claims_are_short_of(self, ann, ben, book):
        hold(book, bps=10_000)
        recorded_sale(of=book, country="US")
        clear()
        certificate = tax_forms.hand_in(actor=ann, signed=signed(), at=CLEARS)
        felix = user("Felix", is_finance=True)
        tax_forms.decide(actor=felix, certificate=certificate, is_accepted=True, reason="Complete.", at=CLEARS)
        assert where(ann) == {"claimed": 290 + 63}
        in_order()
        claims.pay_winner(claim="clm_1", winner=ben, at=DECIDED)
        assert where(ann) == {}
        assert where(ben) == {"payable": 415 - 125}
        in_order()

    def test_comes_back_with_a_later_return(self, ann, ben, book):
        hold(book)
        sold = recorded_sale(of=book, country="US")
        clear()
        claims.pay_winner(claim="clm_1", winner=ben, at=DECIDED)
        for number, cents in enumerate((100, 1, 398)):
            returns.record_refund(
                reference=sold.reference, external_id=f"re{number}", at=DECIDED, amount=Money(cents, "USD")
            )
            in_order()
        assert (where(ann), where(ben), balance("withholding:US")) == ({}, {}, 0)

    def test_waits_for_remitted_tax(self, ann, ben, book):
        fiona, felix = user("Fiona", is_finance=True), user("Felix", is_finance=True)
        hold(book, bps=10_000)
        recorded_sale(of=book, country="US")
        clear()
        remittance = withholding.propose_remittance(actor=fiona, amount=Money(125, "USD"), note="1", at=CLEARS)
        withholding.decide_remittance(actor=felix, remittance=remittance, is_approved=True, at=CLEARS)
        claims.pay_winner(claim="clm_1", winner=ben, at=DECIDED)
        assert where(ben) == {}
        in_order()
        recorded_sale(of=edition(ann), country="US", sold_at=DECIDED - WINDOW)
        clear(at=DECIDED)
        assert where(ben) == {"payable": 290}
        in_order()
