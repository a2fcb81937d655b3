"""The life of a job row: claims, leases, fencing tokens, attempts, the sweeper."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connection

from common import clock
from conversion import services
from conversion.errors import ClaimLost, JobFinished
from conversion.models import ConversionJob, JobState
from conversion.options import ConversionOptions
from tests.factories.accounts import make_author
from tests.factories.conversion import make_job

pytestmark = [pytest.mark.django_db, pytest.mark.both]


@pytest.fixture
def sent(monkeypatch) -> list[str]:
    """Messages that wake workers."""
    wakes: list[str] = []

    def note(name: str, **kwargs: int) -> None:
        if name == "conversion.run":
            wakes.append(name)

    monkeypatch.setattr("common.jobs.enqueue", note)
    return wakes


def let_lease_run_out(job: ConversionJob) -> None:
    ConversionJob.objects.filter(pk=job.pk).update(lease_until=clock.real_now() - timedelta(seconds=1))


class TestRequestConversion:
    def test_queues_a_job_and_tells_workers(self, sent):
        author = make_author()
        job = services.request_conversion(
            actor=author,
            source_file="manuscripts/a.md",
            source_name="a.md",
            source_sha256="0" * 64,
            options=ConversionOptions(sample_bps=1500),
            at=clock.now(),
        )
        assert job.state == JobState.QUEUED
        assert len(sent) == 1
        assert job.options.sample_bps == 1500

    def test_waits_for_the_commit(self, django_capture_on_commit_callbacks):
        with django_capture_on_commit_callbacks() as callbacks:
            services.request_conversion(
                actor=make_author(),
                source_file="manuscripts/a.md",
                source_name="a.md",
                source_sha256="0" * 64,
                options=ConversionOptions(),
                at=clock.now(),
            )
        assert len(callbacks) == 1, "sent by the commit, not before"


class TestClaim:
    def test_takes_a_queued_job_once(self):
        job = make_job()
        first = services.claim(job.pk)
        assert (first.attempt, first.token) == (1, 1)
        assert services.claim(job.pk) is None
        job.refresh_from_db()
        assert job.attempt == 1, "a redelivery that finds a live lease does not count"

    def test_takes_over_when_the_lease_ran_out(self):
        job = make_job()
        services.claim(job.pk)
        let_lease_run_out(job)
        second = services.claim(job.pk)
        assert (second.attempt, second.token) == (2, 2)

    @pytest.mark.parametrize("state", [JobState.DONE, JobState.FAILED, JobState.CANCELED])
    def test_leaves_ended_jobs_alone(self, state):
        assert services.claim(make_job(state=state).pk) is None

    def test_waits_while_a_job_rests(self):
        job = make_job(lease_until=clock.real_now() + timedelta(minutes=1))
        assert services.claim(job.pk) is None
        let_lease_run_out(job)
        assert services.claim(job.pk) is not None

    def test_refuses_a_fourth_attempt(self):
        assert services.claim(make_job(attempt=3).pk) is None


class TestHeartbeat:
    def test_lengthens_the_lease_by_the_database_clock(self, settings):
        job = make_job()
        claim = services.claim(job.pk)
        let_lease_run_out(job)
        services.heartbeat(claim)
        job.refresh_from_db()
        ahead = job.lease_until - clock.real_now()
        assert timedelta(seconds=25) < ahead <= settings.CONVERSION_LEASE + timedelta(seconds=1)

    def test_tells_a_stale_holder(self):
        job = make_job()
        stale = services.claim(job.pk)
        let_lease_run_out(job)
        services.claim(job.pk)
        with pytest.raises(ClaimLost):
            services.heartbeat(stale)


class TestRelease:
    def test_gives_the_attempt_back(self, sent):
        job = make_job()
        services.release(services.claim(job.pk))
        job.refresh_from_db()
        assert (job.state, job.attempt) == (JobState.QUEUED, 0)
        assert len(sent) == 1

    def test_outdates_the_claim(self):
        job = make_job()
        claim = services.claim(job.pk)
        services.release(claim)
        with pytest.raises(ClaimLost):
            services.fail(claim, "source.unreadable", {})


class TestCancelConversion:
    def test_outdates_the_running_claim(self):
        job = make_job()
        claim = services.claim(job.pk)
        services.cancel_conversion(actor=job.requested_by, job=job)
        assert job.state == JobState.CANCELED
        with pytest.raises(ClaimLost):
            services.heartbeat(claim)

    def test_refuses_when_ended(self):
        job = make_job(state=JobState.DONE)
        with pytest.raises(JobFinished):
            services.cancel_conversion(actor=job.requested_by, job=job)
        job.refresh_from_db()
        assert job.state == JobState.DONE


class TestSweep:
    def test_enqueues_what_was_never_queued(self, sent):
        make_job(enqueued_at=None)
        assert services.retry_stuck() == 1
        assert len(sent) == 1

    def test_enqueues_what_lost_its_message(self, sent):
        make_job(enqueued_at=clock.real_now() - timedelta(minutes=1))
        services.retry_stuck()
        assert len(sent) == 1

    def test_leaves_fresh_messages_to_the_broker(self, sent):
        make_job()
        assert services.retry_stuck() == 0

    def test_enqueues_what_lost_its_worker(self, sent):
        job = make_job(enqueued_at=clock.real_now() - timedelta(minutes=1))
        services.claim(job.pk)
        services.retry_stuck()
        assert sent == [], "the lease still lives"
        let_lease_run_out(job)
        services.retry_stuck()
        assert len(sent) == 1

    def test_does_not_repeat_itself(self, sent):
        make_job(enqueued_at=None)
        services.retry_stuck()
        assert services.retry_stuck() == 0

    def test_gives_up_after_three_attempts(self, sent):
        job = make_job()
        for _attempt in range(3):
            assert services.claim(job.pk) is not None
            let_lease_run_out(job)
        services.retry_stuck()
        job.refresh_from_db()
        assert (job.state, job.failure_code) == (JobState.FAILED, "job.crashed")
        assert job.failure_facts == {"attempts": 3}
        assert sent == []


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "postgresql", reason="needs PostgreSQL")
class TestDoubleDelivery:
    COUNT = 50

    def deliver(self, job_id: int, take: Callable[[int], bool]) -> int:
        """Let many workers take the job at once, each by a connection of its own; how many believe they have it."""

        def attempt(_number: int) -> bool:
            try:
                return take(job_id)
            finally:
                connection.close()

        with ThreadPoolExecutor(max_workers=self.COUNT) as pool:
            return sum(pool.map(attempt, range(self.COUNT)))

    def test_one_of_many_claims_wins(self):
        job = make_job()
        assert self.deliver(job.pk, lambda job_id: services.claim(job_id) is not None) == 1
        job.refresh_from_db()
        assert (job.attempt, job.fencing_token) == (1, 1)

    def test_without_the_condition_many_would(self):
        """The negative control: look first, then write."""
        together = Barrier(self.COUNT)

        def look_then_write(job_id: int) -> bool:
            job = ConversionJob.objects.get(pk=job_id)
            together.wait()
            is_free = job.state == JobState.QUEUED
            ConversionJob.objects.filter(pk=job_id).update(state=JobState.RUNNING)
            return is_free

        assert self.deliver(make_job().pk, look_then_write) > 1
