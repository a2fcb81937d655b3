"""Conversations that are kept elsewhere and found in the inbox: comments on texts, and what people asked the shop."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Deletion, User
from common import clock
from helpdesk import services as helpdesk
from helpdesk.models import ContactRequest
from hiring.conversations import menu, selectors
from hiring.conversations.models import SeenElsewhere
from hiring.conversations.services import account_deletion
from publishing.comments.models import Comment
from publishing.comments.services import threads
from publishing.editing.models import WorkText
from tests.factories.accounts import make_finance, make_member, make_reader
from tests.factories.collaboration import make_collaborator
from tests.factories.comments import make_thread
from tests.factories.editing import make_text
from tests.factories.publishing import make_work

pytestmark = [pytest.mark.django_db, pytest.mark.both]


@pytest.fixture(autouse=True)
def _no_messages(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    settings.STAFF_SECOND_FACTOR_REQUIRED = False
    monkeypatch.setattr("common.jobs.enqueue", lambda name, **ids: None)
    monkeypatch.setattr("common.jobs.enqueue_later", lambda name, *, delay_s, **ids: None)


@pytest.fixture
def text() -> WorkText:
    return make_text(work=make_work(title="The Salt Road"))


def as_(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def inbox(user: User, **query: str) -> str:
    return as_(user).get(reverse("conversations:inbox"), query).content.decode()


def asked(user: User, body: str = "Where is my book?") -> ContactRequest:
    return helpdesk.send_request(
        writer=user, email=user.email, topic="reading", order=None, named_order="", body=body, at=clock.now()
    )


def answered(row: ContactRequest) -> ContactRequest:
    return helpdesk.answer_request(
        actor=make_finance(), public_id=row.public_id, answer="In your library.", at=clock.now()
    )


class TestComments:
    def test_are_listed_as_new_until_they_are_seen_where_they_are(self, text: WorkText) -> None:
        owner, editor = text.work.owner, make_reader(display_name="Pia Proof")
        make_collaborator(text.work, user=editor)
        make_thread(text, editor, body="Really asleep?")
        page = inbox(owner)
        for shown in (
            "New comments and answers",
            "Pia Proof",
            "Comments on “The Salt Road”",
            "Really asleep?",
            "1 new",
        ):
            assert shown in page
        assert selectors.count_unread(owner) == 1
        link = menu.inbox_link(owner)
        assert link is not None
        assert link.count == 1
        as_(owner).get(reverse("comments:threads", args=[text.work.public_id]))
        assert selectors.count_unread(owner) == 0
        page = inbox(owner)
        assert "Comments on “The Salt Road”" in page
        assert "New comments and answers" not in page

    def test_ones_own_words_are_not_new_and_answer_what_came_before(self, text: WorkText) -> None:
        owner, editor = text.work.owner, make_reader()
        make_collaborator(text.work, user=editor)
        thread = make_thread(text, editor)
        assert selectors.count_unread(editor) == 0
        assert "You:" in inbox(editor)
        threads.reply(actor=owner, thread=thread, body="Asleep.", at=clock.now() + timedelta(seconds=1))
        assert (selectors.count_unread(owner), selectors.count_unread(editor)) == (0, 1)

    def test_early_readers_find_their_own_threads_alone(self, text: WorkText) -> None:
        reader, other = make_reader(), make_reader()
        for person in (reader, other):
            make_collaborator(text.work, role="early_reader", user=person)
        make_thread(text, other, body="A secret remark.")
        assert "A secret remark." not in inbox(reader)
        assert selectors.elsewhere_of(reader) == []

    def test_strangers_and_those_who_have_left_find_nothing(self, text: WorkText) -> None:
        editor = make_reader()
        row = make_collaborator(text.work, user=editor)
        make_thread(text, editor)
        row.ended_at = clock.now()
        row.save(update_fields=["ended_at"])
        assert selectors.elsewhere_of(editor) == []
        assert selectors.elsewhere_of(make_member()) == []

    def test_deleted_and_old_comments_are_no_news(self, text: WorkText) -> None:
        owner, editor = text.work.owner, make_reader()
        make_collaborator(text.work, user=editor)
        thread = make_thread(text, editor)
        Comment.objects.filter(thread=thread).update(written_at=clock.now() - timedelta(days=31))
        assert selectors.count_unread(owner) == 0
        threads.delete(actor=editor, comment=thread.comments.get(), at=clock.now())
        assert selectors.elsewhere_of(owner) == []

    def test_the_menu_asks_a_fixed_number_of_questions(
        self, text: WorkText, django_assert_max_num_queries: Any
    ) -> None:
        owner, editor = text.work.owner, make_reader()
        make_collaborator(text.work, user=editor)
        make_thread(text, editor)
        as_(owner).get(reverse("comments:threads", args=[text.work.public_id]))
        for _ in range(4):
            make_text(work=make_work(owner=owner))
        with django_assert_max_num_queries(12):
            menu.inbox_link(User.objects.get(pk=owner.pk))


class TestRequests:
    def test_an_answer_is_new_until_its_page_is_opened(self) -> None:
        person = make_member()
        row = asked(person)
        assert selectors.count_unread(person) == 0
        assert "Where is my book?" in inbox(person)
        answered(row)
        assert selectors.count_unread(person) == 1
        page = inbox(person, only_unread="on")
        assert "In your library." in page
        address = reverse("contact-request", args=[row.public_id])
        assert address in page
        shown = as_(person).get(address).content.decode()
        assert "Where is my book?" in shown
        assert "In your library." in shown
        assert selectors.count_unread(person) == 0
        assert "In your library." in inbox(person)
        assert "In your library." not in inbox(person, only_unread="on")

    def test_closed_without_an_answer_is_no_news(self) -> None:
        person = make_member()
        row = asked(person)
        helpdesk.close_request(actor=make_finance(), public_id=row.public_id, at=clock.now())
        assert selectors.count_unread(person) == 0
        page = as_(person).get(reverse("contact-request", args=[row.public_id])).content.decode()
        assert "We have closed this without an answer." in page

    def test_nobody_reads_another_persons(self) -> None:
        row = answered(asked(make_member()))
        address = reverse("contact-request", args=[row.public_id])
        assert Client().get(address).status_code == 302
        for stranger in (make_member(), make_finance()):
            assert as_(stranger).get(address).status_code == 404
        assert as_(make_member()).get(reverse("contact-request", args=["req_none"])).status_code == 404

    def test_what_a_guest_asked_is_in_no_inbox(self) -> None:
        person = make_member()
        helpdesk.send_request(
            writer=None, email=person.email, topic="other", order=None, named_order="", body="Hello?", at=clock.now()
        )
        assert selectors.elsewhere_of(person) == []


class TestMarks:
    def test_never_go_back_and_go_with_the_account(self) -> None:
        person = make_member()
        row = answered(asked(person))
        browser = as_(person)
        for _ in range(2):
            browser.get(reverse("contact-request", args=[row.public_id]))
        (mark,) = SeenElsewhere.objects.all()
        assert mark.thing == row.public_id
        now = clock.now()
        account_deletion.erase(Deletion.objects.create(user=person, asked_at=now, due_at=now), now)
        assert not SeenElsewhere.objects.exists()


def test_an_inbox_without_anything_says_so() -> None:
    assert "No messages yet" in inbox(make_member())
