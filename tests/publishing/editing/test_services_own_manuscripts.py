"""The next version of a manuscript that is written here."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.urls import reverse

from common import clock, storage
from common.errors import NotFound
from conversion.engine.exports.own import own_book
from conversion.engine.patches import Fit as EngineFit
from conversion.engine.patches import FitState, Reason, apply_patches
from conversion.models import ConversionJob, JobCorrections, JobState
from publishing import hooks
from publishing import selectors as publishing_selectors
from publishing.editing import errors, selectors
from publishing.editing.models import Correction, Decision, Fit, Origin, WorkText
from publishing.editing.services import builds, deciding, own_manuscripts
from publishing.editing.services.own_manuscripts import next_manuscript, write_manuscript
from publishing.models import Edition, EditionState, Manuscript
from tests.conversion.patches.samples import LINES
from tests.factories.conversion import make_artifact, make_done_job
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


def fresh(text: WorkText) -> WorkText:
    return WorkText.objects.select_related("base", "base_job", "next_manuscript", "work__owner").get(pk=text.pk)


def lantern(*more: str):
    """The book as its correction makes it."""
    return harbour(*more, lines=(LINES[0], LINES[1].replace("lamp", "lantern"), *LINES[2:]))


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

    def test_refuses_while_a_suggestion_over_corrected_words_waits(self, text, owner):
        again = patch_of(text, "lamp", "light")
        make_correction(text, again, decision=Decision.SUGGESTED, revises=Correction.objects.get())
        with pytest.raises(errors.CorrectionsOpen):
            run(text, owner)

    def test_other_suggestions_and_refused_fixes_go_along(self, text, owner):
        for decision, new in ((Decision.SUGGESTED, "haven"), (Decision.REVERTED, "port")):
            make_correction(text, patch_of(text, "harbour", new), decision=decision, origin=Origin.FIX)
        given = JobCorrections.objects.get(job=run(text, owner).job)
        assert (len(given.patches), len(given.suggestions), len(given.bases)) == (0, 2, 1)

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


class TestWriteManuscript:
    """The next manuscript of a book that is written here, without anybody's asking."""

    @pytest.fixture
    def published(self, text) -> WorkText:
        Edition.objects.update(state=EditionState.PUBLISHED, published_at=clock.now())
        return text

    def taken(self, text: WorkText, *more: str) -> Edition:
        """The edition after its text was written, read and taken."""
        assert write_manuscript(work_id=text.work_id, at=clock.now()) is not None
        self.read(text, *more)
        return Edition.objects.select_related("manuscript", "job", "work").get(work=text.work_id)

    def read(self, text: WorkText, *more: str) -> None:
        job = fresh(text).base_job
        assert job is not None
        given = JobCorrections.objects.filter(job=job).first() or JobCorrections()
        bases = {one.identity: selectors.engine_base(one) for one in text.work.bases.all()}
        book = lantern(*more)
        fits = apply_patches(lantern(*more), bases, given.patches, suggested=given.suggestions).fits
        finish(job, book, tuple(fits))
        builds.adopt_base(job_id=job.pk, at=clock.now())

    def test_everything_stays_as_it_is_until_it_was_read(self, published, owner):
        manuscript = write_manuscript(work_id=published.work_id, at=clock.now())
        assert manuscript is not None
        text, edition = fresh(published), Edition.objects.get()
        assert (text.base, text.next_manuscript) == (published.base, manuscript)
        assert edition.manuscript != manuscript
        assert text.base_job.options.formats == ("base",)
        assert Correction.objects.get().decision == Decision.ACCEPTED
        assert not publishing_selectors.are_files_stale(edition)

    def test_then_it_is_the_manuscript_and_nothing_is_made_again(self, published):
        jobs = ConversionJob.objects.count()
        edition = self.taken(published)
        text = fresh(published)
        assert edition.manuscript.name == "salt.octavo-book.json"
        assert edition.manuscript.written_by == edition.job
        assert Correction.objects.get().decision == Decision.MERGED
        assert base_row(text).manuscript == edition.manuscript
        assert selectors.placed_now(text) == []
        assert "lantern" in str(selectors.engine_base(base_row(text)).blocks[1].text)
        assert not publishing_selectors.are_files_stale(edition)
        assert selectors.text_state(edition).build == selectors.BuildState.MADE
        assert ConversionJob.objects.count() == jobs + 1, "the one that read it"
        assert Edition.objects.count() == 1, "no draft"

    def test_what_was_written_goes_on_from_there(self, published):
        self.taken(published)
        text = fresh(published)
        make_correction(text, patch_of(text, "harbour", "haven", book=lantern()))
        WorkText.objects.update(due_at=clock.real_now())
        edition = builds.rebuild_due(work_id=text.work_id, at=clock.now())
        assert edition is not None
        assert (edition.number, edition.state) == (2, EditionState.DRAFT)
        assert edition.manuscript == Edition.objects.get(number=1).manuscript
        assert len(JobCorrections.objects.get(job=edition.job).patches) == 1

    def test_a_chapter_may_be_added_to_it(self, published, owner):
        self.taken(published)
        assert run(published, owner, chapter="The Lamp again").number == 2

    def test_the_message_of_the_files_that_comes_late_changes_nothing(self, published):
        edition = self.taken(published)
        before = fresh(published).base
        assert builds.adopt_base(job_id=edition.job_id, at=clock.now()) is None
        assert fresh(published).base == before

    def test_a_text_that_changed_meanwhile_stays_with_its_corrections(self, published):
        write_manuscript(work_id=published.work_id, at=clock.now())
        make_correction(fresh(published), patch_of(published, "harbour", "haven"))
        self.read(published)
        text = fresh(published)
        assert (text.base, text.next_manuscript) == (published.base, None)
        assert {one.decision for one in Correction.objects.all()} == {Decision.ACCEPTED}
        assert len(selectors.placed_now(text)) == 2
        assert Edition.objects.get().manuscript.written_by is None

    def test_files_that_were_made_anew_meanwhile_win(self, published):
        write_manuscript(work_id=published.work_id, at=clock.now())
        Edition.objects.update(job=make_artifact(make_done_job(), kind="book", content=own_book(harbour())).job)
        self.read(published)
        assert fresh(published).base == published.base
        assert Correction.objects.get().decision == Decision.ACCEPTED

    def test_what_was_undone_or_declined_is_known_in_the_next_base(self, published):
        place = patch_of(published, "keeper", "warden")
        for decision, words in ((Decision.REVERTED, place), (Decision.DECLINED, patch_of(published, "yellow", "red"))):
            make_correction(published, words, decision=decision, origin=Origin.FIX, code="text.double-spaces")
        self.taken(published)
        fits = Fit.objects.filter(base=fresh(published).base)
        assert {(fit.correction.decision, str(fit.state)) for fit in fits} == {
            (Decision.REVERTED, "applied"),
            (Decision.DECLINED, "applied"),
        }

    def test_suggestions_keep_their_place(self, published, owner):
        found = make_correction(published, patch_of(published, "keeper", "warden"), decision=Decision.SUGGESTED)
        self.taken(published)
        deciding.accept(actor=owner, work=published.work, correction=found, at=clock.now())
        assert [one.correction for one in selectors.placed_now(fresh(published))] == [found]

    def test_waits_for_a_suggestion_over_corrected_words(self, published):
        first = Correction.objects.get()
        again = patch_of(published, "lamp", "light")
        make_correction(published, again, decision=Decision.SUGGESTED, revises=first)
        assert write_manuscript(work_id=published.work_id, at=clock.now()) is None

    @pytest.mark.parametrize("state", [JobState.QUEUED, JobState.FAILED])
    def test_waits_for_the_files(self, published, state):
        ConversionJob.objects.update(state=state)
        assert write_manuscript(work_id=published.work_id, at=clock.now()) is None

    def test_writes_nothing_where_nothing_was_corrected(self, published):
        self.taken(published)
        assert write_manuscript(work_id=published.work_id, at=clock.now()) is None

    def test_writes_none_for_a_manuscript_that_was_uploaded(self, published):
        published.work.editions.get().job.artifacts.filter(kind="book").delete()
        assert write_manuscript(work_id=published.work_id, at=clock.now()) is None

    def test_writes_none_for_an_author_who_left(self, published, owner):
        type(owner).objects.filter(pk=owner.pk).update(is_active=False)
        assert write_manuscript(work_id=published.work_id, at=clock.now()) is None

    def test_twice_is_once(self, published):
        assert write_manuscript(work_id=published.work_id, at=clock.now()) is not None
        assert write_manuscript(work_id=published.work_id, at=clock.now()) is None

    def test_publishing_asks_for_it(self, published, messages_sent):
        hooks.notify_listed(Edition.objects.get())
        assert ("editing.write_manuscript", {"work_id": published.work_id}) in messages_sent


class TestWorksToWrite:
    @pytest.fixture(autouse=True)
    def _few_are_many(self, monkeypatch):
        monkeypatch.setattr(own_manuscripts, "MAX_CORRECTIONS", 2)

    def found(self, text: WorkText, *, later: timedelta = own_manuscripts.QUIET * 2) -> list[int]:
        WorkText.objects.update(changed_at=clock.real_now() - later)
        return own_manuscripts.works_to_write(at=clock.real_now())

    def test_those_with_many_corrections_that_rest(self, text, messages_sent):
        make_correction(text, patch_of(text, "harbour", "haven"))
        assert self.found(text) == [text.work_id]
        builds.retry_stuck()
        assert ("editing.write_manuscript", {"work_id": text.work_id}) in messages_sent

    def test_not_those_with_few(self, text):
        make_correction(text, patch_of(text, "harbour", "haven"), decision=Decision.SUGGESTED)
        assert self.found(text) == []

    def test_not_while_somebody_writes(self, text):
        make_correction(text, patch_of(text, "harbour", "haven"))
        assert self.found(text, later=timedelta(minutes=1)) == []

    def test_not_what_was_uploaded(self, text):
        make_correction(text, patch_of(text, "harbour", "haven"))
        Manuscript.objects.update(name="salt.docx")
        assert self.found(text) == []
