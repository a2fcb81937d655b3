"""A review that flags collapse is a machine's decision: its writer is told so, may answer, and a person decides."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import mail
from django.db import connection
from django.urls import reverse

from common import clock
from storefront.community.errors import ObjectionNotPossible, ReasonMissing
from storefront.community.models import CaseOutcome, CaseState, Collapse, FlagRule
from storefront.community.selectors import transparency
from storefront.community.services import collapses, retry_stuck, review_flags, reviews
from tests.conftest import NOON
from tests.factories.accounts import make_moderator, make_reader
from tests.factories.trust import make_review, make_standing
from tests.storefront.community.cases import decide, flag

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _without_second_factor(settings):
    settings.STAFF_SECOND_FACTOR_REQUIRED = False


def collapsed(rule=FlagRule.SPAM):
    review = make_review()
    for _ in range(3):
        flag(review, rule=rule)
    review.refresh_from_db()
    return review


@pytest.mark.parametrize("rule", [FlagRule.SPAM, FlagRule.SPOILER])
def test_the_writer_is_told_by_email_and_on_a_page(rule, client, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        review = collapsed(rule)
    made = Collapse.objects.get()
    letters = [one for one in mail.outbox if one.to == [review.user.email]]
    assert [one.subject for one in letters] == [f"Your review of “{review.work}” is collapsed"]
    address = f"/account/decisions/{made.case.public_id}/"
    assert address in letters[0].body
    client.force_login(review.user)
    page = " ".join(client.get(address).text.split())
    told = " ".join(letters[0].body.split())
    for words in (
        str(rule.label),
        "A machine added up the flags",
        "No machine reads reviews. A person decides.",
        "court",
    ):
        assert words in told
        assert words in page
    mail.outbox.clear()
    collapses.mail_collapse(collapse_id=made.pk)
    assert mail.outbox == []


def test_below_the_threshold_nobody_is_told():
    review = make_review()
    flag(review)
    assert not Collapse.objects.exists()


def test_everybody_reads_that_a_machine_did_it(client):
    review = collapsed()
    assert "Collapsed by a machine because readers flagged it" in client.get(f"/reviews/{review.public_id}/").text


class TestEnd:
    def test_by_vouches_and_flags_collapse_it_again(self):
        review = collapsed()
        review_flags.vouch(actor=make_standing(5), review=review, at=NOON)
        assert Collapse.objects.get().ended_at is not None
        for _ in range(3):
            flag(review)
        assert Collapse.objects.filter(ended_at=None).count() == 1

    @pytest.mark.parametrize("outcome", [CaseOutcome.KEEP, CaseOutcome.SPOILER, CaseOutcome.HIDE])
    def test_by_a_decision(self, outcome):
        review = collapsed()
        decide(review.cases.get(), outcome, None if outcome == CaseOutcome.KEEP else FlagRule.SPAM)
        assert Collapse.objects.get().ended_at is not None

    def test_by_withdrawing_it(self):
        review = collapsed()
        reviews.withdraw_review(actor=review.user, work=review.work)
        assert Collapse.objects.get().ended_at is not None


class TestAnswer:
    def test_the_moderator_reads_it(self, client):
        review = collapsed()
        case = review.cases.get()
        with pytest.raises(ReasonMissing):
            collapses.answer(actor=review.user, case=case, text=" ", at=NOON)
        client.force_login(review.user)
        client.post(f"/account/decisions/{case.public_id}/", {"objection": "It quotes the book."})
        assert Collapse.objects.get().objection == "It quotes the book."
        with pytest.raises(ObjectionNotPossible):
            collapses.answer(actor=review.user, case=case, text="Again.", at=NOON)
        client.force_login(make_moderator())
        assert "It quotes the book." in client.get(reverse("community:moderation-case", args=[case.public_id])).text

    def test_nobody_else_and_not_after_the_decision(self):
        review = collapsed()
        case = review.cases.get()
        with pytest.raises(ObjectionNotPossible):
            collapses.answer(actor=make_reader(), case=case, text="No.", at=NOON)
        decide(case)
        with pytest.raises(ObjectionNotPossible):
            collapses.answer(actor=review.user, case=case, text="No.", at=NOON)

    def test_flags_that_did_not_collapse_it_stay_unknown(self, client):
        review = make_review()
        flag(review)
        client.force_login(review.user)
        assert client.get(f"/account/decisions/{review.cases.get().public_id}/").status_code == 404


def test_the_decision_says_what_the_machine_did(client):
    review = collapsed()
    case = decide(review.cases.get())
    assert (
        "Use of machines",
        "A machine collapsed it after readers’ flags. Then people looked at it and decided.",
    ) in [(str(label), str(text)) for label, text in case.statement]
    assert case.state == CaseState.DECIDED


def test_the_transparency_report_counts_it():
    collapsed()
    decide(collapsed().cases.get())
    with connection.cursor() as cursor:
        cursor.execute("SELECT public_id FROM community_collapse")
        known = {row[0] for row in cursor.fetchall()}
    assert transparency.year_of(clock.now().year)["decisions"]["by_a_machine"] == len(known) == 2
    told = {one["puid"]: one for one in transparency.statements()}
    assert {puid for puid, one in told.items() if one["automated_decision"].endswith("FULLY")} == known
    assert {told[puid]["automated_detection"] for puid in known} == {"No"}


def test_what_was_not_told_is_told_again(django_capture_on_commit_callbacks):
    collapsed()
    later = clock.now() + timedelta(minutes=2)
    with clock.frozen(later), django_capture_on_commit_callbacks(execute=True):
        retry_stuck.retry_stuck()
    assert Collapse.objects.get().told_at is not None
