"""Heartbeats: runs of scheduled tasks are recorded, what is late is known, and an outside service is told."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from celery import current_app
from celery.app.trace import build_tracer
from django.db import DatabaseError
from structlog.testing import capture_logs

from common import clock
from operations.heartbeats import celery_signals, schedule, selectors, services
from operations.heartbeats.models import Heartbeat, Outcome

pytestmark = [pytest.mark.django_db, pytest.mark.both]
SWEEP = "common.retry_emails"  # every minute
WEEKLY = {"completion.count_all"}
NIGHTLY = "royalties.check_ledger"  # at 1:30


@pytest.fixture(autouse=True)
def _tasks_known() -> None:
    current_app.loader.import_default_modules()


def run_in_a_worker(name: str, **ids: int) -> None:
    """Run a task as a worker does, which eager mode does not."""
    task = current_app.tasks[name]
    tracer = build_tracer(name, task, app=current_app, eager=False)
    tracer("00000000-0000-0000-0000-000000000001", (), ids, {"is_eager": False})


def row(name: str) -> Heartbeat:
    return Heartbeat.objects.get(pk=name)


def age(name: str, by: timedelta) -> None:
    """Move a heartbeat into the past."""
    moment = clock.database_real_now() - by
    Heartbeat.objects.filter(pk=name).update(began_at=moment, expected_from=moment)


class TestRuns:
    def test_a_run_leaves_its_moments_and_its_outcome(self) -> None:
        before = clock.database_real_now() - timedelta(seconds=1)
        run_in_a_worker(SWEEP)
        beat = row(SWEEP)
        assert beat.began_at and beat.ended_at and beat.succeeded_at and beat.duration_ms is not None
        assert before < beat.began_at <= beat.ended_at
        assert beat.outcome == Outcome.SUCCEEDED
        assert 0 <= beat.duration_ms < 60_000

    def test_the_next_run_takes_its_place(self) -> None:
        run_in_a_worker(SWEEP)
        age(SWEEP, timedelta(hours=1))
        run_in_a_worker(SWEEP)
        assert Heartbeat.objects.filter(pk=SWEEP).count() == 1
        assert row(SWEEP).began_at > clock.database_real_now() - timedelta(minutes=30)  # type: ignore[operator]

    def test_a_failure_is_recorded_and_the_last_success_stays(self, monkeypatch: pytest.MonkeyPatch) -> None:
        run_in_a_worker(SWEEP)
        good = row(SWEEP).succeeded_at
        monkeypatch.setattr("common.emails.retry_pending", _fails)
        run_in_a_worker(SWEEP)
        assert (row(SWEEP).outcome, row(SWEEP).succeeded_at) == (Outcome.FAILED, good)
        assert [one.has_failed for one in selectors.pulses()] == [True]

    def test_tasks_outside_the_schedule_leave_none(self) -> None:
        run_in_a_worker("common.send_mail", mail_id=1)
        assert not Heartbeat.objects.exists()

    def test_what_runs_in_place_is_no_run_of_the_schedule(self) -> None:
        current_app.tasks[SWEEP].apply()
        assert not Heartbeat.objects.exists()

    def test_a_database_that_is_away_fails_no_task(self, monkeypatch: pytest.MonkeyPatch) -> None:
        done = []
        monkeypatch.setattr("common.emails.retry_pending", lambda **given: done.append(given))
        monkeypatch.setattr(services, "record_start", _database_away)
        monkeypatch.setattr(celery_signals.connection, "close", lambda: None)
        with capture_logs() as lines:
            run_in_a_worker(SWEEP)
        assert len(done) == 1
        assert [line["error"] for line in lines if line["event"] == "heartbeats.not_recorded"] == ["DatabaseError"]


class TestExpected:
    def test_what_never_ran_is_expected_from_the_first_day(self) -> None:
        services.expect([schedule.BEAT, NIGHTLY])
        assert [one.name for one in selectors.pulses()] == [schedule.BEAT, NIGHTLY]
        assert not any(one.is_late for one in selectors.pulses())
        age_never_ran(NIGHTLY, timedelta(days=3))
        assert [one.name for one in selectors.late()] == [NIGHTLY]

    def test_what_left_the_schedule_is_forgotten_and_the_rest_kept(self) -> None:
        services.record_end("gone.task", duration_ms=1, has_succeeded=True)
        services.record_end(SWEEP, duration_ms=7, has_succeeded=True)
        services.expect([SWEEP])
        assert [(one.name, one.duration_ms) for one in Heartbeat.objects.all()] == [(SWEEP, 7)]


class TestLate:
    @pytest.mark.parametrize(
        ("name", "age_of_it", "is_late"),
        [
            (schedule.BEAT, timedelta(minutes=2), False),
            (schedule.BEAT, timedelta(minutes=3), True),
            (SWEEP, timedelta(minutes=2), False),
            (SWEEP, timedelta(minutes=4), True),
            ("royalties.charge_plans", timedelta(minutes=110), False),
            ("royalties.charge_plans", timedelta(minutes=121), True),
            (NIGHTLY, timedelta(hours=49), True),
        ],
    )
    def test_by_its_interval(self, name: str, age_of_it: timedelta, is_late: bool) -> None:
        services.record_end(name, duration_ms=1, has_succeeded=True)
        age(name, age_of_it)
        assert [one.name for one in selectors.late()] == ([name] if is_late else [])

    @pytest.mark.parametrize("seconds", [-20, 0, 600])
    def test_a_nightly_task_is_due_at_its_hour(self, seconds: int) -> None:
        began = datetime(2026, 11, 23, 1, 30, tzinfo=UTC) + timedelta(seconds=seconds)
        assert schedule.late_from(NIGHTLY, began) == datetime(2026, 11, 24, 2, 30, tzinfo=UTC)

    def test_every_scheduled_task_has_such_a_moment(self) -> None:
        last = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
        for name in schedule.names():
            longest = timedelta(days=8) if name in WEEKLY else timedelta(hours=26)
            assert timedelta(minutes=2) < schedule.late_from(name, last) - last < longest

    def test_the_schedule_itself_comes_first(self) -> None:
        for name in (SWEEP, schedule.BEAT, "accounts.retry_stuck"):
            services.record_end(name, duration_ms=1, has_succeeded=True)
            age(name, timedelta(hours=1))
        assert [one.name for one in selectors.late()] == [schedule.BEAT, "accounts.retry_stuck", SWEEP]

    def test_a_beat_that_never_ran_is_none(self) -> None:
        assert selectors.beat() is None
        services.record_beat()
        pulse = selectors.beat()
        assert pulse is not None
        assert not pulse.is_late


class TestPing:
    def test_without_a_service_nobody_is_told(self) -> None:
        services.record_beat()
        assert services.ping_all() == 0

    def test_each_run_is_told_once(self, settings: Any) -> None:
        services.record_beat()
        services.record_end(NIGHTLY, duration_ms=1, has_succeeded=False)
        services.record_start(SWEEP)  # has not ended
        with outside_service() as (url, asked):
            settings.HEARTBEAT_URL = url
            assert services.ping_all() == 2
            assert services.ping_all() == 0
        assert sorted(asked) == ["/key/beat?create=1", "/key/royalties-check-ledger/fail?create=1"]

    def test_the_next_run_is_told_again(self, settings: Any) -> None:
        services.record_beat()
        with outside_service() as (url, asked):
            settings.HEARTBEAT_URL = url
            services.ping_all()
            Heartbeat.objects.update(ended_at=clock.database_real_now() + timedelta(minutes=1))
            services.ping_all()
        assert asked == ["/key/beat?create=1"] * 2

    def test_a_service_that_is_down_is_asked_once_and_told_later(self, settings: Any) -> None:
        services.record_beat()
        services.record_end(NIGHTLY, duration_ms=1, has_succeeded=True)
        with outside_service() as (url, _asked):
            settings.HEARTBEAT_URL = url
        with capture_logs() as lines:
            assert services.ping_all() == 0
        assert [line["event"] for line in lines] == ["heartbeats.ping_failed"]
        assert Heartbeat.objects.filter(pinged_at=None).count() == 2

    def test_a_refusal_does_not_keep_the_others_from_being_told(self, settings: Any) -> None:
        services.record_beat()
        services.record_end(NIGHTLY, duration_ms=1, has_succeeded=True)
        with outside_service(status=404) as (url, asked):
            settings.HEARTBEAT_URL = url
            services.ping_all()
        assert len(asked) == 2


def _fails(**kwargs: object) -> None:
    raise ValueError("the sweep fails")


def _database_away(name: str) -> None:
    raise DatabaseError("away")


def age_never_ran(name: str, by: timedelta) -> None:
    Heartbeat.objects.filter(pk=name).update(expected_from=clock.database_real_now() - by)


@contextmanager
def outside_service(status: int = 200) -> Iterator[tuple[str, list[str]]]:
    """A service of healthchecks.io's kind, and the paths that it was asked for."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/key", asked
    finally:
        server.shutdown()
        server.server_close()
