"""Throwing drafts away: what goes with them, what stays for others, and what keeps them."""

from __future__ import annotations

import pytest

from common import clock, storage
from common.errors import NotAllowed, NotFound
from common.models import PendingMail
from conversion.models import Artifact, ConversionJob, JobState
from publishing import errors, services
from publishing.models import Edition, Manuscript, Work
from storefront.catalogue.models import Listing
from tests.factories.accounts import make_author, make_reader
from tests.factories.buying import buy
from tests.factories.conversion import make_job
from tests.factories.offers import make_awaited
from tests.factories.publishing import (
    make_contributor,
    make_edition,
    make_manuscript,
    make_published_edition,
    make_work,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(owner):
    """A draft whose content no other test has: files are kept by checksum."""
    work = make_work(owner=owner)
    return make_edition(work=work, manuscript=make_manuscript(work, content=b"# Only here\n\nRain.\n"))


class TestDeleteDraft:
    def test_takes_the_work_with_its_files_along(self, owner, draft, django_capture_on_commit_callbacks):
        file = draft.manuscript.file
        with django_capture_on_commit_callbacks(execute=True):
            services.delete_draft(actor=owner, work=draft.work)
        for model in (Work, Edition, Manuscript, ConversionJob, Artifact):
            assert not model.objects.exists(), model
        assert not storage.private().exists(file)

    def test_leaves_a_file_that_another_work_has_too(self, owner, draft, django_capture_on_commit_callbacks):
        other = make_work()
        kept = make_edition(work=other, manuscript=make_manuscript(other, content=b"# Only here\n\nRain.\n"))
        with django_capture_on_commit_callbacks(execute=True):
            services.delete_draft(actor=owner, work=draft.work)
        assert kept.manuscript.file == draft.manuscript.file
        assert storage.private().exists(kept.manuscript.file)
        for artifact in kept.job.artifacts.all():
            assert storage.private().exists(artifact.file) or storage.public().exists(artifact.file)

    def test_forgets_earlier_runs_over_the_same_manuscript(self, owner, draft):
        make_job(requested_by=owner, source_file=draft.manuscript.file, state=JobState.CANCELED)
        services.delete_draft(actor=owner, work=draft.work)
        assert not ConversionJob.objects.exists()

    def test_stops_a_conversion_that_runs(self, owner, monkeypatch):
        stopped = []
        monkeypatch.setattr(
            "conversion.services.cancel_conversion", lambda *, actor, job: stopped.append((actor, job.pk))
        )
        job = make_job(requested_by=owner, state=JobState.RUNNING)
        edition = make_edition(work=make_work(owner=owner), job=job)
        services.delete_draft(actor=owner, work=edition.work)
        assert stopped == [(owner, job.pk)]

    def test_of_a_book_on_sale_only_the_draft_goes(self, owner):
        published = make_published_edition(owner=owner)
        second = make_edition(work=published.work, manuscript=make_manuscript(published.work, content=b"# Two\n"))
        services.delete_draft(actor=owner, work=published.work)
        assert list(published.work.editions.all()) == [published]
        assert list(published.work.manuscripts.all()) == [published.manuscript]
        assert not ConversionJob.objects.filter(pk=second.job_id).exists()

    def test_a_book_that_was_on_sale_stays(self, owner):
        published = make_published_edition(owner=owner)
        services.withdraw_edition(actor=owner, edition=published, at=clock.now())
        with pytest.raises(errors.NothingToDelete):
            services.delete_draft(actor=owner, work=published.work)

    def test_an_announced_one_waits_until_that_is_taken_back(self):
        awaited = make_awaited()
        with pytest.raises(errors.DraftAnnounced):
            services.delete_draft(actor=awaited.work.owner, work=awaited.work)
        services.cancel_release(actor=awaited.work.owner, work=awaited.work, at=clock.now())
        services.delete_draft(actor=awaited.work.owner, work=awaited.work)
        assert not Listing.objects.exists()

    def test_one_that_was_ordered_stays(self):
        awaited = make_awaited()
        buy(make_reader(), awaited)
        services.cancel_release(actor=awaited.work.owner, work=awaited.work, at=clock.now())
        with pytest.raises(errors.DraftOrdered):
            services.delete_draft(actor=awaited.work.owner, work=awaited.work)
        assert Work.objects.filter(pk=awaited.work.pk).exists()

    def test_is_for_the_owner(self, draft, stranger):
        with pytest.raises(NotFound):
            services.delete_draft(actor=stranger, work=draft.work)
        make_contributor(draft.work, user=stranger)
        with pytest.raises(NotAllowed):
            services.delete_draft(actor=stranger, work=draft.work)

    def test_its_other_makers_are_told(self, owner, draft, stranger):
        make_contributor(draft.work, user=stranger)
        make_contributor(draft.work, asked=make_author(), asked_at=clock.now())
        services.delete_draft(actor=owner, work=draft.work)
        waiting = PendingMail.objects.get()  # with the deletion, wherever its message goes
        assert waiting.to == stranger.email
        assert "Ada Quill has deleted the draft of “The Lighthouse”" in waiting.text
