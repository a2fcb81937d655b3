"""Readers report books and shelves: who may, what is asked, and what becomes of it."""

from __future__ import annotations

import pytest
from django.core import mail

from common.errors import NotFound
from storefront.community.errors import AlreadyReported
from storefront.community.models import AppealOutcome, CaseOutcome, CaseState, Report, ReportRule, ReviewCase
from storefront.community.services import report_emails, retry_stuck, review_emails, shelves
from storefront.community.services.reports import ReportNotAllowed
from tests.factories.accounts import make_author, make_moderator, make_reader
from tests.factories.publishing import make_contributor, make_published_edition
from tests.storefront.community.reported import (
    WORDS,
    appeal,
    decide,
    decide_again,
    make_shelf,
    report,
    report_shelf,
)

pytestmark = pytest.mark.django_db
GIVEN = {"rule": "stolen", "words": WORDS, "place": "Chapter 3", "good_faith": "on"}


@pytest.fixture
def work():
    return make_published_edition(slug="the-lamp", title="The Lamp", owner=make_author(display_name="Ada")).work


class TestReporting:
    def test_joins_one_case_until_it_is_decided(self, work):
        first, second = report(work), report(work, rule=ReportRule.HATE)
        assert first == second
        assert (first.reports.count(), first.writer, first.state) == (2, work.owner, CaseState.OPEN)
        decide(first, CaseOutcome.KEEP)
        assert report(work) != first

    def test_is_done_once_by_each_person(self, work):
        reader = make_reader()
        report(work, reader)
        with pytest.raises(AlreadyReported):
            report(work, reader)

    @pytest.mark.parametrize("who", ["owner", "contributor"])
    def test_refuses_makers(self, work, who):
        make_contributor(work, user=(other := make_author()), role="ill")
        with pytest.raises(ReportNotAllowed):
            report(work, work.owner if who == "owner" else other)

    def test_refuses_the_keeper_of_a_shelf(self, work):
        shelf = make_shelf(work)
        with pytest.raises(ReportNotAllowed):
            report_shelf(shelf, shelf.owner)

    def test_refuses_what_is_off_sale_or_hidden(self, work):
        shelf = make_shelf(work)
        decide(report(work))
        with pytest.raises(NotFound):
            report(work)
        decide(report_shelf(shelf), CaseOutcome.PRIVATE, ReportRule.HATE)
        with pytest.raises(NotFound):
            report_shelf(shelf)

    def test_keeps_a_right_holder_of_copyright_alone(self, work):
        given = {"right_holder": "Ben, ben@example.org", "original": "ISBN 978"}
        assert report(work, rule=ReportRule.COPYRIGHT, **given).reports.get().original == "ISBN 978"
        assert report(work, rule=ReportRule.HATE, **given).reports.get(rule="hate").original == ""

    def test_of_a_shelf_that_is_deleted_is_closed_and_stays_with_whoever_sent_it(self, work, client):
        shelf, reader = make_shelf(work), make_reader()
        report_shelf(shelf, reader)
        shelves.delete_shelf(actor=shelf.owner, shelf=shelf)
        assert ReviewCase.objects.get().state == CaseState.CLOSED
        client.force_login(reader)
        assert "Its owner has deleted it" in client.get("/account/reports/").content.decode()


class TestForm:
    def test_is_linked_from_both_pages(self, work, client):
        shelf = make_shelf(work)
        for path in ("/books/the-lamp/", f"/shelves/{shelf.slug}/"):
            assert f'href="{path}report/" rel="nofollow"' in " ".join(client.get(path).content.decode().split())

    def test_sends_a_report(self, work, client):
        client.force_login(reader := make_reader())
        response = client.post("/books/the-lamp/report/", GIVEN, follow=True)
        assert "Thank you." in response.content.decode()
        assert (found := Report.objects.get()).user == reader
        assert (found.case.work, found.words, found.rule) == (work, WORDS, "stolen")
        again = client.post("/books/the-lamp/report/", GIVEN, follow=True)
        assert "You have already reported this" in again.content.decode()

    @pytest.mark.parametrize(
        ("given", "error"),
        [
            ({**GIVEN, "rule": "stolen", "words": " "}, "words"),
            ({**GIVEN, "place": " "}, "place"),
            ({**GIVEN, "good_faith": ""}, "good_faith"),
            ({**GIVEN, "rule": "nonsense", "words": WORDS}, "rule"),
            ({**GIVEN, "rule": "copyright", "words": WORDS, "original": "ISBN"}, "right_holder"),
            ({**GIVEN, "rule": "copyright", "words": WORDS, "right_holder": "Ben"}, "original"),
        ],
    )
    def test_says_what_is_missing(self, work, client, given, error):
        client.force_login(make_reader())
        response = client.post("/books/the-lamp/report/", given)
        assert response.status_code == 422
        assert set(response.context["form"].errors) == {error}
        assert not Report.objects.exists()

    def test_of_a_shelf_does_not_ask_for_a_mark_for_adults(self, work, client):
        shelf = make_shelf(work)
        client.force_login(make_reader())
        path = f"/shelves/{shelf.slug}/report/"
        assert client.post(path, {**GIVEN, "rule": "adult"}).status_code == 422
        assert client.post(path, GIVEN).status_code == 302

    def test_takes_so_many_a_day_of_one_person(self, work, client, settings):
        settings.ACCOUNT_RATE_LIMITS = {"report": "2/d/key"}
        for number in range(3):
            make_published_edition(slug=f"book-{number}")
        client.force_login(make_reader())
        answers = [client.post(f"/books/book-{number}/report/", GIVEN).status_code for number in range(3)]
        assert answers == [302, 302, 429]
        client.force_login(make_reader())
        assert client.post("/books/book-2/report/", GIVEN).status_code == 302


class TestReporters:
    def letters_to(self, reader):
        return [letter.body for letter in mail.outbox if letter.to == [reader.email]]

    def test_are_told_once_what_was_decided(self, work):
        reader = make_reader()
        case = decide(report(work, reader))
        (found,) = case.reports.all()
        assert report_emails.mail_report(report_id=found.pk)
        assert not report_emails.mail_report(report_id=found.pk)
        (body,) = self.letters_to(reader)
        assert "Taken off sale. Rule: Spam" in body
        assert "It is copied." not in body

    def test_are_told_why_nothing_changes(self, work, client):
        reader = make_reader()
        case = decide(report(work, reader), CaseOutcome.KEEP, None, evidence="")
        report_emails.mail_report(report_id=case.reports.get().pk)
        assert "No change. Reason: It is copied." in self.letters_to(reader)[0]
        client.force_login(reader)
        assert "It is copied." in client.get("/account/reports/").content.decode()

    def test_are_told_when_an_appeal_undoes_it_and_not_when_it_stands(self, work):
        people = [make_reader(), make_reader()]
        other = make_published_edition().work
        for outcome, one, reader in zip(AppealOutcome, (work, other), people, strict=True):
            case = decide(report(one, reader))
            report_emails.mail_report(report_id=case.reports.get().pk)
            decide_again(appeal(case), outcome)
            report_emails.mail_report(report_id=case.reports.get().pk)
        stands, undone = (self.letters_to(reader) for reader in people)
        assert (len(stands), len(undone)) == (1, 2)
        assert "On appeal, a second person undid the change." in undone[1]

    def test_whom_a_lost_message_forgot_are_found_by_the_sweeper(self, work, django_capture_on_commit_callbacks):
        case = decide(report(work, reader := make_reader()))
        ReviewCase.objects.filter(pk=case.pk).update(decided_at="2020-01-01T00:00:00Z")
        with django_capture_on_commit_callbacks(execute=True):
            retry_stuck.retry_stuck()
        assert len(self.letters_to(reader)) == 1

    def test_are_named_nowhere(self, work, client):
        reader = make_reader(display_name="Quentin Quill", email="quill@example.org")
        case = report(work, reader, ReportRule.COPYRIGHT, right_holder="Ben", original="ISBN 978")
        moderator = make_moderator()
        client.force_login(moderator)
        pages = [client.get(f"/moderation/reviews/{case.public_id}/").content.decode()]
        decide(case, rule=ReportRule.COPYRIGHT)
        review_emails.mail_case(case_id=case.pk)
        client.force_login(work.owner)
        pages += [client.get(f"/account/decisions/{case.public_id}/").content.decode()]
        pages += [
            client.get(f"/desk/works/{work.public_id}/").content.decode(),
            client.get("/rules/decisions/").content.decode(),
        ]
        pages += [str(letter.message()) for letter in mail.outbox if letter.to == [work.owner.email]]
        assert len(pages) == 5
        for page in pages:
            assert "Quill" not in page
            assert "quill@" not in page
        for page in pages[1:]:  # nor what they said
            assert WORDS not in page
