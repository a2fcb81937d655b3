"""The protection fund: whom it pays, whom it does not, and that nobody pays from it alone."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from accounts.models import AuditEntry, User
from common import clock
from common.errors import NotAllowed, NotFound
from common.models import PendingMail
from common.money import Money
from hiring.contracts import services as contracts
from hiring.contracts.errors import FundClaimDecided, FundDoesNotPay, FundIsEmpty
from hiring.contracts.models import FundClaim, FundClaimState, Milestone
from hiring.contracts.selectors import fund as selectors
from hiring.contracts.services import fund
from hiring.funding.models import MilestonePayment
from hiring.funding.services import payments
from royalties import entries
from royalties.chart import AccountKind
from royalties.dto import MilestoneDisputeFacts
from royalties.models import AccountBalance, ProtectionTerms
from royalties.selectors import protection_fund
from royalties.services import clearing, invariants, ledger
from royalties.services import milestones as books
from tests.factories.accounts import make_author, make_finance, make_moderator, make_operator
from tests.hiring.contracts.factories import DAY, NOON, a_file, deliver, make_contract
from tests.hiring.contracts.factories import fund as pay
from tests.royalties.factories import payout_account

pytestmark = [pytest.mark.both, pytest.mark.django_db]
AT = NOON + 30 * DAY
DISPUTE = "du_1"


@pytest.fixture(autouse=True)
def _now(settings):
    settings.STAFF_SECOND_FACTOR_REQUIRED = False
    with clock.frozen(AT):
        yield


@pytest.fixture
def finance(db):
    return make_finance(), make_finance()


@pytest.fixture
def fed(db):
    feed = entries.fund_fed(external_id="x", currency="USD", occurred_at=NOON, amount=100_000)
    ledger.post_one(feed)


def delivered(*, accepted: bool = False, **sides: User) -> Milestone:
    """Paid and delivered, between two who have been here for long."""
    milestone = make_contract(**sides).milestones.get()
    User.objects.update(joined_at=NOON - 60 * DAY)
    pay(milestone)
    deliver(milestone)
    if accepted:
        contracts.accept(actor=milestone.contract.client, milestone=milestone, at=NOON)
        clearing.clear_due(at=NOON)
    return milestone


def lose(milestone: Milestone, dispute: str = DISPUTE) -> Milestone:
    """The client's bank takes the money, and keeps it."""
    reference = milestone.public_id
    amount = Money(40_000, "USD")
    opened = NOON + DAY
    books.dispute_opened(facts=MilestoneDisputeFacts(dispute, reference, amount, Money(1_500, "USD"), opened))
    contracts.payment_disputed(reference=reference, at=opened)
    books.dispute_lost(external_id=dispute, at=NOON + 2 * DAY)
    contracts.payment_dispute_lost(reference=reference, at=NOON + 2 * DAY)
    return milestone


def payable(person: User) -> int:
    row = AccountBalance.objects.filter(account__kind="contributor_payable", account__owner=person).first()
    return -row.balance_minor if row else 0


def propose(actor: User, dispute: str = DISPUTE) -> FundClaim:
    return fund.propose_payment(actor=actor, dispute_reference=dispute, note="sha256 of cover.pdf", at=AT)


def cap() -> int:
    terms = ProtectionTerms.objects.in_force(currency="USD", at=AT)
    assert terms is not None
    return terms.dispute_cap_minor


class TestPaying:
    @pytest.mark.parametrize("accepted", [True, False])
    def test_two_people_restore_what_a_proved_delivery_lost(self, finance, fed, accepted):
        milestone = lose(delivered(accepted=accepted))
        provider = milestone.contract.provider
        assert payable(provider) == 0
        claim = fund.decide_payment(actor=finance[1], claim=propose(finance[0]), is_approved=True, at=AT)
        assert (claim.state, claim.paid_minor) == (FundClaimState.PAID, min(36_800, cap()))
        assert payable(provider) == claim.paid_minor
        assert invariants.check_invariants() == []
        assert AuditEntry.objects.filter(verb="fund_payment.approved").count() == 1
        assert PendingMail.objects.filter(to=provider.email, subject__contains="protection fund").exists()

    def test_the_maker_does_not_approve_and_the_database_says_so_too(self, finance, fed):
        lose(delivered())
        claim = propose(finance[0])
        with pytest.raises(NotAllowed):
            fund.decide_payment(actor=finance[0], claim=claim, is_approved=True, at=AT)
        with pytest.raises(IntegrityError), transaction.atomic():
            FundClaim.objects.update(state="paid", decided_by=finance[0], decided_at=AT)
        assert protection_fund.balances() == [Money(100_000, "USD")]

    def test_twice_is_refused(self, finance, fed):
        lose(delivered())
        claim = propose(finance[0])
        with pytest.raises(FundClaimDecided):
            propose(finance[1])
        fund.decide_payment(actor=finance[1], claim=claim, is_approved=True, at=AT)
        for again in (True, False):
            with pytest.raises(FundClaimDecided):
                fund.decide_payment(actor=finance[1], claim=claim, is_approved=again, at=AT)
        with pytest.raises(FundClaimDecided):
            propose(finance[1])

    def test_what_was_declined_may_be_proposed_again(self, finance, fed):
        lose(delivered())
        fund.decide_payment(actor=finance[1], claim=propose(finance[0]), is_approved=False, at=AT)
        assert propose(finance[0]).state == FundClaimState.PROPOSED
        assert selectors.claims_waiting() == 1

    def test_an_empty_fund_pays_nothing(self, finance):
        lose(delivered())
        claim = propose(finance[0])
        with pytest.raises(FundIsEmpty):
            fund.decide_payment(actor=finance[1], claim=claim, is_approved=True, at=AT)
        claim.refresh_from_db()
        assert claim.state == FundClaimState.PROPOSED

    @pytest.mark.parametrize("make", [make_author, make_moderator, make_operator])
    def test_only_finance_proposes(self, fed, make):
        lose(delivered())
        with pytest.raises(NotAllowed):
            propose(make())

    def test_only_finance_and_operators_decide(self, finance, fed):
        lose(delivered())
        claim = propose(finance[0])
        for person in (make_author(), make_moderator(), claim.milestone.contract.provider):
            with pytest.raises(NotAllowed):
                fund.decide_payment(actor=person, claim=claim, is_approved=True, at=AT)
        fund.decide_payment(actor=make_operator(), claim=claim, is_approved=True, at=AT)

    def test_of_no_lost_dispute_there_is_nothing(self, finance):
        with pytest.raises(NotFound):
            propose(finance[0], "du_none")


def refused(finance: tuple[User, User], words: str) -> None:
    with pytest.raises(FundDoesNotPay, match=words):
        propose(finance[0])


class TestRules:
    def test_nothing_was_delivered(self, finance, fed):
        milestone = make_contract().milestones.get()
        User.objects.update(joined_at=NOON - 60 * DAY)
        lose(pay(milestone))
        refused(finance, "Nothing new was delivered")

    def test_it_was_delivered_after_the_dispute(self, finance, fed):
        milestone = lose(delivered())
        milestone.deliveries.update(delivered_at=NOON + 2 * DAY)
        refused(finance, "Nothing new was delivered")

    def test_the_same_file_was_delivered_before(self, finance, fed):
        older = make_contract(provider=make_author()).milestones.get()
        pay(older, at=NOON - 5 * DAY)
        contracts.deliver(
            actor=older.contract.provider,
            milestone=older,
            told=contracts.DeliveryInput(files=[a_file()]),
            at=NOON - 5 * DAY,
        )
        lose(delivered(provider=older.contract.provider))
        refused(finance, "Nothing new was delivered")

    @pytest.mark.parametrize("side", ["client", "provider"])
    def test_a_young_account(self, finance, fed, side):
        milestone = lose(delivered())
        User.objects.filter(pk=getattr(milestone.contract, side).pk).update(joined_at=NOON - 29 * DAY)
        refused(finance, "younger than 30 days")

    def test_both_are_paid_to_one_bank(self, finance, fed):
        milestone = lose(delivered())
        payout_account(milestone.contract.client)
        payout_account(milestone.contract.provider)
        refused(finance, "same bank account")

    def test_both_have_paid_with_one_card(self, finance, fed):
        milestone = lose(delivered())
        MilestonePayment.objects.update(card_digest="c" * 64)
        assert not selectors.lost_disputes(at=AT)[0].reasons
        MilestonePayment.objects.create(
            reference="mst_other", payer=milestone.contract.provider, title="x", amount_minor=1, currency="USD",
            key="k", card_digest="c" * 64, created_at=NOON, expires_at=NOON,
        )  # fmt: skip
        refused(finance, "same card")

    def test_a_pair_gets_no_more_within_a_year_than_for_one_dispute(self, finance, fed):
        first = lose(delivered())
        claim = fund.decide_payment(actor=finance[1], claim=propose(finance[0]), is_approved=True, at=AT)
        FundClaim.objects.update(paid_minor=cap())
        sides = {"client": first.contract.provider, "provider": first.contract.client}  # turned around, the same pair
        milestone = make_contract(**sides).milestones.get()
        pay(milestone)
        deliver(milestone, content=b"Another cover.")
        lose(milestone, "du_2")
        with pytest.raises(FundDoesNotPay, match="within a year"):
            propose(finance[0], "du_2")
        FundClaim.objects.filter(pk=claim.pk).update(decided_at=AT - timedelta(days=366))
        propose(finance[0], "du_2")

    def test_what_was_right_when_it_was_proposed_is_asked_again(self, finance, fed):
        milestone = lose(delivered())
        claim = propose(finance[0])
        User.objects.filter(pk=milestone.contract.client.pk).update(joined_at=NOON)
        with pytest.raises(FundDoesNotPay):
            fund.decide_payment(actor=finance[1], claim=claim, is_approved=True, at=AT)


class TestCards:
    def test_are_forgotten_when_no_bank_can_dispute_any_more(self):
        pay(make_contract().milestones.get())
        MilestonePayment.objects.update(card_digest="c" * 64)
        payments.forget_cards(NOON + 549 * DAY)
        assert MilestonePayment.objects.get().card_digest
        payments.forget_cards(NOON + 551 * DAY)
        assert MilestonePayment.objects.get().card_digest == ""


class TestPages:
    def office(self, person: User) -> Client:
        browser = Client()
        browser.force_login(person)
        return browser

    def test_one_proposes_and_another_pays(self, finance, fed):
        lose(delivered())
        first, second = map(self.office, finance)
        page = reverse("contracts:fund")
        assert "Propose a payment" in first.get(page).text
        first.post(reverse("contracts:fund-propose", args=[DISPUTE]), {"note": ""})
        assert not FundClaim.objects.exists()
        first.post(reverse("contracts:fund-propose", args=[DISPUTE]), {"note": "sha256 of cover.pdf"})
        claim = FundClaim.objects.get()
        assert "Pay from the fund" not in first.get(page).text
        assert "Pay from the fund" in second.get(page).text
        decide = reverse("contracts:fund-claim", args=[claim.public_id])
        assert first.post(decide, {"decision": "approve"}).status_code == 403
        assert "Paid from the fund." in second.post(decide, {"decision": "approve"}, follow=True).text

    def test_says_why_the_fund_does_not_pay(self, finance, fed):
        lose(pay(make_contract().milestones.get()))
        text = self.office(finance[0]).get(reverse("contracts:fund")).text
        assert "Nothing new was delivered" in text
        assert "Propose a payment" not in text


class TestPublicFigures:
    def test_begin_with_five_payments_in_a_month(self, fed):
        for number in range(5):
            assert protection_fund.public_months() == []
            provider = make_author().public_id
            part = entries.ReturnSource(provider, AccountKind.CONTRIBUTOR_PAYABLE, 100)
            ledger.post_one(
                entries.dispute_covered(
                    reference=f"mst_{number}",
                    external_id=f"du_{number}",
                    currency="USD",
                    occurred_at=NOON,
                    restored=[part],
                )
            )
        (found,) = protection_fund.public_months()
        assert (found.payments, found.amount) == (5, Money(500, "USD"))
