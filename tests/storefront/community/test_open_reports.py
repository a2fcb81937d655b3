"""Reports by people without an account, their receipts, and complaints about reports that led to nothing."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.core import mail

from storefront.community import standing_rules
from storefront.community.errors import AlreadyReported, ComplaintNotPossible, ReasonMissing, ReporterMissing
from storefront.community.models import (
    AppealOutcome,
    CaseOutcome,
    CaseSource,
    CaseState,
    Report,
    ReportRule,
    ReviewCase,
)
from storefront.community.selectors import cases
from storefront.community.services import account_deletion, complaints, moderation, report_emails, reports, retry_stuck
from storefront.community.services.moderation import CaseNotYours
from tests.conftest import NOON
from tests.factories.accounts import make_author, make_moderator, make_reader
from tests.factories.publishing import make_published_edition
from tests.storefront.community.reported import WORDS, decide, make_shelf, report, seen, told

pytestmark = pytest.mark.django_db
PAGE = "/books/the-lamp/report/"
GIVEN = {
    "rule": "stolen",
    "words": WORDS,
    "place": "Chapter 3",
    "good_faith": "on",
    "name": "Quentin Quill",
    "email": "Quill@example.org",
}


@pytest.fixture
def work():
    return make_published_edition(slug="the-lamp", title="The Lamp", owner=make_author(display_name="Ada")).work


def send(client, callbacks, **given):
    with callbacks(execute=True):
        return client.post(PAGE, {**GIVEN, **given})


def link_in(letter):
    return re.search(r"http://\S+(/reports/\S+/)", letter.body).group(1)


def dismissed(work, reader=None, **given):
    """A report that led to nothing, and whose sender was told."""
    case = decide(report(work, reader), CaseOutcome.KEEP, None, evidence="", **given)
    found = case.reports.get()
    report_emails.mail_report(report_id=found.pk)
    found.refresh_from_db()
    return found


class TestWithoutAnAccount:
    def test_counts_once_the_link_was_followed(self, work, client, django_capture_on_commit_callbacks):
        assert client.get(PAGE).status_code == 200
        answer = send(client, django_capture_on_commit_callbacks)
        assert answer["Location"] == "/report/sent/"
        assert client.get("/report/sent/").status_code == 200
        (letter,) = mail.outbox
        assert (letter.to, letter.subject) == (["quill@example.org"], "Confirm your report")
        assert not cases.cases_by().exists()
        page = link_in(letter)
        assert "does not count yet" in client.get(page).content.decode()
        client.post(page, {"confirm": "1"})
        (case,) = cases.cases_by()
        assert (case.reported_by, case.source, case.work) == (1, CaseSource.NOTICE, work)
        assert "Waiting for a moderator" in client.get(page).content.decode()

    def test_is_told_the_decision(self, work, client, django_capture_on_commit_callbacks):
        send(client, django_capture_on_commit_callbacks)
        found = Report.objects.get()
        reports.confirm(report=found, at=NOON)
        with django_capture_on_commit_callbacks(execute=True):
            decide(found.case)
        (body,) = [letter.body for letter in mail.outbox[1:] if letter.to == ["quill@example.org"]]
        assert "Taken off sale. Rule: Spam" in body

    @pytest.mark.parametrize("field", ["name", "email"])
    def test_needs_a_name_and_an_address(self, work, client, field):
        answer = client.post(PAGE, {**GIVEN, field: ""})
        assert (answer.status_code, set(answer.context["form"].errors)) == (422, {field})
        with pytest.raises(ReporterMissing):
            reports.report_book(actor=None, work=work, told=told(name="Q", email=""), at=NOON)
        assert not ReviewCase.objects.exists()

    def test_of_abused_children_needs_neither_and_is_seen_at_once_and_first(self, work, client, settings):
        answer = client.post(PAGE, {**GIVEN, "rule": "minors", "name": "", "email": ""})
        grave = ReviewCase.objects.get()
        report(make_published_edition().work)
        assert cases.gravest_cases() == [grave]
        client.force_login(make_moderator())
        settings.STAFF_SECOND_FACTOR_REQUIRED = False
        assert client.get("/moderation/reviews/").context["rows"][0][0] == grave
        client.logout()
        assert "Waiting for a moderator" in client.get(answer["Location"]).content.decode()
        assert mail.outbox == []

    def test_joins_once_per_address(self, work):
        given = {"name": "Q", "email": "q@example.org"}
        reports.report_book(actor=None, work=work, told=told(**given), at=NOON)
        with pytest.raises(AlreadyReported):
            reports.report_book(actor=None, work=work, told=told(name="R", email="Q@example.org"), at=NOON)
        reports.report_book(actor=None, work=work, told=told(name="R", email="r@example.org"), at=NOON)
        assert ReviewCase.objects.get().reports.count() == 2

    def test_is_limited_per_network_and_per_address(self, work, client, settings):
        settings.ACCOUNT_RATE_LIMITS = {"report": "9/d/key", "report_address": "1/d/key"}
        make_published_edition(slug="other")
        assert client.post(PAGE, GIVEN).status_code == 302
        assert client.post("/books/other/report/", GIVEN).status_code == 429
        assert client.post("/books/other/report/", {**GIVEN, "email": "r@example.org"}).status_code == 302
        settings.ACCOUNT_RATE_LIMITS = {"report": "1/d/key"}
        client.post("/books/other/report/", {**GIVEN, "email": "s@example.org"})
        assert client.post("/books/other/report/", {**GIVEN, "email": "t@example.org"}).status_code == 429

    def test_is_deleted_with_its_case_when_nobody_confirms_it(self, work):
        kept = make_published_edition().work
        for one in (work, kept):
            reports.report_book(actor=None, work=one, told=told(name="Q", email="q@example.org"), at=NOON)
        report(kept)
        account_deletion.forget(NOON + timedelta(days=6))
        assert Report.objects.count() == 3
        account_deletion.forget(NOON + timedelta(days=7))
        assert ReviewCase.objects.get().work == kept
        assert Report.objects.count() == 1

    def test_is_forgotten_when_nobody_can_complain_any_more(self, work):
        found = reports.report_book(actor=None, work=work, told=told(name="Q", email="q@example.org"), at=NOON)
        reports.confirm(report=found, at=NOON)
        decide(found.case)
        report_emails.mail_report(report_id=found.pk)
        found.refresh_from_db()
        account_deletion.forget(found.told_at + standing_rules.APPEAL_PERIOD - timedelta(seconds=1))
        found.refresh_from_db()
        assert (found.name, found.words) == ("Q", WORDS)
        account_deletion.forget(found.told_at + standing_rules.APPEAL_PERIOD)
        found.refresh_from_db()
        assert (found.name, found.email, found.words, found.place) == ("", "", "", "")

    def test_a_forged_link_leads_nowhere(self, work, client):
        found = reports.report_book(actor=None, work=work, told=told(name="Q", email="q@example.org"), at=NOON)
        assert client.get(f"/reports/{found.public_id}:forged/").status_code == 404

    def test_of_a_shelf_as_well(self, work, client):
        shelf = make_shelf(work)
        assert client.post(f"/shelves/{shelf.slug}/report/", GIVEN).status_code == 302
        assert ReviewCase.objects.get().shelf == shelf

    def test_whoever_used_their_address_does_not_decide(self, work):
        moderator = make_moderator()
        given = told(name="M", email=moderator.email)
        case = reports.report_book(actor=None, work=work, told=given, at=NOON).case
        with pytest.raises(CaseNotYours):
            decide(case, actor=moderator)


class TestReceipts:
    def test_reach_accounts_at_once_and_once(self, work, django_capture_on_commit_callbacks):
        with django_capture_on_commit_callbacks(execute=True):
            case = report(work, reader := make_reader())
        (letter,) = mail.outbox
        assert (letter.to, letter.subject) == ([reader.email], "We have received your report")
        assert not report_emails.mail_receipt(report_id=case.reports.get().pk)

    def test_are_found_by_the_sweep_when_a_message_is_lost(self, work, django_capture_on_commit_callbacks):
        report(work)
        Report.objects.update(created_at="2020-01-01T00:00:00Z")
        with django_capture_on_commit_callbacks(execute=True):
            retry_stuck.retry_stuck()
        assert len(mail.outbox) == 1

    def test_a_moderators_own_report_is_the_shops_initiative(self, work):
        assert report(work, make_moderator()).source == CaseSource.OWN


class TestComplaints:
    def test_are_decided_by_a_second_person_by_rule_and_evidence(self, work):
        first = make_moderator()
        before = dismissed(work, actor=first)
        made = complaints.complain(report=before, text="Look at page 30.", at=before.told_at)
        assert (made.complaint_on, made.case.state, made.case.pk == before.case_id) == (before, CaseState.OPEN, False)
        with pytest.raises(CaseNotYours):
            decide(made.case, actor=first)
        case = decide(made.case, actor=make_moderator())
        assert case.outcome == CaseOutcome.OFF_SALE
        work.refresh_from_db()
        assert work.held_by == case.public_id

    def test_are_possible_for_six_months_from_being_told_and_once(self, work):
        before = dismissed(work)
        late = before.told_at + standing_rules.APPEAL_PERIOD
        with pytest.raises(ComplaintNotPossible):
            complaints.complain(report=before, text="No.", at=late)
        with pytest.raises(ReasonMissing):
            complaints.complain(report=before, text=" ", at=before.told_at)
        complaints.complain(report=before, text="No.", at=late - timedelta(seconds=1))
        with pytest.raises(ComplaintNotPossible):
            complaints.complain(report=before, text="No.", at=before.told_at)

    def test_not_about_what_was_acted_on_nor_about_a_complaint(self, work):
        case = decide(report(make_published_edition().work))
        acted = case.reports.get()
        report_emails.mail_report(report_id=acted.pk)
        acted.refresh_from_db()
        with pytest.raises(ComplaintNotPossible):
            complaints.complain(report=acted, text="More.", at=acted.told_at)
        before = dismissed(work)
        again = complaints.complain(report=before, text="No.", at=before.told_at)
        decide(again.case, CaseOutcome.KEEP, None, evidence="")
        report_emails.mail_report(report_id=again.pk)
        again.refresh_from_db()
        with pytest.raises(ComplaintNotPossible):
            complaints.complain(report=again, text="No.", at=again.told_at)

    def test_join_an_open_case_about_the_same_book(self, work):
        first, reader = make_moderator(), make_reader()
        before = dismissed(work, reader, actor=first)
        case = report(work)
        assert complaints.complain(report=before, text="No.", at=before.told_at).case == case
        with pytest.raises(CaseNotYours):
            decide(case, actor=first)

    def test_turn_a_second_report_of_the_same_person_into_one(self, work):
        reader, first = make_reader(), make_moderator()
        before = dismissed(work, reader, actor=first)
        case = report(work, reader)
        assert complaints.complain(report=before, text="No.", at=before.told_at).case == case
        assert case.reports.get().complaint_on == before

    def test_from_the_email_to_the_page(self, work, client, django_capture_on_commit_callbacks):
        before = dismissed(work, reader := make_reader())
        (letter,) = [one for one in mail.outbox if one.to == [reader.email]]
        page = link_in(letter)
        assert "you can complain" in letter.body
        assert "you can complain once" in client.get(page).content.decode()
        assert client.post(page, {"text": " "}).status_code == 422
        with django_capture_on_commit_callbacks(execute=True):
            client.post(page, {"text": "Look again."})
        assert "A second person decides" in mail.outbox[-1].body
        assert Report.objects.get(complaint_on=before).words == "Look again."

    def test_an_owner_then_appeals_to_a_third(self, work):
        before = dismissed(work)
        case = decide(complaints.complain(report=before, text="No.", at=before.told_at).case)
        moderation.appeal(actor=work.owner, case=case, text="I wrote both.", at=NOON)
        given = {"outcome": AppealOutcome.OVERTURNED, "reason": "They did.", "seen": seen(case), "at": NOON}
        moderation.decide_appeal(actor=make_moderator(), case=case, **given)
        work.refresh_from_db()
        assert work.held_by == ""
        assert ReportRule.OTHER not in cases.rules_of(case)
