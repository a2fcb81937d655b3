"""Pages of comments: a chapter with comments in its margin, the form of a block, the list, and answers."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from common import clock
from publishing.comments.models import Comment, Thread
from publishing.comments.services import threads
from publishing.editing.models import WorkText
from publishing.editing.selectors import suggestions
from tests.factories.accounts import make_reader
from tests.factories.collaboration import make_collaborator
from tests.factories.comments import block_with, make_thread
from tests.factories.editing import make_correction, make_text, patch_of

pytestmark = pytest.mark.django_db

WORDS = "the keeper slept"


@pytest.fixture
def text() -> WorkText:
    return make_text()


@pytest.fixture
def reader(text: WorkText, client: Client) -> User:
    """An early reader, logged in."""
    person = make_collaborator(text.work, "early_reader").person
    client.force_login(person)
    return person


def page_of(text: WorkText) -> str:
    return reverse("comments:in-chapter", args=[text.work.public_id, block_with(text, "mail boat")[0]])


def form_of(text: WorkText) -> str:
    return reverse("comments:block", args=[text.work.public_id, *block_with(text, "mail boat")])


def thread_address(thread: Thread, action: str) -> str:
    return reverse("comments:thread", args=[thread.work.public_id, thread.public_id, action])


class TestChapter:
    def test_shows_ones_comments_at_their_words(self, client: Client, text: WorkText, reader: User) -> None:
        make_thread(text, reader, body="<b>Really?</b>")
        page = client.get(page_of(text)).content.decode()
        assert f'<mark class="text-commented">{WORDS}</mark>' in page
        assert "&lt;b&gt;Really?&lt;/b&gt;" in page

    def test_the_editor_has_them_in_the_text_with_ones_own_suggestions(self, client: Client, text: WorkText) -> None:
        mia = make_collaborator(text.work, "proofreader").person
        make_thread(text)
        make_correction(
            text, patch_of(text, "lamp", "tall lamp"), author=mia, decision="suggested", origin="suggestion"
        )
        for user, lead in ((mia, "The tall lamp"), (text.work.owner, "The lamp")):
            client.force_login(user)
            (thread,) = client.get(page_of(text), headers={"Accept": "application/json"}).json()["threads"]
            document = suggestions.chapter_for(user, text, block_with(text, "mail boat")[0])
            words = "".join(next(one["text"] for one in document["blocks"] if one["id"] == thread["block"]))
            assert words.startswith(lead)
            assert words[thread["start"] : thread["end"]] == WORDS

    def test_shows_nobody_elses_to_an_early_reader(self, client: Client, text: WorkText, reader: User) -> None:
        make_thread(text, body="The owner's own.")
        make_thread(text, make_collaborator(text.work, "early_reader").person, body="Another reader's.")
        for address in (page_of(text), reverse("comments:threads", args=[text.work.public_id])):
            page = client.get(address).content.decode()
            assert "own." not in page
            assert "reader&#x27;s." not in page
            assert "<mark" not in page
        assert client.get(page_of(text), headers={"Accept": "application/json"}).json() == {"threads": []}

    def test_names_no_page_that_an_early_reader_does_not_reach(
        self, client: Client, text: WorkText, reader: User
    ) -> None:
        page = client.get(page_of(text)).content.decode()
        for name in ("work", "work-text", "work-corrections", "work-proof", "work-price"):
            assert f'"{reverse(name, args=[text.work.public_id])}"' not in page, name

    def test_shows_words_that_are_gone_apart(self, client: Client, text: WorkText, reader: User) -> None:
        make_thread(text, reader)
        make_correction(text, patch_of(text, "the keeper slept ", ""))
        page = client.get(page_of(text)).content.decode()
        assert "Comments whose words are gone" in page
        assert "<mark" not in page
        assert WORDS in page

    def test_gives_the_editor_the_threads(self, client: Client, text: WorkText, reader: User) -> None:
        thread = make_thread(text)
        threads.reply(actor=text.work.owner, thread=thread, body="I doubt it.", at=clock.now())
        client.force_login(text.work.owner)
        (found,) = client.get(page_of(text), headers={"Accept": "application/json"}).json()["threads"]
        assert (found["block"], found["quote"]) == (thread.block, WORDS)
        assert [one["body"] for one in found["comments"]] == ["Really?", "I doubt it."]
        assert found["reply_url"] == thread_address(thread, "reply")

    def test_leaves_resolved_ones_out(self, client: Client, text: WorkText, reader: User) -> None:
        thread = make_thread(text, reader)
        threads.resolve(actor=reader, thread=thread, at=clock.now())
        assert "<mark" not in client.get(page_of(text)).content.decode()
        page = client.get(f"{reverse('comments:threads', args=[text.work.public_id])}?state=resolved")
        assert WORDS in page.content.decode()


class TestForm:
    def test_comments_on_the_words(self, client: Client, text: WorkText, reader: User) -> None:
        page = client.get(form_of(text), {"words": WORDS}).content.decode()
        assert f'value="{WORDS}"' in page
        answer = client.post(form_of(text), {"words": WORDS, "body": "Did he?"})
        thread = Thread.objects.get()
        assert answer["Location"] == f"{page_of(text)}#{thread.public_id}"
        assert (thread.opened_by, thread.quote) == (reader, WORDS)

    def test_keeps_what_was_typed_when_the_words_are_not_there(
        self, client: Client, text: WorkText, reader: User
    ) -> None:
        answer = client.post(form_of(text), {"words": "the sailor slept", "body": "Did he?"})
        assert answer.status_code == 422
        page = answer.content.decode()
        assert "do not stand in the paragraph" in page
        assert "Did he?" in page
        assert not Thread.objects.exists()

    def test_answers_the_editor_in_json(self, client: Client, text: WorkText, reader: User) -> None:
        headers = {"Accept": "application/json"}
        refused = client.post(form_of(text), {"words": "nowhere", "body": "Hm."}, headers=headers)
        assert (refused.status_code, "paragraph" in refused.json()["message"]) == (422, True)
        empty = client.post(form_of(text), {"words": WORDS, "body": ""}, headers=headers)
        assert (empty.status_code, bool(empty.json()["message"])) == (422, True)
        made = client.post(form_of(text), {"words": WORDS, "body": "Hm."}, headers=headers)
        assert made.json() == {"thread": Thread.objects.get().public_id}

    def test_a_block_of_another_chapter_is_not_here(self, client: Client, text: WorkText, reader: User) -> None:
        chapter = block_with(text, "yellow silk")[0]
        _, block = block_with(text, "mail boat")
        assert client.get(reverse("comments:block", args=[text.work.public_id, chapter, block])).status_code == 404

    def test_is_counted(self, client: Client, text: WorkText, reader: User, settings) -> None:
        settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "comment": "1/m/key"}
        client.post(form_of(text), {"words": WORDS, "body": "One."})
        assert client.post(form_of(text), {"words": WORDS, "body": "Two."}).status_code == 429


class TestAnswer:
    def test_reply_resolve_and_reopen(self, client: Client, text: WorkText, reader: User) -> None:
        thread = make_thread(text, reader)
        chapter = block_with(text, "mail boat")[0]
        answer = client.post(thread_address(thread, "reply"), {"body": "And?", "chapter": chapter})
        assert answer["Location"] == f"{page_of(text)}#{thread.public_id}"
        client.post(thread_address(thread, "resolve"))
        late = client.post(thread_address(thread, "reply"), {"body": "Too late"})
        assert late.status_code == 409
        assert "Too late" in late.content.decode(), "nothing that was typed is lost"
        client.post(thread_address(thread, "reopen"))
        assert [one.body for one in thread.comments.all()] == ["Really?", "And?"]
        assert client.post(thread_address(thread, "drop")).status_code == 404

    def test_leads_back_to_our_pages_only(self, client: Client, text: WorkText, reader: User) -> None:
        thread = make_thread(text, reader)
        answer = client.post(thread_address(thread, "resolve"), {"chapter": "//elsewhere.example"})
        assert answer["Location"] == reverse("comments:threads", args=[text.work.public_id])

    def test_change_and_delete(self, client: Client, text: WorkText, reader: User) -> None:
        comment = make_thread(text, reader).comments.get()
        place = [text.work.public_id, comment.thread.public_id, comment.public_id]
        client.post(reverse("comments:comment", args=[*place, "edit"]), {"body": "Truly?"})
        comment.refresh_from_db()
        assert comment.body == "Truly?"
        client.post(reverse("comments:comment", args=[*place, "delete"]))
        assert not Comment.objects.exists()

    def test_one_of_another_thread_or_work_is_not_here(self, client: Client, text: WorkText, reader: User) -> None:
        mine, owners = make_thread(text, reader), make_thread(text)
        other = make_thread(make_text())
        for thread in (owners, other):
            comment = thread.comments.get()
            for parts in ([text.work, thread, comment], [text.work, mine, comment], [thread.work, thread, comment]):
                address = reverse("comments:comment", args=[*(one.public_id for one in parts), "delete"])
                assert client.post(address).status_code == 404
        assert Comment.objects.count() == 3

    def test_leads_from_a_mail_to_the_place(self, client: Client, text: WorkText, reader: User) -> None:
        thread = make_thread(text, reader)
        address = reverse("comments:at", args=[text.work.public_id, thread.public_id])
        assert client.get(address)["Location"] == f"{page_of(text)}#{thread.public_id}"
        threads.resolve(actor=reader, thread=thread, at=clock.now())
        assert "state=resolved" in client.get(address)["Location"]


def test_a_plain_reader_finds_none_of_it(client: Client, text: WorkText) -> None:
    thread = make_thread(text)
    client.force_login(make_reader())
    for address in (page_of(text), form_of(text), reverse("comments:threads", args=[text.work.public_id])):
        assert client.get(address).status_code == 404
    assert client.post(thread_address(thread, "reply"), {"body": "Me?"}).status_code == 404
