"""Threads: who may open, answer, resolve, change and delete; and where they are as the text changes."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from accounts.models import User
from common import clock
from common.errors import NotAllowed, NotFound
from conversion.engine.api import patches
from conversion.engine.book.model import Book
from conversion.engine.patches import apply_patches, base_of
from conversion.models import JobCorrections
from publishing.comments import selectors
from publishing.comments.errors import (
    CommentAnswered,
    CommentTooLong,
    NothingWritten,
    ThreadResolved,
    TooManyThreads,
    WordsNotFound,
)
from publishing.comments.models import MAX_BODY, Comment, Thread
from publishing.comments.services import threads
from publishing.editing import selectors as editing_selectors
from publishing.editing.errors import BlockGone, ChapterGone
from publishing.editing.models import Correction, Decision, Fit, Origin, WorkText
from publishing.editing.selectors import chapters
from publishing.editing.services import builds, chapter_changes, deciding, saving
from publishing.models import ContributorRole
from tests.conversion.patches.samples import LINES
from tests.factories.accounts import make_moderator, make_operator, make_reader
from tests.factories.collaboration import make_collaborator
from tests.factories.comments import block_with, make_thread
from tests.factories.editing import finish, harbour, make_correction, make_text, patch_of
from tests.factories.publishing import make_contributor, make_edition

pytestmark = [pytest.mark.django_db, pytest.mark.both]

WORDS = "the keeper slept"


@pytest.fixture
def text() -> WorkText:
    return make_text()


def person(text: WorkText, role: str) -> User:
    return text.work.owner if role == "owner" else make_collaborator(text.work, role).person


def seen(text: WorkText, thread: Thread, user: User | None = None) -> str | None:
    """The words at which the thread is shown now; None where it has no place."""
    current = editing_selectors.require_text(text.work)
    (one,) = selectors.shown(user or text.work.owner, current, [Thread.objects.get(pk=thread.pk)])
    if one.place is None:
        return None
    return editing_selectors.places_now(current).texts()[one.place.block][one.place.start : one.place.end]


def read_anew(text: WorkText, book: Book, *, knows: bool = True) -> WorkText:
    """A manuscript with these words is read; the conversion was given the comments, unless they were younger."""
    edition = make_edition(work=text.work, number=2)
    given = [one.patch for one in Correction.objects.filter(work=text.work, op="comment")] if knows else []
    old = {base.identity: base for base in [base_of(harbour())]}
    fits = apply_patches(copy.deepcopy(book), old, [], suggested=given).fits if given else []
    JobCorrections.objects.get_or_create(job=edition.job)
    finish(edition.job, book, tuple(fits))
    builds.adopt_base(job_id=edition.job_id, at=clock.now())
    return WorkText.objects.select_related("base", "work__owner").get(pk=text.pk)


class TestOpen:
    @pytest.mark.parametrize("role", ["owner", "early_reader", "proofreader", "editor", "co_author"])
    def test_whoever_reads_the_text_may(self, text: WorkText, role: str) -> None:
        thread = make_thread(text, person(text, role))
        assert seen(text, thread) == WORDS
        assert thread.comments.get().body == "Really?"

    def test_a_credited_contributor_may(self, text: WorkText) -> None:
        author = make_reader()
        make_contributor(text.work, user=author, role=ContributorRole.AUTHOR)
        assert make_thread(text, author)

    @pytest.mark.parametrize("make", [make_reader, make_moderator, make_operator])
    def test_nobody_else_may(self, text: WorkText, make: Any) -> None:
        with pytest.raises((NotFound, NotAllowed)):
            make_thread(text, make())
        assert not Thread.objects.exists()

    def test_a_role_that_ended_does_not(self, text: WorkText) -> None:
        found = make_collaborator(text.work, "early_reader", ended_at=clock.now(), ending="left")
        with pytest.raises(NotFound):
            make_thread(text, found.person)

    def test_changes_neither_the_text_nor_its_files(self, text: WorkText) -> None:
        thread = make_thread(text)
        assert thread.placement is not None
        assert (thread.placement.origin, thread.placement.author) == (Origin.COMMENT, None)
        after = WorkText.objects.get(pk=text.pk)
        assert (after.revision, after.digest, after.due_at) == (text.revision, text.digest, text.due_at)
        state = editing_selectors.text_state(text.work.editions.get())
        assert (state.suggestions, state.corrections, state.conflicts) == (0, 0, 0)
        with pytest.raises(NotFound):
            editing_selectors.correction_by_public_id(text.work, str(thread.placement.public_id))

    def test_two_on_the_same_words_are_two(self, text: WorkText) -> None:
        one, other = make_thread(text), make_thread(text)
        assert one.placement is not None
        assert other.placement is not None
        assert one.placement.identity != other.placement.identity

    def test_conversions_are_given_them_to_be_placed(self, text: WorkText) -> None:
        thread = make_thread(text)
        assert thread.placement is not None
        given = editing_selectors.corrections_for_files(text.work.editions.get().manuscript)
        assert [one.identity for one in given.suggestions] == [thread.placement.identity]
        assert given.patches == ()

    @pytest.mark.parametrize(
        ("given", "error"),
        [
            ({"words_meant": "the sailor slept"}, WordsNotFound),
            ({"block_id": "b99"}, BlockGone),
            ({"block_id": "c0"}, BlockGone),
            ({"chapter_id": "elsewhere"}, ChapterGone),
            ({"body": " \n "}, NothingWritten),
            ({"body": "x" * (MAX_BODY + 1)}, CommentTooLong),
        ],
    )
    def test_is_refused(self, text: WorkText, given: dict[str, str], error: type[Exception]) -> None:
        chapter_id, block_id = block_with(text, WORDS)
        form = {"chapter_id": chapter_id, "block_id": block_id, "words_meant": WORDS, "body": "Really?", **given}
        with pytest.raises(error):
            threads.open_thread(actor=text.work.owner, work=text.work, at=clock.now(), **form)
        assert not Thread.objects.exists()
        assert not Correction.objects.exists()

    def test_not_more_than_anybody_reads(self, text: WorkText, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(threads, "MAX_OPEN", 1)
        thread = make_thread(text)
        with pytest.raises(TooManyThreads):
            make_thread(text)
        threads.resolve(actor=text.work.owner, thread=thread, at=clock.now())
        make_thread(text)

    def test_an_early_reader_learns_nothing_of_a_chapter_that_was_left_out(self, text: WorkText) -> None:
        reader, owner = person(text, "early_reader"), text.work.owner
        chapter_id, block_id = block_with(text, WORDS)
        change = chapter_changes.editing.LeaveOut(chapter_id, True)
        chapter_changes.change_chapters(actor=owner, work=text.work, change=change, at=clock.now())
        form: dict[str, Any] = {"chapter_id": chapter_id, "block_id": block_id, "words_meant": "", "body": "What?"}
        with pytest.raises(ChapterGone):
            threads.open_thread(actor=reader, work=text.work, at=clock.now(), **form)
        current = editing_selectors.require_text(text.work)
        assert chapter_id not in {line.id for line in selectors.lines_for(reader, current)}
        assert chapter_id in {line.id for line in selectors.lines_for(owner, current)}


class TestSee:
    def visible(self, user: User, text: WorkText) -> set[Thread]:
        return set(selectors.visible_threads(user, text.work))

    def test_early_readers_see_their_own_and_the_others_all(self, text: WorkText) -> None:
        reader, other = person(text, "early_reader"), person(text, "early_reader")
        mine, theirs, owners = make_thread(text, reader), make_thread(text, other), make_thread(text)
        assert self.visible(reader, text) == {mine}
        for role in ("owner", "proofreader", "editor", "co_author"):
            assert self.visible(person(text, role), text) == {mine, theirs, owners}
        assert self.visible(make_reader(), text) == set()

    def test_an_early_reader_reaches_no_other_thread(self, text: WorkText) -> None:
        reader, thread = person(text, "early_reader"), make_thread(text)
        with pytest.raises(NotFound):
            selectors.thread_by_public_id(reader, text.work, str(thread.public_id))
        for verb in (
            lambda: threads.reply(actor=reader, thread=thread, body="Me too.", at=clock.now()),
            lambda: threads.resolve(actor=reader, thread=thread, at=clock.now()),
            lambda: threads.reopen(actor=reader, thread=thread),
            lambda: threads.edit(actor=reader, comment=thread.comments.get(), body="No.", at=clock.now()),
            lambda: threads.delete(actor=reader, comment=thread.comments.get(), at=clock.now()),
        ):
            with pytest.raises(NotFound):
                verb()

    def test_a_thread_of_another_work_is_not_here(self, text: WorkText) -> None:
        thread = make_thread(make_text())
        with pytest.raises(NotFound):
            selectors.thread_by_public_id(text.work.owner, text.work, str(thread.public_id))


class TestFollow:
    """A comment stays at its words, and is never put on others."""

    @pytest.mark.parametrize(
        ("old", "new", "words"),
        [("The lamp", "The brass lamp", WORDS), ("keeper", "warden", "the warden slept"), ("hour", "day", WORDS)],
    )
    def test_corrections(self, text: WorkText, old: str, new: str, words: str) -> None:
        thread = make_thread(text)
        correction = make_correction(text, patch_of(text, old, new))
        assert seen(text, thread) == words
        deciding.revert(actor=text.work.owner, work=text.work, correction=correction, at=clock.now())
        assert seen(text, thread) == WORDS

    def test_a_correction_that_deletes_the_words_and_its_undoing(self, text: WorkText) -> None:
        thread = make_thread(text)
        correction = make_correction(text, patch_of(text, "the keeper slept ", ""))
        assert seen(text, thread) is None
        assert thread.quote == WORDS
        deciding.revert(actor=text.work.owner, work=text.work, correction=correction, at=clock.now())
        assert seen(text, thread) == WORDS

    def test_a_new_manuscript(self, text: WorkText) -> None:
        thread = make_thread(text)
        book = harbour("A paragraph that was not there before, of some length.", lines=(LINES[2], *LINES[:2]))
        text = read_anew(text, book)
        assert Fit.objects.filter(correction=thread.placement).exists()
        assert seen(text, thread) == WORDS

    def test_a_new_manuscript_without_the_words(self, text: WorkText) -> None:
        thread = make_thread(text)
        text = read_anew(text, harbour(lines=(LINES[0], LINES[1].replace("the keeper slept", "somebody woke"))))
        assert seen(text, thread) is None

    def test_a_new_manuscript_that_was_read_before_the_comment_was_known(self, text: WorkText) -> None:
        thread = make_thread(text)
        text = read_anew(text, harbour("Another one."), knows=False)
        assert not Fit.objects.filter(correction=thread.placement).exists()
        assert seen(text, thread) == WORDS

    def test_and_one_with_the_words_twice_is_nobodys(self, text: WorkText) -> None:
        thread = make_thread(text)
        text = read_anew(text, harbour(LINES[1]), knows=False)
        other = {name for name in editing_selectors.places_now(text).texts() if name != thread.block}
        current = editing_selectors.require_text(text.work)
        (one,) = selectors.shown(text.work.owner, current, [thread])
        assert one.place is None or one.place.block not in other

    def test_words_of_a_paragraph_that_was_put_in(self, text: WorkText) -> None:
        owner = text.work.owner
        self.insert(text, "Rain fell on the harbour all that week.")
        thread = make_thread(text, words="all that week")
        assert thread.placement is None
        assert seen(text, thread) == "all that week"
        self.replace(text, "Rain fell", "Rain and snow fell")
        assert seen(text, thread) == "all that week", "on one side it is as it was"
        self.replace(text, "all that week", "all that month")
        assert seen(text, thread, owner) is None

    def insert(self, text: WorkText, words: str) -> None:
        new = {"id": "new-1", "kind": "paragraph", "attributes": {}, "text": [words]}
        self.save(text, lambda blocks: [*blocks, new])

    def replace(self, text: WorkText, old: str, new: str) -> None:
        def change(blocks: list[dict[str, Any]]) -> list[dict[str, Any]]:
            return [one | {"text": [str(part).replace(old, new) for part in one["text"]]} for one in blocks]

        self.save(text, change)

    def save(self, text: WorkText, change: Any) -> None:
        current = editing_selectors.require_text(text.work)
        document = chapters.chapter_document(current, chapters.chapter_lines(current)[0].id)
        revision = document.pop("revision")
        document["blocks"] = change(document["blocks"])
        saving.save_chapter(
            actor=text.work.owner,
            work=text.work,
            chapter_id=document["chapter"],
            document=document,
            revision=revision,
            at=clock.now(),
        )


class TestAnswer:
    def test_reply_resolve_reopen(self, text: WorkText) -> None:
        reader = person(text, "early_reader")
        thread = make_thread(text, reader)
        threads.reply(actor=text.work.owner, thread=thread, body="Yes.", at=clock.now())
        threads.reply(actor=reader, thread=thread, body="I see.", at=clock.now())
        assert [one.body for one in thread.comments.all()] == ["Really?", "Yes.", "I see."]
        threads.resolve(actor=reader, thread=thread, at=clock.now())
        with pytest.raises(ThreadResolved):
            threads.reply(actor=text.work.owner, thread=thread, body="Still.", at=clock.now())
        with pytest.raises(ThreadResolved):
            last = thread.comments.last()
            assert last is not None
            threads.edit(actor=reader, comment=last, body="I saw.", at=clock.now())
        threads.reopen(actor=text.work.owner, thread=thread)
        threads.reply(actor=text.work.owner, thread=thread, body="Still.", at=clock.now())

    @pytest.mark.parametrize(("role", "may"), [("proofreader", False), ("editor", True), ("co_author", True)])
    def test_others_resolve_where_they_decide(self, text: WorkText, role: str, may: bool) -> None:
        thread, user = make_thread(text), person(text, role)
        threads.reply(actor=user, thread=thread, body="I think so, too.", at=clock.now())
        if may:
            assert threads.resolve(actor=user, thread=thread, at=clock.now()).is_resolved
        else:
            with pytest.raises(NotAllowed):
                threads.resolve(actor=user, thread=thread, at=clock.now())

    def test_who_left_answers_no_more(self, text: WorkText) -> None:
        found = make_collaborator(text.work, "early_reader")
        thread = make_thread(text, found.person)
        found.ended_at, found.ending = clock.now(), "left"
        found.save()
        with pytest.raises(NotFound):
            threads.reply(actor=found.person, thread=thread, body="And?", at=clock.now())
        with pytest.raises(NotFound):
            threads.delete(actor=found.person, comment=thread.comments.get(), at=clock.now())


class TestEdit:
    def test_ones_own_until_somebody_answers(self, text: WorkText) -> None:
        owner, reader = text.work.owner, person(text, "proofreader")
        thread = make_thread(text, reader)
        comment = thread.comments.get()
        threads.edit(actor=reader, comment=comment, body="Truly?", at=clock.now())
        comment.refresh_from_db()
        assert (comment.body, comment.edited_at is not None) == ("Truly?", True)
        for user in (owner, person(text, "editor")):
            with pytest.raises(NotAllowed):
                threads.edit(actor=user, comment=comment, body="Hm.", at=clock.now())
        threads.reply(actor=owner, thread=thread, body="Yes.", at=clock.now())
        with pytest.raises(CommentAnswered):
            threads.edit(actor=reader, comment=comment, body="Never mind.", at=clock.now())

    def test_the_last_one_deleted_takes_the_thread_along(self, text: WorkText) -> None:
        thread = make_thread(text)
        threads.delete(actor=text.work.owner, comment=thread.comments.get(), at=clock.now())
        assert not Thread.objects.exists()
        assert not Correction.objects.exists()

    def test_one_that_was_answered_leaves_an_empty_place(self, text: WorkText) -> None:
        reader = person(text, "proofreader")
        thread = make_thread(text, reader)
        first = thread.comments.get()
        answer = threads.reply(actor=text.work.owner, thread=thread, body="Yes.", at=clock.now())
        threads.delete(actor=reader, comment=first, at=clock.now())
        first.refresh_from_db()
        assert (first.body, first.author, first.deleted_at is not None) == ("", None, True)
        with pytest.raises(NotFound):
            threads.delete(actor=text.work.owner, comment=first, at=clock.now())
        threads.delete(actor=text.work.owner, comment=answer, at=clock.now())
        assert not Thread.objects.exists()

    def test_the_owner_deletes_any_and_others_only_their_own(self, text: WorkText) -> None:
        reader, editor = person(text, "early_reader"), person(text, "editor")
        comment = make_thread(text, reader).comments.get()
        with pytest.raises(NotAllowed):
            threads.delete(actor=editor, comment=comment, at=clock.now())
        threads.delete(actor=text.work.owner, comment=comment, at=clock.now())
        assert not Comment.objects.exists()


def test_a_comment_is_no_suggestion_to_decide_on(text: WorkText) -> None:
    thread = make_thread(text)
    assert thread.placement is not None
    assert thread.placement.decision == Decision.SUGGESTED
    assert patches.Op.COMMENT not in {one.op for one in Correction.objects.suggested()}
