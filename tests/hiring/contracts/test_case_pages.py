"""Cases as people use them: both sides write with files, who opened one withdraws it, and the decision is shown."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from common import clock
from common.errors import NotAllowed, NotFound
from hiring.contracts import services
from hiring.contracts.errors import (
    AnswerFirst,
    CaseTooLong,
    NothingWritten,
    NotInThisState,
    NotYourCase,
    SecondPersonNeeded,
    TimeIsOver,
    WithdrawnBefore,
)
from hiring.contracts.models import Case, CaseFile, CaseStatement, Milestone
from hiring.contracts.process import State
from hiring.contracts.services import cases
from royalties.selectors import milestones as ledger
from royalties.services import clearing
from tests.factories.accounts import make_author, make_moderator, make_operator, make_reader
from tests.hiring.contracts.factories import DAY, NOON, a_stored_file, in_state
from tests.hiring.contracts.test_services_cases import mails_to

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _plain(settings):
    settings.STAFF_SECOND_FACTOR_REQUIRED = False


def as_(person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def page_of(case: Case, name: str = "case") -> str:
    return reverse(f"contracts:{name}", args=[case.public_id])


def a_case(state: State) -> tuple[Milestone, Case]:
    milestone = in_state(state)
    return milestone, Case.objects.get()


def pdf(name: str = "brief.pdf", content: bytes = b"%PDF-1.7 the brief") -> io.BytesIO:
    upload = io.BytesIO(content)
    upload.name = name
    return upload


class TestWriting:
    @pytest.mark.parametrize("state", [State.TO_DECIDE, State.APPEALED])
    def test_both_sides_write_and_the_other_is_told(self, state: State) -> None:
        milestone, case = a_case(state)
        client, provider = milestone.contract.client, milestone.contract.provider
        for actor, other in ((client, provider), (provider, client)):
            services.write_in_case(actor=actor, case=case, body=f"From {actor.pk}.", at=NOON)
            assert mails_to(other)[-1] == "More in the case about “Part 1”"
        milestone.refresh_from_db()
        assert (milestone.state, milestone.since) == (state, NOON)

    def test_before_the_answer_only_who_opened_it_adds_to_it(self) -> None:
        milestone, case = a_case(State.IN_CASE)
        services.write_in_case(actor=milestone.contract.client, case=case, body="One more thing.", at=NOON)
        with pytest.raises(AnswerFirst):
            services.write_in_case(actor=milestone.contract.provider, case=case, body="No.", at=NOON)
        with pytest.raises(TimeIsOver):
            services.write_in_case(actor=milestone.contract.client, case=case, body="Late.", at=NOON + 7 * DAY)

    def test_nobody_writes_after_the_decision_or_from_outside(self) -> None:
        milestone, case = a_case(State.DECIDED)
        with pytest.raises(NotInThisState):
            services.write_in_case(actor=milestone.contract.client, case=case, body="But.", at=NOON)
        for person in (make_author(), make_moderator()):
            with pytest.raises((NotFound, NotAllowed)):
                services.write_in_case(actor=person, case=case, body="Hm.", at=NOON)

    def test_says_something_and_not_for_ever(self, monkeypatch: pytest.MonkeyPatch) -> None:
        milestone, case = a_case(State.TO_DECIDE)
        client = milestone.contract.client
        with pytest.raises(NothingWritten):
            services.write_in_case(actor=client, case=case, body="", at=NOON)
        monkeypatch.setattr(cases, "MAX_STATEMENTS", 2)
        for number in range(2):
            services.write_in_case(actor=client, case=case, body=f"{number}", at=NOON)
        with pytest.raises(CaseTooLong):
            services.write_in_case(actor=client, case=case, body="More.", at=NOON)

    def test_sent_twice_is_there_once(self) -> None:
        milestone, case = a_case(State.TO_DECIDE)
        file = a_stored_file()
        for _ in range(2):
            services.write_in_case(actor=milestone.contract.client, case=case, body="Look.", files=[file], at=NOON)
        assert CaseStatement.objects.filter(body="Look.").count() == CaseFile.objects.count() == 1

    def test_answers_with_files_that_both_and_moderators_download(self) -> None:
        milestone, case = a_case(State.IN_CASE)
        provider = as_(milestone.contract.provider)
        told = {"body": "It is in the brief.", "uploads": [pdf()]}
        response = provider.post(page_of(case, "case-write"), told, follow=True)
        assert "Your answer is in the case." in response.text
        assert "brief.pdf" in response.text
        milestone.refresh_from_db()
        assert milestone.state == State.TO_DECIDE
        address = reverse("contracts:case-file", args=[CaseFile.objects.get().public_id])
        for person in (milestone.contract.client, milestone.contract.provider, make_moderator()):
            answer = as_(person).get(address)
            assert b"".join(answer.streaming_content) == b"%PDF-1.7 the brief"
            assert answer["Content-Disposition"].startswith("attachment")
        for person in (make_author(), make_reader()):
            assert as_(person).get(address).status_code == 404

    @pytest.mark.parametrize("upload", [pdf("run.exe", b"MZ\x90\x00\x03\x00"), pdf("empty.pdf", b"")])
    def test_refuses_programs_and_keeps_the_words(self, upload: io.BytesIO) -> None:
        milestone, case = a_case(State.TO_DECIDE)
        upload.seek(0)
        told = {"body": "See the file.", "uploads": [upload]}
        response = as_(milestone.contract.client).post(page_of(case, "case-write"), told)
        assert response.status_code == 422
        assert "See the file." in response.text
        assert not CaseFile.objects.exists()

    def test_is_not_for_others(self) -> None:
        _milestone, case = a_case(State.TO_DECIDE)
        assert as_(make_author()).post(page_of(case, "case-write"), {"body": "Hm."}).status_code == 404
        assert as_(make_moderator()).post(page_of(case, "case-write"), {"body": "Hm."}).status_code == 403
        assert Client().post(page_of(case, "case-write"), {"body": "Hm."}).status_code == 302
        assert CaseStatement.objects.count() == 1


class TestWithdrawing:
    @pytest.mark.parametrize("state", [State.IN_CASE, State.TO_DECIDE])
    def test_goes_back_with_the_time_that_was_left(self, state: State) -> None:
        milestone = in_state(State.DELIVERED)
        client, provider = milestone.contract.client, milestone.contract.provider
        opened = NOON + 3 * DAY
        case = services.open_case(actor=client, milestone=milestone, amount_minor=30_000, reason="No.", at=opened)
        if state == State.TO_DECIDE:
            services.answer_case(actor=provider, case=case, body="Yes.", at=opened)
        division = services.propose_division(actor=provider, milestone=milestone, provider_minor=20_000, at=opened)
        services.withdraw_case(actor=client, case=case, at=opened + 5 * DAY)
        milestone.refresh_from_db()
        assert (milestone.state, milestone.since) == (State.DELIVERED, NOON + 5 * DAY)
        assert (milestone.released_minor, milestone.held_minor) == (10_000, 30_000)
        division.refresh_from_db()
        assert division.replaced_at is not None
        assert mails_to(provider)[-1] == "The case about “Part 1” is withdrawn"
        services.run_clock(milestone_id=milestone.pk, at=NOON + 19 * DAY)
        milestone.refresh_from_db()
        assert (milestone.state, milestone.released_minor) == (State.RELEASED, 40_000)

    def test_a_provider_goes_back_to_the_revision(self) -> None:
        milestone = in_state(State.IN_REVISION)
        provider = milestone.contract.provider
        case = services.open_case(actor=provider, milestone=milestone, amount_minor=40_000, reason="New.", at=NOON)
        services.withdraw_case(actor=provider, case=case, at=NOON + DAY)
        milestone.refresh_from_db()
        assert (milestone.state, milestone.since, milestone.held_minor) == (State.IN_REVISION, NOON + DAY, 40_000)

    def test_what_was_stopped_in_clearing_is_payable(self) -> None:
        milestone = in_state(State.RELEASED)
        client = milestone.contract.client
        case = services.open_case(actor=client, milestone=milestone, amount_minor=25_000, reason="No.", at=NOON)
        services.withdraw_case(actor=client, case=case, at=NOON + DAY)
        milestone.refresh_from_db()
        assert (milestone.state, milestone.released_minor) == (State.ACCEPTED, 40_000)
        clearing.clear_due(at=NOON + 6 * DAY)
        position = ledger.position(milestone.public_id)
        assert position is not None
        assert position.in_clearing.amount_minor == 0

    def test_only_by_who_opened_it_and_while_nobody_decided(self) -> None:
        milestone, case = a_case(State.TO_DECIDE)
        with pytest.raises(NotYourCase):
            services.withdraw_case(actor=milestone.contract.provider, case=case, at=NOON)
        with pytest.raises(NotFound):
            services.withdraw_case(actor=make_author(), case=case, at=NOON)
        services.decide_case(actor=make_moderator(), case=case, provider_minor=1, reason="So.", at=NOON)
        with pytest.raises(NotInThisState):
            services.withdraw_case(actor=milestone.contract.client, case=case, at=NOON)

    def test_once_for_each_milestone_or_clocks_would_never_end(self) -> None:
        milestone, case = a_case(State.IN_CASE)
        client = milestone.contract.client
        services.withdraw_case(actor=client, case=case, at=NOON)
        again = services.open_case(actor=client, milestone=milestone, amount_minor=30_000, reason="Yet.", at=NOON)
        with pytest.raises(WithdrawnBefore):
            services.withdraw_case(actor=client, case=again, at=NOON)
        address = reverse("contracts:contract", args=[milestone.contract.public_id])
        assert "/withdraw_case/" not in as_(client).get(address).text

    def test_the_database_keeps_a_decided_case(self) -> None:
        _milestone, case = a_case(State.DECIDED)
        with pytest.raises(IntegrityError), transaction.atomic():
            Case.objects.filter(pk=case.pk).update(withdrawn_at=NOON, closed_at=NOON)

    def test_its_page_says_what_follows(self) -> None:
        milestone, case = a_case(State.IN_CASE)
        client = as_(milestone.contract.client)
        address = reverse("contracts:act", args=[milestone.contract.public_id, milestone.public_id, "withdraw_case"])
        text = client.get(address).text
        assert "$300.00 stays held, and the milestone goes back to “Delivered”." in text
        assert client.post(address).status_code == 302
        case.refresh_from_db()
        assert case.withdrawn_at is not None
        assert "withdrew the case" in client.get(page_of(case)).text


class TestDecision:
    @pytest.mark.parametrize("where", ["case", "contract"])
    def test_is_shown_in_parts_with_its_reason_and_the_time_to_appeal(self, where: str) -> None:
        milestone, case = a_case(State.DECIDED)
        contract = milestone.contract
        address = page_of(case) if where == "case" else reverse("contracts:contract", args=[contract.public_id])
        seen = {side: " ".join(as_(side).get(address).text.split()) for side in (contract.client, contract.provider)}
        for text in seen.values():
            assert "Two of three." in text
            assert "Both sides can appeal to a second person until <strong>8 December 2026, 12:00 UTC</strong>" in text
        assert "<dt> You get back </dt> <dd> $100.00 </dd>" in seen[contract.client]
        assert "<dt> The provider gets </dt> <dd> $200.00" in seen[contract.client]
        assert "after our fee" not in seen[contract.client]
        assert "<dt> You get </dt> <dd> $200.00" in seen[contract.provider]
        assert "$184.00 after our fee" in seen[contract.provider]

    def test_of_the_appeal_is_shown_as_final_and_as_the_ledger_has_it(self) -> None:
        milestone, case = a_case(State.APPEALED)
        services.decide_appeal(actor=make_operator(), case=case, provider_minor=5_000, reason="Less.", at=NOON)
        text = " ".join(as_(milestone.contract.provider).get(page_of(case)).text.split())
        assert "Look again." in text
        assert "Final since 24 November 2026" in text
        assert "$46.00 after our fee" in text
        position = ledger.position(milestone.public_id)
        assert position is not None
        assert position.fee.amount_minor == 1_200  # of 100.00 accepted and 50.00 decided

    def test_after_silence_is_what_the_provider_keeps(self) -> None:
        milestone = in_state(State.RELEASED)
        contract = milestone.contract
        case = services.open_case(
            actor=contract.client, milestone=milestone, amount_minor=25_000, reason="No.", at=NOON
        )
        services.answer_case(actor=contract.provider, case=case, body="Yes.", at=NOON)
        services.decide_case(actor=make_moderator(), case=case, provider_minor=20_000, reason="So.", at=NOON)
        services.run_clock(milestone_id=milestone.pk, at=NOON + 14 * DAY)
        text = " ".join(as_(contract.provider).get(page_of(case)).text.split())
        assert "$184.00 after our fee" in text
        assert "<dt> The client gets back </dt> <dd> $50.00 </dd>" in text

    def test_what_both_agreed_is_shown_instead(self) -> None:
        milestone, case = a_case(State.TO_DECIDE)
        contract = milestone.contract
        division = services.propose_division(
            actor=contract.provider, milestone=milestone, provider_minor=12_000, at=NOON
        )
        assert "proposes to end it and divide the money" in as_(contract.client).get(page_of(case)).text
        services.accept_division(actor=contract.client, division=division, at=NOON + timedelta(hours=1))
        text = " ".join(as_(contract.client).get(page_of(case)).text.split())
        assert "Both sides agreed" in text
        assert "<dt> You get back </dt> <dd> $180.00 </dd>" in text


class TestFilesFromTheStart:
    def test_are_shown_with_the_opening_of_a_case(self) -> None:
        milestone = in_state(State.DELIVERED)
        client = as_(milestone.contract.client)
        address = reverse("contracts:act", args=[milestone.contract.public_id, milestone.public_id, "open_case"])
        with clock.frozen(NOON):
            assert 'type="file"' in client.get(address).text
            told = {"amount": "300.00", "reason": "Not what we said.", "uploads": [pdf()]}
            page = client.post(address, told, follow=True)
            assert "brief.pdf" in page.text
            assert "The other side has not answered." in page.text
        assert CaseFile.objects.get().statement.author == milestone.contract.client

    def test_are_shown_with_an_appeal(self) -> None:
        milestone, case = a_case(State.DECIDED)
        provider = as_(milestone.contract.provider)
        address = reverse("contracts:act", args=[milestone.contract.public_id, milestone.public_id, "appeal"])
        with clock.frozen(NOON):
            provider.post(address, {"body": "Look again.", "uploads": [pdf("proof.pdf")]})
            assert "proof.pdf" in provider.get(page_of(case)).text
        case.refresh_from_db()
        assert case.appeal == "Look again."

    def test_a_program_opens_no_case_and_the_words_stay(self) -> None:
        milestone = in_state(State.DELIVERED)
        address = reverse("contracts:act", args=[milestone.contract.public_id, milestone.public_id, "open_case"])
        told = {"amount": "300.00", "reason": "Not what we said.", "uploads": [pdf("run.exe", b"MZ\x90\x00\x03\x00")]}
        with clock.frozen(NOON):
            response = as_(milestone.contract.client).post(address, told)
        assert response.status_code == 422
        assert "Not what we said." in response.text
        assert not Case.objects.exists()


class TestQuestions:
    @pytest.mark.parametrize("state", [State.TO_DECIDE, State.APPEALED])
    def test_reach_both_sides_and_name_nobody(self, state: State) -> None:
        milestone, case = a_case(state)
        moderator = make_moderator()
        with clock.frozen(NOON):
            as_(moderator).post(page_of(case), {"ask": "1", "question": "Which file is the last?"})
            sides = (milestone.contract.client, milestone.contract.provider)
            assert [mails_to(person)[-1] for person in sides] == ["A question in the case about “Part 1”"] * 2
            for person in sides:
                text = as_(person).get(page_of(case)).text
                assert "Which file is the last?" in text
                assert "A moderator asks both sides" in text
                assert moderator.display_name not in text
                services.write_in_case(actor=person, case=case, body=f"The second, says {person.pk}.", at=NOON)
        milestone.refresh_from_db()
        assert milestone.state == state

    @pytest.mark.parametrize("state", [State.IN_CASE, State.DECIDED])
    def test_are_not_asked_before_the_answer_or_after_the_decision(self, state: State) -> None:
        _milestone, case = a_case(state)
        with pytest.raises(NotInThisState):
            services.ask_in_case(actor=make_moderator(), case=case, body="Which?", at=NOON)

    def test_are_those_of_who_may_decide(self) -> None:
        milestone, case = a_case(State.APPEALED)
        with pytest.raises(SecondPersonNeeded):
            services.ask_in_case(actor=case.decided_by, case=case, body="Which?", at=NOON)
        for person in (milestone.contract.client, make_author()):
            with pytest.raises(NotFound):
                services.ask_in_case(actor=person, case=case, body="Which?", at=NOON)
        assert as_(milestone.contract.client).post(page_of(case), {"ask": "1", "question": "?"}).status_code == 404

    def test_sent_twice_are_there_once_and_an_empty_one_is_none(self) -> None:
        _milestone, case = a_case(State.TO_DECIDE)
        moderator = make_moderator()
        for _ in range(2):
            services.ask_in_case(actor=moderator, case=case, body="Which?", at=NOON)
        assert case.statements.filter(author=moderator).count() == 1
        assert as_(moderator).post(page_of(case), {"ask": "1", "question": " "}).status_code == 422
