"""Emails about a text: one an hour at most, of what the person may see, and none after unsubscribing."""

from __future__ import annotations

from datetime import datetime, timedelta
from urllib.parse import urlsplit

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from accounts.models import User
from common import clock
from publishing import hooks
from publishing.comments.models import Thread
from publishing.comments.services import threads
from publishing.digests.models import Digest
from publishing.digests.services import mails, planning
from publishing.editing.models import Decision, Origin, WorkText
from publishing.editing.selectors.passages import Passage
from publishing.editing.services import deciding, proposals
from tests.conversion.patches.samples import LINES
from tests.factories.accounts import make_reader
from tests.factories.collaboration import make_collaborator
from tests.factories.comments import make_thread
from tests.factories.editing import make_correction, make_text, patch_of
from tests.factories.publishing import make_work

pytestmark = [pytest.mark.django_db, pytest.mark.both]

NOON = datetime.fromisoformat("2026-12-01T12:00:00+00:00")


@pytest.fixture
def messages(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, dict[str, int]]]:
    found: list[tuple[str, dict[str, int]]] = []
    monkeypatch.setattr("common.jobs.enqueue", lambda name, **ids: found.append((name, ids)))
    monkeypatch.setattr("common.jobs.enqueue_later", lambda name, *, delay_s, **ids: None)
    return found


@pytest.fixture
def text(messages: list[tuple[str, dict[str, int]]]) -> WorkText:
    return make_text(work=make_work(title="The Salt Road"))


def run(at: datetime) -> list[tuple[str, str]]:
    """Do what workers do at a time; whom they mailed, and what about."""
    mail.outbox.clear()
    for digest in Digest.objects.order_by("pk"):
        mails.mail(digest_id=digest.pk, at=at)
    return [(sent.to[0], sent.body) for sent in mail.outbox]


def suggested(text: WorkText, author: User, at: datetime) -> None:
    patch = patch_of(text, "keeper", "warden")
    made = make_correction(text, patch, author=author, at=at, decision=Decision.SUGGESTED, origin=Origin.SUGGESTION)
    hooks.notify_text_news(made.work, at)


class TestWhat:
    def test_the_owner_hears_of_suggestions_and_comments_in_one_email(self, text: WorkText) -> None:
        dora = make_collaborator(text.work, "proofreader", user=make_reader(display_name="Dora")).person
        with clock.frozen(NOON):
            suggested(text, dora, NOON)
            make_thread(text, dora, body="Was he not awake?")
        ((to, body),) = run(NOON + timedelta(minutes=15))
        assert to == text.work.owner.email
        assert "1 suggestion waits" in body
        assert "Dora" in body
        assert "Was he not awake?" in body
        assert mail.outbox[0].subject == "New on the text of “The Salt Road”"
        assert run(NOON + timedelta(hours=3)) == [], "told once"

    def test_nobody_hears_of_what_they_did_themselves(self, text: WorkText) -> None:
        with clock.frozen(NOON):
            make_thread(text)
        assert run(NOON + timedelta(hours=1)) == []
        assert Digest.objects.get().due_at is None

    def test_others_hear_of_answers_in_their_own_threads_alone(self, text: WorkText) -> None:
        early = make_collaborator(text.work, "early_reader").person
        proof = make_collaborator(text.work, "proofreader").person
        with clock.frozen(NOON):
            mine, other = make_thread(text, early), make_thread(text)
            threads.reply(actor=text.work.owner, thread=mine, body="Good question.", at=NOON)
            threads.reply(actor=text.work.owner, thread=other, body="A note to myself.", at=NOON)
        sent = dict(run(NOON + timedelta(minutes=15)))
        assert set(sent) == {early.email, text.work.owner.email}
        assert "Good question." in sent[early.email]
        assert "A note to myself." not in sent[early.email]
        with clock.frozen(NOON + timedelta(hours=2)):
            threads.reply(actor=proof, thread=other, body="I wonder.", at=clock.now())
            threads.reply(actor=text.work.owner, thread=other, body="Me, too.", at=clock.now())
        assert set(dict(run(NOON + timedelta(hours=3)))) == {proof.email, text.work.owner.email}

    def test_who_suggested_hears_of_the_decision(self, text: WorkText) -> None:
        dora = make_collaborator(text.work, "proofreader").person
        patch = patch_of(text, "keeper", "warden")
        made = make_correction(text, patch, author=dora, decision=Decision.SUGGESTED, origin=Origin.SUGGESTION)
        deciding.decline(actor=text.work.owner, work=text.work, correction=made, at=NOON)
        ((to, body),) = run(NOON + timedelta(minutes=15))
        assert (to, "1 of your suggestions was declined." in body) == (dora.email, True)

    def test_a_readers_suggestion_names_nobody_and_is_no_suggestion_of_a_collaborator(self, text: WorkText) -> None:
        line = next(line for line in LINES if "keeper" in line)
        before, words, after = line.partition("keeper")
        told = Passage(before[-32:], words, after[:32], "warden")
        proposals.propose_words(work=text.work, passage=told, at=NOON)
        hooks.notify_text_news(text.work, NOON)
        assert run(NOON + timedelta(minutes=15)) == [], "the report is told of, and not the suggestion as well"


class TestWhen:
    def test_not_before_ten_minutes(self, text: WorkText) -> None:
        dora = make_collaborator(text.work, "proofreader").person
        with clock.frozen(NOON):
            make_thread(text, dora)
        assert run(NOON + timedelta(minutes=9)) == []
        assert len(run(NOON + timedelta(minutes=10))) == 1

    def test_once_an_hour_at_most(self, text: WorkText) -> None:
        dora = make_collaborator(text.work, "proofreader").person
        sent = 0
        for minute in range(0, 180, 5):
            now = NOON + timedelta(minutes=minute)
            with clock.frozen(now):
                make_thread(text, dora, body=f"Comment {minute}.")
            sent += len(run(now))
        assert sent == 3
        sent += len(run(NOON + timedelta(hours=4)))
        assert sent == 4

    def test_each_comment_is_told_once(self, text: WorkText) -> None:
        dora = make_collaborator(text.work, "proofreader").person
        bodies = []
        for minute in (0, 9, 10, 30, 69, 71, 200):
            now = NOON + timedelta(minutes=minute)
            with clock.frozen(now):
                make_thread(text, dora, body=f"({minute})")
            bodies += [body for _to, body in run(now)]
        bodies += [body for _to, body in run(NOON + timedelta(hours=5))]
        whole = "".join(bodies)
        assert {minute: whole.count(f"({minute})") for minute in (0, 9, 10, 30, 69, 71, 200)} == dict.fromkeys(
            (0, 9, 10, 30, 69, 71, 200), 1
        )

    def test_a_lost_message_is_found_again(self, text: WorkText, messages: list[tuple[str, dict[str, int]]]) -> None:
        dora = make_collaborator(text.work, "proofreader").person
        with clock.frozen(NOON):
            make_thread(text, dora)
        messages.clear()
        planning.enqueue_due(at=NOON)
        assert messages == []
        planning.enqueue_due(at=NOON + timedelta(hours=1))
        assert {name for name, _ids in messages} == {"digests.mail"}

    def test_a_mail_server_that_refuses_is_asked_again(self, text: WorkText, monkeypatch: pytest.MonkeyPatch) -> None:
        dora = make_collaborator(text.work, "proofreader").person
        with clock.frozen(NOON):
            make_thread(text, dora)

        def refuse(*args: object, **kwargs: object) -> None:
            raise OSError

        with monkeypatch.context() as patched:
            patched.setattr(mails, "send", refuse)
            with pytest.raises(OSError):
                run(NOON + timedelta(minutes=15))
        assert len(run(NOON + timedelta(minutes=16))) == 1


class TestWho:
    @pytest.mark.parametrize("why", ["ended", "closed", "unsubscribed"])
    def test_not_who_does_not_work_on_it_any_more(self, text: WorkText, why: str) -> None:
        found = make_collaborator(text.work, "early_reader")
        with clock.frozen(NOON):
            thread = make_thread(text, found.person)
            threads.reply(actor=text.work.owner, thread=thread, body="Yes.", at=NOON)
        if why == "ended":
            found.ended_at, found.ending = NOON, "ended"
            found.save()
        elif why == "closed":
            User.objects.filter(pk=found.person.pk).update(is_active=False)
        else:
            mails.unsubscribe(user=found.person, work=text.work, at=NOON)
        assert found.person.email not in dict(run(NOON + timedelta(minutes=15)))

    def test_a_stranger_hears_nothing(self, text: WorkText) -> None:
        make_reader()
        with clock.frozen(NOON):
            make_thread(text)
        assert {one.user for one in Digest.objects.all()} == {text.work.owner}

    def test_in_their_language(self, text: WorkText) -> None:
        dora = make_collaborator(text.work, "proofreader").person
        text.work.owner.language = "de"
        text.work.owner.save()
        with clock.frozen(NOON):
            make_thread(text, dora)
        run(NOON + timedelta(minutes=15))
        assert mail.outbox[0].subject == "Neues zum Text von „The Salt Road“"


class TestStop:
    def link(self, text: WorkText) -> str:
        return urlsplit(mails.stop_link(user=text.work.owner, work=text.work)).path

    def test_with_one_click_and_back(self, text: WorkText, client: Client) -> None:
        dora = make_collaborator(text.work, "proofreader").person
        with clock.frozen(NOON):
            make_thread(text, dora)
        run(NOON + timedelta(minutes=15))
        headers = mail.outbox[0].extra_headers
        assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        assert urlsplit(headers["List-Unsubscribe"].strip("<>")).path == self.link(text)
        assert client.get(self.link(text)).status_code == 200
        assert not mails.is_stopped(user=text.work.owner, work=text.work), "reading changes nothing"
        client.post(self.link(text), {"List-Unsubscribe": "One-Click"})
        with clock.frozen(NOON + timedelta(hours=2)):
            make_thread(text, dora, body="Unheard.")
        assert run(NOON + timedelta(hours=4)) == []
        with clock.frozen(NOON + timedelta(hours=4)):
            client.post(self.link(text), {"again": "1"})
        with clock.frozen(NOON + timedelta(hours=5)):
            make_thread(text, dora, body="Heard.")
        ((_to, body),) = run(NOON + timedelta(hours=6))
        assert "Heard." in body
        assert "Unheard." not in body

    def test_of_one_work_only(self, text: WorkText) -> None:
        other = make_text(work=make_work(owner=text.work.owner))
        mails.unsubscribe(user=text.work.owner, work=text.work, at=NOON)
        assert not mails.is_stopped(user=text.work.owner, work=other.work)

    @pytest.mark.parametrize("token", ["", "x", "usr_1.wrk_1", "usr_1.wrk_1:forged"])
    def test_a_forged_link_stops_nothing(self, text: WorkText, client: Client, token: str) -> None:
        if token:
            assert client.post(reverse("digests:stop", args=[token])).status_code == 404
        assert not Digest.objects.exclude(stopped_at=None).exists()


def test_a_deleted_thread_is_told_to_nobody(text: WorkText) -> None:
    dora = make_collaborator(text.work, "proofreader").person
    with clock.frozen(NOON):
        thread = make_thread(text, dora)
    threads.delete(actor=dora, comment=thread.comments.get(), at=NOON)
    assert not Thread.objects.exists()
    assert run(NOON + timedelta(minutes=15)) == []
