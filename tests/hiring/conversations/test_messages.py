"""Messages: who may write and read, what is new to whom, and the email about it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from accounts.models import Deletion, User
from common.errors import NotAllowed, NotFound
from hiring.conversations import hooks, permissions, selectors
from hiring.conversations.errors import (
    Apart,
    MessageTooLong,
    NothingWritten,
    NotReachable,
    TooManyFiles,
    TooManyNewConversations,
)
from hiring.conversations.models import MAX_BODY, MAX_FILES, Conversation, Membership, Message, MessageFile
from hiring.conversations.services import account_deletion, blocks, messages, unread_mails
from hiring.shared_files import FileRefused
from tests.conftest import NOON
from tests.factories.accounts import make_member, make_moderator, make_reader
from tests.factories.conversations import make_conversation, send

pytestmark = [pytest.mark.django_db, pytest.mark.both]

MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)


@pytest.fixture
def ada() -> User:
    return make_member(display_name="Ada")


@pytest.fixture
def ben() -> User:
    return make_member(display_name="Ben")


@pytest.fixture
def talk(ada: User, ben: User) -> Conversation:
    return make_conversation(ada, ben, title="A cover", at=NOON)


@pytest.fixture
def _offering(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Everybody whose name begins with B offers something."""
    monkeypatch.setattr(hooks, "_reachable", [lambda user: user.display_name.startswith("B")])
    yield


def page_of(name: str, *args: str) -> str:
    return reverse(f"conversations:{name}", args=args)


def as_(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


class TestWhoMayRead:
    @pytest.mark.parametrize("page", ["conversation", "conversation-newer"])
    def test_only_members(self, ada: User, talk: Conversation, page: str) -> None:
        send(ada, talk, "The harbour at night?")
        assert "The harbour at night?" in as_(ada).get(page_of(page, talk.public_id)).content.decode()
        for stranger in (make_member(), make_moderator()):
            assert as_(stranger).get(page_of(page, talk.public_id)).status_code == 404
        assert Client().get(page_of(page, talk.public_id)).status_code == 302

    def test_whoever_decides_about_the_subject_reads_but_does_not_write(
        self, monkeypatch: pytest.MonkeyPatch, ada: User, talk: Conversation
    ) -> None:
        judge = make_moderator()
        monkeypatch.setattr(hooks, "_readers", [lambda user, subject: user == judge and subject == talk.subject])
        send(ada, talk, "The harbour at night?")
        shown = as_(judge).get(page_of("conversation", talk.public_id)).content.decode()
        assert "The harbour at night?" in shown
        assert "<textarea" not in shown
        with pytest.raises(NotFound):
            send(judge, talk, "I read this.")
        other = make_conversation(ada, make_member())
        assert as_(judge).get(page_of("conversation", other.public_id)).status_code == 404

    def test_files_go_to_members_only(self, ada: User, ben: User, talk: Conversation) -> None:
        file = send(ada, talk, files={"sketch.txt": b"A lamp."}).files.get()
        answer = as_(ben).get(page_of("conversation-file", talk.public_id, file.public_id))
        assert b"".join(answer.streaming_content) == b"A lamp."
        assert as_(make_member()).get(page_of("conversation-file", talk.public_id, file.public_id)).status_code == 404
        mine = make_conversation(ada, make_member())
        assert as_(ada).get(page_of("conversation-file", mine.public_id, file.public_id)).status_code == 404

    def test_hidden_messages_show_neither_words_nor_files(self, ada: User, ben: User, talk: Conversation) -> None:
        sent = send(ada, talk, "Rude words.", files={"sketch.txt": b"A lamp."})
        Message.objects.filter(pk=sent.pk).update(hidden_at=NOON)
        client = as_(ben)
        assert "Rude words" not in client.get(page_of("conversation", talk.public_id)).content.decode()
        assert "Rude words" not in client.get(page_of("inbox")).content.decode()
        assert client.get(page_of("conversation-file", talk.public_id, sent.files.get().public_id)).status_code == 404


class TestWriting:
    def test_by_the_form_with_a_file(self, ada: User, ben: User, talk: Conversation) -> None:
        form = {
            "body": " Like this?\r\n",
            "attachments": [SimpleUploadedFile("a.txt", b"a"), SimpleUploadedFile("b.txt", b"b")],
        }
        answer = as_(ada).post(page_of("conversation", talk.public_id), form)
        sent = Message.objects.get()
        assert answer["Location"] == f"{page_of('conversation', talk.public_id)}#{sent.public_id}"
        assert (sent.author, sent.body) == (ada, "Like this?")
        assert [(one.name, one.size_bytes) for one in sent.files.all()] == [("a.txt", 1), ("b.txt", 1)]

    def test_a_form_sent_twice_is_one_message(self, ada: User, talk: Conversation) -> None:
        client, form = as_(ada), {"body": "Once.", "form_token": str(uuid4())}
        places = [client.post(page_of("conversation", talk.public_id), form)["Location"] for _ in range(2)]
        assert places[0] == places[1]
        assert Message.objects.count() == 1
        client.post(page_of("conversation", talk.public_id), form | {"body": "Something else."})
        assert Message.objects.count() == 2

    def test_what_is_refused_loses_nothing(self, ada: User, talk: Conversation) -> None:
        form = {"body": "See the file.", "attachments": [SimpleUploadedFile("setup.exe", b"MZ")]}
        answer = as_(ada).post(page_of("conversation", talk.public_id), form)
        assert answer.status_code == 422
        assert "See the file." in answer.content.decode()
        assert "setup.exe" in answer.content.decode()
        assert not Message.objects.exists()

    @pytest.mark.parametrize(
        ("body", "files", "error"),
        [
            (" \n ", {}, NothingWritten),
            ("x" * (MAX_BODY + 1), {}, MessageTooLong),
            ("Many.", {f"{number}.txt": b"x" for number in range(MAX_FILES + 1)}, TooManyFiles),
            ("One is bad.", {"a.txt": b"x", "b.exe": b"MZ"}, FileRefused),
        ],
    )
    def test_refusals(
        self, ada: User, talk: Conversation, body: str, files: dict[str, bytes], error: type[Exception]
    ) -> None:
        with pytest.raises(error):
            send(ada, talk, body, files=files)
        assert not Message.objects.exists()
        assert not MessageFile.objects.exists()

    def test_only_members_write(self, talk: Conversation) -> None:
        stranger = make_member()
        with pytest.raises(NotFound):
            send(stranger, talk)
        assert as_(stranger).post(page_of("conversation", talk.public_id), {"body": "Hello."}).status_code == 404

    def test_not_where_nobody_reads(self, ada: User, ben: User, talk: Conversation) -> None:
        User.objects.filter(pk=ben.pk).update(is_active=False)
        with pytest.raises(Apart):
            send(ada, talk)
        assert "Nobody reads here any more." in as_(ada).get(page_of("conversation", talk.public_id)).content.decode()

    def test_what_people_write_is_text(self, ada: User, ben: User, talk: Conversation) -> None:
        send(ada, talk, "<script>alert(1)</script>\n\nAnd a second paragraph.")
        shown = as_(ben).get(page_of("conversation", talk.public_id)).content.decode()
        assert "&lt;script&gt;" in shown
        assert "<script>alert" not in shown


@pytest.mark.usefixtures("_offering")
class TestNewPeople:
    def test_one_writes_to_people_who_offer_something(self, ada: User, ben: User) -> None:
        answer = as_(ada).post(page_of("write", ben.public_id), {"body": "Are you free in May?"})
        talk = Conversation.objects.get()
        assert answer["Location"] == page_of("conversation", talk.public_id)
        assert {row.user for row in talk.memberships.all()} == {ada, ben}
        with pytest.raises(NotReachable):
            messages.write_to(actor=ben, other=make_member(display_name="Cleo"), body="Hello.", at=NOON)

    def test_both_write_in_the_same_conversation(self, ada: User, ben: User) -> None:
        first = messages.write_to(actor=ada, other=ben, body="Hello.", at=NOON)
        again = messages.write_to(actor=ada, other=ben, body="Are you there?", at=NOON)
        assert first.conversation == again.conversation
        assert as_(ada).get(page_of("write", ben.public_id))["Location"] == page_of(
            "conversation", first.conversation.public_id
        )
        with pytest.raises(NotReachable):  # Ada offers nothing, and Ben has not written to her yet
            messages.write_to(actor=ben, other=ada, body="Hello.", at=NOON)
        send(ben, first.conversation, "I am.")
        assert messages.write_to(actor=ben, other=ada, body="In May.", at=NOON).conversation == first.conversation

    def test_not_to_oneself_guests_or_closed_accounts(self, ada: User, ben: User) -> None:
        closed = make_member(display_name="Bea", is_active=False)
        guest = make_reader(display_name="Bob", is_guest=True)
        for other in (ben, closed, guest):
            assert not permissions.may_write_to(ben, other)
            assert as_(ben).get(page_of("write", other.public_id)).status_code in {403, 404}

    def test_a_new_account_writes_to_five_new_people_a_day_and_goes_on_with_those_it_knows(self, ada: User) -> None:
        User.objects.filter(pk=ada.pk).update(joined_at=NOON - DAY)
        ada.refresh_from_db()
        people = [make_member(display_name=f"B{number}") for number in range(6)]
        for one in people[:5]:
            messages.write_to(actor=ada, other=one, body="Hello.", at=NOON)
        with pytest.raises(TooManyNewConversations, match="5"):
            messages.write_to(actor=ada, other=people[5], body="Hello.", at=NOON + MINUTE)
        messages.write_to(actor=ada, other=people[0], body="Still there?", at=NOON + MINUTE)
        messages.write_to(actor=ada, other=people[5], body="Hello.", at=NOON + DAY + MINUTE)

    def test_after_a_week_to_thirty(self, ada: User) -> None:
        User.objects.filter(pk=ada.pk).update(joined_at=NOON - 8 * DAY)
        ada.refresh_from_db()
        for number in range(30):
            messages.write_to(actor=ada, other=make_member(display_name=f"B{number}"), body="Hello.", at=NOON)
        with pytest.raises(TooManyNewConversations, match="30"):
            messages.write_to(actor=ada, other=make_member(display_name="Bert"), body="Hello.", at=NOON)


@pytest.mark.usefixtures("_offering")
class TestBlocks:
    @pytest.mark.parametrize("who", [0, 1])
    def test_neither_writes_to_the_other(self, ada: User, ben: User, who: int) -> None:
        talk = messages.write_to(actor=ada, other=ben, body="Hello.", at=NOON).conversation
        pair = (ada, ben)
        blocks.block(actor=pair[who], other=pair[1 - who], at=NOON)
        for one in pair:
            with pytest.raises(Apart):
                send(one, talk)
        with pytest.raises(Apart):
            messages.write_to(actor=ada, other=ben, body="Hello.", at=NOON)
        assert as_(ada).post(page_of("write", ben.public_id), {"body": "Hello."}).status_code == 403
        assert selectors.apart_from(ada) == {ben.pk}
        blocks.unblock(actor=pair[who], other=pair[1 - who])
        send(ada, talk)

    def test_somebody_elses_block_stays(self, ada: User, ben: User) -> None:
        blocks.block(actor=ada, other=ben, at=NOON)
        blocks.unblock(actor=ben, other=ada)
        assert permissions.are_apart(ben, ada)

    def test_an_agreement_stays_open(self, ada: User, ben: User, talk: Conversation) -> None:
        messages.bind(conversation=talk, is_bound=True)
        blocks.block(actor=ben, other=ada, at=NOON)
        talk.refresh_from_db()
        send(ada, talk, "Where is the cover?")
        messages.bind(conversation=talk, is_bound=False)
        talk.refresh_from_db()
        with pytest.raises(Apart):
            send(ada, talk)

    def test_not_oneself_and_not_staff(self, ada: User) -> None:
        for other in (ada, make_moderator()):
            with pytest.raises(NotAllowed):
                blocks.block(actor=ada, other=other, at=NOON)

    def test_by_the_pages(self, ada: User, ben: User, talk: Conversation) -> None:
        client = as_(ada)
        assert client.post(page_of("block", ben.public_id))["Location"] == page_of("blocked")
        assert "Ben" in client.get(page_of("blocked")).content.decode()
        client.post(page_of("blocked"), {"person": ben.public_id})
        assert not permissions.are_apart(ada, ben)


class TestUnread:
    def test_is_counted_by_conversation_and_until_one_looks(self, ada: User, ben: User, talk: Conversation) -> None:
        send(ada, talk)
        send(ada, talk)
        assert (selectors.count_unread(ada), selectors.count_unread(ben)) == (0, 1)
        menu = as_(ben).get(reverse("pages:account-menu")).content.decode()
        assert re.search(r'Inbox\s*<span class="badge">1</span>', menu)
        as_(ben).get(page_of("conversation", talk.public_id))
        assert selectors.count_unread(ben) == 0
        send(ada, talk)
        assert selectors.count_unread(ben) == 1

    def test_older_pages_do_not_mark_what_is_newer(self, ada: User, ben: User, talk: Conversation) -> None:
        sent = [send(ada, talk) for _ in range(3)]
        as_(ben).get(f"{page_of('conversation', talk.public_id)}?before={sent[2].pk}")
        assert selectors.count_unread(ben) == 1

    def test_a_message_that_comes_while_one_reads_stays_new(self, ada: User, ben: User, talk: Conversation) -> None:
        seen = send(ada, talk)
        send(ada, talk)
        messages.mark_read(user=ben, conversation=talk, until=seen.pk)
        row = Membership.objects.get(user=ben)
        assert row.unread_since is not None
        assert selectors.count_unread(ben) == 1

    def test_the_menu_has_no_inbox_for_those_without_messages(self, ada: User, ben: User, talk: Conversation) -> None:
        assert "Inbox" not in as_(ben).get(reverse("pages:account-menu")).content.decode()

    def test_newer_messages_come_as_a_fragment(self, ada: User, ben: User, talk: Conversation) -> None:
        first, second = send(ada, talk, "First."), send(ada, talk, "Second.")
        shown = as_(ben).get(f"{page_of('conversation-newer', talk.public_id)}?after={first.pk}").content.decode()
        assert "Second." in shown
        assert "First." not in shown
        assert f'data-message="{second.pk}"' in shown
        assert selectors.count_unread(ben) == 0


class TestMail:
    def test_after_ten_minutes_once_and_without_what_was_written(
        self, ada: User, ben: User, talk: Conversation, django_capture_on_commit_callbacks: Any
    ) -> None:
        send(ada, talk, "The butler did it.", at=NOON)
        with django_capture_on_commit_callbacks(execute=True):
            assert not unread_mails.mail(user_id=ben.pk, at=NOON + 9 * MINUTE)
            assert unread_mails.mail(user_id=ben.pk, at=NOON + 10 * MINUTE)
            assert not unread_mails.mail(user_id=ben.pk, at=NOON + 11 * MINUTE)
            assert not unread_mails.mail(user_id=ada.pk, at=NOON + 11 * MINUTE)
        (letter,) = mail.outbox
        assert letter.to == [ben.email]
        assert "Ada" in letter.subject
        assert page_of("conversation", talk.public_id) in letter.body
        assert "butler" not in letter.body + str(letter.alternatives)

    def test_one_for_all_conversations(self, ada: User, ben: User, talk: Conversation) -> None:
        send(ada, talk, at=NOON)
        other = make_conversation(ben, make_member(display_name="Cleo"), at=NOON)
        send(other.memberships.exclude(user=ben).get().user, other, at=NOON)
        assert unread_mails.mail(user_id=ben.pk, at=NOON + 10 * MINUTE)
        assert Membership.objects.exclude(mailed_at=None).count() == 2

    def test_again_when_something_new_came_after_one_has_read(self, ada: User, ben: User, talk: Conversation) -> None:
        send(ada, talk, at=NOON)
        assert unread_mails.mail(user_id=ben.pk, at=NOON + 10 * MINUTE)
        send(ada, talk, at=NOON + DAY)
        assert not unread_mails.mail(user_id=ben.pk, at=NOON + 2 * DAY)  # they have not looked since
        talk.refresh_from_db()
        messages.mark_read(user=ben, conversation=talk, until=talk.newest)
        send(ada, talk, at=NOON + 3 * DAY)
        assert unread_mails.mail(user_id=ben.pk, at=NOON + 4 * DAY)

    def test_not_when_muted_read_or_gone(self, ada: User, ben: User, talk: Conversation) -> None:
        later = NOON + 10 * MINUTE
        as_(ben).post(page_of("conversation-mute", talk.public_id), {"muted": "1"})
        send(ada, talk, at=NOON)
        assert not unread_mails.mail(user_id=ben.pk, at=later)
        as_(ben).post(page_of("conversation-mute", talk.public_id), {"muted": "0"})
        User.objects.filter(pk=ben.pk).update(is_active=False)
        assert not unread_mails.mail(user_id=ben.pk, at=later)
        assert not unread_mails.mail(user_id=0, at=later)

    def test_only_members_mute(self, talk: Conversation) -> None:
        assert as_(make_member()).post(page_of("conversation-mute", talk.public_id), {"muted": "1"}).status_code == 404


class TestTheInbox:
    def test_newest_first_with_search_and_unread(self, ada: User, ben: User, talk: Conversation) -> None:
        cleo = make_member(display_name="Cleo")
        other = make_conversation(ada, cleo, title="A map", at=NOON)
        send(cleo, other, "Of the island?")
        send(ada, talk, "The harbour at night?")
        client = as_(ada)

        def titles(query: str = "") -> list[str]:
            return re.findall(r'inbox-title">([^<]+)<', client.get(page_of("inbox") + query).content.decode())

        assert titles() == ["A cover", "A map"]
        assert titles("?only_unread=on") == ["A map"]
        assert titles("?text=island") == titles("?text=cle") == titles("?text=map") == ["A map"]
        assert titles("?text=nothing") == []

    def test_pages_are_long_and_complete(self, ada: User) -> None:
        for number in range(30):
            send(ada, make_conversation(ada, make_reader(), title=f"Talk {number}"))
        client = as_(ada)
        first = client.get(page_of("inbox")).content.decode()
        older = re.search(r'rel="next"\s+href="([^"]+)"', first)
        assert older
        found = re.findall(r"Talk \d+", first + client.get(older[1]).content.decode())
        assert found == [f"Talk {number}" for number in range(29, -1, -1)]

    def test_takes_as_many_queries_for_many_as_for_one(
        self, ada: User, talk: Conversation, django_assert_num_queries: Any
    ) -> None:
        send(ada, talk)
        rows = list(selectors.memberships_of(ada))
        with django_assert_num_queries(2):
            selectors.inbox_rows(ada, rows)
        for _ in range(5):
            send(ada, make_conversation(ada, make_reader()))
        rows = list(selectors.memberships_of(ada))
        with django_assert_num_queries(2):
            assert len(selectors.inbox_rows(ada, rows)) == 6


class TestForgetting:
    def test_four_years_after_the_last_message(self, ada: User, talk: Conversation) -> None:
        send(ada, talk, at=NOON)
        account_deletion.forget(NOON + account_deletion.KEPT_FOR)
        assert Conversation.objects.exists()
        messages.bind(conversation=talk, is_bound=True)
        account_deletion.forget(NOON + account_deletion.KEPT_FOR + MINUTE)
        assert Conversation.objects.exists()
        messages.bind(conversation=talk, is_bound=False)
        account_deletion.forget(NOON + account_deletion.KEPT_FOR + MINUTE)
        assert not Conversation.objects.exists()
        assert not Message.objects.exists()

    def test_a_deleted_account_leaves_what_others_may_have_to_prove(self, ada: User, ben: User) -> None:
        about, private = make_conversation(ada, ben), make_conversation(ada, ben)
        Conversation.objects.filter(pk=private.pk).update(subject="")
        for talk in (about, private):
            send(ada, talk, "From Ada.", files={"a.txt": b"a"})
            send(ben, talk, "From Ben.")
        blocks.block(actor=ada, other=make_member(), at=NOON)
        for _ in range(2):
            account_deletion.erase(Deletion(user=ada), NOON)
        words = Message.objects.order_by("pk").values_list("body", flat=True)
        assert list(words) == ["From Ada.", "From Ben.", "", "From Ben."]
        assert MessageFile.objects.get().message.conversation == about
        assert not selectors.blocked_by(ada).exists()
        assert "This message was deleted." in as_(ben).get(page_of("conversation", private.public_id)).content.decode()
