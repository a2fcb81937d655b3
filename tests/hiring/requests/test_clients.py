"""What a provider reads of a client before proposing: contracts kept and paid, and what other providers wrote."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from common import clock
from hiring.contracts import services as contracts
from hiring.contracts.models import ContractEvent
from hiring.contracts.process import Act, Actor, State
from hiring.contracts.selectors import ClientRecord, client_record_of
from hiring.requests.models import Invitation
from hiring.reviews.models import ContractReview
from hiring.reviews.services import reviews
from tests.factories.accounts import make_author, make_member
from tests.factories.hiring import make_offer, make_request
from tests.hiring.contracts.factories import NOON, deliver, fund, make_contract

pytestmark = [pytest.mark.django_db, pytest.mark.both]


@pytest.fixture(autouse=True)
def _now(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOON)


@pytest.fixture
def client_user(db: Any) -> User:
    return make_author(display_name="Ada Client")


def paid(client: User, provider: User | None = None) -> Any:
    milestone = fund(make_contract(client=client, provider=provider).milestones.get())
    contracts.accept(actor=client, milestone=deliver(milestone), at=NOON)
    milestone.contract.refresh_from_db()
    return milestone.contract


def asked(client: User) -> Invitation:
    return make_request(client=client, offers=(make_offer(),)).invitations.get()


def page(invitation: Invitation, user: User | None = None) -> str:
    browser = Client()
    browser.force_login(user or invitation.offer.provider)
    return browser.get(reverse("requests:asked", args=[invitation.public_id])).content.decode()


class TestRecord:
    def test_of_somebody_new_is_empty(self, client_user: User) -> None:
        assert client_record_of(client_user.pk) == ClientRecord()

    def test_counts_what_was_paid_for_and_what_runs(self, client_user: User) -> None:
        paid(client_user)
        paid(client_user)
        fund(make_contract(client=client_user).milestones.get())
        make_contract(client=client_user)  # agreed, and not paid yet
        assert client_record_of(client_user.pk) == ClientRecord(counted=2, kept=2, running=1)

    def test_called_off_by_the_client_counts_against_them(self, client_user: User) -> None:
        contracts.call_off(actor=client_user, milestone=make_contract(client=client_user).milestones.get(), at=NOON)
        assert client_record_of(client_user.pk) == ClientRecord(counted=1, kept=0)

    def test_what_the_provider_ended_does_not(self, client_user: User) -> None:
        contract = make_contract(client=client_user)
        contracts.call_off(actor=contract.provider, milestone=contract.milestones.get(), at=NOON)
        milestone = fund(make_contract(client=client_user).milestones.get())
        contracts.give_back(actor=milestone.contract.provider, milestone=milestone, at=NOON)
        assert client_record_of(client_user.pk) == ClientRecord()

    def test_what_a_bank_took_back_was_not_kept(self, client_user: User) -> None:
        contract = paid(client_user)
        ContractEvent.objects.create(
            contract=contract,
            milestone=contract.milestones.get(),
            role=Actor.BANK,
            act=Act.TAKE,
            state_before=State.ACCEPTED,
            state_after=State.ACCEPTED,
            at=NOON,
        )
        assert client_record_of(client_user.pk) == ClientRecord(counted=1, kept=0)

    def test_contracts_as_a_provider_are_another_matter(self, client_user: User) -> None:
        paid(make_author(), client_user)
        assert client_record_of(client_user.pk) == ClientRecord()


class TestPage:
    def test_says_that_somebody_is_new(self, client_user: User) -> None:
        shown = page(asked(client_user))
        assert "Ada Client has hired nobody here yet." in shown
        assert "Contracts kept and paid" not in shown

    def test_shows_what_providers_wrote_and_not_who(self, client_user: User) -> None:
        provider = make_author(display_name="Pia Pixel")
        contract = paid(client_user, provider)
        reviews.write(actor=provider, contract=contract, stars=4, body="Clear wishes, quick answers.", at=NOON)
        invitation = asked(client_user)
        assert "Clear wishes" not in page(invitation)  # blind until both have written
        reviews.write(actor=client_user, contract=contract, stars=5, body="A joy.", at=NOON)
        shown = page(invitation)
        assert "1 of 1" in shown
        assert "Clear wishes, quick answers." in shown
        assert "4.0 of 5 stars" in shown
        assert "Pia Pixel" not in shown
        assert "A joy." not in shown  # what the client said of the provider
        assert contract.title not in shown

    def test_a_hidden_review_is_not_shown(self, client_user: User) -> None:
        provider = make_author()
        contract = paid(client_user, provider)
        for person in (provider, client_user):
            reviews.write(actor=person, contract=contract, stars=1, body="Rude words.", at=NOON)
        ContractReview.objects.update(hidden_at=NOON)
        shown = page(asked(client_user))
        assert "Rude words." not in shown
        assert "nothing yet" in shown

    def test_is_for_those_who_are_asked(self, client_user: User) -> None:
        paid(client_user)
        invitation = asked(client_user)
        assert "Contracts kept and paid" not in page(invitation, client_user)
        browser = Client()
        browser.force_login(make_member())
        assert browser.get(reverse("requests:asked", args=[invitation.public_id])).status_code == 404


def test_what_is_asked_for_stands_before_who_asks_and_on_the_page_of_the_proposal(client_user: User) -> None:
    invitation = asked(client_user)
    shown = page(invitation)
    assert shown.index("What is asked for") < shown.index("About Ada Client") < shown.index("Questions")
    assert "becomes a contract only when it is accepted" in shown
    browser = Client()
    browser.force_login(invitation.offer.provider)
    form = browser.get(reverse("requests:propose", args=[invitation.public_id])).content.decode()
    assert "What is asked for" in form
    assert invitation.request.text in form
