"""The operator's page: what is wrong comes first, and each item names its runbook."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from kombu.exceptions import OperationalError

from accounts.models import User
from common import clock
from common.models import PendingMail
from conversion.models import ConversionJob, JobState
from hiring.contracts.process import State
from hiring.contracts.selectors import clocks
from hiring.contracts.services import decide_case
from operations.backups.models import BackupRun, Fault, FileFault
from operations.console import selectors
from operations.heartbeats import schedule, services
from operations.heartbeats.models import Heartbeat
from operations.metrics import queues
from payments.models import EventState, ProviderEvent
from royalties.models import LedgerCheck
from tests.factories.accounts import make_author, make_moderator, make_operator, make_reader
from tests.hiring.contracts.factories import NOON, in_state

PAGE = "/operations/"
pytestmark = pytest.mark.django_db


@pytest.fixture
def operator() -> User:
    return make_operator()


@pytest.fixture(autouse=True)
def _a_shop_that_is_well(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> None:
    monkeypatch.setattr(queues, "depths", lambda: {"default": 0, "money": 7})
    usage = SimpleNamespace(free=40 * 1024**3, total=100 * 1024**3)
    monkeypatch.setattr(selectors.shutil, "disk_usage", lambda path: usage)
    services.record_beat()
    services.record_end("royalties.clear_due", duration_ms=1234, has_succeeded=True)
    services.record_start("royalties.clear_due")


def runbooks() -> list[str]:
    return [item.runbook for item in selectors.overview().items]


class TestItems:
    def test_a_shop_that_is_well_has_none(self) -> None:
        assert runbooks() == []

    def test_late_tasks_and_failed_ones(self) -> None:
        hour_ago = clock.database_real_now() - timedelta(hours=1)
        Heartbeat.objects.filter(pk="royalties.clear_due").update(began_at=hour_ago, outcome="failed")
        assert runbooks() == ["OctavoTaskLate", "OctavoTaskFails"]
        assert selectors.overview().items[0].text == "1 scheduled task is late."

    def test_cases_past_their_time_and_money_that_is_held_too_long(self) -> None:
        milestone = in_state(State.TO_DECIDE)
        with clock.frozen(NOON + timedelta(days=14)):
            assert {"OctavoCaseOverdue", "OctavoMoneyHeldLong"}.isdisjoint(runbooks())
        with clock.frozen(NOON + timedelta(days=14, seconds=1)):
            assert "OctavoCaseOverdue" in runbooks()
            assert clocks.overdue_cases(at=clock.now()) == 1
        with clock.frozen(NOON + timedelta(days=91)):
            assert {"OctavoCaseOverdue", "OctavoMoneyHeldLong"} <= set(runbooks())
        decide_case(actor=make_moderator(), case=milestone.cases.get(), provider_minor=0, reason="So.", at=NOON)
        assert clocks.overdue_cases(at=NOON + timedelta(days=91)) == 0

    def test_a_dead_schedule_is_urgent_and_first(self) -> None:
        Heartbeat.objects.update(began_at=clock.database_real_now() - timedelta(hours=1))
        assert runbooks() == ["OctavoScheduleLate", "OctavoTaskLate"]
        Heartbeat.objects.filter(pk=schedule.BEAT).delete()
        assert "OctavoScheduleLate" in runbooks()

    def test_events_mails_and_jobs(self) -> None:
        at = clock.now()
        ProviderEvent.objects.create(
            event_id="evt_1", state=EventState.GIVEN_UP, occurred_at=at, received_at=at, next_attempt_at=at
        )
        PendingMail.objects.create(to="a@example.org", made_at=at, due_at=at, tries=1)
        assert runbooks() == ["OctavoEventsGivenUp"]
        PendingMail.objects.create(to="a@example.org", made_at=at, due_at=at, tries=2)
        self.job(JobState.RUNNING, lease_until=clock.database_real_now() - timedelta(minutes=1), attempt=3)
        self.job(JobState.QUEUED, due_at=at - timedelta(minutes=31))
        assert runbooks() == [
            "OctavoEventsGivenUp",
            "OctavoMailsWait",
            "OctavoConversionsWait",
            "OctavoConversionsWait",
        ]

    def test_files_and_backups(self, settings) -> None:  # type: ignore[no-untyped-def]
        FileFault.objects.create(place="private", name="a", fault=Fault.DAMAGED, found_at=clock.now())
        assert runbooks() == ["OctavoFileFault"]
        settings.BACKUP_DIR = "/backups"
        assert runbooks() == ["OctavoFileFault", "OctavoBackupOld"]
        at = clock.database_real_now()
        run = BackupRun.objects.create(name="one", began_at=at - timedelta(hours=35))
        assert runbooks() == ["OctavoFileFault", "OctavoBackupOld"], "it was not finished"
        run.ended_at = at
        run.save()
        assert runbooks() == ["OctavoFileFault"]
        BackupRun.objects.update(began_at=at - timedelta(hours=37))
        assert runbooks() == ["OctavoFileFault", "OctavoBackupOld"]

    def job(self, state: JobState, **values: Any) -> None:
        values = {"due_at": clock.now(), **values}
        ConversionJob.objects.create(
            requested_by=make_author(), source_file="a", source_name="a", state=state, created_at=clock.now(), **values
        )

    @pytest.mark.parametrize(("violations", "found"), [((2, 0), []), ((0, 2), ["OctavoLedgerBroken"])])
    def test_the_last_check_of_the_ledger_counts(self, violations: tuple[int, int], found: list[str]) -> None:
        for count in violations:
            LedgerCheck.objects.create(at=clock.now(), since_position=0, position=0, violations=count)
        assert runbooks() == found

    def test_the_machine(self, monkeypatch: pytest.MonkeyPatch) -> None:
        usage = SimpleNamespace(free=9 * 1024**3, total=100 * 1024**3)
        monkeypatch.setattr(selectors.shutil, "disk_usage", lambda path: usage)
        monkeypatch.setattr(queues, "depths", _away)
        monkeypatch.setattr(selectors.dependencies, "migrations", _unavailable)
        monkeypatch.setattr(selectors.dependencies, "own_clock", _unavailable)
        assert runbooks() == ["OctavoDependencyDown", "OctavoDiskFull", "OctavoDependencyDown", "OctavoClockWrong"]
        assert selectors.overview().queues is None

    def test_each_names_a_section_of_the_manual(self) -> None:
        manual = (settings.BASE_DIR / "docs" / "operations.md").read_text(encoding="utf-8")
        source = (settings.BASE_DIR / "operations" / "console" / "selectors.py").read_text(encoding="utf-8")
        names = {part.partition('"')[0] for part in source.split('"Octavo')[1:]}
        assert len(names) > 8
        assert all(f"#### Octavo{name}\n" in manual for name in names)


class TestPage:
    def test_shows_queues_tasks_and_versions(self, client: Client, operator: User) -> None:
        client.force_login(operator)
        text = client.get(PAGE).text
        for shown in ("money", "royalties.clear_due", "1.2", "40.0 of 100.0 GB", "Python", "Nothing"):
            assert shown in text

    def test_says_so_while_the_broker_is_away(
        self, client: Client, operator: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(queues, "depths", _away)
        client.force_login(operator)
        text = client.get(PAGE).text
        assert "What would be queued waits in the database" in text
        assert "OctavoDependencyDown" in text

    @pytest.mark.parametrize("role", ["is_finance", "is_moderator", "is_author"])
    def test_is_hidden_from_everybody_else(self, client: Client, role: str) -> None:
        client.force_login(make_reader(**{role: True}))
        assert client.get(PAGE).status_code == 404
        assert PAGE not in client.get("/account/").text

    def test_is_linked_for_operators(self, client: Client, operator: User) -> None:
        client.force_login(operator)
        assert f'href="{PAGE}"' in client.get("/account/").text

    def test_changes_nothing(self, client: Client, operator: User) -> None:
        client.force_login(operator)
        assert client.post(PAGE).status_code == 405


def _away() -> dict[str, int]:
    raise OperationalError("away")


def _unavailable() -> str:
    raise selectors.Unavailable("it does not work")
