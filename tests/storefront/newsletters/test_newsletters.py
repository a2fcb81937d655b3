"""Newsletters: who gets an issue, once; how often; how it stops; and that the author never learns who reads it."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.urls import reverse

from common import clock
from common.errors import NotAllowed, NotFound
from storefront.catalogue.services import listings
from storefront.community.models import ReviewCase
from storefront.newsletters import selectors
from storefront.newsletters.errors import (
    AlreadySent,
    ForeignBook,
    NobodySubscribed,
    NoBooksOnSale,
    OwnNewsletter,
    TooManyDrafts,
    TooSoon,
    UnderReview,
)
from storefront.newsletters.models import Delivery, Issue, IssueState, Newsletter, Subscription
from storefront.newsletters.services import emails, issues, subscriptions
from storefront.newsletters.services.issues import IssueInput
from tests.factories.accounts import make_author, make_finance, make_reader
from tests.factories.buying import buy, make_book
from tests.factories.guests import buy_as_guest

pytestmark = [pytest.mark.django_db, pytest.mark.both, pytest.mark.usefixtures("postman")]
HERE = {"sec-fetch-site": "same-origin"}
TOLD = IssueInput("What I am writing", "Dear readers,\n\nsee https://example.org/a?b=1&c=2 <b>now</b>.")


@pytest.fixture
def author(db):
    person = make_author()
    listings.refresh_listing(make_book(owner=person, title="The First"))
    return person


@pytest.fixture
def newsletter(author) -> Newsletter:
    return issues.save_newsletter(actor=author, about="Four letters a year.", is_open=True, at=clock.now())


@pytest.fixture
def subscription(newsletter, author, reader) -> Subscription:
    return subscriptions.subscribe(actor=reader, author_id=author.public_id, at=clock.now() - timedelta(hours=1))


def write(author, **changes) -> Issue:
    told = IssueInput(**{"subject": TOLD.subject, "text": TOLD.text, **changes})
    return issues.save_issue(actor=author, issue=None, told=told, at=clock.now())


@pytest.fixture
def send(author, django_capture_on_commit_callbacks):
    def sent(issue: Issue | None = None) -> Issue:
        with django_capture_on_commit_callbacks(execute=True):
            found = issues.send_issue(actor=author, issue=issue or write(author), at=clock.now())
        return Issue.objects.get(pk=found.pk)

    return sent


class TestSubscribe:
    def test_twice_is_once(self, subscription, author, reader):
        again = subscriptions.subscribe(actor=reader, author_id=author.public_id, at=clock.now())
        assert again == subscription
        assert selectors.wanted_by(author.pk) == 1

    def test_nobody_subscribes_to_what_is_closed_or_never_opened(self, author, newsletter, reader):
        with pytest.raises(NotFound):
            subscriptions.subscribe(actor=reader, author_id=make_author().public_id, at=clock.now())
        issues.save_newsletter(actor=author, about="-", is_open=False, at=clock.now())
        with pytest.raises(NotFound):
            subscriptions.subscribe(actor=reader, author_id=author.public_id, at=clock.now())

    def test_nobody_subscribes_to_their_own(self, author, newsletter):
        with pytest.raises(OwnNewsletter):
            subscriptions.subscribe(actor=author, author_id=author.public_id, at=clock.now())

    def test_guests_log_in_first(self, author, newsletter):
        guest = buy_as_guest(make_book()).buyer
        with pytest.raises(NotAllowed):
            subscriptions.subscribe(actor=guest, author_id=author.public_id, at=clock.now())

    def test_a_visitor_logs_in_and_is_subscribed_then(self, client, author, newsletter, reader):
        address = reverse("newsletters:subscribe", args=[author.public_id])
        answer = client.post(address, headers=HERE)
        assert urlsplit(answer["Location"]).path == reverse("account_login")
        assert not Subscription.objects.exists()
        session = client.session["newsletter"]
        client.force_login(reader)
        state = client.session
        state["newsletter"] = session
        state.save()
        page = client.get(reverse("newsletters:mine")).content.decode()
        assert "You now get" in page
        assert Subscription.objects.get().reader == reader

    def test_another_site_subscribes_nobody(self, client, author, newsletter, reader):
        client.force_login(reader)
        address = reverse("newsletters:subscribe", args=[author.public_id])
        assert client.post(address, headers={"sec-fetch-site": "cross-site"}).status_code == 403
        assert not Subscription.objects.exists()

    def test_is_offered_on_the_authors_page_and_to_buyers(self, client, author, newsletter, reader):
        fragment = reverse("newsletters:fragment", args=[author.public_id])
        assert fragment in client.get(reverse("pages:author", args=[author.public_id])).content.decode()
        assert "Four letters a year." in client.get(fragment).content.decode()
        client.force_login(reader)
        assert "Four letters a year." not in client.get(reverse("newsletters:mine")).content.decode()
        book = make_book(owner=author, title="The Second")
        listings.refresh_listing(book)
        buy(reader, book)
        assert "Four letters a year." in client.get(reverse("newsletters:mine")).content.decode()

    def test_the_page_of_an_author_without_one_says_nothing(self, client, author):
        assert "<form" not in client.get(reverse("newsletters:fragment", args=[author.public_id])).content.decode()


class TestUnsubscribe:
    def test_with_one_click_without_a_log_in(self, subscription, author, reader):
        link = urlsplit(subscriptions.stop_link(reader=reader, newsletter=subscription.newsletter)).path
        visitor = Client(enforce_csrf_checks=True)
        assert "Stop the newsletter" in visitor.get(link).content.decode()
        assert Subscription.objects.exists(), "looking changes nothing"
        assert visitor.post(link, {"List-Unsubscribe": "One-Click"}).status_code == 200
        assert not Subscription.objects.exists()
        visitor.post(link, {"again": "1"})
        assert Subscription.objects.get().reader == reader

    @pytest.mark.parametrize(
        "damage", [lambda token: token[:-1] + "x", lambda token: token.replace("usr_", "usr_0", 1)]
    )
    def test_refuses_a_forged_link(self, client, subscription, reader, damage):
        link = subscriptions.stop_link(reader=reader, newsletter=subscription.newsletter)
        token = damage(urlsplit(link).path.split("/")[-2])
        assert client.post(reverse("newsletters:stop-link", args=[token])).status_code == 404
        assert Subscription.objects.exists()

    def test_from_ones_page(self, client, subscription, author, reader):
        client.force_login(reader)
        client.post(reverse("newsletters:unsubscribe", args=[author.public_id]))
        assert not Subscription.objects.exists()


class TestSend:
    def test_goes_to_each_subscriber_once(self, subscription, author, reader, send, mailoutbox):
        make_reader()
        issue = send(write(author, work=author.works.get()))
        (mail,) = mailoutbox
        assert (mail.to, mail.subject) == ([reader.email], TOLD.subject)
        link = subscriptions.stop_link(reader=reader, newsletter=subscription.newsletter)
        assert mail.extra_headers["List-Unsubscribe"] == f"<{link}>"
        assert mail.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        assert author.public_id in mail.extra_headers["List-Id"]
        html = mail.alternatives[0].content
        assert '<a href="https://example.org/a?b=1&amp;c=2"' in html
        assert "&lt;b&gt;now&lt;/b&gt;" in html
        assert "The First" in mail.body
        assert (issue.state, issue.recipients) == (IssueState.SENT, 1)
        assert issues.start(issue_id=issue.pk, at=clock.now()) == 0
        assert not emails.mail_issue(delivery_id=Delivery.objects.get().pk, at=clock.now())
        assert len(mailoutbox) == 1

    def test_who_unsubscribed_meanwhile_gets_nothing(self, subscription, author, reader, mailoutbox):
        issue = issues.send_issue(actor=author, issue=write(author), at=clock.now())
        issues.start(issue_id=issue.pk, at=clock.now())
        subscriptions.unsubscribe(reader=reader, author_id=author.public_id)
        assert not emails.mail_issue(delivery_id=Delivery.objects.get().pk, at=clock.now())
        assert mailoutbox == []
        assert Delivery.objects.get().mailed_at is not None

    def test_who_subscribes_after_it_gets_the_next_one(self, subscription, author, newsletter):
        issue = issues.send_issue(actor=author, issue=write(author), at=clock.now())
        late = make_reader()
        subscriptions.subscribe(actor=late, author_id=author.public_id, at=clock.now() + timedelta(seconds=1))
        issues.start(issue_id=issue.pk, at=clock.now())
        assert not Delivery.objects.filter(reader=late).exists()

    def test_a_lost_message_is_sent_again(self, subscription, author, mailoutbox, django_capture_on_commit_callbacks):
        issues.send_issue(actor=author, issue=write(author), at=clock.now())
        with django_capture_on_commit_callbacks(execute=True):
            issues.retry_stuck(at=clock.now())
        assert mailoutbox == [], "the first message still has its time"
        with django_capture_on_commit_callbacks(execute=True):
            issues.retry_stuck(at=clock.now() + timedelta(minutes=2))
        assert len(mailoutbox) == 1

    def test_one_a_week(self, subscription, author, send):
        send()
        second = write(author)
        with pytest.raises(TooSoon) as refusal:
            issues.send_issue(actor=author, issue=second, at=clock.now() + timedelta(days=6, hours=23))
        assert "1 December 2026" in str(refusal.value.text)
        issues.send_issue(actor=author, issue=second, at=clock.now() + timedelta(days=7))

    def test_needs_readers_and_a_book(self, author, newsletter):
        with pytest.raises(NobodySubscribed):
            issues.send_issue(actor=author, issue=write(author), at=clock.now())
        with pytest.raises(NoBooksOnSale):
            issues.save_newsletter(actor=make_author(), about="-", is_open=True, at=clock.now())
        with pytest.raises(NoBooksOnSale):
            write(make_author())

    def test_what_was_sent_stays(self, subscription, author, send):
        issue = send()
        for act in (
            lambda: issues.save_issue(actor=author, issue=issue, told=TOLD, at=clock.now()),
            lambda: issues.delete_issue(actor=author, issue=issue),
            lambda: issues.send_issue(actor=author, issue=issue, at=clock.now()),
        ):
            with pytest.raises(AlreadySent):
                act()

    def test_is_the_authors_alone(self, client, subscription, author):
        issue = write(author)
        for stranger in (make_author(), subscription.reader, make_finance()):
            with pytest.raises(NotFound):
                issues.send_issue(actor=stranger, issue=issue, at=clock.now())
            client.force_login(stranger)
            for name in ("issue", "send", "preview", "delete"):
                assert client.post(reverse(f"newsletters:{name}", args=[issue.public_id])).status_code == 404
        assert Issue.objects.get().is_draft

    def test_shows_only_books_of_ones_own(self, author, newsletter):
        with pytest.raises(ForeignBook):
            write(author, work=make_book().work)

    def test_drafts_have_a_limit(self, author, newsletter):
        for _number in range(issues.MAX_DRAFTS):
            write(author)
        with pytest.raises(TooManyDrafts):
            write(author)

    def test_a_preview_goes_to_the_author_alone(self, subscription, author, mailoutbox):
        emails.send_sample(author=author, issue=write(author))
        (mail,) = mailoutbox
        assert mail.to == [author.email]
        assert mail.subject == f"Preview: {TOLD.subject}"
        assert not Delivery.objects.exists()


class TestStopped:
    def test_whoever_has_not_got_it_never_does(self, subscription, author, mailoutbox):
        issue = issues.send_issue(actor=author, issue=write(author), at=clock.now())
        issues.start(issue_id=issue.pk, at=clock.now())
        issues.stop(issue=issue)
        assert not emails.mail_issue(delivery_id=Delivery.objects.get().pk, at=clock.now())
        assert mailoutbox == []

    def test_the_next_one_waits_for_28_days(self, subscription, author, send):
        issues.stop(issue=send())
        later = write(author)
        with pytest.raises(UnderReview):
            issues.send_issue(actor=author, issue=later, at=clock.now() + timedelta(days=27))
        issues.send_issue(actor=author, issue=later, at=clock.now() + timedelta(days=28))

    def test_an_appeal_sends_it_to_those_who_have_not_got_it(
        self, subscription, author, reader, mailoutbox, django_capture_on_commit_callbacks
    ):
        issue = issues.send_issue(actor=author, issue=write(author), at=clock.now())
        issues.start(issue_id=issue.pk, at=clock.now())
        issues.stop(issue=issue)
        with django_capture_on_commit_callbacks(execute=True):
            issues.retry_stuck(at=clock.now() + timedelta(minutes=2))
        emails.mail_issue(delivery_id=Delivery.objects.get().pk, at=clock.now())
        assert mailoutbox == []
        with django_capture_on_commit_callbacks(execute=True):
            issues.restore(issue=issue)
        issue.refresh_from_db()
        assert (issue.state, issue.recipients) == (IssueState.SENT, 1)
        assert [mail.to for mail in mailoutbox] == [[reader.email]]

    def test_only_who_got_it_reports_it(self, client, subscription, author, reader, send):
        issue = send()
        address = reverse("community:thing-report", args=["issue", issue.public_id])
        client.force_login(reader)
        assert client.get(address).status_code == 200
        assert (
            client.post(
                address, {"rule": "other", "words": "Look at it.", "place": "Line 1", "good_faith": "on"}
            ).status_code
            == 302
        )
        assert ReviewCase.objects.get().thing_id == issue.public_id
        client.force_login(make_reader())
        assert client.get(address).status_code == 404


class TestDesk:
    def test_from_opening_to_sending(self, client, author, reader, django_capture_on_commit_callbacks, mailoutbox):
        client.force_login(author)
        desk = reverse("newsletters:newsletter")
        assert "Open your newsletter" in client.get(desk).content.decode()
        client.post(desk, {"about": "Four letters.", "is_open": "on"})
        subscriptions.subscribe(actor=reader, author_id=author.public_id, at=clock.now() - timedelta(hours=1))
        made = client.post(
            reverse("newsletters:new"),
            {"subject": "Hello", "text": "Dear readers", "work": author.works.get().public_id},
        )
        page = client.get(made["Location"]).content.decode()
        for shown in ("As readers get it", "Dear readers", "The First", "1 reader gets it."):
            assert shown in page
        issue = Issue.objects.get()
        with django_capture_on_commit_callbacks(execute=True):
            client.post(reverse("newsletters:send", args=[issue.public_id]))
        assert [mail.to for mail in mailoutbox] == [[reader.email]]
        sent = client.get(desk).content.decode() + client.get(made["Location"]).content.decode()
        assert reader.email not in sent
        assert reader.display_name not in sent

    @pytest.mark.parametrize(
        "form", [{"subject": ""}, {"subject": "x" * 121, "text": "y"}, {"subject": "a", "text": "b", "work": "wrk_no"}]
    )
    def test_gives_a_wrong_form_back(self, client, author, newsletter, form):
        client.force_login(author)
        assert client.post(reverse("newsletters:new"), form).status_code == 422
        assert not Issue.objects.exists()

    def test_is_for_authors(self, client, reader):
        client.force_login(reader)
        assert client.get(reverse("newsletters:newsletter")).status_code == 403
