"""Who cancels a milestone, and what the third cancellation by a client within 90 days costs them."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from accounts.models import User
from common import clock
from common.models import PendingMail
from hiring.contracts import process, services
from hiring.contracts.models import Contract, Milestone
from hiring.contracts.process import ROWS, Act, Actor, Ledger, State
from hiring.contracts.selectors import cancellations, records
from hiring.contracts.services import clocks
from hiring.funding.models import MilestoneRefund
from royalties.errors import EntryDiffers, MilestoneFrozen, MilestoneRefused, MilestoneTooLittle
from royalties.models import JournalEntry, MilestoneRecord
from royalties.selectors import milestones as ledger
from royalties.services import invariants
from royalties.services import milestones as booking
from tests.factories.accounts import make_author, make_moderator
from tests.hiring.contracts.factories import DAY, NOON, deliver, fund, in_state, make_contract
from tests.royalties.milestones import accept, dispute, usd
from tests.royalties.milestones import paid as paid_in_ledger

pytestmark = pytest.mark.django_db

FEE = 1_190  # 2.9 % of 400.00 and 0.30


def funded(client: User, *, at: datetime = NOON) -> Milestone:
    """Paid by a client who was on our payment page, and so was told the card fee."""
    milestone = make_contract(client=client, at=at).milestones.get()
    services.start_paying(actor=client, milestone=milestone, at=at)
    fund(milestone, at=at)
    return _again(milestone)


def cancel(milestone: Milestone, *, by: Actor = Actor.CLIENT, at: datetime = NOON) -> Milestone:
    """One side proposes that everything goes back, the other agrees."""
    contract = milestone.contract
    sides = [contract.client, contract.provider]
    asks, agrees = sides if by == Actor.CLIENT else reversed(sides)
    division = services.propose_division(actor=asks, milestone=milestone, provider_minor=0, at=at)
    services.accept_division(actor=agrees, division=division, at=at)
    return _again(milestone)


def _again(milestone: Milestone) -> Milestone:
    return Milestone.objects.select_related("contract__client", "contract__provider").get(pk=milestone.pk)


def mails_to(user: User) -> str:
    return "\n".join(f"{mail.subject}\n{mail.text}" for mail in PendingMail.objects.filter(to=user.mail_to))


class TestWhoCancels:
    def test_only_steps_that_return_everything_are_cancellations(self) -> None:
        """Each row of the table: who is named, whoever proposed it."""
        named = {
            (row.state, row.act): {process.cancels(row, asked_by=side) for side in (Actor.CLIENT, Actor.PROVIDER)}
            for row in ROWS
            if process.cancels(row, asked_by=Actor.CLIENT) is not None
        }
        both, provider = {Actor.CLIENT, Actor.PROVIDER}, {Actor.PROVIDER}
        assert named.pop((State.FUNDED, Act.ACCEPT_DIVISION)) == both
        left = {act for _state, act in named}
        assert left == {Act.GIVE_BACK, Act.TAKE_BACK, Act.TAKE_BACK_FROM_ABSENT, Act.RETURN, Act.END_ACCOUNT}
        assert all(sides == (both if act == Act.END_ACCOUNT else provider) for (_s, act), sides in named.items())
        returning = {(row.state, row.act) for row in ROWS if row.next == State.RETURNED and row.ledger == Ledger.RETURN}
        assert returning <= named.keys()

    @pytest.mark.parametrize("by", [Actor.CLIENT, Actor.PROVIDER])
    def test_of_an_agreement_before_a_delivery_who_proposed_it(self, by: Actor) -> None:
        milestone = cancel(funded(make_author()), by=by)
        assert (milestone.canceled_by, milestone.fee_kept_minor, milestone.returned_minor) == (by, 0, 40_000)
        assert milestone.contract.events.get(act=Act.ACCEPT_DIVISION).facts.canceled_by == by

    def test_after_a_delivery_an_agreement_is_no_cancellation(self) -> None:
        milestone = cancel(deliver(funded(make_author())))
        assert (milestone.returned_minor, milestone.canceled_by) == (40_000, "")

    def test_nor_is_one_that_pays_something_or_a_part_that_was_given_back(self) -> None:
        assert in_state(State.SETTLED).canceled_by == ""
        milestone = funded(make_author())
        services.give_back(actor=milestone.contract.provider, milestone=milestone, returned_minor=1, at=NOON)
        assert _again(milestone).canceled_by == ""

    def test_who_does_not_deliver_has_cancelled(self) -> None:
        given_back = in_state(State.RETURNED)
        late = in_state(State.FUNDED)
        services.take_back_late(actor=late.contract.client, milestone=late, at=late.due_at + 8 * DAY)
        by_clock = in_state(State.IN_REVISION)
        services.run_clock(milestone_id=by_clock.pk, at=NOON + 14 * DAY)
        assert {_again(one).canceled_by for one in (given_back, late, by_clock)} == {Actor.PROVIDER}

    @pytest.mark.parametrize("side", [Actor.CLIENT, Actor.PROVIDER])
    def test_who_leaves_has_cancelled(self, side: Actor) -> None:
        milestone = in_state(State.FUNDED)
        clocks.end_account(milestone=milestone, side=side, at=NOON)
        assert _again(milestone).canceled_by == side

    def test_a_decided_case_is_nobodys_cancellation(self) -> None:
        milestone = in_state(State.TO_DECIDE)
        services.decide_case(
            actor=make_moderator(), case=milestone.cases.get(), provider_minor=0, reason="No.", at=NOON
        )
        services.run_clock(milestone_id=milestone.pk, at=NOON + 14 * DAY)
        assert (_again(milestone).state, _again(milestone).canceled_by) == (State.SETTLED, "")

    def test_counts_in_the_record_of_whoever_did_it(self) -> None:
        client = make_author()
        cancel(funded(client))
        assert (records.client_record_of(client.pk).counted, records.client_record_of(client.pk).kept) == (1, 0)
        other = make_author()
        cancel(funded(other), by=Actor.PROVIDER)
        assert records.client_record_of(other.pk).counted == 0

    def test_the_database_knows_no_fee_for_others(self) -> None:
        milestone = cancel(funded(make_author()), by=Actor.PROVIDER)
        with pytest.raises(IntegrityError), transaction.atomic():
            Milestone.objects.filter(pk=milestone.pk).update(fee_kept_minor=1)


class TestThird:
    @pytest.fixture
    def client_with_two(self) -> User:
        client = make_author()
        for _number in range(2):
            cancel(funded(client))
        return client

    @pytest.mark.both
    def test_bears_its_card_fee(self, client_with_two: User) -> None:
        milestone = cancel(funded(client_with_two))
        assert (milestone.fee_kept_minor, milestone.returned_minor, milestone.held_minor) == (FEE, 40_000, 0)
        booked = ledger.position(milestone.public_id)
        assert booked is not None
        assert (booked.fee_kept.amount_minor, booked.unsent.amount_minor) == (FEE, 40_000 - FEE)
        refunds = MilestoneRefund.objects.order_by("pk").values_list("amount_minor", flat=True)
        assert list(refunds) == [40_000, 40_000, 40_000 - FEE]
        assert JournalEntry.objects.filter(kind="milestone_fee_kept").count() == 1
        assert invariants.check_invariants() == []

    def test_both_are_told(self, client_with_two: User) -> None:
        milestone = cancel(funded(client_with_two))
        to_client, to_provider = mails_to(client_with_two), mails_to(milestone.contract.provider)
        assert "388.10" in to_client
        assert "We keep the card fee of $11.90" in to_client
        assert "You owe nothing" in to_provider

    def test_after_90_days_they_do_not_count(self, client_with_two: User) -> None:
        milestone = make_contract(client=client_with_two).milestones.get()
        for at, canceled in ((NOON + 90 * DAY - timedelta(seconds=1), 2), (NOON + 90 * DAY, 0)):
            rule = cancellations.rule_of(milestone, at)
            assert rule is not None
            assert rule.canceled == canceled
        later = NOON + 90 * DAY
        assert cancel(funded(client_with_two, at=later), at=later).fee_kept_minor == 0

    def test_costs_nothing_where_the_provider_cancels(self, client_with_two: User) -> None:
        milestone = funded(client_with_two)
        services.give_back(actor=milestone.contract.provider, milestone=milestone, at=NOON)
        assert _again(milestone).fee_kept_minor == 0
        assert cancel(funded(client_with_two), by=Actor.PROVIDER).fee_kept_minor == 0

    def test_nor_who_was_not_told_before_they_paid(self, client_with_two: User) -> None:
        milestone = fund(make_contract(client=client_with_two).milestones.get())
        assert cancel(_again(milestone)).fee_kept_minor == 0

    def test_nor_under_earlier_terms(self, client_with_two: User) -> None:
        milestone = make_contract(client=client_with_two).milestones.get()
        Contract.objects.filter(pk=milestone.contract_id).update(terms_version=2)
        milestone = _again(milestone)
        services.start_paying(actor=client_with_two, milestone=milestone, at=NOON)
        fund(milestone)
        assert cancel(_again(milestone)).fee_kept_minor == 0

    def test_keeps_no_more_than_comes_back(self, client_with_two: User) -> None:
        milestone = funded(client_with_two)
        services.give_back(actor=milestone.contract.provider, milestone=milestone, returned_minor=39_000, at=NOON)
        milestone = cancel(_again(milestone))
        refunds = MilestoneRefund.objects.filter(payment__reference=milestone.public_id)
        assert (milestone.fee_kept_minor, refunds.get().amount_minor) == (1_000, 39_000)
        assert invariants.check_invariants() == []


class TestTold:
    @pytest.fixture
    def page(self):
        def read(milestone: Milestone, name: str = "contracts:pay", *more: str) -> str:
            browser = Client()
            browser.force_login(milestone.contract.client)
            parts = [milestone.contract.public_id, milestone.public_id, *more]
            return browser.get(reverse(name, args=parts if name != "contracts:contract" else parts[:1])).text

        return read

    def test_before_paying(self, page) -> None:
        milestone = make_contract().milestones.get()
        assert "from the next one on you bear the card fee" in page(milestone)
        assert "$11.90" in page(milestone)
        assert "You have cancelled" not in page(milestone)

    def test_before_paying_after_two(self, page) -> None:
        client = make_author()
        for _number in range(2):
            cancel(funded(client, at=clock.now()), at=clock.now())
        assert "You have cancelled 2" in page(make_contract(client=client).milestones.get())

    def test_not_under_earlier_terms(self, page) -> None:
        milestone = make_contract().milestones.get()
        Contract.objects.update(terms_version=1)
        assert "card fee" not in page(milestone)

    def test_before_cancelling_and_on_the_contract_after_it(self, page) -> None:
        milestone = funded(make_author())
        assert "this is a cancellation by you" in page(milestone, "contracts:act", Act.PROPOSE_DIVISION)
        milestone = cancel(milestone)
        text = page(milestone, "contracts:contract")
        assert f"Cancelled by {milestone.contract.client}." in text
        assert "cancelled by: Client" in text


class TestInTheLedger:
    def test_twice_is_once_and_another_amount_an_error(self) -> None:
        milestone = paid_in_ledger()
        accept(milestone, 0, returned=50_000)

        def keep(minor: int) -> int:
            return booking.keep_card_fee(reference=milestone.reference, amount=usd(minor), at=NOON)

        assert keep(1_480) == keep(1_480)
        with pytest.raises(EntryDiffers):
            keep(1_481)
        assert MilestoneRecord.objects.get().kept_minor == 1_480

    def test_refuses_nothing_more_than_is_owed_and_what_a_bank_questions(self) -> None:
        milestone = paid_in_ledger()
        accept(milestone, 40_000, returned=1_000)
        with pytest.raises(MilestoneRefused):
            booking.keep_card_fee(reference=milestone.reference, amount=usd(0), at=NOON)
        with pytest.raises(MilestoneTooLittle):
            booking.keep_card_fee(reference=milestone.reference, amount=usd(1_001), at=NOON)
        dispute(milestone, 500)
        with pytest.raises(MilestoneFrozen):
            booking.keep_card_fee(reference=milestone.reference, amount=usd(1), at=NOON)

    def test_a_row_that_differs_is_found(self) -> None:
        milestone = paid_in_ledger()
        accept(milestone, 0, returned=50_000)
        MilestoneRecord.objects.update(kept_minor=5)
        assert any("kept" in one.detail for one in invariants.check_invariants())
