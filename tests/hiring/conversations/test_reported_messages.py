"""A message that is reported: one moderator reads it, hides it, and an appeal to a second one shows it again."""

from __future__ import annotations

from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from accounts.models import User
from common.errors import NotFound
from hiring.conversations.models import Conversation, Message
from storefront.community.errors import AlreadyReported
from storefront.community.models import AppealOutcome, CaseOutcome, CaseState, Reported, ReportRule, ReviewCase
from storefront.community.selectors import cases as case_selectors
from storefront.community.services import moderation, reports, review_emails
from storefront.community.services.reports import ReportInput, ReportNotAllowed
from tests.conftest import NOON
from tests.factories.accounts import make_member, make_moderator
from tests.factories.conversations import make_conversation, send

pytestmark = pytest.mark.django_db

TOLD = ReportInput(rule=ReportRule.HATE, words="It degrades us.")


@pytest.fixture(autouse=True)
def _one_factor(settings: Any) -> None:
    settings.STAFF_SECOND_FACTOR_REQUIRED = False


@pytest.fixture
def ada() -> User:
    return make_member(display_name="Ada")


@pytest.fixture
def ben() -> User:
    return make_member(display_name="Ben")


@pytest.fixture
def talk(ada: User, ben: User) -> Conversation:
    return make_conversation(ada, ben)


@pytest.fixture
def rude(ben: User, talk: Conversation) -> Message:
    return send(ben, talk, "Rude words.", files={"rude.txt": b"rude"})


def as_(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def report(actor: User, message: Message) -> ReviewCase:
    return reports.report_thing(
        actor=actor, reported=Reported.MESSAGE, thing_id=message.public_id, told=TOLD, at=NOON
    ).case


def decide(case: ReviewCase, moderator: User, outcome: CaseOutcome = CaseOutcome.HIDE) -> ReviewCase:
    shown = case_selectors.current_subject(case)
    assert shown is not None
    return moderation.decide(
        actor=moderator,
        case=case,
        outcome=outcome,
        rule=ReportRule.HATE,
        reason="It degrades a person.",
        evidence="The second word.",
        seen=shown.version,
        at=NOON,
    )


def test_by_the_form(ada: User, ben: User, talk: Conversation, rude: Message) -> None:
    page = reverse("community:thing-report", args=["message", rude.public_id])
    assert page in as_(ada).get(reverse("conversations:conversation", args=[talk.public_id])).content.decode()
    assert page not in as_(ben).get(reverse("conversations:conversation", args=[talk.public_id])).content.decode()
    answer = as_(ada).post(page, {"rule": "hate", "words": "It degrades us.", "place": "Line 1", "good_faith": "on"})
    assert answer["Location"] == reverse("community:my-reports")
    case = ReviewCase.objects.get()
    assert (case.reported, case.thing_id, case.writer, case.state) == ("message", rude.public_id, ben, CaseState.OPEN)
    shown = as_(make_moderator()).get(reverse("community:moderation-case", args=[case.public_id])).content.decode()
    assert "Rude words." in shown
    assert "It degrades us." in shown


def test_only_members_report_and_nobody_their_own(ada: User, ben: User, rude: Message) -> None:
    page = reverse("community:thing-report", args=["message", rude.public_id])
    for stranger in (make_member(), make_moderator()):
        assert as_(stranger).get(page).status_code == 404
        with pytest.raises(ReportNotAllowed):
            report(stranger, rude)
    assert as_(ben).get(page).status_code == 403
    with pytest.raises(ReportNotAllowed):
        report(ben, rude)
    for kind, thing_id in (("message", "msg_none"), ("nothing", rude.public_id), ("book", rude.public_id)):
        assert as_(ada).get(reverse("community:thing-report", args=[kind, thing_id])).status_code == 404
    report(ada, rude)
    with pytest.raises(AlreadyReported):
        report(ada, rude)
    assert ReviewCase.objects.count() == 1


def test_a_decision_hides_it_and_an_appeal_shows_it_again(ada: User, ben: User, rude: Message) -> None:
    case = decide(report(ada, rude), make_moderator())
    rude.refresh_from_db()
    assert rude.hidden_at == NOON
    with pytest.raises(NotFound):
        report(ada, rude)
    assert review_emails.mail_case(case_id=case.pk)
    (letter,) = mail.outbox
    assert letter.to == [ben.email]
    assert "Nobody can see the message" in letter.body
    assert "Ada" not in letter.body
    page = as_(ben).get(reverse("community:review-case", args=[case.public_id])).content.decode()
    assert "Rude words." in page
    moderation.appeal(actor=ben, case=case, text="It was a joke.", at=NOON)
    shown = case_selectors.current_subject(case)
    assert shown is not None
    given = {"outcome": AppealOutcome.OVERTURNED, "reason": "A joke.", "seen": shown.version, "at": NOON}
    moderation.decide_appeal(actor=make_moderator(), case=case, **given)
    rude.refresh_from_db()
    assert rude.hidden_at is None


def test_kept_as_it_is(ada: User, ben: User, rude: Message) -> None:
    decide(report(ada, rude), make_moderator(), CaseOutcome.KEEP)
    rude.refresh_from_db()
    assert rude.hidden_at is None


def test_it_costs_no_standing_as_a_reviewer(ada: User, ben: User, rude: Message) -> None:
    decide(report(ada, rude), make_moderator())
    assert not ReviewCase.objects.against().filter(writer=ben).exists()


def test_marks_for_adults_and_titles_are_not_asked_of_messages() -> None:
    rules = case_selectors.REPORT_RULES[Reported.MESSAGE]
    assert ReportRule.ADULT not in rules
    assert ReportRule.METADATA not in rules
