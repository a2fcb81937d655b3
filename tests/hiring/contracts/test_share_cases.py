"""Cases about milestones that a royalty share alone pays for: one counts, ends, or is revised, as a person decides."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from accounts.models import User
from common import clock
from common.errors import NotFound
from common.models import PendingMail
from hiring.contract_terms import ShareTerms
from hiring.contracts import process, services
from hiring.contracts.errors import NotInThisState, RulingNeeded, SecondPersonNeeded, WithdrawnBefore
from hiring.contracts.models import Case, Milestone, RevisionRequest
from hiring.contracts.process import AFTER_RULING, ShareRuling, State
from royalties.models import JournalEntry
from tests.factories.accounts import make_author, make_moderator
from tests.hiring.contracts.factories import DAY, NOON, deliver, make_contract
from tests.hiring.contracts.test_royalty_share import shares

pytestmark = [pytest.mark.django_db, pytest.mark.both]


@pytest.fixture
def milestone() -> Milestone:
    """Delivered, and paid by a tenth of the royalties alone."""
    contract = make_contract(share=ShareTerms(1000, date(2027, 6, 30)), amounts=[0])
    return deliver(contract.milestones.get())


def opened(milestone: Milestone, *, by: User | None = None, at: datetime = NOON) -> Case:
    client = milestone.contract.client
    return services.open_case(actor=by or client, milestone=milestone, reason="It is another book.", at=at)


def answered(milestone: Milestone) -> Case:
    case = opened(milestone)
    services.answer_case(actor=milestone.contract.provider, case=case, body="It is not.", at=NOON)
    return case


def decided(milestone: Milestone, ruling: str) -> Case:
    case = answered(milestone)
    return services.decide_case(actor=make_moderator(), case=case, ruling=ruling, reason="As agreed.", at=NOON)


def made_final(milestone: Milestone, ruling: str) -> Milestone:
    decided(milestone, ruling)
    services.run_clock(milestone_id=milestone.pk, at=NOON + 14 * DAY)
    return Milestone.objects.select_related("contract__client", "contract__provider").get(pk=milestone.pk)


def as_(person: User) -> Client:
    browser = Client()
    browser.force_login(person)
    return browser


class TestDecision:
    @pytest.mark.parametrize("ruling", list(ShareRuling))
    def test_leads_where_the_process_says_and_books_nothing(self, milestone: Milestone, ruling: ShareRuling) -> None:
        assert made_final(milestone, ruling).state == AFTER_RULING[ruling]
        assert not JournalEntry.objects.exists()
        assert Case.objects.get().closed_at == NOON + 14 * DAY

    @pytest.mark.parametrize(
        ("ruling", "share"), [(ShareRuling.STANDS, 1000), (ShareRuling.ENDS, 0), (ShareRuling.REVISE, 0)]
    )
    def test_says_whether_the_share_begins(self, milestone: Milestone, ruling: ShareRuling, share: int) -> None:
        found = made_final(milestone, ruling)
        assert shares(found.contract, NOON + 15 * DAY).get("Pia Pixel", 0) == share
        assert (found.contract.ended_at is None) == (ruling == ShareRuling.REVISE)

    def test_nothing_changes_before_it_is_final(self, milestone: Milestone) -> None:
        decided(milestone, ShareRuling.STANDS)
        services.run_clock(milestone_id=milestone.pk, at=NOON + 13 * DAY)
        milestone.refresh_from_db()
        assert milestone.state == State.DECIDED
        assert "Pia Pixel" not in shares(milestone.contract)

    @pytest.mark.parametrize("ruling", ["", "half"])
    def test_needs_a_ruling(self, milestone: Milestone, ruling: str) -> None:
        case = answered(milestone)
        with pytest.raises(RulingNeeded):
            services.decide_case(actor=make_moderator(), case=case, ruling=ruling, reason="So.", at=NOON)

    def test_the_database_wants_one_too(self, milestone: Milestone) -> None:
        case = decided(milestone, ShareRuling.ENDS)
        with pytest.raises(IntegrityError), transaction.atomic():
            Case.objects.filter(pk=case.pk).update(share_ruling="")

    def test_is_a_moderators_who_is_not_involved(self, milestone: Milestone) -> None:
        case = answered(milestone)
        for person in (milestone.contract.client, milestone.contract.provider, make_author()):
            with pytest.raises(NotFound):
                services.decide_case(actor=person, case=case, ruling="stands", reason="So.", at=NOON)

    def test_both_are_told_in_words_of_a_share(self, milestone: Milestone) -> None:
        made_final(milestone, ShareRuling.ENDS)
        for person in (milestone.contract.client, milestone.contract.provider):
            mails = list(PendingMail.objects.filter(to=person.mail_to).order_by("pk"))
            texts = [one.text for one in mails if "case about" in one.subject]
            assert sum("no share begins for it" in text for text in texts) == 2  # decided, and final
            assert not any("$" in text or "money" in text for text in texts)


class TestRevision:
    def test_is_asked_for_in_the_words_of_the_decision_and_uses_no_round(self, milestone: Milestone) -> None:
        found = made_final(milestone, ShareRuling.REVISE)
        assert RevisionRequest.objects.get().wishes == "As agreed."
        assert (found.rounds_used, found.since) == (0, NOON + 14 * DAY)
        deliver(found, at=NOON + 20 * DAY, content=b"Another cover.")
        found.refresh_from_db()
        assert found.state == State.DELIVERED

    def test_that_does_not_come_ends_the_milestone_without_a_share(self, milestone: Milestone) -> None:
        found = made_final(milestone, ShareRuling.REVISE)
        services.run_clock(milestone_id=found.pk, at=found.moments.of(process.REVISION_ENDS))
        found.refresh_from_db()
        assert found.state == State.RETURNED
        assert "Pia Pixel" not in shares(found.contract, NOON + 60 * DAY)


class TestAppeal:
    def test_a_second_person_decides_otherwise_and_that_is_final(self, milestone: Milestone) -> None:
        first = make_moderator()
        case = answered(milestone)
        case = services.decide_case(actor=first, case=case, ruling=ShareRuling.ENDS, reason="Bad.", at=NOON)
        services.appeal(actor=milestone.contract.provider, case=case, reason="Look again.", at=NOON + DAY)
        with pytest.raises(SecondPersonNeeded):
            services.decide_appeal(actor=first, case=case, ruling="stands", reason="Good.", at=NOON + 2 * DAY)
        with pytest.raises(RulingNeeded):
            services.decide_appeal(actor=make_moderator(), case=case, reason="Good.", at=NOON + 2 * DAY)
        services.decide_appeal(
            actor=make_moderator(), case=case, ruling=ShareRuling.STANDS, reason="Good.", at=NOON + 2 * DAY
        )
        milestone.refresh_from_db()
        assert milestone.state == State.ACCEPTED
        assert shares(milestone.contract, NOON + 3 * DAY)["Pia Pixel"] == 1000


class TestWays:
    def test_a_provider_opens_one_when_another_revision_is_asked_for(self, milestone: Milestone) -> None:
        services.request_revision(actor=milestone.contract.client, milestone=milestone, wishes="Bluer.", at=NOON)
        case = opened(milestone, by=milestone.contract.provider)
        services.answer_case(actor=milestone.contract.client, case=case, body="It is red.", at=NOON)
        services.decide_case(actor=make_moderator(), case=case, ruling="revise", reason="Bluer.", at=NOON)
        services.run_clock(milestone_id=milestone.pk, at=NOON + 14 * DAY)
        milestone.refresh_from_db()
        assert milestone.state == State.IN_REVISION
        assert RevisionRequest.objects.count() == 1

    def test_a_provider_does_not_open_one_while_the_client_looks(self, milestone: Milestone) -> None:
        with pytest.raises(NotInThisState):
            opened(milestone, by=milestone.contract.provider)

    def test_after_silence_the_client_has_five_days(self, milestone: Milestone) -> None:
        services.run_clock(milestone_id=milestone.pk, at=NOON + 14 * DAY)
        case = opened(milestone, at=NOON + 18 * DAY)
        milestone.refresh_from_db()
        assert milestone.state == State.IN_CASE
        services.withdraw_case(actor=milestone.contract.client, case=case, at=NOON + 19 * DAY)
        milestone.refresh_from_db()
        assert milestone.state == State.ACCEPTED

    def test_is_withdrawn_once(self, milestone: Milestone) -> None:
        services.withdraw_case(actor=milestone.contract.client, case=opened(milestone), at=NOON)
        milestone.refresh_from_db()
        assert milestone.state == State.DELIVERED
        with pytest.raises(WithdrawnBefore):
            services.withdraw_case(actor=milestone.contract.client, case=opened(milestone), at=NOON)

    def test_nobody_answers(self, milestone: Milestone) -> None:
        opened(milestone)
        services.run_clock(milestone_id=milestone.pk, at=NOON + 7 * DAY)
        milestone.refresh_from_db()
        assert milestone.state == State.TO_DECIDE

    def test_both_can_agree_to_end_it(self, milestone: Milestone) -> None:
        opened(milestone)
        contract = milestone.contract
        division = services.propose_division(actor=contract.provider, milestone=milestone, provider_minor=0, at=NOON)
        services.accept_division(actor=contract.client, division=division, at=NOON)
        milestone.refresh_from_db()
        assert (milestone.state, Case.objects.get().closed_at) == (State.SETTLED, NOON)


class TestPages:
    def test_from_the_button_to_the_decision(self, milestone: Milestone) -> None:
        contract, moderator = milestone.contract, make_moderator()
        client, provider = as_(contract.client), as_(contract.provider)
        address = reverse("contracts:act", args=[contract.public_id, milestone.public_id, "open_case"])
        with clock.frozen(NOON):
            assert "whether the share stands" in client.get(address).text
            assert client.post(address, {"reason": ""}).status_code == 422
            text = client.post(address, {"reason": "It is another book."}, follow=True).text
            assert "The royalty share for “Part 1”" in text
            case = Case.objects.get()
            page = reverse("contracts:case", args=[case.public_id])
            provider.post(reverse("contracts:case-write", args=[case.public_id]), {"body": "It is not."})
            assert "Royalty share" in as_(moderator).get(reverse("contracts:cases")).text
            assert as_(moderator).post(page, {"reason": "So."}).status_code == 422
            as_(moderator).post(page, {"ruling": "revise", "reason": "The spine is missing."})
            for browser in (client, provider):
                text = browser.get(page).text
                assert "The provider revises it once more." in text
                assert "the money is divided" not in text
        services.run_clock(milestone_id=milestone.pk, at=NOON + 14 * DAY)
        with clock.frozen(NOON + 14 * DAY):
            assert (
                "The spine is missing." in provider.get(reverse("contracts:contract", args=[contract.public_id])).text
            )
            assert "Final since" in client.get(page).text
