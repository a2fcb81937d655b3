"""What pages say of an edition: its chip, and the step that a draft needs next."""

from __future__ import annotations

import pytest

from conversion.models import ConversionJob, JobState
from publishing import selectors
from publishing.models import Edition, EditionState, Work
from publishing.selectors import Requirement
from publishing.templatetags.editions import edition_chip
from publishing.views.steps import next_step


@pytest.mark.parametrize(
    ("number", "state", "job", "word", "kind"),
    [
        (1, EditionState.PUBLISHED, JobState.DONE, "On sale", "success"),
        (1, EditionState.WITHDRAWN, JobState.DONE, "Off sale", ""),
        (1, EditionState.SUPERSEDED, JobState.FAILED, "Replaced", ""),
        (1, EditionState.DRAFT, JobState.QUEUED, "In progress", "progress"),
        (2, EditionState.DRAFT, JobState.RUNNING, "In progress", "progress"),
        (1, EditionState.DRAFT, JobState.DONE, "Draft", ""),
        (2, EditionState.DRAFT, JobState.DONE, "Changes not published", "caution"),
        (2, EditionState.DRAFT, JobState.FAILED, "Conversion failed", "danger"),
        (1, EditionState.DRAFT, JobState.CANCELED, "Stopped", "caution"),
    ],
)
def test_chip_of_every_state(number, state, job, word, kind):
    edition = Edition(number=number, state=state, job=ConversionJob(state=job))
    assert edition_chip(edition) == {"word": word, "kind": kind}


class TestNextStep:
    @pytest.fixture
    def draft(self):
        return Edition(number=1, work=Work(public_id="wrk_1"), job=ConversionJob(state=JobState.DONE))

    @pytest.mark.parametrize("job", [JobState.QUEUED, JobState.RUNNING, JobState.FAILED, JobState.CANCELED])
    def test_of_files_that_are_not_ready(self, draft, monkeypatch, job):
        monkeypatch.setattr(selectors, "edition_readiness", lambda _edition: [])
        draft.job.state = job
        label = "See what to do" if job in {JobState.FAILED, JobState.CANCELED} else "See progress"
        assert next_step(draft).label == label
        assert next_step(draft).href.endswith(f"/{draft.work.public_id}/proof/")

    @pytest.mark.parametrize(
        ("page", "label"),
        [
            ("details", "Fill in the details"),
            ("price", "Set the price"),
            ("rights", "State rights and AI use"),
            ("people", "See who must agree"),
        ],
    )
    def test_is_what_is_missing_first(self, draft, monkeypatch, page, label):
        missing = Requirement("any", "", is_met=False, page=page)
        monkeypatch.setattr(selectors, "edition_readiness", lambda _edition: [missing])
        assert next_step(draft).label == label
        assert next_step(draft).href.endswith(f"/{draft.work.public_id}/{page}/")

    def test_is_publishing_in_the_end(self, draft, monkeypatch):
        monkeypatch.setattr(selectors, "edition_readiness", lambda _edition: [])
        draft.job.state = JobState.DONE
        assert next_step(draft).label == "Publish"
