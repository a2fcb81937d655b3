"""Builds of corrected books, and the bases they leave."""

from __future__ import annotations

import gzip
from copy import deepcopy
from datetime import timedelta

import pytest
from django.urls import reverse

from common import clock, storage
from conversion.engine.api import editing
from conversion.engine.patches import Fit as EngineFit
from conversion.engine.patches import FitState, Reason, apply_patches
from conversion.models import ConversionJob, JobCorrections, JobState
from publishing import selectors as publishing_selectors
from publishing import services as publishing_services
from publishing.editing import selectors
from publishing.editing.models import Base, Correction, Decision, Fit, WorkText
from publishing.editing.selectors import chapters
from publishing.editing.services import builds, chapter_changes, cleanup
from publishing.editing.services.texts import touch
from publishing.models import Edition, EditionState
from tests.conversion.patches.samples import LINES, texts
from tests.factories.editing import base_row, finish, harbour, make_correction, make_text, patch_of
from tests.factories.publishing import make_edition, make_manuscript, make_published_edition

pytestmark = [pytest.mark.django_db, pytest.mark.both]


def due(text: WorkText) -> WorkText:
    """Let the text have been changed long enough ago."""
    touch(text, at=clock.now())
    WorkText.objects.filter(pk=text.pk).update(due_at=clock.real_now() - timedelta(seconds=1))
    return text


def rebuild(text: WorkText) -> Edition | None:
    return builds.rebuild_due(work_id=text.work_id, at=clock.now())


def place(job: ConversionJob, book) -> tuple[EngineFit, ...]:
    """What the engine says about the job's corrections in a book."""
    given = JobCorrections.objects.get(job=job)
    bases = {}
    for name in given.bases:
        row = Base.objects.get(file=name)
        bases[row.identity] = selectors.engine_base(row)
    return tuple(apply_patches(deepcopy(book), bases, given.patches, suggested=given.suggestions).fits)


def fresh(text: WorkText) -> WorkText:
    return WorkText.objects.select_related("base", "work__owner").get(pk=text.pk)


class TestAdoptBase:
    def test_the_first_base_becomes_the_text(self):
        text = make_text()
        assert base_row(text).identity == text.work.editions.get().job.result.base
        assert (text.revision, text.base_revision) == (1, 1)
        assert text.due_at is None

    def test_twice_is_once(self):
        text = make_text()
        builds.adopt_base(job_id=text.work.editions.get().job_id, at=clock.now())
        assert fresh(text).revision == 1
        assert Base.objects.count() == 1

    def test_a_job_without_a_base_changes_nothing(self):
        edition = make_edition()
        assert builds.adopt_base(job_id=edition.job_id, at=clock.now()) is None
        assert not WorkText.objects.exists()

    @pytest.mark.parametrize("state", [JobState.RUNNING, JobState.FAILED, JobState.CANCELED])
    def test_a_job_that_did_not_end_well_changes_nothing(self, state):
        edition = make_edition()
        finish(edition.job, harbour())
        ConversionJob.objects.update(state=state)
        assert builds.adopt_base(job_id=edition.job_id, at=clock.now()) is None

    def test_a_job_of_an_earlier_edition_changes_nothing(self):
        text = make_text(edition=make_published_edition())
        old = text.work.editions.get().job
        later = make_edition(work=text.work)
        finish(old, harbour("A line more."))
        assert builds.adopt_base(job_id=old.pk, at=clock.now()) is None
        assert later.job_id != old.pk
        assert Base.objects.count() == 1

    def test_a_base_under_another_name_is_refused(self):
        edition = make_edition()
        finish(edition.job, harbour())
        edition.job.result = type(edition.job.result)(base="0" * 32)
        edition.job.save()
        with pytest.raises(ValueError, match="not the base"):
            builds.adopt_base(job_id=edition.job_id, at=clock.now())
        assert not Base.objects.exists()

    def test_a_file_that_is_no_base_is_refused(self):
        edition = make_edition()
        base = finish(edition.job, harbour())
        artifact = edition.job.artifacts.get(kind="base")
        with storage.private().open(artifact.file, "wb") as file:
            file.write(b"not a base")
        with pytest.raises(ValueError, match="base"):
            builds.adopt_base(job_id=edition.job_id, at=clock.now())
        assert base.identity not in Base.objects.values_list("identity", flat=True)


class TestNewVersion:
    """A correction, then another version of the manuscript."""

    def upload(self, text: WorkText, *, content: bytes = b"# Another\n") -> Edition:
        manuscript = make_manuscript(text.work, content=content)
        return publishing_services.prepare_edition(actor=text.work.owner, manuscript=manuscript, at=clock.now())

    def test_a_correction_that_fits_is_anchored_anew(self):
        text = make_text()
        correction = make_correction(text, patch_of(text, "keeper", "warden"))
        edition = self.upload(text)
        new = harbour(lines=("A line that is new at the beginning of the book.", *LINES[1:]))
        base = finish(edition.job, new, place(edition.job, new))
        builds.adopt_base(job_id=edition.job_id, at=clock.now())
        text = fresh(text)
        assert base_row(text).identity == base.identity
        (placed,) = selectors.placed_now(text)
        assert placed.correction == correction
        assert placed.patch.base == base.identity
        assert placed.patch.anchor.before != correction.patch.anchor.before
        correction.refresh_from_db()
        assert correction.decision == Decision.ACCEPTED

    def test_a_moved_chapter_stays_moved_though_the_words_of_the_other_changed(self):
        text = make_text()
        first, second = (one.id for one in chapters.chapter_lines(text))
        chapter_changes.change_chapters(
            actor=text.work.owner, work=text.work, change=editing.MoveChapter(first, second), at=clock.now()
        )
        for number, last in enumerate(("A last line of the second version.", "Another last line, of the third.")):
            edition = self.upload(text, content=f"# {number}\n".encode())
            new = harbour(lines=(*LINES[:-1], last))
            finish(edition.job, new, place(edition.job, new))
            builds.adopt_base(job_id=edition.job_id, at=clock.now())
            assert [one.title for one in chapters.chapter_lines(fresh(text))] == ["The Lamp", "The Harbour"]
        assert Fit.objects.filter(state="conflict").count() == 0

    def test_it_goes_on_to_a_third_version(self):
        text = make_text()
        make_correction(text, patch_of(text, "keeper", "warden"))
        for number, first in enumerate(("A first line of the second version.", "Another first line, of the third.")):
            edition = self.upload(text, content=f"# {number}\n".encode())
            new = harbour(lines=(first, *LINES[1:]))
            finish(edition.job, new, place(edition.job, new))
            builds.adopt_base(job_id=edition.job_id, at=clock.now())
        assert len(selectors.placed_now(fresh(text))) == 1
        given = JobCorrections.objects.get(job=edition.job)
        assert len(given.bases) == 1, "it counts in the second version's base"

    def test_one_that_was_made_in_word_too_changes_nothing_more(self):
        text = make_text()
        make_correction(text, patch_of(text, "keeper", "warden"))
        edition = self.upload(text)
        new = harbour(lines=(LINES[0], LINES[1].replace("keeper", "warden"), *LINES[2:]))
        finish(edition.job, new, place(edition.job, new))
        builds.adopt_base(job_id=edition.job_id, at=clock.now())
        assert Fit.objects.get(base=base_row(fresh(text))).state == FitState.ADOPTED
        assert selectors.placed_now(fresh(text)) == []
        assert Correction.objects.get().decision == Decision.ACCEPTED, "an older version would need it again"

    def test_one_that_fits_nowhere_is_a_conflict_and_keeps_its_base(self):
        text = make_text()
        correction = make_correction(text, patch_of(text, "keeper", "warden"))
        edition = self.upload(text)
        new = harbour(lines=(LINES[0], LINES[1].replace("the keeper slept", "all of us slept"), *LINES[2:]))
        finish(edition.job, new, place(edition.job, new))
        builds.adopt_base(job_id=edition.job_id, at=clock.now())
        text = fresh(text)
        (found,) = selectors.conflicts_of(text)
        assert (found.correction, found.fit.reason) == (correction, Reason.CHANGED)
        assert "all of us slept" in "".join(piece.text for piece in found.fit.theirs)
        cleanup.delete_unused_bases(clock.now() + timedelta(days=1))
        assert Base.objects.count() == 2
        manuscript = edition.manuscript
        assert len(selectors.corrections_for_files(manuscript).bases) == 1
        assert storage.private().exists(selectors.corrections_for_files(manuscript).bases[0])

    def test_a_conflict_that_fits_again_needs_nobody(self):
        text = make_text()
        make_correction(text, patch_of(text, "keeper", "warden"))
        edition = self.upload(text)
        new = harbour(lines=(LINES[0], LINES[1].replace("the keeper slept", "all of us slept"), *LINES[2:]))
        finish(edition.job, new, place(edition.job, new))
        builds.adopt_base(job_id=edition.job_id, at=clock.now())
        edition = self.upload(text, content=b"# The words are back\n")
        finish(edition.job, harbour(), place(edition.job, harbour()))
        builds.adopt_base(job_id=edition.job_id, at=clock.now())
        assert len(selectors.placed_now(fresh(text))) == 1
        assert not selectors.conflicts_of(fresh(text)).exists()

    def test_the_base_waits_for_what_was_typed_meanwhile(self):
        text = make_text()
        edition = self.upload(text)
        make_correction(fresh(text), patch_of(text, "keeper", "warden"))
        new = harbour(lines=("Another first line.", *LINES[1:]))
        finish(edition.job, new)
        assert builds.adopt_base(job_id=edition.job_id, at=clock.now()) is None
        text = fresh(text)
        assert base_row(text).identity != edition.job.result.base
        assert len(selectors.placed_now(text)) == 1, "the editor still shows it"
        edition = rebuild(text)
        assert edition is not None
        finish(edition.job, new, place(edition.job, new))
        builds.adopt_base(job_id=edition.job_id, at=clock.now())
        text = fresh(text)
        assert base_row(text).identity == edition.job.result.base
        assert len(selectors.placed_now(text)) == 1

    def test_the_manuscript_is_never_changed(self):
        text = make_text()
        manuscript = text.work.manuscripts.get()
        make_correction(text, patch_of(text, "keeper", "warden"))
        rebuild(due(text))
        with storage.private().open(manuscript.file) as file:
            assert file.read() == b"# The Harbour\n\nRain.\n"


class TestRebuildDue:
    def test_makes_the_draft_again_with_the_corrections(self):
        text = make_text()
        correction = make_correction(text, patch_of(text, "keeper", "warden"))
        edition = rebuild(due(text))
        assert edition is not None
        assert edition.number == 1
        assert edition.job.is_correction
        assert JobCorrections.objects.get(job=edition.job).patches == (correction.patch,)
        assert edition.job.options.corrections == fresh(text).digest != ""
        assert fresh(text).due_at is None

    def test_a_book_on_sale_gets_a_new_edition_and_stays_on_sale(self):
        text = make_text(edition=make_published_edition())
        make_correction(text, patch_of(text, "keeper", "warden"))
        edition = rebuild(due(text))
        assert edition is not None
        assert (edition.number, edition.state) == (2, EditionState.DRAFT)
        assert publishing_selectors.published_of(text.work).number == 1

    def test_waits_for_the_author_to_stop(self):
        text = make_text()
        make_correction(text, patch_of(text, "keeper", "warden"))
        touch(text, at=clock.now())
        assert rebuild(text) is None
        assert fresh(text).due_at is not None

    def test_waits_for_the_build_that_runs_and_follows_it(self, messages_sent):
        text = make_text()
        make_correction(text, patch_of(text, "keeper", "warden"))
        first = rebuild(due(text))
        make_correction(fresh(text), patch_of(text, "yellow", "green"))
        assert rebuild(due(fresh(text))) is None, "one build of a work at a time"
        finish(first.job, harbour(), place(first.job, harbour()))
        messages_sent.clear()
        builds.adopt_base(job_id=first.job_id, at=clock.now())
        assert ("editing.rebuild_due", {"work_id": text.work_id}) in messages_sent
        second = rebuild(fresh(text))
        assert second is not None
        assert len(JobCorrections.objects.get(job=second.job).patches) == 2

    def test_twice_is_once(self):
        text = make_text()
        make_correction(text, patch_of(text, "keeper", "warden"))
        assert rebuild(due(text)) is not None
        assert rebuild(text) is None

    def test_a_change_that_was_undone_makes_nothing(self):
        text = make_text()
        assert rebuild(due(text)) is None
        assert fresh(text).due_at is None

    def test_a_closed_account_makes_nothing(self):
        text = make_text()
        make_correction(text, patch_of(text, "keeper", "warden"))
        text.work.owner.is_active = False
        text.work.owner.save()
        assert rebuild(due(text)) is None

    def test_too_many_open_jobs_come_back_later(self, settings):
        text = make_text()
        make_correction(text, patch_of(text, "keeper", "warden"))
        settings.MAX_OPEN_JOBS = 0
        assert rebuild(due(text)) is None
        assert fresh(text).due_at is not None

    def test_a_work_that_is_gone_makes_nothing(self):
        assert builds.rebuild_due(work_id=404, at=clock.now()) is None

    def test_a_lost_message_is_sent_again(self, messages_sent):
        text = due(make_text())
        messages_sent.clear()
        assert builds.retry_stuck() == 1
        assert messages_sent == [("editing.rebuild_due", {"work_id": text.work_id})]


class TestStaleFiles:
    def test_files_without_the_newest_corrections_cannot_be_published(self):
        text = make_text()
        edition = text.work.editions.get()
        assert not publishing_selectors.are_files_stale(edition)
        make_correction(text, patch_of(text, "keeper", "warden"))
        assert publishing_selectors.are_files_stale(edition)

    def test_a_new_engine_alone_makes_no_files_stale(self):
        """A patch that is anchored anew is the same correction."""
        text = make_text()
        make_correction(text, patch_of(text, "keeper", "warden"))
        edition = rebuild(due(text))
        new = harbour("A line that only this engine sees.")
        finish(edition.job, new, place(edition.job, new))
        builds.adopt_base(job_id=edition.job_id, at=clock.now())
        assert selectors.placed_now(fresh(text))[0].patch.identity != Correction.objects.get().identity
        edition.job.refresh_from_db()
        assert not publishing_selectors.are_files_stale(edition)


class TestRequestBase:
    def test_reads_the_manuscript_for_its_base_alone(self):
        edition = make_published_edition()
        text = builds.request_base(actor=edition.work.owner, work=edition.work, at=clock.now())
        assert text.base_job.options.formats == ("base",)
        assert selectors.text_state(edition).build == selectors.BuildState.READING
        finish(text.base_job, harbour())
        builds.adopt_base(job_id=text.base_job_id, at=clock.now())
        assert selectors.text_state(edition).build == selectors.BuildState.MADE
        assert edition.work.editions.count() == 1, "no edition is needed for that"

    def test_twice_is_once(self):
        edition = make_published_edition()
        first = builds.request_base(actor=edition.work.owner, work=edition.work, at=clock.now())
        second = builds.request_base(actor=edition.work.owner, work=edition.work, at=clock.now())
        assert first.base_job_id == second.base_job_id


class TestOldForms:
    """A base that was stored in a form that this version cannot read."""

    def outdated(self) -> WorkText:
        text = make_text()
        make_correction(text, patch_of(text, "keeper", "warden"))
        with storage.private().open(base_row(text).file, "wb") as file:
            file.write(gzip.compress(b'{"version":1}'))
        return text

    def test_is_read_again_when_the_chapters_are_opened(self, client):
        text = self.outdated()
        client.force_login(text.work.owner)
        page = reverse("work-text", args=[text.work.public_id])
        assert "reading the manuscript" in client.get(page).content.decode()
        text = fresh(text)
        assert JobCorrections.objects.get(job=text.base_job).patches, "corrections go along"
        finish(text.base_job, harbour())
        builds.adopt_base(job_id=text.base_job_id, at=clock.now())
        assert "The Harbour" in client.get(page).content.decode()

    def test_twice_is_once(self):
        text = self.outdated()
        before = ConversionJob.objects.count()
        builds.renew_base(work=text.work, at=clock.now())
        builds.renew_base(work=text.work, at=clock.now())
        assert ConversionJob.objects.count() == before + 1

    def test_its_chapters_say_what_to_do(self, client):
        text = self.outdated()
        client.force_login(text.work.owner)
        answer = client.get(reverse("work-text-document", args=[text.work.public_id, "c0"]))
        assert (answer.status_code, answer.json()["code"]) == (404, "editing.text_outdated")


class TestDeletion:
    def test_a_deleted_work_takes_its_text_along(self, django_capture_on_commit_callbacks):
        text = make_text()
        make_correction(text, patch_of(text, "keeper", "warden"))
        file = base_row(text).file
        with django_capture_on_commit_callbacks(execute=True):
            publishing_services.delete_draft(actor=text.work.owner, work=text.work)
        assert not Correction.objects.exists()
        assert not Base.objects.exists()
        assert not storage.private().exists(file)

    def test_a_deleted_draft_leaves_the_base_in_which_corrections_count(self, django_capture_on_commit_callbacks):
        text = make_text(edition=make_published_edition())
        make_correction(text, patch_of(text, "keeper", "warden"))
        draft = rebuild(due(text))
        new = harbour("One line more in this version.")
        finish(draft.job, new, place(draft.job, new))
        builds.adopt_base(job_id=draft.job_id, at=clock.now())
        with django_capture_on_commit_callbacks(execute=True):
            publishing_services.delete_draft(actor=text.work.owner, work=text.work)
        text = fresh(text)
        assert base_row(text).job is None
        assert storage.private().exists(base_row(text).file)
        assert len(selectors.placed_now(text)) == 1

    def test_a_base_in_which_nothing_counts_is_deleted_at_night(self, django_capture_on_commit_callbacks):
        text = make_text()
        first = base_row(text)
        job = text.work.editions.get().job
        finish(job, harbour("One line more."))
        builds.adopt_base(job_id=job.pk, at=clock.now())
        with django_capture_on_commit_callbacks(execute=True):
            cleanup.delete_unused_bases(clock.now() + timedelta(days=1))
        assert Base.objects.count() == 1
        assert not storage.private().exists(first.file)
        assert storage.private().exists(base_row(fresh(text)).file)


def test_words_of_the_sample_are_where_the_tests_think():
    assert "keeper" in texts(harbour())[1]
