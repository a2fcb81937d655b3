"""What one sees before something is sent, what a counter-proposal changes, and asking somebody who nearly fits."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from django.urls import reverse

from common import clock
from common.errors import NotFound
from hiring.conversations.services import blocks
from hiring.offers.models import OfferState
from hiring.offers.services import samples
from hiring.requests.errors import (
    CoAuthor,
    NoFreePlace,
    OfferGone,
    OtherService,
    OwnOffer,
    RequestClosed,
    TooManyAsked,
    Unreachable,
)
from hiring.requests.models import Invitation, Proposal, ProposedMilestone, ServiceRequest
from hiring.requests.selectors.differences import differences
from hiring.requests.services import proposals, requests, shortlists
from tests.factories.accounts import make_member
from tests.factories.hiring import make_offer, make_request, proposal_input
from tests.factories.publishing import make_contributor, make_work
from tests.hiring.requests.test_views import FORM, proposal_form

pytestmark = [pytest.mark.django_db, pytest.mark.both]


@pytest.fixture
def invitation(db) -> Invitation:
    return make_request(offers=(make_offer(),)).invitations.get()


class TestRequest:
    def test_shows_what_would_be_sent_and_to_how_many(self, client):
        make_offer(title="Line editing")
        make_offer(title="Dear", price_minor=60_000)
        client.force_login(make_member())
        page = client.post(reverse("requests:new"), {**FORM, "look": "1"}).content.decode()
        assert "1 provider would be asked now" in page
        assert "Left out: 1 over the budget" in page
        assert "The rain had not stopped since Tuesday." in page
        assert not ServiceRequest.objects.exists()
        client.post(reverse("requests:new"), FORM)
        assert Invitation.objects.count() == 1, "as many as were announced"

    def test_to_one_provider_counts_nobody(self, client):
        offer = make_offer()
        client.force_login(make_member())
        form = {name: value for name, value in FORM.items() if name != "kind"}
        address = f"{reverse('requests:new')}?offer={offer.public_id}"
        page = client.post(address, {**form, "look": "1"}).content.decode()
        assert "Not sent yet" in page
        assert "would be asked now" not in page

    @pytest.mark.parametrize("days", [0, -1])
    def test_refuses_a_day_that_is_over(self, client, days):
        client.force_login(make_member())
        day = (clock.now().date() + timedelta(days=days)).isoformat()
        answer = client.post(reverse("requests:new"), {**FORM, "wanted_on": day})
        assert answer.status_code == 422
        assert "Choose a day to come" in answer.content.decode()
        assert not ServiceRequest.objects.exists()


class TestProposal:
    def test_begins_with_the_price_and_the_days_of_the_offer(self, client):
        offer = make_offer(price_kind="words", price_minor=900, turnaround_days=10)
        invitation = make_request(offers=(offer,)).invitations.get()
        client.force_login(offer.provider)
        page = client.get(reverse("requests:propose", args=[invitation.public_id])).content.decode()
        assert 'value="720.00"' in page, "80,000 words at 9.00"
        assert f'value="{(clock.now().date() + timedelta(days=10)).isoformat()}"' in page

    def test_begins_empty_where_the_price_is_a_share(self, client):
        offer = make_offer(price_kind="share", price_minor=0, currency="", share_bps=1_000)
        invitation = make_request(offers=(offer,)).invitations.get()
        client.force_login(offer.provider)
        page = client.get(reverse("requests:propose", args=[invitation.public_id])).content.decode()
        assert 'name="milestones-0-amount" value=' not in page

    def test_shows_our_fee_before_it_is_sent(self, client, invitation):
        client.force_login(invitation.offer.provider)
        address = reverse("requests:propose", args=[invitation.public_id])
        page = client.post(address, {**proposal_form(), "look": "1"}).content.decode()
        for shown in ("Not sent yet", "The provider gets", "$400.00"):
            assert shown in page
        assert not Proposal.objects.exists()
        client.post(address, proposal_form())
        assert Proposal.objects.count() == 1

    def test_shows_nothing_that_could_not_be_sent(self, client, invitation):
        client.force_login(invitation.offer.provider)
        address = reverse("requests:propose", args=[invitation.public_id])
        answer = client.post(address, {**proposal_form(**{"milestones-0-amount": "0.10"}), "look": "1"})
        assert answer.status_code == 422
        assert "Not sent yet" not in answer.content.decode()


class TestDifferences:
    def pair(self, invitation, **changes) -> tuple[Proposal, Proposal]:
        told = proposal_input()
        at = clock.now()
        before = proposals.drafted(invitation.offer.provider, invitation, told, at)
        return before, proposals.drafted(invitation.request.client, invitation, replace(told, **changes), at)

    def test_marks_the_words_that_changed(self, invitation):
        told = proposal_input()
        before, after = self.pair(invitation, scope=told.scope + " Twice.")
        (only,) = differences(before, after)
        assert only.label == "What is done"
        assert "".join(one.text for one in only.pieces if one.kind != "removed") == after.scope
        assert "".join(one.text for one in only.pieces if one.kind != "added") == before.scope

    def test_names_each_term(self, invitation):
        day = clock.now().date() + timedelta(days=90)
        before, after = self.pair(
            invitation,
            revision_rounds=5,
            rights="exclusive",
            ai_use="assisted",
            credit_name="Ida",
            share_bps=500,
            share_ends_on=day,
            milestones=(ProposedMilestone("Half", 30_000, day), ProposedMilestone("Rest", 20_000, day)),
        )
        labels = [one.label for one in differences(before, after)]
        assert labels == [
            "Milestone 1",
            "Milestone 2",
            "The client pays",
            "Revisions",
            "Rights",
            "Use of AI",
            "Named in the book as",
            "Share of the royalties",
        ]

    def test_says_nothing_of_what_stayed(self, invitation):
        assert differences(*self.pair(invitation)) == []

    def test_stand_above_a_counter_proposal_alone(self, client, invitation):
        provider, asker = invitation.offer.provider, invitation.request.client
        proposals.propose(actor=provider, invitation=invitation, told=proposal_input(), at=clock.now())
        address = reverse("requests:asked", args=[invitation.public_id])
        client.force_login(asker)
        assert "What changed" not in client.get(address).content.decode()
        client.post(reverse("requests:propose", args=[invitation.public_id]), proposal_form(scope="<b>Less</b>"))
        client.force_login(provider)
        page = client.get(address).content.decode()
        assert "What changed" in page
        assert "<ins>&lt;b&gt;Less&lt;/b&gt;</ins>" in page


class TestAskAnyway:
    @pytest.fixture
    def dear(self, db):
        return make_offer(title="Dear", price_minor=60_000)

    def made(self, **overrides) -> ServiceRequest:
        request = make_request(**overrides)
        shortlists.make_round(request=request, at=clock.now())
        return request

    def ask(self, request, offer, actor=None) -> Invitation:
        return requests.ask_also(actor=actor or request.client, request=request, offer=offer, at=clock.now())

    def test_asks_somebody_who_nearly_fits(self, client, dear):
        request = self.made()
        client.force_login(request.client)
        page = reverse("requests:request", args=[request.public_id])
        shown = client.get(page).content.decode()
        assert dear.provider.display_name in shown
        assert "Ask anyway" in shown
        client.post(reverse("requests:ask-also", args=[request.public_id]), {"offer": dear.public_id})
        assert request.invitations.get().offer == dear
        after = client.get(page).content.decode()
        assert "Asked by you" in after
        assert "Ask anyway" not in after

    def test_asks_once(self, dear):
        request = self.made()
        assert self.ask(request, dear) == self.ask(request, dear)
        assert Invitation.objects.count() == 1

    def test_nobody_asks_again_in_the_next_round(self, dear):
        request = self.made()
        self.ask(request, dear)
        request.budget_minor = 70_000
        request.save()
        shortlists.make_round(request=request, at=clock.now())
        assert Invitation.objects.count() == 1

    def test_is_the_clients_alone(self, dear):
        request = self.made()
        for stranger in (make_member(), dear.provider):
            with pytest.raises(NotFound):
                self.ask(request, dear, actor=stranger)

    @pytest.mark.parametrize(
        ("changes", "refusal"),
        [
            ({"places": 0}, NoFreePlace),
            ({"kind": "cover_design"}, OtherService),
            ({"state": OfferState.PAUSED}, OfferGone),
        ],
        ids=["no place", "other kind", "paused"],
    )
    def test_refuses_what_cannot_be_asked(self, changes, refusal):
        request = self.made()
        with pytest.raises(refusal):
            self.ask(request, make_offer(**changes))

    def test_refuses_oneself_and_people_apart_and_closed_requests(self, dear):
        request = self.made()
        with pytest.raises(OwnOffer):
            self.ask(request, make_offer(provider=request.client))
        blocks.block(actor=dear.provider, other=request.client, at=clock.now())
        with pytest.raises(Unreachable):
            self.ask(request, dear)
        requests.withdraw(actor=request.client, request=request, at=clock.now())
        with pytest.raises(RequestClosed):
            self.ask(request, make_offer())

    def test_refuses_co_authors(self, dear):
        owner = make_member()
        work = make_work(owner=owner)
        make_contributor(work, user=dear.provider, role="edt")
        with pytest.raises(CoAuthor):
            self.ask(self.made(client=owner, work=work), dear)

    def test_has_a_limit(self):
        request = self.made()
        for _number in range(requests.MAX_ASKED_ALSO):
            self.ask(request, make_offer(price_minor=90_000))
        with pytest.raises(TooManyAsked):
            self.ask(request, make_offer(price_minor=90_000))

    def test_an_unknown_service_is_said_to_be_gone(self, client):
        request = self.made()
        client.force_login(request.client)
        address = reverse("requests:ask-also", args=[request.public_id])
        assert "not offered any more" in client.post(address, {"offer": "ofr_none"}, follow=True).content.decode()


def test_a_persons_page_shows_their_text_samples(client):
    offer = make_offer()
    samples.add_text(
        actor=offer.provider,
        offer=offer,
        title="Page one",
        text="It was late.",
        before="It were late.",
        genre="FF",
        at=clock.now(),
    )
    page = client.get(reverse("offers:person", args=[offer.provider.public_id])).content.decode()
    for shown in ("Page one", "It were late.", "It was late."):
        assert shown in page
