"""The day of release: announced, kept by a worker, moved, called off."""

from __future__ import annotations

from datetime import timedelta

import pytest

from common import clock
from common.errors import NotFound
from publishing import errors, selectors, services
from publishing.models import EditionState
from publishing.services import release_dates
from tests.factories.accounts import make_author
from tests.factories.conversion import make_job
from tests.factories.offers import RELEASE, make_awaited, publish
from tests.factories.publishing import make_edition, make_published_edition, make_work

pytestmark = pytest.mark.django_db


@pytest.fixture
def awaited():
    return make_awaited()


def announce(edition, day=RELEASE, actor=None):
    work = edition.work
    return services.announce_release(actor=actor or work.owner, work=work, day=day, at=clock.now())


def on_the_day():
    return clock.frozen(clock.now().replace(year=2027, month=3, day=3, hour=0))


class TestAnnounce:
    @pytest.mark.parametrize("days", [-1, 0])
    def test_refuses_a_day_that_is_not_in_the_future(self, awaited, days):
        with pytest.raises(errors.ReleaseTooEarly):
            announce(awaited, (clock.now() + timedelta(days=days)).date())

    def test_refuses_what_readers_could_not_judge(self):
        edition = make_edition(work=make_work(title="", prices={}))
        with pytest.raises(errors.ReleaseNotPossible, match="No title yet; No price yet"):
            announce(edition)

    def test_refuses_a_work_that_was_on_sale(self):
        with pytest.raises(errors.ReleaseNotPossible, match="already been on sale"):
            announce(make_published_edition())

    def test_is_for_the_owner(self, awaited):
        with pytest.raises(NotFound):
            announce(awaited, actor=make_author())

    def test_needs_no_finished_files(self):
        edition = make_edition(job=make_job())
        assert selectors.announced_of(announce(edition)).pk == edition.pk


class TestRelease:
    def test_publishes_a_ready_draft_on_its_day_and_once(self, awaited, monkeypatch):
        told = []
        monkeypatch.setattr("common.jobs.enqueue", lambda name, **ids: told.append((name, ids)))
        release_dates.enqueue_due_releases()
        assert told == []
        with on_the_day():
            release_dates.enqueue_due_releases()
            assert told == [("publishing.release", {"edition_id": awaited.pk})]
            assert release_dates.release(edition_id=awaited.pk, at=clock.now()) is True
            assert release_dates.release(edition_id=awaited.pk, at=clock.now()) is False
        awaited.refresh_from_db()
        assert awaited.state == EditionState.PUBLISHED
        assert awaited.published_at.date() == RELEASE

    def test_does_nothing_before_the_day(self, awaited):
        assert release_dates.release(edition_id=awaited.pk, at=clock.now()) is False

    def test_waits_for_a_draft_that_is_not_ready(self, awaited):
        awaited.job.state = "running"
        awaited.job.save()
        with on_the_day():
            assert release_dates.release(edition_id=awaited.pk, at=clock.now()) is False
            awaited.job.state = "done"
            awaited.job.save()
            assert release_dates.release(edition_id=awaited.pk, at=clock.now()) is True

    def test_a_draft_without_a_day_is_never_due(self):
        edition = make_edition()
        with on_the_day():
            assert release_dates.release(edition_id=edition.pk, at=clock.now()) is False

    def test_publishing_early_makes_that_day_the_day(self, awaited):
        publish(awaited)
        awaited.work.refresh_from_db()
        assert awaited.work.release_date == clock.now().date()


class TestCallOff:
    def test_twice_is_once_and_a_work_that_is_out_stays_out(self, awaited):
        for _ in range(2):
            services.cancel_release(actor=awaited.work.owner, work=awaited.work, at=clock.now())
        awaited.work.refresh_from_db()
        assert awaited.work.release_date is None
        out = publish(make_awaited())
        services.cancel_release(actor=out.work.owner, work=out.work, at=clock.now())
        out.refresh_from_db()
        assert out.state == EditionState.PUBLISHED
