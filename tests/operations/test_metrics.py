"""Metrics: requests, tasks and conversions are counted by names of ours, by all processes together."""

from __future__ import annotations

import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from celery import current_app
from celery.app.trace import build_tracer
from django.conf import settings
from django.http import HttpResponse
from django.test import Client, RequestFactory
from kombu.exceptions import OperationalError
from prometheus_client import REGISTRY
from prometheus_client.parser import text_string_to_metric_families

from common import clock, jobs
from common.models import PendingMail
from conversion import metrics as conversion_metrics
from conversion.models import ConversionJob, JobState
from operations.backups.models import BackupRun, Fault, FileFault
from operations.heartbeats import services as heartbeats
from operations.heartbeats.models import Heartbeat
from operations.metrics import exposition, queues
from operations.metrics.middleware import MetricsMiddleware
from payments.models import EventState, ProviderEvent
from tests.factories.accounts import make_author, make_reader

BUSY_ADDRESS = "somebody-private@example.org"


def counted(name: str, **labels: str) -> float:
    return REGISTRY.get_sample_value(name, labels) or 0


def state() -> dict[tuple[str, ...], float]:
    """Every figure of the state: its name and label values."""
    found = {}
    for family in text_string_to_metric_families(exposition.state().decode()):
        for sample in family.samples:
            found[(sample.name, *sample.labels.values())] = sample.value
    return found


@pytest.mark.django_db
class TestRequests:
    def test_are_counted_by_view_method_and_status(self, client: Client) -> None:
        before = counted("octavo_requests_total", view="health", method="GET", status="200")
        client.get("/healthz?q=secret")
        assert counted("octavo_requests_total", view="health", method="GET", status="200") == before + 1

    def test_their_queries_and_their_time_too(self, client: Client) -> None:
        queries = counted("octavo_request_queries_sum", view="health")
        times = counted("octavo_request_seconds_count", view="health")
        client.get("/healthz")
        assert counted("octavo_request_queries_sum", view="health") == queries + 1
        assert counted("octavo_request_seconds_count", view="health") == times + 1

    def test_unknown_addresses_are_one_label(self, client: Client) -> None:
        before = counted("octavo_requests_total", view="none", method="GET", status="404")
        for number in range(3):
            client.get(f"/no-such-page-{number}/")
        assert counted("octavo_requests_total", view="none", method="GET", status="404") == before + 3

    def test_invented_methods_are_one_label(self) -> None:
        before = counted("octavo_requests_total", view="none", method="other", status="200")
        for method in ("INVENTED", "ALSO"):
            MetricsMiddleware(lambda request: HttpResponse())(RequestFactory().generic(method, "/"))
        assert counted("octavo_requests_total", view="none", method="other", status="200") == before + 2

    def test_are_not_shown_to_the_public(self, client: Client) -> None:
        assert client.get("/metrics").status_code == 404


@pytest.mark.django_db
class TestTasks:
    def run(self, *, eager: bool = False, **ids: int) -> None:
        current_app.loader.import_default_modules()
        task = current_app.tasks["common.send_mail"]
        if eager:
            task.apply(kwargs=ids)
        else:
            build_tracer(task.name, task, app=current_app, eager=False)("1", (), ids, {"is_eager": False})

    def test_are_counted_by_name_and_outcome(self, monkeypatch: pytest.MonkeyPatch) -> None:
        good = counted("octavo_tasks_total", task="common.send_mail", outcome="success")
        bad = counted("octavo_tasks_total", task="common.send_mail", outcome="failure")
        self.run(mail_id=1)
        monkeypatch.setattr("common.emails.send_pending", _refused)
        self.run(mail_id=1)
        assert counted("octavo_tasks_total", task="common.send_mail", outcome="success") == good + 1
        assert counted("octavo_tasks_total", task="common.send_mail", outcome="failure") == bad + 1

    def test_what_runs_in_place_is_not(self) -> None:
        before = counted("octavo_task_seconds_count", task="common.send_mail")
        self.run(eager=True, mail_id=1)
        assert counted("octavo_task_seconds_count", task="common.send_mail") == before

    @pytest.mark.usefixtures("transactional_db")
    def test_messages_that_no_broker_took_are_counted(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(jobs._Broker, "rests_until", float("-inf"))
        monkeypatch.setattr(
            current_app.tasks["common.send_mail"].__class__, "apply_async", _raising(OperationalError("away"))
        )
        before = counted("octavo_messages_unsent_total")
        jobs.enqueue("common.send_mail", mail_id=1)  # fails
        jobs.enqueue("common.send_mail", mail_id=2)  # is not tried
        assert counted("octavo_messages_unsent_total") == before + 2


class TestConversions:
    def test_each_stage_is_measured_once_it_is_over(self) -> None:
        before = {name: self.observed(name) for name in ("gate", "read", "web")}
        timer = conversion_metrics.StageTimer()
        for stage in ("gate", "gate", "read"):
            timer.enter(stage)
        assert self.observed("gate") == before["gate"] + 1
        assert self.observed("read") == before["read"]
        timer.end()
        timer.end()
        assert self.observed("read") == before["read"] + 1
        assert self.observed("web") == before["web"]

    def observed(self, stage: str) -> float:
        return counted("octavo_conversion_stage_seconds_count", stage=stage)


@pytest.mark.both
@pytest.mark.django_db
class TestState:
    @pytest.fixture(autouse=True)
    def _no_broker(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(queues, "depths", lambda: {"default": 3})

    def test_an_empty_shop(self) -> None:
        found = state()
        assert found["octavo_conversion_jobs", "queued"] == 0
        assert found["octavo_provider_events", "given_up"] == 0
        assert found["octavo_ledger_unchained_entries",] == 0
        assert found["octavo_queue_messages", "default"] == 3
        assert 0 < found["octavo_disk_free_bytes",] <= found["octavo_disk_size_bytes",]
        assert {value for name, value in found.items() if name[0] == "octavo_state_failed"} == {0}

    def test_jobs_that_wait_and_jobs_without_a_worker(self) -> None:
        at = clock.now()
        self.job(JobState.QUEUED, due_at=at - timedelta(seconds=90))
        self.job(JobState.QUEUED, due_at=at - timedelta(seconds=30))
        self.job(JobState.RUNNING, lease_until=clock.database_real_now() - timedelta(minutes=5), attempt=3)
        self.job(JobState.DONE, due_at=at - timedelta(days=3))
        found = state()
        assert found["octavo_conversion_jobs", "queued"] == 2
        assert found["octavo_conversion_oldest_waiting_seconds",] == 90
        assert found["octavo_conversion_jobs_abandoned",] == 1
        assert ("octavo_conversion_jobs", "done") not in found

    def job(self, job_state: JobState, **values: Any) -> None:
        self.author = getattr(self, "author", None) or make_author()
        values = {"due_at": clock.now(), **values}
        ConversionJob.objects.create(
            requested_by=self.author,
            source_file="a",
            source_name="a",
            state=job_state,
            created_at=clock.now(),
            **values,
        )

    def test_events_and_mails(self) -> None:
        at = clock.now()
        for number, event_state in enumerate((EventState.PENDING, EventState.GIVEN_UP, EventState.PROCESSED)):
            ProviderEvent.objects.create(
                event_id=f"evt_{number}",
                state=event_state,
                occurred_at=at,
                received_at=at - timedelta(minutes=2),
                next_attempt_at=at,
            )
        for tries in (0, 1, 2):
            PendingMail.objects.create(to=BUSY_ADDRESS, made_at=at - timedelta(seconds=60), due_at=at, tries=tries)
        found = state()
        assert (found["octavo_provider_events", "pending"], found["octavo_provider_events", "given_up"]) == (1, 1)
        assert found["octavo_provider_events_oldest_seconds",] == 120
        assert (found["octavo_mails_waiting",], found["octavo_mails_retried",]) == (3, 1)
        assert found["octavo_mails_oldest_seconds",] == 60

    def test_files_and_backups(self, settings) -> None:  # type: ignore[no-untyped-def]
        FileFault.objects.create(place="private", name="a", fault=Fault.DAMAGED, found_at=clock.now())
        found = state()
        assert (found["octavo_file_faults", "damaged"], found["octavo_file_faults", "missing"]) == (1, 0)
        assert ("octavo_backup_age_seconds",) not in found, "no backups are wanted"
        settings.BACKUP_DIR = "/backups"
        assert state()["octavo_backup_age_seconds",] == float("inf")
        at = clock.database_real_now() - timedelta(hours=1)
        BackupRun.objects.create(name="one", began_at=at, ended_at=at)
        assert 3600 <= state()["octavo_backup_age_seconds",] < 3700

    def test_heartbeats(self) -> None:
        heartbeats.record_beat()
        heartbeats.record_end("royalties.clear_due", duration_ms=1500, has_succeeded=False)
        Heartbeat.objects.filter(pk="beat").update(began_at=clock.database_real_now() - timedelta(hours=1))
        found = state()
        assert found["octavo_heartbeat_late", "beat"] == 1
        assert found["octavo_heartbeat_failed", "royalties.clear_due"] == 1
        assert found["octavo_heartbeat_seconds", "royalties.clear_due"] == 1.5

    def test_a_group_that_fails_leaves_the_others(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(queues, "depths", _raising(OperationalError("away")))
        found = state()
        assert found["octavo_state_failed", "queues"] == 1
        assert found["octavo_state_failed", "mails"] == 0
        assert not any(name[0] == "octavo_queue_messages" for name in found)

    def test_nobody_is_in_them(self) -> None:
        make_reader(email=BUSY_ADDRESS)
        PendingMail.objects.create(to=BUSY_ADDRESS, made_at=clock.now(), due_at=clock.now())
        text = (exposition.state() + exposition.counters()).decode()
        assert "example.org" not in text
        assert "@" not in text


class TestSharedByProcesses:
    """Processes of their own, as settings decide how counters are kept before the first is made."""

    COUNT = (
        "import sys; from pathlib import Path; from common import shared_metrics;"
        "shared_metrics.share(Path(sys.argv[1]));"
        "from prometheus_client import Counter; made = Counter('octavo_test', 'Test.', ['who']);"
    )

    def start(self, folder: Path, then: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-c", self.COUNT + then, str(folder)],
            cwd=settings.BASE_DIR,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def total(self, folder: Path) -> float:
        read = "from operations.metrics import exposition; print(exposition.counters().decode())"
        with self.start(folder, f"import django; django.setup(); {read}") as process:
            text = process.communicate(timeout=180)[0]
        found = [family for family in text_string_to_metric_families(text) if family.name == "octavo_test"]
        return sum(sample.value for family in found for sample in family.samples if sample.name.endswith("_total"))

    def test_their_counts_are_added_and_a_fork_counts_apart(self, tmp_path: Path) -> None:
        fork = "made.labels('a').inc(); pid = os.fork(); made.labels('a').inc(); pid and os.waitpid(pid, 0)"
        for _ in range(2):
            with self.start(tmp_path, f"import os; {fork}") as process:
                assert process.wait(180) == 0
        assert self.total(tmp_path) == 6

    def test_two_at_a_time_write_files_of_their_own(self, tmp_path: Path) -> None:
        wait = "made.labels('a').inc(); print('counted', flush=True); input()"
        with self.start(tmp_path, wait) as one, self.start(tmp_path, wait) as other:
            for process in (one, other):
                assert process.stdout is not None
                assert process.stdout.readline() == "counted\n"
            assert {path.name for path in tmp_path.glob("counter_*.db")} == {"counter_0.db", "counter_1.db"}
            for process in (one, other):
                process.communicate("\n", timeout=180)

    def test_restarts_leave_no_files_behind_and_lose_no_count(self, tmp_path: Path) -> None:
        for _ in range(3):
            process = self.start(tmp_path, "made.labels('a').inc(); import os, signal; os.kill(os.getpid(), 9)")
            with process:
                process.wait(180)
        assert [path.name for path in tmp_path.glob("*.db")] == ["counter_0.db"]
        assert self.total(tmp_path) == 3

    def test_the_folder_is_nobody_elses(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        from common import shared_metrics

        memory = tmp_path / "memory"
        memory.mkdir()
        monkeypatch.setattr(shared_metrics, "_MEMORY", memory)
        folder = shared_metrics.default_folder(tmp_path)
        assert (folder.parent, folder.stat().st_mode & 0o777) == (memory, 0o700)
        folder.chmod(0o777)  # as somebody else might have prepared it
        assert shared_metrics.default_folder(tmp_path) == tmp_path / "metrics"
        folder.rmdir()
        folder.symlink_to(tmp_path)
        assert shared_metrics.default_folder(tmp_path) == tmp_path / "metrics"
        monkeypatch.setattr(shared_metrics, "_MEMORY", tmp_path / "none")
        assert shared_metrics.default_folder(tmp_path) == tmp_path / "metrics"


def _refused(**kwargs: object) -> bool:
    raise OSError("refused")


def _raising(error: Exception):
    def fail(*args: object, **kwargs: object) -> None:
        raise error

    return fail
