"""Accounts that are closed by us or deleted, in the middle of offers, requests and contracts."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from common import clock
from common.models import PendingMail
from hiring.contracts import services as contracts
from hiring.contracts.errors import ProviderAbsent, ProviderPresent
from hiring.contracts.models import Milestone
from hiring.contracts.process import State
from hiring.offers import selectors as offers
from hiring.requests.errors import OfferGone, Unreachable
from hiring.requests.models import NEXT_ROUND_AFTER, Invitation
from hiring.requests.services import clocks, emails, proposals, requests
from hiring.requests.services.requests import RequestInput
from royalties.services import clearing, payee_details, payouts
from tests.factories.accounts import make_member
from tests.factories.hiring import make_offer, make_request, proposal_input
from tests.hiring.contracts.factories import DAY, NOON, in_state
from tests.royalties.factories import payout_account, user
from tests.royalties.test_payee_details import STATED

pytestmark = [pytest.mark.django_db, pytest.mark.both]

TOLD = RequestInput("copy_editing", "A crime novel", "A keeper.", "en", "USD", genre="FF", budget_minor=50_000)


def close(person: User) -> User:
    """What an operator does to an account that breaks the rules, and a deletion to one that leaves."""
    person.is_active = False
    person.save(update_fields=["is_active"])
    return person


def titles(**query: str) -> list[str]:
    response = Client().get(reverse("offers:search"), query)
    return [card.offer.title for card in response.context["cards"]]


class TestOffers:
    def test_leave_every_list_and_page(self) -> None:
        gone, stays = make_offer(title="Gone"), make_offer(title="Stays")
        person = close(gone.provider)
        assert titles() == titles(kind="copy_editing") == ["Stays"]
        assert sum(count for _kind, count in offers.counts_by_kind()) == 1
        visitor = Client()
        for address in (
            reverse("offers:offer", args=[gone.public_id]),
            reverse("offers:person", args=[person.public_id]),
        ):
            assert visitor.get(address).status_code == 404
        fragment = visitor.get(reverse("offers:fragment", args=[person.public_id]))
        assert fragment.content.strip() == b""
        assert not offers.offers_something(person)
        assert visitor.get(reverse("offers:offer", args=[stays.public_id])).status_code == 200

    def test_are_on_no_shortlist_and_near_none(self) -> None:
        close(make_offer().provider)
        close(make_offer(price_minor=90_000).provider)
        request = requests.open_request(actor=make_member(), told=TOLD, at=clock.now())
        assert not request.invitations.exists()
        assert request.shortlists.get().candidates == ()

    def test_cannot_be_asked_alone(self) -> None:
        offer = make_offer()
        close(offer.provider)
        offer.refresh_from_db()
        with pytest.raises(OfferGone):
            requests.ask_provider(actor=make_member(), offer=offer, told=TOLD, at=clock.now())

    def test_come_back_with_the_account(self) -> None:
        offer = make_offer(title="Back")
        person = close(offer.provider)
        person.is_active = True
        person.save(update_fields=["is_active"])
        assert titles() == ["Back"]


class TestRequests:
    @pytest.fixture
    def invitation(self) -> Invitation:
        return make_request(offers=(make_offer(),)).invitations.get()

    def test_nobody_proposes_to_a_client_who_is_gone(self, invitation: Invitation) -> None:
        close(invitation.request.client)
        with pytest.raises(Unreachable):
            proposals.propose(
                actor=invitation.offer.provider, invitation=invitation, told=proposal_input(), at=clock.now()
            )

    def test_nobody_hires_a_provider_who_is_gone(self, invitation: Invitation) -> None:
        provider = invitation.offer.provider
        made = proposals.propose(actor=provider, invitation=invitation, told=proposal_input(), at=clock.now())
        close(provider)
        with pytest.raises(Unreachable):
            proposals.accept(actor=invitation.request.client, proposal=made, at=clock.now())

    def test_nobody_is_asked_for_a_client_who_is_gone(self, mailoutbox: list[Any]) -> None:
        client = make_member()
        for _ in range(10):
            make_offer()
        request = requests.open_request(actor=client, told=TOLD, at=clock.now())
        close(client)
        clocks.run_due(at=clock.now() + NEXT_ROUND_AFTER)
        assert request.invitations.count() == 8
        for invitation in request.invitations.all():
            emails.mail_invitation(invitation_id=invitation.pk)
        assert mailoutbox == []
        User.objects.filter(pk=client.pk).update(is_active=True)
        clocks.run_due(at=clock.now() + NEXT_ROUND_AFTER)
        assert request.invitations.count() == 10


class TestContracts:
    def test_the_clocks_of_a_client_who_is_gone_run(self) -> None:
        milestone = in_state(State.DELIVERED)
        close(milestone.contract.client)
        contracts.run_clock(milestone_id=milestone.pk, at=NOON + 14 * DAY)
        milestone.refresh_from_db()
        assert (milestone.state, milestone.released_minor) == (State.RELEASED, milestone.amount_minor)
        contracts.run_clock(milestone_id=milestone.pk, at=NOON + 19 * DAY)
        milestone.refresh_from_db()
        assert milestone.state == State.ACCEPTED

    def test_what_a_provider_who_is_gone_has_delivered_runs_on(self) -> None:
        milestone = in_state(State.DELIVERED)
        close(milestone.contract.provider)
        contracts.accept(actor=milestone.contract.client, milestone=milestone, at=NOON + DAY)
        milestone.refresh_from_db()
        assert milestone.released_minor == milestone.amount_minor

    def test_silence_releases_to_a_provider_who_is_gone(self) -> None:
        milestone = in_state(State.DELIVERED)
        close(milestone.contract.provider)
        contracts.run_clock(milestone_id=milestone.pk, at=NOON + 14 * DAY)
        milestone.refresh_from_db()
        assert milestone.state == State.RELEASED

    @pytest.mark.parametrize("state", [State.FUNDED, State.IN_REVISION])
    def test_the_client_of_a_provider_who_is_gone_is_told_once_and_chooses(self, state: State) -> None:
        milestone = in_state(state)
        client = milestone.contract.client
        with pytest.raises(ProviderPresent):
            contracts.take_back_from_absent(actor=client, milestone=milestone, at=NOON)
        assert contracts.tell_clients_of_absent(at=NOON) == 0
        close(milestone.contract.provider)
        before = PendingMail.objects.count()
        assert contracts.tell_clients_of_absent(at=NOON) == 1
        assert contracts.tell_clients_of_absent(at=NOON + DAY) == 0
        letter = PendingMail.objects.order_by("-pk")[0]
        assert PendingMail.objects.count() == before + 1
        assert letter.to == client.email
        assert "cannot deliver" in letter.subject
        assert "You can take back $400.00 now, or wait" in letter.text
        assert milestone.contract.public_id in letter.text
        browser = Client()
        browser.force_login(client)
        page = browser.get(reverse("contracts:contract", args=[milestone.contract.public_id])).content.decode()
        assert "Take the money back" in page
        contracts.take_back_from_absent(actor=client, milestone=milestone, at=NOON + DAY)
        milestone.refresh_from_db()
        assert (milestone.state, milestone.returned_minor) == (State.RETURNED, milestone.amount_minor)

    def test_or_waits_until_the_clock_returns_it(self) -> None:
        milestone = in_state(State.FUNDED)
        close(milestone.contract.provider)
        contracts.tell_clients_of_absent(at=NOON)
        assert milestone.due_at is not None
        contracts.run_clock(milestone_id=milestone.pk, at=milestone.due_at + 14 * DAY)
        milestone.refresh_from_db()
        assert milestone.state == State.RETURNED

    @pytest.mark.parametrize("state", [State.PLANNED, State.DELIVERED, State.ACCEPTED, State.IN_CASE])
    def test_nothing_is_to_be_chosen_elsewhere(self, state: State) -> None:
        milestone = in_state(state)
        close(milestone.contract.provider)
        assert contracts.tell_clients_of_absent(at=NOON) == 0

    def test_nobody_pays_for_a_provider_who_is_gone(self) -> None:
        milestone = in_state(State.PLANNED)
        close(milestone.contract.provider)
        with pytest.raises(ProviderAbsent):
            contracts.start_paying(actor=milestone.contract.client, milestone=milestone, at=NOON)
        assert Milestone.objects.get(pk=milestone.pk).state == State.PLANNED

    def test_what_is_payable_to_a_provider_who_is_gone_is_paid(self) -> None:
        milestone = in_state(State.ACCEPTED)
        payee_details.state(actor=milestone.contract.provider, stated=STATED, at=NOON)
        provider = close(milestone.contract.provider)
        payout_account(provider)
        assert clearing.clear_due(at=NOON) == 1
        run = payouts.propose_run(actor=user("Fiona", is_finance=True), currency="USD", at=NOON + DAY)
        assert [one.user for one in run.payouts.all()] == [provider]


def test_messages_reach_nobody_who_is_gone() -> None:
    offer = make_offer()
    close(offer.provider)
    browser = Client()
    browser.force_login(make_member())
    assert browser.get(reverse("conversations:write", args=[offer.provider.public_id])).status_code in {403, 404}
