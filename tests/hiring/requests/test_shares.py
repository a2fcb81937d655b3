"""A share of the royalties in requests and proposals: shown before it is agreed on, and agreed on by both."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from common import clock
from common.errors import NotFound
from common.money import Money
from hiring.contract_terms import ShareTerms
from hiring.contracts.errors import ShareNeedsCredit, ShareTooLarge
from hiring.contracts.models import Contract
from hiring.offers.models import PriceKind
from hiring.requests.errors import EarningsNotShown, NothingToShow, RequestClosed, ShareEndsInPast, ShareNeedsEnd
from hiring.requests.models import Invitation, Proposal, ServiceRequest
from hiring.requests.selectors import requests as selectors
from hiring.requests.services import proposals, requests
from tests.factories.accounts import make_member, make_moderator
from tests.factories.hiring import make_offer, make_provider, make_request, proposal_input
from tests.factories.publishing import make_published_edition
from tests.hiring.requests.test_proposals import milestone
from tests.hiring.requests.test_views import FORM, proposal_form
from tests.royalties.factories import recorded_sale

pytestmark = [pytest.mark.django_db, pytest.mark.both]

SHARE = {"share_bps": 1000, "share_ends_at_minor": 50_000, "credit_name": "Pia Pen", "milestones": ()}


@pytest.fixture
def edition(db):
    return make_published_edition(owner=make_member(is_author=True))


@pytest.fixture
def client_person(edition):
    return edition.work.owner


@pytest.fixture
def invitation(edition):
    request = make_request(client=edition.work.owner, work=edition.work, offers=(make_offer(),))
    return request.invitations.get()


def propose(invitation: Invitation, actor=None, **changes) -> Proposal:
    told = proposal_input(**SHARE | {"milestones": (milestone(0),)} | changes)
    return proposals.propose(actor=actor or invitation.offer.provider, invitation=invitation, told=told, at=clock.now())


def show(invitation: Invitation, actor=None) -> Invitation:
    return proposals.show_earnings(actor=actor or invitation.request.client, invitation=invitation, at=clock.now())


class TestShown:
    def test_before_a_provider_proposes_a_share(self, invitation):
        with pytest.raises(EarningsNotShown):
            propose(invitation)
        show(invitation)
        assert propose(invitation).is_open

    def test_by_a_client_who_proposes_one(self, invitation):
        propose(invitation, share_bps=0, share_ends_at_minor=None, milestones=(milestone(),))
        propose(invitation, actor=invitation.request.client)
        assert Invitation.objects.get().are_earnings_shown

    def test_by_a_request_that_offers_one(self, edition):
        request = make_request(client=edition.work.owner, work=edition.work, offers=(make_offer(),), takes_share=True)
        assert propose(request.invitations.get()).is_open

    def test_once(self, invitation):
        first = show(invitation).earnings_shown_at
        assert show(invitation).earnings_shown_at == first

    def test_by_the_client_alone(self, invitation):
        for other in (invitation.offer.provider, make_member(), make_moderator()):
            with pytest.raises(NotFound):
                show(invitation, actor=other)

    def test_of_a_book_alone(self):
        with pytest.raises(NothingToShow):
            show(make_request(offers=(make_offer(),)).invitations.get())

    def test_while_the_request_is_open(self, invitation):
        requests.withdraw(actor=invitation.request.client, request=invitation.request, at=clock.now())
        with pytest.raises(RequestClosed):
            show(invitation)


class TestEarnings:
    def test_are_what_the_ledger_has_of_the_last_90_days(self, invitation, edition):
        now = clock.now()
        recorded_sale(of=edition, sold_at=now - timedelta(days=91))
        recorded_sale(of=edition, sold_at=now - timedelta(days=89))
        recorded_sale(of=edition, sold_at=now)
        seen = selectors.earnings_for(invitation.request.client, invitation, at=now)
        assert (seen.earned.sales, seen.earned.royalties) == (2, (Money(830, "USD"),))

    def test_are_hidden_from_the_provider_until_they_are_shown(self, invitation):
        provider = invitation.offer.provider
        assert selectors.earnings_for(provider, invitation, at=clock.now()).earned is None
        assert selectors.earnings_for(provider, show(invitation), at=clock.now()).earned.sales == 0

    def test_are_none_without_a_book(self):
        bare = make_request(offers=(make_offer(),)).invitations.get()
        assert selectors.earnings_for(bare.request.client, bare, at=clock.now()) is None


class TestRefused:
    @pytest.mark.parametrize(
        ("change", "error"),
        [
            ({"share_ends_at_minor": None}, ShareNeedsEnd),
            ({"share_ends_on": "today"}, ShareEndsInPast),
            ({"credit_name": ""}, ShareNeedsCredit),
            ({"share_bps": 10_001}, ShareTooLarge),
        ],
        ids=["endless", "past", "nameless", "more-than-all"],
    )
    def test_proposals(self, invitation, change, error):
        show(invitation)
        if change.get("share_ends_on"):
            change = {"share_ends_on": clock.now().date()}
        with pytest.raises(error):
            propose(invitation, **change)
        assert not Proposal.objects.exists()

    def test_what_was_given_away_meanwhile(self, invitation, edition):
        show(invitation)
        proposal = propose(invitation, share_bps=6000)
        other = make_request(
            client=edition.work.owner, work=edition.work, offers=(make_offer(),), takes_share=True
        ).invitations.get()
        proposals.accept(actor=other.request.client, proposal=propose(other, share_bps=5000), at=clock.now())
        with pytest.raises(ShareTooLarge):
            proposals.accept(actor=invitation.request.client, proposal=proposal, at=clock.now())
        assert Contract.objects.count() == 1


class TestPages:
    def test_from_the_request_to_the_contract(self, client, client_person, edition):
        offer = make_offer(price_kind=PriceKind.SHARE, price_minor=0, currency="", share_bps=1200)
        client.force_login(client_person)
        form = {**FORM, "budget": "", "work": edition.work.public_id, "takes_share": "on"}
        del form["kind"]
        client.post(f"{reverse('requests:new')}?offer={offer.public_id}", form)
        request = ServiceRequest.objects.get()
        assert request.takes_share
        invitation = request.invitations.get()
        asked = reverse("requests:asked", args=[invitation.public_id])
        client.force_login(offer.provider)
        assert "In the last 90 days this book earned nothing here." in client.get(asked).content.decode()
        day = (clock.now().date() + timedelta(days=400)).isoformat()
        told = proposal_form(**{"milestones-0-amount": "0", "credit_name": "Pia Pen", "share": "12.5"})
        client.post(reverse("requests:propose", args=[invitation.public_id]), told | {"share_ends_on": day})
        proposal = Proposal.objects.get()
        assert (proposal.share_bps, proposal.share_ends_on.isoformat()) == (1250, day)
        client.force_login(client_person)
        text = client.get(asked).content.decode()
        assert "Accepting is also your consent to the split: 12.5%" in text
        client.post(reverse("requests:answer", args=[proposal.public_id, "accept"]))
        assert Contract.objects.get().terms.share == ShareTerms(1250, proposal.share_ends_on)

    def test_a_counter_proposal_starts_from_the_last_one(self, client, invitation):
        show(invitation)
        propose(invitation)
        client.force_login(invitation.request.client)
        text = client.get(reverse("requests:propose", args=[invitation.public_id])).content.decode()
        assert 'value="10.00"' in text
        assert 'value="500.00"' in text

    @pytest.mark.parametrize(
        "change",
        [{"share_ends_at": "x", "share": "5"}, {"share": "", "share_ends_at": "50"}, {"share": "101"}, {"share": "-1"}],
        ids=["no-sum", "no-share", "too-much", "negative"],
    )
    def test_what_cannot_be_read_is_kept_and_explained(self, client, invitation, change):
        show(invitation)
        client.force_login(invitation.offer.provider)
        answer = client.post(reverse("requests:propose", args=[invitation.public_id]), proposal_form(**change))
        assert answer.status_code == 422
        assert "I copy-edit the whole text." in answer.content.decode()
        assert not Proposal.objects.exists()

    def test_the_figure_is_shown_by_a_button(self, client, invitation):
        asked = reverse("requests:asked", args=[invitation.public_id])
        client.force_login(invitation.offer.provider)
        assert "has not shown what this book earned lately" in client.get(asked).content.decode()
        client.force_login(invitation.request.client)
        client.post(reverse("requests:show-earnings", args=[invitation.public_id]))
        client.force_login(invitation.offer.provider)
        assert "this book earned nothing here" in client.get(asked).content.decode()

    def test_a_share_needs_a_book_in_the_request(self, client, client_person):
        client.force_login(client_person)
        answer = client.post(reverse("requests:new"), FORM | {"takes_share": "on", "work": ""})
        assert answer.status_code == 422
        assert not ServiceRequest.objects.exists()

    def test_an_offer_for_a_share_says_how_much(self, client):
        provider = make_provider()
        client.force_login(provider)
        form = {
            "kind": "copy_editing", "title": "Line editing", "text": "I read twice.", "languages": ["en"],
            "price_kind": "share", "turnaround_days": "14", "places": "1", "ai_use": "none",
        }  # fmt: skip
        assert client.post(reverse("offers:new"), form).status_code == 422
        client.post(reverse("offers:new"), form | {"share": "10"})
        assert provider.offers.get().share_bps == 1000
