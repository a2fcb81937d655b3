"""Emails about requests: who is told what, once, and in one language."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail

from accounts.models import User
from common import clock
from hiring.requests.models import NEXT_ROUND_AFTER, Invitation, Proposal, ServiceRequest
from hiring.requests.services import clocks, emails, proposals, requests
from hiring.requests.services.requests import RequestInput
from tests.factories.accounts import make_member
from tests.factories.hiring import make_offer, make_request, proposal_input

pytestmark = pytest.mark.django_db

TOLD = RequestInput("copy_editing", "A crime novel", "A keeper.", "en", "USD", genre="FF", budget_minor=50_000)


@pytest.fixture(autouse=True)
def _only_by_the_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is sent but by `run`: as if every message to a worker were lost."""
    monkeypatch.setattr("common.jobs.enqueue", lambda name, **ids: None)


def sent_by_clock(at: Any = None) -> list[tuple[str, str]]:
    """Send what waits, twice, and return receivers and subjects."""
    mail.outbox.clear()
    tasks = {
        "requests.mail_invitation": emails.mail_invitation,
        "requests.mail_proposal": emails.mail_proposal,
        "requests.mail_declined": emails.mail_declined,
        "requests.mail_invitation_declined": emails.mail_invitation_declined,
        "requests.mail_round": emails.mail_round,
    }
    for _ in range(2):
        for task, arguments in emails.unmailed(at=at or clock.now()):
            tasks[task](**arguments)
    return sorted((one.to[0], one.subject) for one in mail.outbox)


def ask(client: User) -> ServiceRequest:
    return requests.open_request(actor=client, told=TOLD, at=clock.now())


def propose(invitation: Invitation, actor: User | None = None) -> Proposal:
    return proposals.propose(
        actor=actor or invitation.offer.provider, invitation=invitation, told=proposal_input(), at=clock.now()
    )


class TestRounds:
    def test_the_client_learns_that_more_people_are_asked(self) -> None:
        client = make_member()
        for _ in range(10):
            make_offer()
        ask(client)
        sent_by_clock()
        clocks.run_due(at=clock.now() + NEXT_ROUND_AFTER)
        told = sent_by_clock(clock.now() + NEXT_ROUND_AFTER)
        assert (client.email, "More people are asked: “A crime novel”") in told
        assert len(told) == 3  # and the two who are asked
        letter = next(one for one in mail.outbox if one.to == [client.email])
        assert "within 72 hours" in letter.body
        assert "the next 2 who fit" in letter.body

    def test_and_that_a_gap_was_counted(self) -> None:
        client = make_member()
        make_offer()
        request = ask(client)
        sent_by_clock()
        clocks.run_due(at=clock.now() + NEXT_ROUND_AFTER)
        assert sent_by_clock(clock.now() + NEXT_ROUND_AFTER) == [(client.email, "Nobody else fits: “A crime novel”")]
        (letter,) = mail.outbox
        assert "We have counted this gap" in letter.body
        assert f"/hire/requests/{request.public_id}/" in letter.body

    def test_of_the_first_round_the_page_says_everything(self) -> None:
        client = make_member()
        ask(client)
        assert sent_by_clock() == []

    def test_nobody_hears_of_a_request_that_is_closed(self) -> None:
        client = make_member()
        make_offer()
        request = ask(client)
        sent_by_clock()
        clocks.run_due(at=clock.now() + NEXT_ROUND_AFTER)
        requests.withdraw(actor=client, request=request, at=clock.now())
        assert sent_by_clock(clock.now() + NEXT_ROUND_AFTER) == []

    def test_an_old_round_is_no_news(self) -> None:
        client = make_member()
        make_offer()
        ask(client)
        sent_by_clock()
        clocks.run_due(at=clock.now() + NEXT_ROUND_AFTER)
        assert sent_by_clock(clock.now() + NEXT_ROUND_AFTER + timedelta(days=4)) == []


class TestDeclining:
    def test_the_only_one_who_was_asked_says_no(self) -> None:
        offer, client = make_offer(), make_member()
        request = requests.ask_provider(actor=client, offer=offer, told=TOLD, at=clock.now())
        sent_by_clock()
        proposals.decline_invitation(actor=offer.provider, invitation=request.invitations.get(), at=clock.now())
        name = offer.provider.display_name
        assert sent_by_clock() == [(client.email, f"{name} declined: “A crime novel”")]

    def test_one_of_eight_does_so_without_a_mail(self) -> None:
        request = make_request(offers=(make_offer(),))
        invitation = request.invitations.get()
        sent_by_clock()
        proposals.decline_invitation(actor=invitation.offer.provider, invitation=invitation, at=clock.now())
        assert sent_by_clock() == []

    def test_a_counter_proposal_is_declined_with_the_rest_in_one_mail(self) -> None:
        offer, client = make_offer(), make_member()
        request = requests.ask_provider(actor=client, offer=offer, told=TOLD, at=clock.now())
        invitation = request.invitations.get()
        propose(invitation)
        propose(invitation, client)
        sent_by_clock()
        proposals.decline_invitation(actor=offer.provider, invitation=invitation, at=clock.now())
        assert sent_by_clock() == [(client.email, "Your proposal for “A crime novel” was declined")]

    def test_whoever_was_not_hired_is_told_that_it_is_closed(self) -> None:
        request = make_request(title="A crime novel", offers=(make_offer(), make_offer()))
        chosen, other = request.invitations.order_by("pk")
        made = propose(chosen)
        propose(other)
        sent_by_clock()
        proposals.accept(actor=request.client, proposal=made, at=clock.now())
        told = sent_by_clock()
        assert told == [(other.offer.provider.email, "Your proposal for “A crime novel” was declined")]
        (letter,) = mail.outbox
        assert "The request is closed." in letter.body
        assert "propose something else" not in letter.body

    def test_nobody_is_told_of_ones_own_that_ended_with_the_request(self) -> None:
        offer, client = make_offer(), make_member()
        request = requests.ask_provider(actor=client, offer=offer, told=TOLD, at=clock.now())
        propose(request.invitations.get(), client)
        sent_by_clock()
        requests.withdraw(actor=client, request=request, at=clock.now())
        assert sent_by_clock() == []

    def test_accounts_that_are_closed_get_nothing(self) -> None:
        request = make_request(offers=(make_offer(),))
        made = propose(request.invitations.get())
        sent_by_clock()
        proposals.decline(actor=request.client, proposal=made, at=clock.now())
        User.objects.filter(pk=made.author_id).update(is_active=False)
        assert sent_by_clock() == []
