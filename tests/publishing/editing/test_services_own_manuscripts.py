"""The next version of a manuscript that is written here."""

from __future__ import annotations

import json

import pytest
from django.urls import reverse

from common import clock, storage
from common.errors import NotFound
from conversion.engine.exports.own import own_book
from conversion.engine.patches import Fit as EngineFit
from conversion.engine.patches import FitState, Reason
from conversion.models import JobState
from publishing.editing import errors, selectors
from publishing.editing.models import Correction, Decision, Fit, WorkText
from publishing.editing.services import builds
from publishing.editing.services.own_manuscripts import next_manuscript
from publishing.models import Edition, Manuscript
from tests.factories.conversion import make_artifact
from tests.factories.editing import base_row, finish, harbour, make_correction, make_text, patch_of
from tests.factories.publishing import make_edition, make_work

pytestmark = pytest.mark.django_db


@pytest.fixture
def text(owner) -> WorkText:
    """A text that is written here, with a correction that the last build has made."""
    edition = make_edition(work=make_work(owner=owner))
    Manuscript.objects.update(name="salt.octavo-book.json")
    found = make_text(edition=edition)
    make_correction(found, patch_of(found, "lamp", "lantern"))
    job = Edition.objects.get(pk=edition.pk).job
    job.options = type(job.options)(**{**vars_of(job.options), "corrections": found.digest})
    job.save()
    make_artifact(job, kind="book", content=own_book(harbour()))
    return found


def vars_of(options) -> dict:
    return {name: getattr(options, name) for name in options.__dataclass_fields__}


def run(text: WorkText, actor, **more) -> Edition:
    return next_manuscript(actor=actor, work=text.work, at=clock.now(), **more)


class TestNextManuscript:
    def test_closes_the_corrections_as_merged_and_has_the_text_read(self, text, owner, sent):
        edition = run(text, owner)
        correction = Correction.objects.get()
        assert (correction.decision, correction.decided_by) == (Decision.MERGED, owner)
        assert correction.counts_until is not None
        with storage.private().open(edition.manuscript.file) as file:
            assert file.read() == own_book(harbour())
        assert edition.work.manuscripts.count() == 2
        assert edition.job.source_file == edition.manuscript.file
        assert edition.job.options.corrections == ""
        assert selectors.text_state(edition).build == selectors.BuildState.READING

    def test_the_text_goes_on_once_it_was_read(self, text, owner):
        edition = run(text, owner)
        finish(edition.job, harbour("A new line."))
        builds.adopt_base(job_id=edition.job_id, at=clock.now())
        fresh = WorkText.objects.get(pk=text.pk)
        assert base_row(fresh).identity == Edition.objects.get(pk=edition.pk).job.result.base
        assert selectors.placed_now(fresh) == []

    def test_adds_a_chapter(self, text, owner):
        edition = run(text, owner, chapter="The Lamp again")
        with storage.private().open(edition.manuscript.file) as file:
            chapters = json.load(file)["chapters"]
        assert [one["title"] for one in chapters][-1] == "The Lamp again"
        assert len({one["id"] for one in chapters}) == len(chapters)

    def test_refuses_a_manuscript_that_was_uploaded(self, text, owner):
        text.work.editions.get().job.artifacts.filter(kind="book").delete()
        with pytest.raises(errors.NotWrittenHere):
            run(text, owner)
        assert Correction.objects.get().decision == Decision.ACCEPTED

    @pytest.mark.parametrize("state", [JobState.QUEUED, JobState.RUNNING, JobState.FAILED])
    def test_refuses_before_the_last_change_is_made(self, text, owner, state):
        job = text.work.editions.get().job
        job.state = state
        job.save()
        with pytest.raises(errors.TextBeingMade):
            run(text, owner)

    def test_refuses_files_without_the_last_correction(self, text, owner):
        make_correction(text, patch_of(text, "harbour", "haven"))
        with pytest.raises(errors.TextBeingMade):
            run(text, owner)

    def test_refuses_while_a_correction_waits(self, text, owner):
        make_correction(text, patch_of(text, "harbour", "haven"), decision=Decision.SUGGESTED)
        with pytest.raises(errors.CorrectionsOpen):
            run(text, owner)

    def test_refuses_while_one_does_not_fit(self, text, owner):
        correction, base = Correction.objects.get(), base_row(text)
        fit = EngineFit(correction.identity, FitState.CONFLICT, None, Reason.CHANGED, (), None)
        Fit.objects.create(correction=correction, base=base, state="conflict", fit=fit, found_at=clock.now())
        with pytest.raises(errors.CorrectionsOpen):
            run(text, owner)

    def test_refuses_a_stranger(self, text, stranger):
        with pytest.raises(NotFound):
            run(text, stranger)


class TestAddByThePage:
    @pytest.fixture
    def address(self, client, text, owner) -> str:
        client.force_login(owner)
        return reverse("work-text", args=[text.work.public_id])

    def test_a_chapter_comes_to_the_end(self, client, address, text, sent):
        assert "Add the chapter" in client.get(address).text
        assert client.post(address, {"action": "add", "title": " The  Lamp again "}).status_code == 302
        manuscript = text.work.manuscripts.order_by("-pk")[0]
        with storage.private().open(manuscript.file) as file:
            assert json.load(file)["chapters"][-1]["title"] == "The Lamp again"

    def test_nothing_is_lost_while_the_book_is_being_made(self, client, address, text):
        WorkText.objects.filter(pk=text.pk).update(due_at=clock.now())
        response = client.post(address, {"action": "add", "title": "The Lamp again"})
        assert response.status_code == errors.TextBeingMade.status
        assert str(errors.TextBeingMade().text) in response.text
        assert text.work.manuscripts.count() == 1
        assert Correction.objects.get().decision == Decision.ACCEPTED

    def test_an_uploaded_manuscript_has_its_chapters_from_its_file(self, client, address, text):
        Manuscript.objects.update(name="salt.docx")
        text.work.editions.get().job.artifacts.filter(kind="book").delete()
        assert "Add the chapter" not in client.get(address).text
        response = client.post(address, {"action": "add", "title": "The Lamp again"})
        assert response.status_code == errors.NotWrittenHere.status
        assert text.work.manuscripts.count() == 1
