"""The pages: who sees what, and that a form does what its page says."""

from __future__ import annotations

import io
import re

import pytest
from django.test import Client
from django.urls import reverse

from common import clock
from common.money import Money
from hiring.contracts import process, services
from hiring.contracts.models import Case, Delivery, DeliveryFile, Division, Milestone
from hiring.contracts.process import Act, Actor, State
from hiring.contracts.selectors import rows
from hiring.contracts.selectors.acts import ACTS, IN_CASE
from tests.factories.accounts import make_author, make_moderator, make_operator, make_reader
from tests.hiring.contracts.factories import DAY, DUE, NOON, a_file, deliver, fund, in_state, make_contract, moved

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _plain(settings):
    settings.STAFF_SECOND_FACTOR_REQUIRED = False


def as_(person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def page_of(milestone: Milestone, name: str = "contract", *more: object) -> str:
    if name == "contract":
        return reverse("contracts:contract", args=[milestone.contract.public_id])
    return reverse(f"contracts:{name}", args=[milestone.contract.public_id, milestone.public_id, *more])


def buttons(text: str, milestone: Milestone) -> set[str]:
    """The steps that the page offers for the milestone."""
    found = {act for act in ACTS if page_of(milestone, "act", act.value) in text}
    pages = {Act.DELIVER: "deliver", Act.START_PAYING: "pay"}
    links = {act for act in IN_CASE if re.search(rf'#write"\s+aria-label="{ACTS[act].label}:', text)}
    return {*found, *links, *(act for act, name in pages.items() if page_of(milestone, name) in text)}


class TestContractPage:
    @pytest.mark.parametrize("state", list(State))
    def test_offers_what_the_table_allows_and_nothing_else(self, state: State) -> None:
        milestone = in_state(state)
        for side, person in ((Actor.CLIENT, milestone.contract.client), (Actor.PROVIDER, milestone.contract.provider)):
            text = as_(person).get(page_of(milestone)).text
            allowed = {
                row.act
                for row in process.ROWS
                if row.state == state
                and row.actor == side
                and process.is_open(row, milestone.moments, clock.database_now())
            }
            offered = buttons(text, milestone)
            assert offered <= allowed, (state, side)
            hidden = allowed - offered
            guarded = {row.act for row in process.ROWS if row.state == state and row.actor == side and row.guard}
            assert hidden <= guarded, (state, side)

    def test_strangers_find_nothing(self) -> None:
        milestone = in_state(State.DELIVERED)
        for person in (make_author(), make_reader(), make_moderator(), make_operator()):
            for name, more in (("contract", []), ("act", ["accept"]), ("deliver", [])):
                assert as_(person).get(page_of(milestone, name, *more)).status_code == 404
                if name != "contract":
                    assert as_(person).post(page_of(milestone, name, *more)).status_code == 404
        assert Client().get(page_of(milestone)).status_code == 302

    def test_forms_of_the_page_are_taken_by_a_browser(self) -> None:
        milestone = in_state(State.DELIVERED)
        contract = milestone.contract
        services.propose_division(
            actor=contract.provider, milestone=milestone, provider_minor=5000, reason="Half of it.", at=NOON
        )
        strict = Client(enforce_csrf_checks=True)
        strict.force_login(contract.client)
        page = strict.get(page_of(milestone)).content.decode()
        action = next(one for one in re.findall(r'action="([^"]+)"', page) if "/divisions/" in one)
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page[page.index(action) :])
        assert token is not None
        assert strict.post(action, {"csrfmiddlewaretoken": token[1]}).status_code == 302
        milestone.refresh_from_db()
        assert milestone.state == State.SETTLED

    @pytest.mark.parametrize(("declared", "is_told"), [("none", False), ("generated", True)])
    def test_warns_of_work_made_otherwise_than_agreed(self, declared: str, is_told: bool) -> None:
        milestone = in_state(State.FUNDED)
        told = services.DeliveryInput(note="Here it is.", files=[a_file()], ai_use=declared)
        services.deliver(actor=milestone.contract.provider, milestone=milestone, told=told, at=NOON)
        client = as_(milestone.contract.client)
        for page in (client.get(page_of(milestone)), client.get(page_of(milestone, "act", "accept"))):
            assert ("not what the contract says" in page.content.decode()) == is_told

    def test_each_side_sees_how_to_reach_the_other(self) -> None:
        milestone = in_state(State.FUNDED)
        contract = milestone.contract
        for side, other in ((contract.client, contract.provider), (contract.provider, contract.client)):
            assert f"mailto:{other.email}" in as_(side).get(page_of(milestone)).content.decode()

    def test_another_contracts_milestone_is_not_in_this_one(self) -> None:
        mine, other = in_state(State.DELIVERED), in_state(State.DELIVERED)
        address = reverse("contracts:act", args=[mine.contract.public_id, other.public_id, "accept"])
        assert as_(mine.contract.client).post(address).status_code == 404
        other.refresh_from_db()
        assert other.state == State.DELIVERED

    def test_moderators_see_it_while_there_is_a_case_and_act_in_nothing(self) -> None:
        milestone, moderator = in_state(State.IN_CASE), make_moderator()
        response = as_(moderator).get(page_of(milestone))
        assert response.status_code == 200
        assert buttons(response.text, milestone) == set()
        assert as_(moderator).post(page_of(milestone, "act", "propose_division")).status_code == 403

    def test_says_who_waits_and_until_when(self) -> None:
        milestone = in_state(State.DELIVERED)
        text = as_(milestone.contract.client).get(page_of(milestone)).text
        assert "8 December 2026, 12:00 UTC" in text
        assert "it counts as accepted if nobody answers" in text

    def test_shows_the_fee_to_the_provider_before_anything_is_released(self) -> None:
        milestone = in_state(State.FUNDED)
        provider = as_(milestone.contract.provider).get(page_of(milestone)).text
        assert "$32.00" in provider
        assert "$368.00" in provider
        assert "$32.00" not in as_(milestone.contract.client).get(page_of(milestone)).text


class TestAct:
    def test_says_first_what_it_does(self) -> None:
        milestone = in_state(State.DELIVERED)
        text = as_(milestone.contract.client).get(page_of(milestone, "act", "accept")).text
        assert "This cannot be undone" in text
        milestone.refresh_from_db()
        assert milestone.state == State.DELIVERED

    def test_accepts(self) -> None:
        milestone = in_state(State.DELIVERED)
        response = as_(milestone.contract.client).post(page_of(milestone, "act", "accept"), follow=True)
        assert "Accepted. The money is released." in response.text
        milestone.refresh_from_db()
        assert (milestone.state, milestone.released_minor) == (State.ACCEPTED, 40_000)

    def test_accepts_a_part(self) -> None:
        milestone = in_state(State.DELIVERED)
        client = as_(milestone.contract.client)
        assert client.post(page_of(milestone, "act", "accept_part"), {"amount": "100.50"}).status_code == 302
        milestone.refresh_from_db()
        assert (milestone.state, milestone.released_minor) == (State.DELIVERED, 10_050)

    @pytest.mark.parametrize("amount", ["", "0", "-1", "400", "400.01", "1.001", "x", "1e9"])
    def test_refuses_other_amounts_and_keeps_what_was_typed(self, amount: str) -> None:
        milestone = in_state(State.DELIVERED)
        response = as_(milestone.contract.client).post(page_of(milestone, "act", "accept_part"), {"amount": amount})
        assert response.status_code == 422
        milestone.refresh_from_db()
        assert milestone.released_minor == 0

    def test_says_what_is_true_when_the_other_was_first(self) -> None:
        milestone = in_state(State.DELIVERED)
        services.give_back(actor=milestone.contract.provider, milestone=milestone, at=clock.now())
        response = as_(milestone.contract.client).post(page_of(milestone, "act", "accept"))
        assert response.status_code == 422
        assert "Money returned" in response.text

    @pytest.mark.parametrize("act", ["decide", "return", "nothing", "start_paying", "answer", "write_in_case"])
    def test_has_no_page_for_steps_of_others(self, act: str) -> None:
        milestone = in_state(State.DELIVERED)
        assert as_(milestone.contract.client).get(page_of(milestone, "act", act)).status_code == 404


class TestProposeDivision:
    def test_says_what_happens_to_how_much_and_who_must_agree(self) -> None:
        contract = make_contract(amounts=[40_000, 25_000])
        first = contract.milestones.get(position=0)
        deliver(fund(first))
        services.accept(actor=contract.client, milestone=first, released_minor=10_000, at=NOON)
        text = " ".join(as_(contract.client).get(page_of(first, "act", "propose_division")).text.split())
        assert "$300.00 is held for “Part 1”" in text
        assert f"only if {contract.provider.display_name} accepts" in text
        assert "What was released before ($100.00) stays with the provider." in text
        assert "One other milestone goes on." in text

    def test_in_a_case_it_is_about_what_the_case_is_about(self) -> None:
        milestone = in_state(State.TO_DECIDE)
        text = as_(milestone.contract.provider).get(page_of(milestone, "act", "propose_division")).text
        assert "The case is about $300.00." in text
        assert "The case is closed with it." in text

    def test_the_other_side_reads_what_they_would_get(self) -> None:
        milestone = in_state(State.DELIVERED)
        contract = milestone.contract
        services.propose_division(actor=contract.client, milestone=milestone, provider_minor=10_000, at=NOON)
        text = " ".join(as_(contract.provider).get(page_of(milestone)).text.split())
        assert "<dt> You get </dt> <dd> $100.00" in text
        assert "$92.00 after our fee" in text
        assert "<dt> The client gets back </dt> <dd> $300.00 </dd>" in text
        assert "You propose to end it" in as_(contract.client).get(page_of(milestone)).text


class TestDeliver:
    def test_takes_files(self) -> None:
        milestone = in_state(State.FUNDED)
        upload = io.BytesIO(b"%PDF-1.7 a cover")
        upload.name = "cover.pdf"
        told = {"uploads": [upload], "note": "Here.", "ai_use": "none"}
        response = as_(milestone.contract.provider).post(page_of(milestone, "deliver"), told)
        assert response.status_code == 302
        file = DeliveryFile.objects.get()
        assert (file.file_name, file.size_bytes) == ("cover.pdf", 16)
        text = as_(milestone.contract.client).get(page_of(milestone)).text
        assert reverse("contracts:delivered-file", args=[file.public_id]) in text

    @pytest.mark.parametrize("content", [b"", b"MZ\x90\x00\x03\x00"])
    def test_refuses_empty_files_and_programs(self, content: bytes) -> None:
        milestone = in_state(State.FUNDED)
        upload = io.BytesIO(content)
        upload.name = "cover.exe"
        told = {"uploads": [upload], "note": "Here.", "ai_use": "none"}
        response = as_(milestone.contract.provider).post(page_of(milestone, "deliver"), told)
        assert response.status_code == 422
        assert not Delivery.objects.exists()

    def test_refuses_an_empty_delivery(self) -> None:
        milestone = in_state(State.FUNDED)
        told = {"note": "Look at my page.", "ai_use": "none"}
        response = as_(milestone.contract.provider).post(page_of(milestone, "deliver"), told)
        assert response.status_code == 422
        assert "Nothing was delivered" in response.text
        assert "Look at my page." in response.text

    def test_a_client_delivers_nothing(self) -> None:
        milestone = in_state(State.FUNDED)
        told = {"note": "", "ai_use": "none"}
        response = as_(milestone.contract.client).post(page_of(milestone, "deliver"), told)
        assert response.status_code == 422
        assert not Delivery.objects.exists()

    def test_a_file_is_for_both_sides_alone(self) -> None:
        milestone = in_state(State.FUNDED)
        upload = io.BytesIO(b"%PDF-1.7 a cover")
        upload.name = "cover.pdf"
        as_(milestone.contract.provider).post(page_of(milestone, "deliver"), {"uploads": [upload], "ai_use": "none"})
        address = reverse("contracts:delivered-file", args=[DeliveryFile.objects.get().public_id])
        response = as_(milestone.contract.client).get(address)
        assert b"".join(response.streaming_content) == b"%PDF-1.7 a cover"
        assert response["Content-Disposition"].startswith("attachment")
        assert as_(make_author()).get(address).status_code == 404
        assert as_(make_moderator()).get(address).status_code == 404


class TestCases:
    def test_the_queue_is_for_moderators(self) -> None:
        milestone = in_state(State.TO_DECIDE)
        case = Case.objects.get()
        for person in (make_reader(), milestone.contract.client, milestone.contract.provider):
            assert as_(person).get(reverse("contracts:cases")).status_code == 404
        text = as_(make_moderator()).get(reverse("contracts:cases")).text
        assert reverse("contracts:case", args=[case.public_id]) in text

    def test_a_moderator_decides_in_parts(self) -> None:
        in_state(State.TO_DECIDE)
        case = Case.objects.get()
        address = reverse("contracts:case", args=[case.public_id])
        told = {"amount": "120", "reason": "Two of five."}
        assert as_(make_moderator()).post(address, told).status_code == 302
        case.refresh_from_db()
        assert (case.provider_minor, case.closed_at) == (12_000, None)

    def test_a_side_decides_nothing(self) -> None:
        milestone = in_state(State.TO_DECIDE)
        case = Case.objects.get()
        for person in (milestone.contract.client, milestone.contract.provider):
            person.is_moderator = True
            person.save()
            response = as_(person).post(
                reverse("contracts:case", args=[case.public_id]), {"amount": "1", "reason": "Mine."}
            )
            assert response.status_code == 404
        case.refresh_from_db()
        assert case.decided_at is None

    def test_an_appeal_is_not_for_who_decided(self) -> None:
        in_state(State.APPEALED)
        case = Case.objects.get()
        address = reverse("contracts:case", args=[case.public_id])
        told = {"amount": "1", "reason": "Again."}
        assert as_(case.decided_by).post(address, told).status_code == 403
        assert as_(make_operator()).post(address, told).status_code == 302
        case.refresh_from_db()
        assert case.appeal_provider_minor == 100

    def test_strangers_find_no_case(self) -> None:
        in_state(State.TO_DECIDE)
        address = reverse("contracts:case", args=[Case.objects.get().public_id])
        assert as_(make_author()).get(address).status_code == 404
        assert as_(make_author()).post(address, {"amount": "1", "reason": "x"}).status_code == 404


class TestList:
    def test_shows_what_waits_first(self) -> None:
        milestone = in_state(State.DELIVERED)
        client = milestone.contract.client
        make_contract(client=make_author(), provider=client, title="Proofs", at=NOON + DAY)
        text = as_(client).get(reverse("contracts:contracts")).text
        assert "1 contract waits for you." in text
        assert text.index(milestone.contract.title) < text.index("Proofs")

    def test_one_accepted_and_one_called_off_is_accepted_in_part(self) -> None:
        contract = make_contract(amounts=[20_000, 25_000])
        first, second = contract.milestones.all()
        deliver(fund(first))
        services.accept(actor=contract.client, milestone=first, at=NOON)
        services.call_off(actor=contract.client, milestone=second, at=NOON)
        for person in (contract.client, contract.provider):
            row = rows.contracts_of(person)[0]
            assert (str(row.label), row.tone) == ("Accepted in part", "success")
            assert str(row.released) == str(Money(20_000, "USD"))
            text = as_(person).get(reverse("contracts:contracts")).text
            assert "Called off" not in text
            assert "$200.00" in text

    @pytest.mark.parametrize(
        ("state", "label"),
        [
            (State.ACCEPTED, "Accepted"),
            (State.CALLED_OFF, "Called off"),
            (State.RETURNED, "Money returned"),
            (State.TAKEN, "Taken back by a bank"),
            (State.SETTLED, "Settled"),
        ],
    )
    def test_one_milestone_says_where_it_is(self, state: State, label: str) -> None:
        assert str(rows.contracts_of(in_state(state).contract.client)[0].label) == label

    def test_a_part_accepted_and_the_rest_given_back_is_accepted_in_part(self) -> None:
        milestone = in_state(State.DELIVERED)
        contract = milestone.contract
        services.accept(actor=contract.client, milestone=milestone, released_minor=10_000, at=NOON)
        services.give_back(actor=contract.provider, milestone=milestone, at=NOON)
        assert str(rows.contracts_of(contract.client)[0].label) == "Accepted in part"
        assert "Accepted in part" in as_(contract.client).get(page_of(milestone)).text

    def test_is_empty_at_first(self) -> None:
        assert "No contracts yet" in as_(make_author()).get(reverse("contracts:contracts")).text

    def test_does_not_query_more_for_more(self, django_assert_max_num_queries) -> None:
        client = make_author()
        for _ in range(5):
            make_contract(client=client)
        browser = as_(client)
        with django_assert_max_num_queries(13):
            browser.get(reverse("contracts:contracts"))


class TestAmend:
    def fields(self, milestone: Milestone, **changed: str) -> dict[str, str]:
        return {
            "scope": milestone.contract.terms.scope,
            "revision_rounds": "2",
            "revision_days": "7",
            "title_0": "Part 1",
            "amount_0": "400",
            "due_0": "2026-12-08",
            **changed,
        }

    def test_both_change_the_contract(self) -> None:
        milestone = in_state(State.PLANNED)
        contract = milestone.contract
        address = reverse("contracts:amend", args=[contract.public_id])
        told = self.fields(milestone, title_1="A spine", amount_1="50", due_1="2026-12-20", reason="More.")
        assert as_(contract.client).post(address, told).status_code == 302
        amendment = contract.amendments.get()
        answer = reverse("contracts:amendment", args=[contract.public_id, amendment.public_id])
        assert "A spine" in as_(contract.provider).get(page_of(milestone)).text
        as_(contract.provider).post(answer, {"answer": "accept"})
        assert [one.title for one in contract.milestones.all()] == ["Part 1", "A spine"]

    def test_a_half_new_milestone_is_refused(self) -> None:
        milestone = in_state(State.PLANNED)
        address = reverse("contracts:amend", args=[milestone.contract.public_id])
        response = as_(milestone.contract.client).post(address, self.fields(milestone, title_1="A spine"))
        assert response.status_code == 422
        assert "A new milestone needs" in response.text

    def test_what_is_paid_only_moves(self) -> None:
        milestone = in_state(State.FUNDED)
        text = as_(milestone.contract.client).get(reverse("contracts:amend", args=[milestone.contract.public_id])).text
        assert 'name="due_0"' in text
        assert 'name="amount_0"' not in text


def test_the_standard_terms_are_public() -> None:
    response = Client().get(reverse("contracts:terms", args=[1]))
    assert response.status_code == 200
    assert "14 days" in response.text
    assert Client().get(reverse("contracts:terms", args=[99])).status_code == 404


class TestMenu:
    def test_leads_to_contracts_and_says_how_many_wait(self) -> None:
        milestone = in_state(State.DELIVERED)
        text = as_(milestone.contract.client).get(reverse("pages:account-menu")).text
        assert reverse("contracts:contracts") in text
        assert '<span class="badge">1</span>' in text
        provider = as_(milestone.contract.provider)
        assert '<span class="badge">' not in provider.get(reverse("pages:account-menu")).text
        assert "1 open contract" in provider.get(reverse("account")).text

    def test_counts_a_change_and_a_division_proposed_to_me(self) -> None:
        milestone = in_state(State.FUNDED)
        contract = milestone.contract
        client, provider = as_(contract.client), as_(contract.provider)
        menu, badge = reverse("pages:account-menu"), '<span class="badge">1</span>'
        assert badge not in client.get(menu).text
        services.propose_division(actor=contract.provider, milestone=milestone, provider_minor=1, at=NOON)
        assert badge in client.get(menu).text
        assert "proposes to end a milestone" in client.get(reverse("contracts:contracts")).text
        assert "Your turn" in client.get(page_of(milestone)).text
        Division.objects.update(replaced_at=NOON)
        assert badge not in client.get(menu).text
        later = moved(contract.terms, DUE + DAY)
        services.propose_amendment(actor=contract.provider, contract=contract, terms=later, at=NOON)
        assert badge in client.get(menu).text
        assert "proposes a change of the contract" in client.get(reverse("contracts:contracts")).text
        assert provider.get(menu).text.count(badge) == 1  # they are at work, and that is one contract

    def test_says_nothing_to_people_without_contracts(self) -> None:
        browser = as_(make_reader())
        assert reverse("contracts:contracts") not in browser.get(reverse("pages:account-menu")).text
        assert reverse("contracts:contracts") not in browser.get(reverse("account")).text

    def test_leads_moderators_to_the_cases_that_wait(self) -> None:
        in_state(State.TO_DECIDE)
        text = as_(make_moderator()).get(reverse("pages:account-menu")).text
        assert reverse("contracts:cases") in text
        assert '<span class="badge">1</span>' in text


class TestTurns:
    def test_the_second_milestone_is_not_asked_for_while_the_first_is_open(self) -> None:
        contract = make_contract(amounts=[20_000, 25_000])
        fund(contract.milestones.get(position=0))
        text = as_(contract.client).get(reverse("contracts:contract", args=[contract.public_id])).text
        assert "Pay when this part is to begin" in text
        assert "Your turn" not in text
        assert '<span class="badge">' not in as_(contract.client).get(reverse("pages:account-menu")).text

    def test_a_decision_is_never_the_turn_of_somebody_who_reads(self) -> None:
        milestone = in_state(State.TO_DECIDE)
        address = reverse("contracts:contract", args=[milestone.contract.public_id])
        assert "Your turn" not in as_(make_moderator()).get(address).text
