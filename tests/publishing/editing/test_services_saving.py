"""Saves of chapters: what is typed becomes corrections, and nothing that anybody typed is lost."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest

from common import clock
from common.errors import NotAllowed, NotFound
from publishing.editing import selectors
from publishing.editing.errors import BaseChanged, ChapterGone, ChapterInvalid, NoText, SaveConflict
from publishing.editing.models import Correction, Decision, WorkText
from publishing.editing.selectors import chapters
from publishing.editing.services import builds, saving
from publishing.models import ContributorRole
from tests.factories.accounts import make_author, make_reader
from tests.factories.editing import finish, harbour, make_text
from tests.factories.publishing import make_contributor, make_edition

pytestmark = [pytest.mark.django_db, pytest.mark.both]

type Json = dict[str, Any]


@pytest.fixture
def text() -> WorkText:
    return make_text()


def first_chapter(text: WorkText) -> Json:
    lines = chapters.chapter_lines(fresh(text))
    return chapters.chapter_document(fresh(text), lines[0].id)


def fresh(text: WorkText) -> WorkText:
    return WorkText.objects.select_related("base", "work__owner").get(pk=text.pk)


def with_words(document: Json, old: str, new: str) -> Json:
    """The document with other words in the one block that has them."""
    changed = deepcopy(document)
    (block,) = [one for one in changed["blocks"] if old in "".join(map(str, one.get("text", [])))]
    block["text"] = [piece.replace(old, new) if isinstance(piece, str) else piece for piece in block["text"]]
    return changed


def save(text: WorkText, document: Json, *, revision: int | None = None, actor=None, chapter: str | None = None):
    return saving.save_chapter(
        actor=actor or text.work.owner,
        work=text.work,
        chapter_id=chapter or document["chapter"],
        document={key: value for key, value in document.items() if key != "revision"},
        revision=document["revision"] if revision is None else revision,
        at=clock.now(),
    )


def words_of(text: WorkText) -> str:
    return str(first_chapter(text)["blocks"])


class TestSaveChapter:
    def test_typed_words_are_a_correction(self, text, messages_sent):
        saved = save(text, with_words(first_chapter(text), "keeper", "warden"))
        (correction,) = Correction.objects.all()
        assert (correction.decision, correction.op, correction.author) == ("accepted", "words", text.work.owner)
        assert "warden" in words_of(text)
        assert saved.document is None, "as it was sent"
        assert saved.revision == fresh(text).revision == text.revision + 1
        assert ("editing.rebuild_due", {"work_id": text.work_id}) in messages_sent

    def test_what_is_unchanged_is_no_revision(self, text, messages_sent):
        messages_sent.clear()
        assert save(text, first_chapter(text)).revision == text.revision
        assert not Correction.objects.exists()
        assert messages_sent == []

    def test_typing_on_replaces_the_correction(self, text):
        save(text, with_words(first_chapter(text), "keeper", "warden"))
        save(text, with_words(first_chapter(text), "warden", "guard"))
        old, new = Correction.objects.order_by("pk")
        assert (old.decision, new.decision, new.revises) == (Decision.REVISED, Decision.ACCEPTED, old)
        assert len(selectors.placed_now(fresh(text))) == 1

    def test_typing_back_undoes_it(self, text):
        save(text, with_words(first_chapter(text), "keeper", "warden"))
        save(text, with_words(first_chapter(text), "warden", "keeper"))
        assert Correction.objects.get().decision == Decision.REVERTED
        assert fresh(text).digest == ""

    def test_a_new_paragraph_gets_an_id_of_its_own(self, text):
        document = first_chapter(text)
        document["blocks"].append({"id": "new-1", "kind": "paragraph", "attributes": {}, "text": ["A last line."]})
        saved = save(text, document)
        assert saved.document is not None
        assert saved.document["blocks"][-1]["id"].startswith("p")
        assert saved.document["revision"] == saved.revision

    def test_two_places_are_two_corrections(self, text):
        changed = with_words(with_words(first_chapter(text), "keeper", "warden"), "harbour", "haven")
        save(text, changed)
        assert Correction.objects.count() == 2

    def test_text_with_markup_is_text(self, text):
        save(text, with_words(first_chapter(text), "keeper", "<script>alert(1)</script>"))
        assert "<script>" in words_of(text)


class TestRefusals:
    def test_a_stranger_learns_nothing(self, text):
        with pytest.raises(NotFound):
            save(text, first_chapter(text), actor=make_author())
        with pytest.raises(NotFound):
            save(text, first_chapter(text), actor=make_reader())

    def test_a_credited_translator_may_only_look(self, text):
        translator = make_author()
        make_contributor(text.work, user=translator, role=ContributorRole.TRANSLATOR)
        with pytest.raises(NotAllowed):
            save(text, first_chapter(text), actor=translator)

    def test_a_work_without_a_text(self):
        edition = make_edition()
        with pytest.raises(NoText):
            saving.save_chapter(
                actor=edition.work.owner, work=edition.work, chapter_id="c0", document={}, revision=0, at=clock.now()
            )

    @pytest.mark.parametrize("document", [{}, {"version": 1}, {"version": 99, "blocks": []}])
    def test_what_is_no_chapter(self, text, document):
        with pytest.raises(ChapterInvalid):
            saving.save_chapter(
                actor=text.work.owner, work=text.work, chapter_id="c0", document=document, revision=1, at=clock.now()
            )

    def test_a_chapter_under_another_ones_address(self, text):
        other = chapters.chapter_lines(fresh(text))[1].id
        with pytest.raises(ChapterInvalid):
            save(text, first_chapter(text), chapter=other)

    def test_a_chapter_that_is_not_there(self, text):
        document = first_chapter(text) | {"chapter": "c99"}
        with pytest.raises(ChapterGone):
            save(text, document)

    def test_a_revision_that_never_was(self, text):
        with pytest.raises(ChapterInvalid):
            save(text, first_chapter(text), revision=99)

    def test_an_unknown_kind_of_block(self, text):
        document = first_chapter(text)
        document["blocks"][0]["kind"] = "script"
        with pytest.raises(ChapterInvalid) as error:
            save(text, document)
        assert error.value.block == document["blocks"][0]["id"]
        assert not Correction.objects.exists()

    def test_a_chapter_of_the_version_before(self, text):
        document = first_chapter(text)
        job = text.work.editions.get().job
        finish(job, harbour("A line more."))
        builds.adopt_base(job_id=job.pk, at=clock.now())
        with pytest.raises(BaseChanged):
            save(text, with_words(document, "keeper", "warden"))


class TestTwoTabs:
    def test_the_same_words_are_a_conflict_with_both(self, text):
        document = first_chapter(text)
        save(text, with_words(document, "keeper", "warden"))
        with pytest.raises(SaveConflict) as error:
            save(text, with_words(document, "keeper", "guard"))
        (conflict,) = error.value.conflicts
        assert ["guard" in str(conflict["mine"]), "warden" in str(conflict["theirs"])] == [True, True]
        assert "keeper" in str(conflict["base"])
        assert error.value.revision == fresh(text).revision == error.value.document["revision"]
        assert "warden" in words_of(text), "the first save stands"

    def test_words_apart_are_both_in_the_text(self, text):
        document = first_chapter(text)
        save(text, with_words(document, "keeper", "warden"))
        saved = save(text, with_words(document, "harbour", "haven"))
        assert "warden" in words_of(text)
        assert "haven" in words_of(text)
        assert "warden" in str(saved.document), "what it was merged with comes back"

    def test_a_paragraph_of_each_is_there(self, text):
        document = first_chapter(text)
        for words in ("The first tab.", "The second tab."):
            new = {"id": "new-1", "kind": "paragraph", "attributes": {}, "text": [words]}
            save(text, document | {"blocks": [*document["blocks"], new]})
        assert "The first tab." in words_of(text)
        assert "The second tab." in words_of(text)

    def test_another_chapter_is_none(self, text):
        document = first_chapter(text)
        second = chapters.chapter_document(fresh(text), chapters.chapter_lines(fresh(text))[1].id)
        save(text, with_words(document, "keeper", "warden"))
        save(text, with_words(second, "yellow", "green"))
        assert Correction.objects.count() == 2

    def test_what_the_second_tab_saves_after_a_look_stands(self, text):
        document = first_chapter(text)
        save(text, with_words(document, "keeper", "warden"))
        save(text, with_words(document, "keeper", "guard"), revision=fresh(text).revision)
        assert "guard" in words_of(text)
        assert Correction.objects.filter(decision="accepted").count() == 1
