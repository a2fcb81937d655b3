"""All emails that a person may choose, on one page, and links that stop one kind."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from django.core import mail
from django.test import Client

from accounts import mail_choices as registry
from accounts.models import MailStop, User
from accounts.services import mail_choices
from common import emails
from storefront.community.services import review_emails
from storefront.library.models import EditionMailStop, NewBookMail, ReaderMail
from storefront.newsletters.models import Subscription
from storefront.newsletters.services import issues
from tests.conftest import NOON
from tests.factories.accounts import make_author, make_reader
from tests.factories.publishing import make_published_edition
from tests.factories.trust import make_review

pytestmark = pytest.mark.django_db
PAGE = "/account/emails/"
ALWAYS = {"library.prices", "library.new_books"}


def fields(user: User) -> dict[str, str]:
    return {field: choice.chosen for field, choice in registry.choices_of(user)}


@pytest.fixture
def reader(client: Client) -> User:
    reader = make_reader()
    client.force_login(reader)
    return reader


class TestPage:
    def test_shows_what_concerns_the_person_alone(self, reader: User) -> None:
        assert fields(reader).keys() == ALWAYS
        make_review(user=reader)
        assert fields(reader).keys() == ALWAYS | {"kinds.review_reply"}

    def test_saves_what_changed(self, client: Client, reader: User) -> None:
        make_review(user=reader)
        answer = client.post(PAGE, {"library.new_books": "weekly", "kinds.review_reply": "off", "library.prices": "on"})
        assert answer.status_code == 302
        assert fields(reader) == {
            "library.prices": "on",
            "library.new_books": NewBookMail.WEEKLY,
            "kinds.review_reply": "off",
        }

    def test_what_is_not_in_the_form_stays(self, client: Client, reader: User) -> None:
        client.post(PAGE, {"library.new_books": "never"})
        client.post(PAGE, {"library.prices": "off"})
        assert fields(reader) == {"library.prices": "off", "library.new_books": "never"}

    @pytest.mark.parametrize(
        "asked", [{"library.prices": "loudly"}, {"kinds.none": "off"}, {"nobody.x": "on"}, {"": ""}]
    )
    def test_what_there_is_not_changes_nothing(self, client: Client, reader: User, asked: dict[str, str]) -> None:
        assert client.post(PAGE, asked).status_code == 302
        assert fields(reader) == {"library.prices": "on", "library.new_books": "at_once"}
        assert not MailStop.objects.exists()

    def test_stops_all_at_once(self, client: Client, reader: User) -> None:
        make_review(user=reader)
        client.post(PAGE, {"stop_all": "1"})
        assert fields(reader) == {"library.prices": "off", "library.new_books": "never", "kinds.review_reply": "off"}
        assert not ReaderMail.objects.get(user=reader).price_alerts

    def test_newsletters_end_there(self, client: Client, reader: User) -> None:
        author = make_author()
        make_published_edition(owner=author)
        letter = issues.save_newsletter(actor=author, about="The sea.", is_open=True, at=NOON)
        Subscription.objects.create(newsletter=letter, reader=reader, subscribed_at=NOON)
        client.post(PAGE, {f"newsletters.{author.public_id}": "off"})
        assert not Subscription.objects.exists()

    def test_stopped_editions_come_again(self, client: Client, reader: User) -> None:
        work = make_published_edition().work
        stop = EditionMailStop.objects.create(user=reader, work=work, owner=work.owner, name="A", stopped_at=NOON)
        somebody = EditionMailStop.objects.create(
            user=make_reader(), work=work, owner=work.owner, name="A", stopped_at=NOON
        )
        client.post(PAGE, {f"library.editions-{stop.pk}": "on", f"library.editions-{somebody.pk}": "on"})
        assert list(EditionMailStop.objects.all()) == [somebody]


class TestLink:
    def link(self, user: User) -> str:
        return urlsplit(mail_choices.stop_link(user=user, code=review_emails.REVIEW_REPLY)).path

    def test_reading_it_changes_nothing(self, client: Client) -> None:
        assert client.get(self.link(make_reader())).status_code == 200
        assert not MailStop.objects.exists()

    def test_email_programs_stop_it_without_a_cookie(self) -> None:
        reader = make_reader()
        visitor = Client(enforce_csrf_checks=True)
        assert visitor.post(self.link(reader), {"List-Unsubscribe": "One-Click"}).status_code == 200
        assert not mail_choices.is_wanted(reader, review_emails.REVIEW_REPLY)
        visitor.post(self.link(reader), {"again": "1"})
        assert mail_choices.is_wanted(reader, review_emails.REVIEW_REPLY)

    def test_a_forged_one_is_not_found(self, client: Client) -> None:
        path = self.link(make_reader())
        assert client.post(path.replace("rsv", "rsw")[:-2] + "x/").status_code == 404


class TestQueue:
    def test_headers_wait_with_the_email(self, django_capture_on_commit_callbacks) -> None:
        with django_capture_on_commit_callbacks(execute=True):
            emails.enqueue(
                "payout_trouble",
                "No",
                "ada@example.org",
                {"trouble": "X"},
                headers=emails.one_click("https://x.example/"),
            )
        assert mail.outbox[0].extra_headers == {
            "List-Unsubscribe": "<https://x.example/>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        }
