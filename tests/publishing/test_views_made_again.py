"""Files that are made again on the page of the proof: of a damaged manuscript, and where some could not be made."""

from __future__ import annotations

import pytest

from conversion.models import JobState
from conversion.options import ConversionOptions
from tests.factories.conversion import make_finding, make_job
from tests.factories.publishing import make_edition, make_published_edition, make_work
from tests.publishing.test_views_proof import address, page_of

pytestmark = pytest.mark.django_db


class TestRepair:
    def edition(self, owner, code, **options):
        job = make_job(state=JobState.FAILED, failure_code=code, options=ConversionOptions(**options))
        return make_edition(work=make_work(owner=owner), job=job)

    def test_is_offered_for_a_damaged_file(self, as_owner, owner):
        edition = self.edition(owner, "source.zip-damaged")
        assert "Try to repair it" in as_owner.get(address("work-proof", edition)).content.decode()
        as_owner.post(address("work-rebuild", edition), {"repair": "1"})
        edition.refresh_from_db()
        assert edition.job.options.repair is True

    @pytest.mark.parametrize(("code", "options"), [("source.encrypted", {}), ("source.zip-damaged", {"repair": True})])
    def test_is_not_offered_where_it_cannot_help(self, as_owner, owner, code, options):
        page = as_owner.get(address("work-proof", self.edition(owner, code, **options))).content.decode()
        assert "Try to repair it" not in page
        assert "Try this file again" in page


class TestIncomplete:
    """Files that could not be made are told of in words, and made again on request."""

    def edition(self, owner, **finding):
        edition = make_published_edition(owner=owner)
        make_finding(edition.job, severity="problem", quote="", **finding)
        return edition

    def test_says_what_is_missing_why_and_what_to_do(self, as_owner, owner):
        facts = {"target": "phone", "cause": "it needs too much memory"}
        edition = self.edition(owner, code="pdf.not-made", chapter="The tower", facts=facts)
        page = page_of(as_owner, address("work-proof", edition))
        assert "The PDF for phone could not be made (it needs too much memory)." in page
        assert "Chapter: The tower." in page
        assert "Nothing is lost" in page
        assert "Make the files again" in page

    @pytest.mark.parametrize("code", ["pdf.not-made", "artifact.not-made", "pdf.plain", "epub.chapter-plain"])
    def test_the_files_are_made_again(self, as_owner, owner, code):
        edition = self.edition(owner, code=code, facts={})
        as_owner.post(address("work-rebuild", edition))
        again = edition.work.editions.exclude(pk=edition.pk).get()
        assert (again.manuscript, again.job.state) == (edition.manuscript, JobState.QUEUED)

    def test_other_remarks_make_nothing_again(self, as_owner, owner):
        edition = self.edition(owner, code="pdf.fallback", facts={})
        assert "Make the files again" not in page_of(as_owner, address("work-proof", edition))
        as_owner.post(address("work-rebuild", edition))
        assert edition.work.editions.count() == 1
