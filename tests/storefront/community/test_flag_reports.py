"""Who flags a review or a reply has a receipt, learns the decision, and may complain to somebody else."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import mail
from django.urls import reverse

from storefront.community import permissions, standing_rules
from storefront.community.errors import ComplaintNotPossible
from storefront.community.models import AppealOutcome, CaseOutcome, CaseState, FlagRule, Report, ReviewCase
from storefront.community.services import complaints, moderation, replies, reply_flags, report_emails, review_flags
from tests.conftest import NOON
from tests.factories.accounts import make_author, make_moderator, make_reader
from tests.factories.publishing import make_published_edition
from tests.factories.trust import make_review, make_standing
from tests.storefront.community.cases import appeal, decide, decide_again, flag

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _without_second_factor(settings):
    settings.STAFF_SECOND_FACTOR_REQUIRED = False


def flag_reply(reader):
    edition = make_published_edition(owner=make_author())
    review = make_review(edition=edition)
    replies.write_reply(actor=edition.work.owner, review=review, body="Buy it.", at=NOON)
    reply_flags.flag_reply(actor=reader, review=review, rule=FlagRule.SPAM, note="An address.", at=NOON)
    return review


def flag_review(reader):
    review = make_review()
    review_flags.flag_review(actor=reader, review=review, rule=FlagRule.SPAM, note="An address.", at=NOON)
    return review


FLAGS = {"review": flag_review, "reply": flag_reply}


def keep(case, actor=None):
    return moderation.decide(
        actor=actor or make_moderator(),
        case=case,
        outcome=CaseOutcome.KEEP,
        rule=None,
        reason="It is a poem.",
        seen=(case.reply or case.review).version,
        at=NOON,
    )


@pytest.mark.parametrize("what", FLAGS)
def test_a_receipt_at_once_and_the_decision(what, django_capture_on_commit_callbacks):
    reader = make_reader()
    with django_capture_on_commit_callbacks(execute=True):
        FLAGS[what](reader)
    (receipt,) = [one for one in mail.outbox if one.to == [reader.email]]
    assert "We have received your flag of a re" in receipt.body
    mail.outbox.clear()
    case = ReviewCase.objects.get()
    with django_capture_on_commit_callbacks(execute=True):
        keep(case)
    (told,) = [one for one in mail.outbox if one.to == [reader.email]]
    for words in ("you flagged a re", "No change", "It is a poem.", "you can complain on the page below until"):
        assert words in told.body
    mail.outbox.clear()
    report_emails.mail_report(report_id=Report.objects.get().pk)
    assert mail.outbox == []


def test_and_what_an_appeal_undid(django_capture_on_commit_callbacks):
    reader = make_reader()
    case = flag_review(reader).cases.get()
    with django_capture_on_commit_callbacks(execute=True):
        appeal(decide(case))
    mail.outbox.clear()
    case.refresh_from_db()
    with django_capture_on_commit_callbacks(execute=True):
        decide_again(case, AppealOutcome.OVERTURNED)
    assert "a second person undid the change" in next(one for one in mail.outbox if one.to == [reader.email]).body


@pytest.mark.parametrize("what", FLAGS)
class TestComplaint:
    def dismissed(self, what):
        self.first = make_moderator()
        FLAGS[what](make_reader())
        keep(ReviewCase.objects.get(), self.first)
        report = Report.objects.get()
        report_emails.mail_report(report_id=report.pk)
        report.refresh_from_db()
        return report

    def test_is_decided_by_somebody_else(self, what):
        report = self.dismissed(what)
        made = complaints.complain(report=report, text="It is an advertisement.", at=report.told_at)
        case = made.case
        assert (case.state, case.kind) == (CaseState.OPEN, report.case.kind)
        assert not permissions.may_decide_case(self.first, case)
        assert permissions.may_decide_case(make_moderator(), case)
        case = ReviewCase.objects.get(pk=case.pk)
        outcome, rule = CaseOutcome.HIDE, FlagRule.SPAM
        given = {"outcome": outcome, "rule": rule, "reason": "It is.", "seen": (case.reply or case.review).version}
        moderation.decide(actor=make_moderator(), case=case, at=NOON, **given)
        assert (case.reply or case.review).__class__.objects.get().fold == "hidden"

    def test_once_within_six_months_of_being_told(self, what):
        report = self.dismissed(what)
        end = report.told_at + standing_rules.APPEAL_PERIOD
        with pytest.raises(ComplaintNotPossible):
            complaints.complain(report=report, text="No.", at=end)
        complaints.complain(report=report, text="No.", at=end - timedelta(seconds=1))
        with pytest.raises(ComplaintNotPossible):
            complaints.complain(report=report, text="No.", at=end - timedelta(seconds=1))

    def test_its_moderator_reads_it(self, what, client):
        report = self.dismissed(what)
        made = complaints.complain(report=report, text="It is an advertisement.", at=report.told_at)
        client.force_login(make_moderator())
        text = client.get(reverse("community:moderation-case", args=[made.case.public_id])).text
        assert "It is an advertisement." in text
        assert report.case.public_id in text

    def test_another_flag_that_is_withdrawn_does_not_close_it(self, what):
        report = self.dismissed(what)
        made = complaints.complain(report=report, text="No.", at=report.told_at)
        review = made.case.review or made.case.reply.review
        other = make_standing(3)
        doing = review_flags if what == "review" else reply_flags
        put = doing.flag_review if what == "review" else doing.flag_reply
        put(actor=other, review=review, rule=FlagRule.SPAM, note="", at=NOON)
        doing.take_back_flag(actor=other, review=review)
        made.case.refresh_from_db()
        assert made.case.state == CaseState.OPEN


@pytest.mark.parametrize("what", FLAGS)
def test_a_flag_that_is_withdrawn_takes_its_report_along(what):
    reader = make_reader()
    review = FLAGS[what](reader)
    (review_flags if what == "review" else reply_flags).take_back_flag(actor=reader, review=review)
    assert not Report.objects.exists()


def test_the_person_finds_it_among_their_reports(client):
    reader = make_reader()
    flag(make_review(), reader)
    client.force_login(reader)
    assert "Advertising or spam" in client.get("/account/reports/").text
