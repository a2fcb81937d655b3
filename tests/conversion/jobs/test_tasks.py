"""The doors that workers come through."""

from __future__ import annotations

import os
import signal

import pytest

from conversion import services, tasks
from conversion.engine.errors import AuthorFixable, PlatformFault
from conversion.models import JobState
from conversion.options import ConversionOptions
from tests.factories.accounts import make_author
from tests.factories.conversion import make_job, write_result

pytestmark = pytest.mark.django_db


class TestRun:
    def test_an_authors_mistake_is_no_failure_of_the_request(self, use_engine, django_capture_on_commit_callbacks):
        def refuse(request, report, should_stop):
            raise AuthorFixable("source.empty")

        use_engine(refuse)
        job = make_job()
        with django_capture_on_commit_callbacks(execute=True):
            again = services.request_conversion(
                actor=make_author(),
                source_file=job.source_file,
                source_name="a.md",
                source_sha256=job.source_sha256,
                options=ConversionOptions(),
                at=job.created_at,
            )
        again.refresh_from_db()
        assert (again.state, again.failure_code) == (JobState.FAILED, "source.empty")

    def test_sigterm_to_the_process_hands_the_job_back(self, use_engine, monkeypatch):
        monkeypatch.setattr("common.jobs.enqueue", lambda name, **ids: None)
        ends = []
        before = signal.signal(signal.SIGTERM, lambda *args: ends.append("as it would have"))

        def be_terminated(request, report, should_stop):
            os.kill(os.getpid(), signal.SIGTERM)
            assert should_stop()
            raise PlatformFault("child.crashed")

        use_engine(be_terminated)
        job = make_job()
        try:
            tasks.run()
        finally:
            signal.signal(signal.SIGTERM, before)
        job.refresh_from_db()
        assert (job.state, job.attempt) == (JobState.QUEUED, 0)
        assert ends == ["as it would have"]


class TestSweep:
    def test_runs_a_forgotten_job(self, use_engine, django_capture_on_commit_callbacks):
        use_engine(lambda request, report, should_stop: write_result(request.out))
        job = make_job(enqueued_at=None)
        with django_capture_on_commit_callbacks(execute=True):
            tasks.retry_stuck()
        job.refresh_from_db()
        assert job.state == JobState.DONE

    def test_tells_the_author_of_a_failure_once(self, mailoutbox, django_capture_on_commit_callbacks):
        make_job(state=JobState.FAILED, failure_code="job.crashed", failure_facts={"attempts": 3}, attempt=3)
        for _time in range(2):
            with django_capture_on_commit_callbacks(execute=True):
                tasks.retry_stuck()
        (mail,) = mailoutbox
        assert "harbour.md" in mail.body
        assert "in all 3 attempts" in mail.body
