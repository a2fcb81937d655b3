"""Whose reports or complaints are suspended is told so, and nothing of theirs is queued, but for the gravest."""

from __future__ import annotations

import pytest
from django.urls import reverse

from accounts.restrictions import Activity, ComplaintsSuspended, NoticesSuspended
from storefront.community.models import CaseOutcome, CaseState, FlagRule, Report, ReportRule, ReviewCase, ReviewFlag
from storefront.community.selectors import cases
from storefront.community.services import complaints, moderation, report_emails, reports, review_flags
from storefront.suspensions.models import PriorWarning, Suspension
from storefront.suspensions.rules import SuspensionRule
from tests.conftest import NOON
from tests.factories.accounts import make_author, make_moderator, make_reader
from tests.factories.publishing import make_published_edition
from tests.factories.suspensions import WORDS, make_suspension
from tests.factories.trust import make_review
from tests.storefront.community.reported import decide, report, told

pytestmark = pytest.mark.django_db


@pytest.fixture
def work(db):
    return make_published_edition(slug="the-lamp", title="The Lamp", owner=make_author()).work


@pytest.fixture
def reporter(db):
    person = make_reader()
    make_suspension(person, Activity.NOTICES)
    return person


@pytest.fixture
def complainer(db):
    """A person whose complaints are suspended; on which grounds does not matter here."""
    person, actor = make_reader(), make_moderator()
    given = {"person": person, "activity": Activity.COMPLAINTS}
    warned = PriorWarning.objects.create(reason="Stop.", made_by=actor, made_at=NOON, told_at=NOON, **given)
    days = {"first_day": NOON.date(), "last_day": NOON.date().replace(year=NOON.year + 1)}
    decided = {"rule": SuspensionRule.COMPLAINTS, "decided_by": actor, "decided_at": NOON, "warning": warned}
    Suspension.objects.create(**given, **days, **decided, **WORDS)
    return person


def test_a_report_is_answered_and_not_queued(work, reporter, client):
    before = ReviewCase.objects.filter(state=CaseState.OPEN).count()
    with pytest.raises(NoticesSuspended):
        report(work, reporter)
    client.force_login(reporter)
    form = {"rule": "stolen", "words": "It is copied.", "place": "Page 1", "good_faith": "on"}
    page = client.post(reverse("community:book-report", args=["the-lamp"]), form)
    assert page.status_code == 403
    assert "manifestly unfounded" in page.content.decode()
    assert ReviewCase.objects.filter(state=CaseState.OPEN).count() == before
    assert not Report.objects.filter(case__work=work).exists()


@pytest.mark.parametrize("rule", [ReportRule.MINORS, ReportRule.DANGER])
def test_a_report_about_abuse_of_children_or_a_danger_to_life_always_counts(work, reporter, rule):
    case = report(work, reporter, rule)
    assert case.reports.get().confirmed_at is not None
    assert case in cases.gravest_cases()


def test_a_danger_to_life_counts_at_once_without_an_account(work):
    given = told(ReportRule.DANGER, name="Q", email="q@example.org")
    made = reports.report_book(actor=None, work=work, told=given, at=NOON)
    assert made.confirmed_at == NOON


def test_without_logging_in_it_does_not_count_either(work, reporter, client):
    given = told(name="Q", email=reporter.email.upper())
    made = reports.report_book(actor=None, work=work, told=given, at=NOON)
    link = report_emails.report_link(made)
    page = client.post(link[link.index("/reports/") :], {"confirm": "1"})
    assert page.status_code == 403
    made.refresh_from_db()
    assert made.confirmed_at is None
    assert made.case not in cases.cases_by()


def test_flags_are_refused(work, reporter):
    review = make_review(edition=work.editions.get())
    with pytest.raises(NoticesSuspended):
        review_flags.flag_review(actor=reporter, review=review, rule=FlagRule.SPAM, note="", at=NOON)
    assert not ReviewFlag.objects.exists()


def test_appeals_and_complaints_of_reporters_are_not_touched(work, reporter):
    case = decide(report(make_published_edition(owner=reporter).work))
    assert moderation.appeal(actor=reporter, case=case, text="No.", at=NOON).state == CaseState.APPEALED


def test_an_appeal_is_answered_and_not_queued(complainer):
    case = decide(report(make_published_edition(owner=complainer).work))
    with pytest.raises(ComplaintsSuspended):
        moderation.appeal(actor=complainer, case=case, text="No.", at=NOON)
    case.refresh_from_db()
    assert case.state == CaseState.DECIDED


@pytest.mark.parametrize(("rule", "is_heard"), [(ReportRule.STOLEN, False), (ReportRule.MINORS, True)])
def test_a_complaint_is_answered_and_not_queued_but_for_the_gravest(work, complainer, rule, is_heard):
    case = report(work, complainer, rule)
    decide(case, CaseOutcome.KEEP, None, evidence="")
    made = case.reports.get()
    report_emails.mail_report(report_id=made.pk)
    made.refresh_from_db()
    if is_heard:
        assert complaints.complain(report=made, text="Look again.", at=made.told_at)
        return
    with pytest.raises(ComplaintsSuspended):
        complaints.complain(report=made, text="Look again.", at=made.told_at)
    assert Report.objects.count() == 1
