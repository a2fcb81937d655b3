"""A review or an answer that is reported: hidden by one moderator, shown again by another after an appeal."""

from __future__ import annotations

from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from accounts.models import User
from common import clock
from common.errors import NotFound
from hiring.contracts.process import State
from hiring.reviews import selectors
from hiring.reviews.models import ContractReview
from hiring.reviews.services import reviews
from storefront.community.errors import AlreadyReported
from storefront.community.models import AppealOutcome, CaseOutcome, Reported, ReportRule, ReviewCase
from storefront.community.selectors import cases as case_selectors
from storefront.community.services import moderation, reports, review_emails
from storefront.community.services.reports import ReportInput, ReportNotAllowed
from tests.factories.accounts import make_member, make_moderator
from tests.factories.hiring import make_offer
from tests.hiring.contracts.factories import NOON, in_state

pytestmark = pytest.mark.django_db

TOLD = ReportInput(rule=ReportRule.HATE, words="It degrades me.")


@pytest.fixture(autouse=True)
def _now(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.STAFF_SECOND_FACTOR_REQUIRED = False
    monkeypatch.setattr(clock, "now", lambda: NOON)


@pytest.fixture
def review() -> ContractReview:
    """What a client said of a provider, with the provider's answer; both have written, so it is shown."""
    contract = in_state(State.ACCEPTED).contract
    made = reviews.write(actor=contract.client, contract=contract, stars=1, body="Rude words.", at=NOON)
    reviews.write(actor=contract.provider, contract=contract, stars=5, body="Clear wishes.", at=NOON)
    make_offer(provider=contract.provider)
    return reviews.answer(actor=contract.provider, review=made, text="A rude answer.", at=NOON)


def as_(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def person_page(review: ContractReview) -> str:
    return Client().get(reverse("offers:person", args=[review.about.public_id])).content.decode()


def report(actor: User, thing_id: str) -> ReviewCase:
    return reports.report_thing(
        actor=actor, reported=Reported.CONTRACT_REVIEW, thing_id=thing_id, told=TOLD, at=NOON
    ).case


def decide(case: ReviewCase, outcome: CaseOutcome = CaseOutcome.HIDE) -> ReviewCase:
    shown = case_selectors.current_subject(case)
    assert shown is not None
    return moderation.decide(
        actor=make_moderator(),
        case=case,
        outcome=outcome,
        rule=ReportRule.HATE,
        reason="It degrades a person.",
        evidence="The first word.",
        seen=shown.version,
        at=NOON,
    )


def overturn(case: ReviewCase, by: User) -> None:
    moderation.appeal(actor=by, case=case, text="It was true.", at=NOON)
    shown = case_selectors.current_subject(case)
    assert shown is not None
    moderation.decide_appeal(
        actor=make_moderator(),
        case=case,
        outcome=AppealOutcome.OVERTURNED,
        reason="A harsh word, no more.",
        seen=shown.version,
        at=NOON,
    )


def test_by_the_form_of_the_persons_page(review: ContractReview) -> None:
    address = reverse("community:thing-report", args=["review", review.public_id])
    assert address in person_page(review)
    reader = as_(make_member())
    answer = reader.post(address, {"rule": "hate", "words": "It degrades them.", "place": "Line 1", "good_faith": "on"})
    assert answer["Location"] == reverse("community:my-reports")
    case = ReviewCase.objects.get()
    assert (case.reported, case.thing_id, case.writer) == ("review", review.public_id, review.author)
    shown = as_(make_moderator()).get(reverse("community:moderation-case", args=[case.public_id])).content.decode()
    assert "Rude words." in shown


def test_each_side_reports_the_other_and_not_itself(review: ContractReview) -> None:
    contract = review.contract
    page = reverse("hiring-reviews:review", args=[contract.public_id])
    mine = reverse("community:thing-report", args=["review", review.public_id])
    answer = reverse("community:thing-report", args=["review", review.answer_id])
    by_client = as_(contract.client).get(page).content.decode()
    assert mine not in by_client
    assert answer in by_client
    by_provider = as_(contract.provider).get(page).content.decode()
    assert mine in by_provider
    assert answer not in by_provider
    for author, thing_id in ((review.author, review.public_id), (review.about, review.answer_id)):
        assert as_(author).get(reverse("community:thing-report", args=["review", thing_id])).status_code == 403
        with pytest.raises(ReportNotAllowed):
            report(author, thing_id)


def test_hidden_by_one_and_shown_again_by_another(review: ContractReview) -> None:
    case = decide(report(review.about, review.public_id))
    assert "Rude words." not in person_page(review)
    summary = selectors.summaries([review.about_id], NOON, by_clients=True)[review.about_id]
    assert summary.count == 0
    with pytest.raises(NotFound):
        report(make_member(), review.public_id)
    assert review_emails.mail_case(case_id=case.pk)
    (letter,) = mail.outbox
    assert letter.to == [review.author.email]
    assert "its stars do not count" in letter.body
    assert review.about.display_name not in letter.body
    overturn(case, review.author)
    assert "Rude words." in person_page(review)


def test_an_answer_is_hidden_alone(review: ContractReview) -> None:
    case = decide(report(review.author, review.answer_id))
    page = person_page(review)
    assert "A rude answer." not in page
    assert "Rude words." in page
    assert case.writer == review.about
    overturn(case, review.about)
    assert "A rude answer." in person_page(review)


def test_kept_as_it_is(review: ContractReview) -> None:
    decide(report(review.about, review.public_id), CaseOutcome.KEEP)
    assert "Rude words." in person_page(review)


def test_nobody_reports_what_they_cannot_read() -> None:
    contract = in_state(State.ACCEPTED).contract
    blind = reviews.write(actor=contract.client, contract=contract, stars=1, body="Rude.", at=NOON)
    for person in (contract.provider, make_member(), make_moderator()):
        with pytest.raises(ReportNotAllowed):
            report(person, blind.public_id)
    assert not ReviewCase.objects.exists()


@pytest.mark.parametrize("thing_id", ["crv_none", "{}-", "{}-other", "{}-answer-answer", "crv_none-answer"])
def test_finds_nothing_under_odd_names(review: ContractReview, thing_id: str) -> None:
    odd = thing_id.format(review.public_id)
    address = reverse("community:thing-report", args=["review", odd])
    assert as_(review.about).get(address).status_code == 404


def test_twice_is_one_report(review: ContractReview) -> None:
    report(review.about, review.public_id)
    with pytest.raises(AlreadyReported):
        report(review.about, review.public_id)
    ContractReview.objects.filter(pk=review.pk).update(answer="", answered_at=None)
    assert (
        as_(review.author).get(reverse("community:thing-report", args=["review", review.answer_id])).status_code == 404
    )
