"""A corrected edition goes on sale while its PDFs are being made; a first edition waits for them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from common import clock
from common.errors import NotAllowed, NotFound
from conversion.errors import NoFilesMissing
from conversion.models import Artifact, ConversionJob, JobState
from conversion.selectors import LaterState, later_files
from publishing import errors, selectors, services
from publishing.models import EditionState, Work
from tests.factories.accounts import make_author
from tests.factories.conversion import make_finding
from tests.factories.later_pdfs import PDFS, bring_pdfs, end, wait_for_pdfs
from tests.factories.publishing import (
    make_contributor,
    make_edition,
    make_manuscript,
    make_published_edition,
    make_work,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def listed(monkeypatch) -> list[object]:
    """The editions that the shop was told of."""
    told: list[object] = []
    monkeypatch.setattr("publishing.hooks._listed", [told.append])
    return told


@pytest.fixture
def draft(owner):
    """A correction of a book on sale, its PDFs still being made."""
    first = make_published_edition(owner=owner, announce=False)
    return make_edition(work=first.work)


class TestPrepareEdition:
    def test_of_a_correction_has_its_pdfs_made_later(self, owner, noon):
        first = make_published_edition(owner=owner)
        edition = services.prepare_edition(actor=owner, manuscript=first.manuscript, at=noon, is_correction=True)
        assert "pdf" not in edition.job.options.formats
        assert set(edition.job.options.later) == {"pdf", "print-cover", "proof"}
        assert not selectors.are_files_stale(edition)

    def test_of_an_upload_makes_all_at_once(self, owner, noon):
        first = make_published_edition(owner=owner)
        manuscript = make_manuscript(first.work, content=b"# Another\n")
        edition = services.prepare_edition(actor=owner, manuscript=manuscript, at=noon)
        assert "pdf" in edition.job.options.formats
        assert edition.job.options.later == ()

    def test_stops_pdfs_of_the_last_text_of_the_draft(self, owner, draft, noon):
        follower = wait_for_pdfs(draft)
        services.prepare_edition(actor=owner, manuscript=draft.manuscript, at=noon, is_correction=True)
        follower.refresh_from_db()
        assert follower.state == JobState.CANCELED

    def test_does_not_stop_those_of_the_edition_on_sale(self, owner, noon):
        first = make_published_edition(owner=owner)
        follower = wait_for_pdfs(first)
        services.prepare_edition(actor=owner, manuscript=first.manuscript, at=noon, is_correction=True)
        follower.refresh_from_db()
        assert follower.state == JobState.QUEUED


class TestPublish:
    def test_a_correction_goes_on_sale_without_them(self, owner, draft, noon, listed):
        wait_for_pdfs(draft)
        published = services.publish_edition(actor=owner, edition=draft, at=noon, is_revision=True)
        assert (published.label, published.state) == ("1.1", EditionState.PUBLISHED)
        assert not published.job.artifacts.filter(kind="pdf").exists()
        assert listed == [draft]

    def test_a_first_edition_waits_for_them(self, owner, noon, listed):
        edition = make_edition(work=make_work(owner=owner))
        follower = wait_for_pdfs(edition)
        with pytest.raises(errors.EditionNotReady):
            services.publish_edition(actor=owner, edition=edition, at=noon)
        assert listed == []
        bring_pdfs(follower)
        services.publish_edition(actor=owner, edition=edition, at=noon)
        assert listed == [edition]

    def test_a_first_edition_whose_pdfs_failed_may_go_on_sale(self, owner, noon):
        edition = make_edition(work=make_work(owner=owner))
        wait_for_pdfs(edition, state=JobState.FAILED)
        assert services.publish_edition(actor=owner, edition=edition, at=noon).state == EditionState.PUBLISHED

    def test_a_blocker_in_the_text_stops_a_correction_all_the_same(self, owner, draft, noon):
        wait_for_pdfs(draft)
        make_finding(draft.job, code="epub.words-lost", severity="blocker")
        with pytest.raises(errors.EditionNotReady):
            services.publish_edition(actor=owner, edition=draft, at=noon)

    @pytest.mark.parametrize("state", [JobState.QUEUED, JobState.RUNNING, JobState.FAILED])
    def test_a_correction_waits_for_its_own_job(self, owner, draft, noon, state):
        wait_for_pdfs(draft)
        ConversionJob.objects.filter(pk=draft.job_id).update(state=state)
        with pytest.raises(errors.EditionNotReady):
            services.publish_edition(actor=owner, edition=draft, at=noon)

    def test_stops_the_pdfs_of_the_edition_that_it_replaces(self, owner, draft, noon):
        first = selectors.published_of(draft.work)
        old = wait_for_pdfs(first)
        new = wait_for_pdfs(draft)
        services.publish_edition(actor=owner, edition=draft, at=noon, is_revision=True)
        old.refresh_from_db()
        new.refresh_from_db()
        assert (old.state, new.state) == (JobState.CANCELED, JobState.QUEUED)
        assert not first.job.findings.filter(code="pdf.not-made").exists()

    def test_no_file_of_the_old_edition_is_the_new_ones(self, owner, draft, noon):
        wait_for_pdfs(draft)
        old = set(Artifact.objects.filter(job=selectors.published_of(draft.work).job, kind="pdf").values_list("pk"))
        services.publish_edition(actor=owner, edition=draft, at=noon, is_revision=True)
        on_sale = selectors.published_of(draft.work)
        assert old
        assert not old & set(on_sale.job.artifacts.values_list("pk"))


class TestAnnounceFiles:
    def test_tells_the_shop_of_the_edition_on_sale(self, owner, listed):
        edition = make_published_edition(owner=owner, announce=False)
        bring_pdfs(wait_for_pdfs(edition))
        services.announce_files(job_id=edition.job_id)
        assert listed == [edition]
        assert edition.job.artifacts.filter(kind="pdf").count() == len(PDFS)

    def test_says_nothing_of_a_draft(self, draft, listed):
        bring_pdfs(wait_for_pdfs(draft))
        services.announce_files(job_id=draft.job_id)
        assert listed == []

    def test_says_nothing_of_an_edition_off_sale(self, owner, listed):
        edition = make_published_edition(owner=owner, announce=False, state=EditionState.WITHDRAWN)
        services.announce_files(job_id=edition.job_id)
        assert listed == []

    def test_is_asked_for_when_they_are_there_and_when_they_failed(self, owner, monkeypatch):
        sent: list[tuple[str, int]] = []
        monkeypatch.setattr("common.jobs.enqueue", lambda name, **ids: sent.append((name, ids.get("job_id", 0))))
        made, failed = (make_published_edition(announce=False) for _ in range(2))
        bring_pdfs(wait_for_pdfs(made))
        wait_for_pdfs(failed, state=JobState.FAILED)
        told = [job_id for name, job_id in sent if name == "publishing.announce_files"]
        assert told == [made.job_id, failed.job_id]

    def test_a_lost_message_is_sent_again_for_some_minutes(self, owner, noon, monkeypatch):
        sent: list[int] = []
        edition = make_published_edition(announce=False)
        with clock.frozen(noon):
            bring_pdfs(wait_for_pdfs(edition))
        monkeypatch.setattr("common.jobs.enqueue", lambda name, **ids: sent.append(ids["job_id"]))
        for minutes in (0, 2, 3, 10):
            with clock.frozen(noon + timedelta(minutes=minutes)):
                services.enqueue_missed_announcements()
        assert sent == [edition.job_id] * 2


class TestMakeMissingFiles:
    def test_asks_for_the_pdfs_alone(self, owner):
        edition = make_published_edition(owner=owner, announce=False)
        wait_for_pdfs(edition, state=JobState.FAILED)
        follower = services.make_missing_files(actor=owner, edition=edition)
        assert follower.completes_id == edition.job_id
        assert later_files(edition.job).state == LaterState.MAKING
        assert not edition.job.findings.filter(code="pdf.not-made").exists()
        edition.refresh_from_db()
        assert edition.state == EditionState.PUBLISHED

    def test_refuses_where_none_is_missing(self, owner):
        edition = make_published_edition(owner=owner, announce=False)
        with pytest.raises(NoFilesMissing):
            services.make_missing_files(actor=owner, edition=edition)

    def test_refuses_while_they_are_being_made(self, owner):
        edition = make_published_edition(owner=owner, announce=False)
        wait_for_pdfs(edition)
        with pytest.raises(NoFilesMissing):
            services.make_missing_files(actor=owner, edition=edition)

    def test_is_not_a_strangers(self, owner, stranger):
        edition = make_published_edition(owner=owner, announce=False)
        wait_for_pdfs(edition, state=JobState.FAILED)
        with pytest.raises((NotAllowed, NotFound)):
            services.make_missing_files(actor=stranger, edition=edition)
        assert ConversionJob.objects.filter(completes=edition.job).count() == 1


class TestPages:
    def page(self, client, name, edition) -> str:
        return client.get(reverse(name, args=[edition.work.public_id])).content.decode()

    def test_the_proof_lists_what_is_being_made_and_looks_again(self, as_owner, draft):
        follower = wait_for_pdfs(draft)
        page = self.page(as_owner, "work-proof", draft)
        assert page.count("being made</td>") == len(PDFS) + 1
        assert 'hx-trigger="every 1s"' in page
        seen = page.partition("?seen=")[2].partition('"')[0]
        status = reverse("work-proof-status", args=[draft.work.public_id])
        assert as_owner.get(f"{status}?seen={seen}").status_code == 204
        bring_pdfs(follower)
        assert as_owner.get(f"{status}?seen={seen}").status_code == 200
        page = self.page(as_owner, "work-proof", draft)
        assert "being made" not in page
        assert 'hx-trigger="every 1s"' not in page

    def test_the_proof_says_that_they_failed_and_offers_to_try_again(self, as_owner, draft):
        wait_for_pdfs(draft, state=JobState.FAILED)
        page = self.page(as_owner, "work-proof", draft)
        assert "Some PDFs could not be made" in page
        assert "The PDF for " in page
        response = as_owner.post(reverse("work-rebuild", args=[draft.work.public_id]), {"missing": "1"})
        assert response.status_code == 302
        assert later_files(draft.job).state == LaterState.MAKING

    def test_trying_again_needs_something_missing(self, as_owner, draft):
        wait_for_pdfs(draft)
        response = as_owner.post(reverse("work-rebuild", args=[draft.work.public_id]), {"missing": "1"}, follow=True)
        assert "nothing to make again" in response.content.decode()
        assert ConversionJob.objects.filter(completes=draft.job).count() == 1

    def test_who_may_only_look_cannot_try_again(self, client, draft):
        wait_for_pdfs(draft, state=JobState.FAILED)
        person = make_author()
        make_contributor(draft.work, user=person, role="ill")
        client.force_login(person)
        client.post(reverse("work-rebuild", args=[draft.work.public_id]), {"missing": "1"})
        assert later_files(draft.job).state == LaterState.MISSING

    def test_publishing_a_correction_says_that_they_follow(self, as_owner, draft):
        wait_for_pdfs(draft)
        page = self.page(as_owner, "work-publish", draft)
        assert "The PDFs are still being made. You need not wait" in page
        assert 'hx-select="#readiness"' in page

    def test_publishing_a_first_edition_says_that_files_are_missing(self, as_owner, owner):
        edition = make_edition(work=make_work(owner=owner))
        wait_for_pdfs(edition)
        page = self.page(as_owner, "work-publish", edition)
        assert "The files are not ready yet" in page
        assert "You need not wait" not in page
        assert 'hx-select="#readiness"' in page

    def test_page_images_come_later_too(self, as_owner, draft):
        wait_for_pdfs(draft)
        assert "as soon as the PDFs are laid out" in self.page(as_owner, "work-sheet", draft)


class TestDeleteDraft:
    def test_takes_its_job_for_pdfs_along(self, owner, draft, django_capture_on_commit_callbacks):
        wait_for_pdfs(draft)
        with django_capture_on_commit_callbacks(execute=True):
            services.delete_draft(actor=owner, work=draft.work)
        assert not ConversionJob.objects.exclude(completes=None).exists()

    def test_leaves_the_job_for_pdfs_of_the_edition_on_sale(self, owner, noon):
        first = make_published_edition(owner=owner)
        follower = wait_for_pdfs(first)
        services.prepare_edition(actor=owner, manuscript=first.manuscript, at=noon, is_correction=True)
        services.delete_draft(actor=owner, work=first.work)
        assert ConversionJob.objects.filter(pk=follower.pk, state=JobState.QUEUED).exists()

    def test_of_a_whole_work_leaves_none(self, owner):
        edition = make_edition(work=make_work(owner=owner))
        end(wait_for_pdfs(edition), JobState.RUNNING)
        services.delete_draft(actor=owner, work=edition.work)
        assert not Work.objects.exists()
        assert not ConversionJob.objects.exists()
