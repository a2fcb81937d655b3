"""Requests: who is asked, in rounds, and how they end."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from django.urls import reverse

from accounts.models import Deletion
from common import clock
from common.errors import NotFound
from hiring.conversations.services import blocks
from hiring.offers.errors import AddressUnconfirmed, StaffOffersNothing
from hiring.offers.models import OfferSample, OfferState
from hiring.requests import recompute_shortlist
from hiring.requests.errors import (
    CoAuthor,
    ForeignWork,
    NoFreePlace,
    OfferGone,
    OwnOffer,
    TooManyRequests,
    Unreachable,
)
from hiring.requests.models import (
    NEXT_ROUND_AFTER,
    REQUEST_OPEN,
    Invitation,
    InvitationAnswer,
    RequestState,
    ServiceRequest,
)
from hiring.requests.services import account_deletion, clocks, proposals, requests
from hiring.requests.services.requests import RequestInput
from tests.factories.accounts import make_finance, make_member, make_moderator, make_operator, make_reader
from tests.factories.hiring import make_offer, make_provider, make_request, proposal_input
from tests.factories.publishing import make_contributor, make_published_edition, make_work

pytestmark = [pytest.mark.django_db, pytest.mark.both]

TOLD = RequestInput(
    kind="copy_editing",
    title="Copy-editing",
    text="A crime novel.",
    language="en",
    currency="USD",
    genre="FF",
    words=80_000,
    passage="The rain had not stopped since Tuesday.",
    budget_minor=50_000,
)


def ask(actor=None, told=TOLD, **more):
    return requests.open_request(actor=actor or make_member(), told=told, at=clock.now(), **more)


def asked(request) -> set[str]:
    return {one.offer.title for one in request.invitations.select_related("offer")}


class TestOpenRequest:
    def test_asks_those_who_fit_and_counts_the_others(self):
        make_offer(title="fits")
        make_offer(title="dear", price_minor=60_000)
        make_offer(title="full", places=0)
        make_offer(title="away", provider=make_provider(said={"is_available": False}))
        make_offer(title="German", languages=(("de", ""),))
        make_offer(title="draft", state=OfferState.DRAFT)
        make_offer(title="cover", kind="cover_design")
        make_offer(title="staff", provider=make_provider(is_moderator=True))
        request = ask()
        assert asked(request) == {"fits"}
        shortlist = request.shortlists.get()
        assert shortlist.left_out == {"budget": 1, "no_place": 1, "away": 1, "languages": 1}
        assert (shortlist.fitting, request.is_gap) == (1, False)

    def test_leaves_out_the_client_and_people_credited_on_the_book(self):
        client = make_member()
        work = make_work(owner=client)
        credited = make_offer(title="credited")
        make_contributor(work, user=credited.provider, role="edt")
        make_offer(title="own", provider=client)
        make_offer(title="fits")
        request = ask(client, replace(TOLD, work=work))
        assert asked(request) == {"fits"}
        assert len(request.shortlists.get().candidates) == 1

    @pytest.mark.parametrize("who_blocks", ["client", "provider"])
    def test_nobody_learns_who_has_blocked_whom(self, who_blocks):
        client, offer = make_member(), make_offer()
        pair = (client, offer.provider) if who_blocks == "client" else (offer.provider, client)
        blocks.block(actor=pair[0], other=pair[1], at=clock.now())
        shortlist = ask(client).shortlists.get()
        assert shortlist.left_out == {"away": 1}

    def test_reads_samples_and_credits_as_genres_shown(self):
        offer = make_offer()
        OfferSample.objects.create(offer=offer, title="A", text="a", genre="FH", added_at=clock.now())
        book = make_published_edition(subject="FF")
        make_contributor(book.work, user=offer.provider, role="edt")
        candidate = ask().shortlists.get().candidates[0]
        assert candidate.shown_genres == ("FF", "FH")

    def test_counts_places_of_28_days(self):
        make_offer()
        ask()
        assert ask().shortlists.get().candidates[0].recent_places == 1

    def test_the_same_form_twice_is_one_request(self):
        client, token = make_member(), "6f1f3f3e-7f3f-4f3f-8f3f-6f3f3f3f3f3f"
        assert ask(client, form_token=token).pk == ask(client, form_token=token).pk

    @pytest.mark.parametrize("make", [make_moderator, make_finance, make_operator])
    def test_refuses_staff(self, make):
        with pytest.raises(StaffOffersNothing):
            ask(make())

    def test_refuses_who_has_not_confirmed_an_address(self):
        with pytest.raises(AddressUnconfirmed):
            ask(make_reader())

    def test_refuses_the_book_of_somebody_else(self):
        with pytest.raises(ForeignWork):
            ask(told=replace(TOLD, work=make_work()))

    def test_refuses_one_too_many(self):
        client = make_member()
        for _ in range(requests.MAX_OPEN):
            ask(client)
        with pytest.raises(TooManyRequests):
            ask(client)

    def test_nobody_is_a_gap(self):
        request = ask()
        assert request.is_gap
        assert request.next_round_at is None


class TestAskProvider:
    def ask(self, offer, actor=None, told=TOLD):
        return requests.ask_provider(actor=actor or make_member(), offer=offer, told=told, at=clock.now())

    def test_asks_this_one_alone_whatever_the_budget(self):
        make_offer(title="other")
        request = self.ask(make_offer(title="asked", price_minor=90_000))
        assert asked(request) == {"asked"}
        assert not request.shortlists.exists()

    def test_refuses_oneself(self):
        offer = make_offer()
        with pytest.raises(OwnOffer):
            self.ask(offer, actor=offer.provider)

    def test_refuses_offers_that_are_gone(self):
        for offer in (make_offer(state=OfferState.PAUSED), make_offer(provider=make_provider(is_finance=True))):
            with pytest.raises(OfferGone):
                self.ask(offer)

    def test_refuses_people_who_are_apart(self):
        client, offer = make_member(), make_offer()
        blocks.block(actor=offer.provider, other=client, at=clock.now())
        with pytest.raises(Unreachable):
            self.ask(offer, actor=client)

    def test_refuses_a_co_author_and_a_full_one(self):
        client, offer = make_member(), make_offer()
        work = make_work(owner=client)
        make_contributor(work, user=offer.provider, role="edt")
        with pytest.raises(CoAuthor):
            self.ask(offer, client, replace(TOLD, work=work))
        with pytest.raises(NoFreePlace):
            self.ask(make_offer(places=0))
        assert not ServiceRequest.objects.exists()


class TestRounds:
    def test_the_next_eight_are_asked_when_nobody_answers(self):
        for number in range(12):
            make_offer(title=f"offer {number}")
        request, start = ask(), clock.now()
        clocks.run_due(at=start + NEXT_ROUND_AFTER - timedelta(seconds=1))
        assert request.invitations.count() == 8
        clocks.run_due(at=start + NEXT_ROUND_AFTER)
        clocks.run_due(at=start + NEXT_ROUND_AFTER)
        assert request.invitations.count() == 12
        assert request.shortlists.get(number=2).left_out == {"asked": 8}

    def test_then_nobody_is_left_and_the_gap_is_counted(self):
        make_offer()
        request = ask()
        clocks.run_due(at=clock.now() + NEXT_ROUND_AFTER)
        request.refresh_from_db()
        assert (request.is_gap, request.next_round_at) == (True, None)

    def test_an_answer_stops_the_rounds(self):
        for _ in range(9):
            make_offer()
        request = ask()
        invitation = request.invitations.first()
        proposals.propose(actor=invitation.offer.provider, invitation=invitation, told=proposal_input(), at=clock.now())
        clocks.run_due(at=clock.now() + NEXT_ROUND_AFTER)
        request.refresh_from_db()
        assert request.invitations.count() == 8
        assert request.next_round_at is None

    def test_a_refusal_does_not(self):
        for _ in range(9):
            make_offer()
        request = ask()
        request.invitations.update(answer=InvitationAnswer.DECLINED, answered_at=clock.now())
        clocks.run_due(at=clock.now() + NEXT_ROUND_AFTER)
        assert request.invitations.count() == 9

    def test_a_request_ends_after_its_time(self):
        make_offer()
        request = ask()
        clocks.run_due(at=clock.now() + REQUEST_OPEN)
        request.refresh_from_db()
        assert request.state == RequestState.EXPIRED


class TestPublishedInputs:
    def test_a_shortlist_can_be_recomputed_by_anybody_who_has_its_address(self, client, tmp_path):
        for number in range(11):
            make_offer(title=f"offer {number}", genres=("FF", "FM") if number % 2 else ("FH",))
        request = ask()
        response = client.get(reverse("requests:inputs", args=[request.public_id, 1]))
        (tmp_path / "shortlist.json").write_bytes(response.content)
        (tmp_path / "recompute_shortlist.py").write_bytes(client.get(reverse("requests:script")).content)
        command = [sys.executable, "-I", "-S", "recompute_shortlist.py", "shortlist.json"]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout
        assert done.stdout.count("points") == 8

    def test_they_name_neither_client_nor_book_nor_words(self, client):
        owner = make_member(display_name="Ada Quill")
        make_offer()
        request = ask(owner, replace(TOLD, work=make_work(owner=owner, title="The Secret")))
        text = client.get(reverse("requests:inputs", args=[request.public_id, 1])).content.decode()
        for secret in ("Ada Quill", owner.public_id, "The Secret", request.work.public_id, TOLD.passage, TOLD.text):
            assert secret not in text

    def test_there_are_none_of_another_round_or_request(self, client):
        request = ask()
        assert client.get(reverse("requests:inputs", args=[request.public_id, 2])).status_code == 404
        assert client.get(reverse("requests:inputs", args=["rqt_unknown", 1])).status_code == 404

    def test_the_program_is_the_one_that_is_used(self, client):
        script = client.get(reverse("requests:script")).content
        assert script == Path(recompute_shortlist.__file__).read_bytes()

    def test_the_file_says_its_format(self, client):
        request = ask()
        data = json.loads(client.get(reverse("requests:inputs", args=[request.public_id, 1])).content)
        assert data["format"] == recompute_shortlist.FORMAT


class TestWithdraw:
    def test_ends_what_is_open(self):
        offer = make_offer()
        request = make_request(offers=(offer,))
        made = proposals.propose(
            actor=offer.provider, invitation=request.invitations.get(), told=proposal_input(), at=clock.now()
        )
        requests.withdraw(actor=request.client, request=request, at=clock.now())
        made.refresh_from_db()
        assert made.state == "declined"

    def test_is_the_clients_alone(self):
        offer = make_offer()
        request = make_request(offers=(offer,))
        for stranger in (offer.provider, make_member(), make_moderator()):
            with pytest.raises(NotFound):
                requests.withdraw(actor=stranger, request=request, at=clock.now())


class TestErasure:
    @pytest.mark.parametrize("who", ["client", "provider"])
    def test_deletes_what_was_asked_and_proposed(self, who):
        offer = make_offer()
        request = make_request(offers=(offer,))
        proposals.propose(
            actor=offer.provider, invitation=request.invitations.get(), told=proposal_input(), at=clock.now()
        )
        person = request.client if who == "client" else offer.provider
        now = clock.now()
        account_deletion.erase(Deletion.objects.create(user=person, asked_at=now, due_at=now), now)
        assert not Invitation.objects.exists()
        assert ServiceRequest.objects.exists() == (who == "provider")

    def test_forgets_closed_requests_after_a_year(self):
        now = clock.now()
        make_request(state="withdrawn", closed_at=now - timedelta(days=364))
        make_request(state="withdrawn", closed_at=now - timedelta(days=366))
        make_request()
        account_deletion.forget(now)
        assert ServiceRequest.objects.count() == 2
