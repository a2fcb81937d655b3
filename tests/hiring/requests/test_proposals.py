"""Proposals and counter-proposals, until one becomes a contract."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import mail

from common import clock
from common.errors import NotFound
from hiring.contracts.models import Contract
from hiring.conversations.services import blocks
from hiring.requests.errors import (
    CoAuthor,
    CurrencyNotTaken,
    MilestoneInPast,
    MilestoneTooSmall,
    NoFreePlace,
    NothingProposed,
    NotYourTurn,
    ProposalClosed,
    RequestClosed,
    ShareNeedsEnd,
    ShareWithoutWork,
    TooManyMilestones,
    Unreachable,
)
from hiring.requests.models import PROPOSAL_VALID, Proposal, ProposalState, ProposedMilestone, RequestState
from hiring.requests.services import clocks, proposals
from tests.factories.accounts import make_member, make_moderator
from tests.factories.hiring import make_offer, make_request, proposal_input
from tests.factories.publishing import make_contributor, make_work

pytestmark = [pytest.mark.django_db, pytest.mark.both]


@pytest.fixture
def invitation(db):
    return make_request(offers=(make_offer(),)).invitations.get()


def propose(invitation, actor=None, **overrides):
    actor = actor or invitation.offer.provider
    return proposals.propose(actor=actor, invitation=invitation, told=proposal_input(**overrides), at=clock.now())


def milestone(amount_minor=20_000, days=14):
    return ProposedMilestone("All of it", amount_minor, clock.now().date() + timedelta(days=days))


class TestPropose:
    def test_is_open_for_14_days_and_told_to_the_other_side(self, invitation, django_capture_on_commit_callbacks):
        with django_capture_on_commit_callbacks(execute=True):
            made = propose(invitation)
        assert made.expires_at - made.made_at == PROPOSAL_VALID
        assert [one.to for one in mail.outbox] == [[invitation.request.client.email]]
        invitation.refresh_from_db()
        assert invitation.answer == "proposed"

    def test_a_counter_proposal_is_a_new_row(self, invitation):
        first = propose(invitation)
        second = propose(invitation, actor=invitation.request.client, revision_rounds=3)
        first.refresh_from_db()
        assert (first.state, first.revision_rounds) == (ProposalState.COUNTERED, 2)
        assert (second.number, second.is_open) == (2, True)

    def test_a_second_one_of_ones_own_replaces_the_first(self, invitation):
        first = propose(invitation)
        propose(invitation)
        first.refresh_from_db()
        assert first.state == ProposalState.WITHDRAWN

    def test_the_client_waits_for_the_first_one(self, invitation):
        with pytest.raises(NotYourTurn):
            propose(invitation, actor=invitation.request.client)

    @pytest.mark.parametrize(
        ("change", "error"),
        [
            ({"milestones": ()}, NothingProposed),
            ({"milestones": ("fine",) * 11}, TooManyMilestones),
            ({"milestones": ("small",)}, MilestoneTooSmall),
            ({"milestones": ("free",)}, MilestoneTooSmall),
            ({"milestones": ("late",)}, MilestoneInPast),
            ({"currency": "JPY"}, CurrencyNotTaken),
            ({"share_bps": 1000, "share_ends_at_minor": 1}, ShareWithoutWork),
        ],
        ids=str,
    )
    def test_refuses(self, invitation, change, error):
        made = {"small": milestone(1999), "free": milestone(0), "late": milestone(days=0), "fine": milestone()}
        if "milestones" in change:
            change = change | {"milestones": tuple(made[one] for one in change["milestones"])}
        with pytest.raises(error):
            propose(invitation, **change)
        assert not Proposal.objects.exists()

    def test_a_share_of_a_book_needs_an_end_and_may_be_all_the_pay(self):
        client = make_member()
        request = make_request(client=client, work=make_work(owner=client), offers=(make_offer(),))
        invitation = request.invitations.get()
        share = {"share_bps": 1000, "credit_name": "Pia Pen"}
        with pytest.raises(ShareNeedsEnd):
            propose(invitation, **share)
        proposals.show_earnings(actor=client, invitation=invitation, at=clock.now())
        made = propose(invitation, **share, share_ends_at_minor=50_000, milestones=(milestone(0),))
        assert made.total.amount_minor == 0

    def test_is_for_the_two_sides_alone(self, invitation):
        for stranger in (make_member(), make_moderator(), make_offer().provider):
            with pytest.raises(NotFound):
                propose(invitation, actor=stranger)

    def test_refuses_people_who_are_apart_became_staff_or_co_authors(self):
        client = make_member()
        work = make_work(owner=client)
        for end in ("block", "staff", "credit"):
            offer = make_offer()
            invitation = make_request(client=client, work=work, offers=(offer,)).invitations.get()
            if end == "block":
                blocks.block(actor=client, other=offer.provider, at=clock.now())
            elif end == "staff":
                offer.provider.is_finance = True
                offer.provider.save()
                first = invitation
                Proposal.objects.create(
                    invitation=first, author=offer.provider, number=1, scope="x", revision_rounds=1, revision_days=1,
                    rights="book", ai_use="none", currency="USD", made_at=clock.now(),
                    expires_at=clock.now() + PROPOSAL_VALID,
                )  # fmt: skip
                with pytest.raises(Unreachable):
                    propose(first, actor=client)
                continue
            else:
                make_contributor(work, user=offer.provider, role="edt")
            with pytest.raises(CoAuthor if end == "credit" else Unreachable):
                propose(invitation)

    def test_refuses_once_the_request_is_closed(self, invitation):
        invitation.request.state, invitation.request.closed_at = RequestState.WITHDRAWN, clock.now()
        invitation.request.save()
        with pytest.raises(RequestClosed):
            propose(invitation)


class TestAccept:
    def accept(self, proposal, actor=None):
        actor = actor or proposal.invitation.request.client
        return proposals.accept(actor=actor, proposal=proposal, at=clock.now())

    def test_becomes_a_contract_and_takes_a_place(self, invitation):
        other = make_offer()
        invitation.request.invitations.create(offer=other, asked_at=clock.now())
        left = propose(invitation.request.invitations.get(offer=other), actor=other.provider)
        made = self.accept(propose(invitation))
        contract = Contract.objects.get(public_id=made.contract)
        assert (contract.client_id, contract.provider_id) == (
            invitation.request.client_id,
            invitation.offer.provider_id,
        )
        assert [one.amount_minor for one in contract.milestones.order_by("position")] == [20_000, 20_000]
        invitation.offer.refresh_from_db()
        invitation.request.refresh_from_db()
        left.refresh_from_db()
        assert invitation.offer.places == 1
        assert (invitation.request.state, left.state) == (RequestState.HIRED, ProposalState.DECLINED)

    def test_the_provider_accepts_a_counter_proposal(self, invitation):
        propose(invitation)
        counter = propose(invitation, actor=invitation.request.client)
        assert self.accept(counter, actor=invitation.offer.provider).state == ProposalState.ACCEPTED

    def test_refuses_ones_own(self, invitation):
        with pytest.raises(NotYourTurn):
            self.accept(propose(invitation), actor=invitation.offer.provider)

    def test_refuses_others(self, invitation):
        made = propose(invitation)
        for stranger in (make_member(), make_moderator()):
            with pytest.raises(NotFound):
                self.accept(made, actor=stranger)

    def test_refuses_what_was_countered_or_is_too_old(self, invitation):
        first = propose(invitation)
        propose(invitation)
        with pytest.raises(ProposalClosed):
            self.accept(first)
        newest = Proposal.objects.get(state=ProposalState.OPEN)
        with pytest.raises(ProposalClosed):
            proposals.accept(actor=invitation.request.client, proposal=newest, at=newest.expires_at)

    def test_refuses_a_second_one_of_the_same_request(self, invitation):
        other = make_offer()
        second = invitation.request.invitations.create(offer=other, asked_at=clock.now())
        left = propose(second, actor=other.provider)
        self.accept(propose(invitation))
        with pytest.raises(RequestClosed):
            self.accept(left)
        assert Contract.objects.count() == 1

    def test_refuses_when_the_last_place_was_taken_and_changes_nothing(self, invitation):
        made = propose(invitation)
        invitation.offer.places = 0
        invitation.offer.save()
        with pytest.raises(NoFreePlace):
            self.accept(made)
        made.refresh_from_db()
        assert made.is_open
        assert not Contract.objects.exists()

    def test_refuses_people_who_are_apart_by_now(self, invitation):
        made = propose(invitation)
        blocks.block(actor=invitation.offer.provider, other=invitation.request.client, at=clock.now())
        with pytest.raises(Unreachable):
            self.accept(made)


class TestDeclineAndWithdraw:
    def test_declining_is_told_to_who_proposed(self, invitation, django_capture_on_commit_callbacks):
        made = propose(invitation)
        with django_capture_on_commit_callbacks(execute=True):
            proposals.decline(actor=invitation.request.client, proposal=made, at=clock.now())
        assert [one.to for one in mail.outbox] == [[invitation.offer.provider.email]]

    def test_each_does_ones_own_part(self, invitation):
        made = propose(invitation)
        with pytest.raises(NotYourTurn):
            proposals.decline(actor=invitation.offer.provider, proposal=made, at=clock.now())
        with pytest.raises(NotYourTurn):
            proposals.withdraw(actor=invitation.request.client, proposal=made, at=clock.now())
        with pytest.raises(NotFound):
            proposals.withdraw(actor=make_member(), proposal=made, at=clock.now())
        proposals.withdraw(actor=invitation.offer.provider, proposal=made, at=clock.now())
        with pytest.raises(ProposalClosed):
            proposals.decline(actor=invitation.request.client, proposal=made, at=clock.now())

    def test_a_provider_may_decline_the_whole_request(self, invitation):
        made = propose(invitation)
        proposals.decline_invitation(actor=invitation.offer.provider, invitation=invitation, at=clock.now())
        made.refresh_from_db()
        assert made.state == ProposalState.WITHDRAWN
        with pytest.raises(NotYourTurn):
            proposals.decline_invitation(actor=invitation.request.client, invitation=invitation, at=clock.now())


class TestExpiry:
    def test_ends_by_the_clock(self, invitation):
        made = propose(invitation)
        clocks.run_due(at=made.expires_at - timedelta(seconds=1))
        made.refresh_from_db()
        assert made.is_open
        clocks.run_due(at=made.expires_at)
        made.refresh_from_db()
        assert made.state == ProposalState.EXPIRED
