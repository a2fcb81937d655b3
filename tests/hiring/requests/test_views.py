"""Pages of requests and proposals: what each side sees and does."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from common import clock
from hiring.contracts.models import Contract
from hiring.conversations.services import blocks
from hiring.requests.models import Invitation, Proposal, ServiceRequest
from hiring.requests.services import proposals, requests
from hiring.requests.services.requests import RequestInput
from tests.factories.accounts import make_member, make_moderator
from tests.factories.editing import make_text
from tests.factories.hiring import make_offer, make_request, proposal_input
from tests.factories.publishing import make_published_edition

pytestmark = pytest.mark.django_db

FORM = {
    "kind": "copy_editing",
    "title": "Copy-editing of a crime novel",
    "text": "A keeper and a letter.",
    "words": "80000",
    "language": "en",
    "genre": "FF",
    "passage": "The rain had not stopped since Tuesday.",
    "budget": "500",
    "currency": "USD",
}


def proposal_form(**changes) -> dict[str, str]:
    day = (clock.now().date() + timedelta(days=20)).isoformat()
    return {
        "scope": "I copy-edit the whole text.",
        "revision_rounds": "2",
        "revision_days": "7",
        "rights": "book",
        "ai_use": "none",
        "credit_name": "",
        "currency": "USD",
        "milestones-TOTAL_FORMS": "2",
        "milestones-INITIAL_FORMS": "0",
        "milestones-0-title": "All of it",
        "milestones-0-amount": "400",
        "milestones-0-due_on": day,
        "milestones-1-title": "",
        "milestones-1-amount": "",
        "milestones-1-due_on": "",
        **changes,
    }


@pytest.fixture
def invitation(db):
    return make_request(offers=(make_offer(),)).invitations.get()


class TestNew:
    def test_asks_and_shows_who_was_asked_and_why(self, client):
        fits = make_offer(title="Line editing", genres=("FF",))
        make_offer(title="Dear", price_minor=60_000)
        client.force_login(make_member())
        made = client.post(reverse("requests:new"), FORM)
        page = client.get(made["Location"]).content.decode()
        for shown in ("Line editing", "Knows the genre: Crime and mystery", "300", "1 over the budget", "$100.00 over"):
            assert shown in page
        assert fits.public_id in page

    def test_to_one_provider_needs_no_kind(self, client):
        offer = make_offer(price_minor=99_000)
        client.force_login(make_member())
        address = f"{reverse('requests:new')}?offer={offer.public_id}"
        assert "Nobody else sees this" in client.get(address).content.decode()
        client.post(address, {name: value for name, value in FORM.items() if name != "kind"})
        assert Invitation.objects.get().offer == offer

    @pytest.mark.parametrize(
        "wrong",
        [
            {"title": ""},
            {"text": ""},
            {"language": "xx"},
            {"currency": "JPY"},
            {"budget": "-1"},
            {"budget": "0"},
            {"budget": "lots"},
            {"kind": "plumbing"},
            {"kind": "translation", "target": ""},
            {"kind": "translation", "target": "en"},
            {"words": "-5"},
            {"wanted_on": "tomorrow"},
            {"genre": "XYZ9"},
        ],
        ids=str,
    )
    def test_gives_a_wrong_form_back_with_everything(self, client, wrong):
        client.force_login(make_member())
        response = client.post(reverse("requests:new"), FORM | wrong)
        assert response.status_code == 422
        assert FORM["passage"] in response.content.decode()
        assert not ServiceRequest.objects.exists()

    def test_the_same_form_twice_is_one_request(self, client):
        client.force_login(make_member())
        form = FORM | {"form_token": "6f1f3f3e-7f3f-4f3f-8f3f-6f3f3f3f3f3f"}
        first, second = (client.post(reverse("requests:new"), form)["Location"] for _ in range(2))
        assert first == second

    def test_takes_the_passage_from_a_chapter_of_ones_own_book(self, client):
        book = make_published_edition()
        make_text(work=book.work, edition=book)
        client.force_login(book.work.owner)
        page = client.get(reverse("requests:new"), {"work": book.work.public_id, "chapter": "c1"})
        assert page.context["form"]["passage"].value()
        client.force_login(make_member())
        page = client.get(reverse("requests:new"), {"work": book.work.public_id, "chapter": "c1"})
        assert not page.context["form"]["passage"].value()

    def test_refuses_staff_and_unknown_offers(self, client):
        client.force_login(make_moderator())
        assert client.get(reverse("requests:new")).status_code == 403
        client.force_login(make_member())
        assert client.get(f"{reverse('requests:new')}?offer=ofr_unknown").status_code == 404


class TestPages:
    def test_a_request_is_its_clients_alone(self, client, invitation):
        address = reverse("requests:request", args=[invitation.request.public_id])
        for stranger in (invitation.offer.provider, make_member(), make_moderator()):
            client.force_login(stranger)
            assert client.get(address).status_code == 404
        client.force_login(invitation.request.client)
        assert client.get(address).status_code == 200

    def test_what_is_asked_is_the_two_sides_alone(self, client, invitation):
        address = reverse("requests:asked", args=[invitation.public_id])
        for stranger in (make_member(), make_moderator(), make_offer().provider):
            client.force_login(stranger)
            assert client.get(address).status_code == 404
            assert client.get(reverse("requests:propose", args=[invitation.public_id])).status_code == 404
            assert client.post(reverse("requests:message", args=[invitation.public_id])).status_code == 404
        for side in (invitation.request.client, invitation.offer.provider):
            client.force_login(side)
            assert invitation.request.passage in client.get(address).content.decode()

    def test_others_who_are_asked_see_nothing_of_each_other(self, client, invitation):
        other = make_offer()
        second = invitation.request.invitations.create(offer=other, asked_at=clock.now())
        proposals.propose(
            actor=other.provider, invitation=second, told=proposal_input(scope="A secret price."), at=clock.now()
        )
        client.force_login(invitation.offer.provider)
        assert client.get(reverse("requests:asked", args=[second.public_id])).status_code == 404
        page = client.get(reverse("requests:asked", args=[invitation.public_id])).content.decode()
        assert other.provider.display_name not in page

    def test_lists_what_one_asked_and_is_asked(self, client, invitation):
        client.force_login(invitation.request.client)
        assert invitation.request.title in client.get(reverse("requests:mine")).content.decode()
        client.force_login(invitation.offer.provider)
        assert "You have asked nobody yet" in client.get(reverse("requests:mine")).content.decode()
        assert invitation.request.title in client.get(f"{reverse('requests:mine')}?asked").content.decode()
        assert "1 waits for your answer" in client.get(reverse("account")).content.decode()

    def test_explains_the_formula_to_everybody(self, client):
        assert "recompute_shortlist.py" in client.get(reverse("requests:how")).content.decode()

    def test_a_long_list_takes_a_fixed_number_of_queries(self, client, django_assert_max_num_queries):
        for number in range(8):
            make_offer(title=f"offer {number}")
        person = make_member()
        told = RequestInput("copy_editing", "A", "B", "en", "USD", genre="FF")
        request = requests.open_request(actor=person, told=told, at=clock.now())
        client.force_login(person)
        with django_assert_max_num_queries(30):
            client.get(reverse("requests:request", args=[request.public_id]))


class TestPropose:
    def test_from_proposal_to_contract(self, client, invitation):
        client.force_login(invitation.offer.provider)
        client.post(reverse("requests:propose", args=[invitation.public_id]), proposal_form())
        proposal = Proposal.objects.get()
        client.force_login(invitation.request.client)
        page = client.get(reverse("requests:asked", args=[invitation.public_id])).content.decode()
        for shown in ("$400.00", "$32.00", "$368.00"):  # paid, our fee, the provider's part
            assert shown in page
        done = client.post(reverse("requests:answer", args=[proposal.public_id, "accept"]))
        assert done["Location"] == reverse("contracts:contract", args=[Contract.objects.get().public_id])

    def test_a_counter_proposal_begins_with_the_last_one(self, client, invitation):
        proposals.propose(actor=invitation.offer.provider, invitation=invitation, told=proposal_input(), at=clock.now())
        client.force_login(invitation.request.client)
        page = client.get(reverse("requests:propose", args=[invitation.public_id])).content.decode()
        assert "I copy-edit the whole text in two halves." in page
        assert 'value="200.00"' in page

    def test_a_day_is_for_the_browser_whatever_the_country_writes(self, client, invitation):
        proposals.propose(actor=invitation.offer.provider, invitation=invitation, told=proposal_input(), at=clock.now())
        day = proposal_input().milestones[0].due_on
        client.force_login(invitation.request.client)
        for region in ("", "/en-gb", "/de-at"):
            page = client.get(region + reverse("requests:propose", args=[invitation.public_id]), follow=True)
            assert f'value="{day.isoformat()}"' in page.content.decode()

    @pytest.mark.parametrize(
        "wrong",
        [
            {"scope": ""},
            {"milestones-0-amount": "19.99"},
            {"milestones-0-amount": "many"},
            {"milestones-0-amount": ""},
            {"milestones-0-due_on": "2020-01-01"},
            {"milestones-0-title": ""},
            {"milestones-0-title": "", "milestones-0-amount": "", "milestones-0-due_on": ""},
            {"revision_rounds": "11"},
            {"rights": "everything"},
            {"currency": "JPY"},
            {"milestones-TOTAL_FORMS": "many"},
        ],
        ids=str,
    )
    def test_gives_a_wrong_form_back(self, client, invitation, wrong):
        client.force_login(invitation.offer.provider)
        response = client.post(reverse("requests:propose", args=[invitation.public_id]), proposal_form(**wrong))
        assert response.status_code == 422
        assert not Proposal.objects.exists()

    def test_says_why_it_cannot_be_accepted_any_more(self, client, invitation):
        made = proposals.propose(
            actor=invitation.offer.provider, invitation=invitation, told=proposal_input(), at=clock.now()
        )
        blocks.block(actor=invitation.offer.provider, other=invitation.request.client, at=clock.now())
        client.force_login(invitation.request.client)
        done = client.post(reverse("requests:answer", args=[made.public_id, "accept"]), follow=True)
        assert "does not take requests from you" in done.content.decode()

    @pytest.mark.parametrize("action", ["accept", "decline", "withdraw", "burn"])
    def test_strangers_answer_nothing(self, client, invitation, action):
        made = proposals.propose(
            actor=invitation.offer.provider, invitation=invitation, told=proposal_input(), at=clock.now()
        )
        client.force_login(make_member())
        assert client.post(reverse("requests:answer", args=[made.public_id, action])).status_code == 404
        made.refresh_from_db()
        assert made.is_open

    def test_questions_open_a_conversation_of_the_two(self, client, invitation):
        client.force_login(invitation.offer.provider)
        there = client.post(reverse("requests:message", args=[invitation.public_id]))["Location"]
        assert client.get(there).status_code == 200
        client.force_login(invitation.request.client)
        assert client.get(there).status_code == 200
        client.force_login(make_member())
        assert client.get(there).status_code == 404


class TestHireAgain:
    def test_takes_two_clicks(self, client, invitation):
        made = proposals.propose(
            actor=invitation.offer.provider, invitation=invitation, told=proposal_input(), at=clock.now()
        )
        person = invitation.request.client
        contract = proposals.accept(actor=person, proposal=made, at=clock.now()).contract
        Contract.objects.update(ended_at=clock.now())
        client.force_login(person)
        address = f"{reverse('requests:new')}?offer={invitation.offer.public_id}&again={contract}"
        there = client.get(reverse("contracts:contract", args=[contract])).content.decode()
        assert address.replace("&", "&amp;") in there
        form = client.get(address).context["form"]
        sent = {name: form[name].value() or "" for name in form.fields}
        assert sent["text"] == invitation.request.text
        client.post(address, sent)
        assert Invitation.objects.filter(offer=invitation.offer).count() == 2

    def test_repeats_nothing_of_others(self, client, invitation):
        made = proposals.propose(
            actor=invitation.offer.provider, invitation=invitation, told=proposal_input(), at=clock.now()
        )
        contract = proposals.accept(actor=invitation.request.client, proposal=made, at=clock.now()).contract
        client.force_login(make_member())
        form = client.get(f"{reverse('requests:new')}?again={contract}").context["form"]
        assert not form["text"].value()
