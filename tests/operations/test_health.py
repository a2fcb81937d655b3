"""The health process: answers by IP, each dependency on its own, and never waits for one that hangs."""

from __future__ import annotations

import http.client
import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from time import monotonic
from typing import Any

import pytest
from django.conf import settings
from django.core.files.storage import FileSystemStorage
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client

from operations import dependencies
from operations.dependencies import Unavailable
from operations.health import figures, single_flight
from operations.health.probes import Answer, Probe
from operations.health.server import HealthServer
from operations.health.state import Health
from operations.heartbeats import services as heartbeats


class Dependency:
    """One that can be made to hang, and counts how often it was asked."""

    def __init__(self) -> None:
        self.goes_on = threading.Event()
        self.goes_on.set()
        self.asked = 0
        self.error: Exception | None = None

    def __call__(self) -> str:
        self.asked += 1
        self.goes_on.wait(30)
        if self.error:
            raise self.error
        return "fine"


@pytest.fixture
def dependency() -> Iterator[Dependency]:
    made = Dependency()
    yield made
    made.goes_on.set()


def probe(ask: Callable[[], str], timeout_s: float = 5) -> Probe:
    return Probe("thing", ask, timeout_s=timeout_s)


class TestProbe:
    def test_says_what_the_dependency_says(self, dependency: Dependency) -> None:
        answer = probe(dependency).answer()
        assert (answer.ok, answer.detail) == (True, "fine")

    def test_asks_once_a_second(self, dependency: Dependency, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(single_flight, "_FRESH_S", 60)
        one = probe(dependency)
        assert len({one.answer() for _ in range(20)}) == 1
        assert dependency.asked == 1
        monkeypatch.setattr(single_flight, "_FRESH_S", -1)
        one.answer()
        assert dependency.asked == 2

    def test_what_hangs_is_asked_once_however_many_wait(self, dependency: Dependency) -> None:
        dependency.goes_on.clear()
        one = probe(dependency, timeout_s=0.2)
        answers: list[Answer] = []
        callers = [threading.Thread(target=lambda: answers.append(one.answer())) for _ in range(10)]
        for caller in callers:
            caller.start()
        for caller in callers:
            caller.join(20)
        assert [answer.ok for answer in answers] == [False] * 10
        assert {answer.detail for answer in answers} == {"no answer within 0.2 s"}
        assert dependency.asked == 1

    def test_who_asks_later_does_not_wait_again(self, dependency: Dependency) -> None:
        dependency.goes_on.clear()
        one = probe(dependency, timeout_s=2)
        assert one.answer().seconds >= 2
        assert one.answer().seconds < 1

    def test_recovers_with_the_dependency(self, dependency: Dependency, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(single_flight, "_FRESH_S", -1)
        dependency.goes_on.clear()
        one = Probe("thing", dependency, timeout_s=0.1)
        assert not one.answer().ok
        dependency.goes_on.set()
        deadline = monotonic() + 20
        while not one.answer().ok:
            assert monotonic() < deadline

    def test_a_glance_waits_for_nobody(self, dependency: Dependency, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(single_flight, "_FRESH_S", -1)
        dependency.goes_on.clear()
        one = probe(dependency, timeout_s=0.3)
        assert one.glance().detail == "asked for the first time"
        assert one.glance().ok, "it may just be busy"
        deadline = monotonic() + 20
        while one.glance().ok:
            assert monotonic() < deadline
        assert one.glance().detail == "no answer within 0.3 s"
        dependency.goes_on.set()
        while not one.glance().ok:
            assert monotonic() < deadline

    def test_a_glance_knows_who_is_gone(self, dependency: Dependency) -> None:
        dependency.error = ConnectionRefusedError()
        one = probe(dependency)
        deadline = monotonic() + 20
        while one.glance().ok:
            assert monotonic() < deadline
        assert one.glance().detail == "ConnectionRefusedError"

    @pytest.mark.parametrize(
        ("error", "detail"),
        [
            (Unavailable("run manage.py migrate"), "run manage.py migrate"),
            (OSError("connection to 10.0.0.7 as octavo failed"), "OSError"),
        ],
    )
    def test_a_librarys_words_stay_inside(self, dependency: Dependency, error: Exception, detail: str) -> None:
        dependency.error = error
        answer = probe(dependency).answer()
        assert (answer.ok, answer.detail) == (False, detail)


@pytest.mark.both
@pytest.mark.django_db
class TestDependencies:
    def test_all_answer(self) -> None:
        heartbeats.record_beat()
        said = {name: ask() for name, ask in dependencies.ALL.items()}
        assert said["database"].startswith("PostgreSQL" if connection.vendor == "postgresql" else "SQLite")
        assert said["migrations"] == "all applied"
        assert said["files"] == "folders"
        assert said["broker"]

    def test_a_migration_that_is_to_run_is_named(self) -> None:
        MigrationRecorder.Migration.objects.filter(app="helpdesk").delete()
        with pytest.raises(Unavailable, match="such as helpdesk"):
            dependencies.migrations()

    def test_a_database_ahead_of_the_code_is_fine(self) -> None:
        MigrationRecorder(connection).record_applied("helpdesk", "9999_of_the_next_release")
        assert dependencies.migrations() == "all applied"

    def test_a_broker_that_is_away_raises(self, monkeypatch: pytest.MonkeyPatch) -> None:
        from celery import current_app

        monkeypatch.setattr(current_app.conf, "broker_write_url", "redis://127.0.0.1:1/0")
        monkeypatch.setattr(current_app.conf, "broker_url", "redis://127.0.0.1:1/0")
        with pytest.raises(Exception, match="Connection refused"):
            dependencies.broker()

    def test_a_beat_that_never_ran(self) -> None:
        with pytest.raises(Unavailable, match="never ran"):
            dependencies.beat()

    def test_a_folder_that_cannot_be_written(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(dependencies.os, "access", lambda path, mode: False)
        monkeypatch.setattr(dependencies.storage, "private", lambda: FileSystemStorage(tmp_path / "none" / "yet"))
        with pytest.raises(Unavailable, match=f"{tmp_path} cannot be written to"):
            dependencies.files()


@contextmanager
def serving(answers: dict[str, Answer]) -> Iterator[Callable[[str], tuple[int, Any]]]:
    """The server with these answers; yields a way to ask it."""
    health = Health()
    health._probes = {name: _Fixed(answer) for name, answer in answers.items()}  # type: ignore[misc]
    health._alive = {name: probe for name, probe in health._probes.items() if name.startswith("web@")}
    server = HealthServer(("127.0.0.1", 0), health)
    threading.Thread(target=server.serve_forever, daemon=True).start()

    def ask(path: str, method: str = "GET") -> tuple[int, Any]:
        return fetch(server.server_address[1], path, method)

    try:
        yield ask
    finally:
        server.shutdown()
        server.server_close()


def fetch(port: int, path: str, method: str = "GET") -> tuple[int, Any]:
    caller = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    caller.request(method, path)
    response = caller.getresponse()
    body = response.read()
    caller.close()
    return response.status, json.loads(body) if body else None


class _Fixed(Probe):
    def __init__(self, answer: Answer) -> None:
        self._fixed = answer

    def answer(self) -> Answer:
        return self._fixed

    glance = answer


WEB, OTHER_WEB = "web@127.0.0.1:8000", "web@127.0.0.1:8001"
GOOD, BAD = Answer(ok=True, detail="fine", seconds=0.1), Answer(ok=False, detail="no answer within 2 s", seconds=2.0)


class TestServer:
    def test_all_well(self) -> None:
        with serving({WEB: GOOD, "database": GOOD, "migrations": GOOD, "broker": GOOD}) as ask:
            assert ask("/healthz") == (200, {"status": "alive", WEB: {"ok": True, "detail": "fine", "seconds": 0.1}})
            status, said = ask("/readyz?verbose=1")
            assert (status, said["status"], sorted(said["dependencies"])) == (
                200,
                "ready",
                ["broker", "database", "migrations", "web", WEB],
            )

    @pytest.mark.parametrize("name", [WEB, "database", "migrations"])
    def test_without_these_nobody_is_sent_here(self, name: str) -> None:
        answers = {WEB: GOOD, "database": GOOD, "migrations": GOOD, "broker": GOOD, name: BAD}
        with serving(answers) as ask:
            status, said = ask("/readyz")
            assert (status, said["status"], said["dependencies"][name]["ok"]) == (503, "unready", False)

    @pytest.mark.parametrize("name", ["broker", "files", "clock", "beat"])
    def test_without_these_the_shop_still_sells(self, name: str) -> None:
        with serving({WEB: GOOD, "database": GOOD, name: BAD}) as ask:
            assert ask("/readyz")[0] == 200
            assert ask("/readyz")[1]["status"] == "degraded"
            assert ask(f"/readyz/{name}") == (503, {"ok": False, "detail": "no answer within 2 s", "seconds": 2.0})

    def test_a_dead_web_process_is_to_be_restarted(self) -> None:
        with serving({WEB: BAD, "database": GOOD}) as ask:
            assert ask("/healthz")[0] == 503

    def test_one_of_two_web_processes_is_enough(self) -> None:
        with serving({WEB: BAD, OTHER_WEB: GOOD, "database": GOOD}) as ask:
            assert ask("/healthz") == (
                200,
                {"status": "alive"} | {name: asdict(one) for name, one in ((WEB, BAD), (OTHER_WEB, GOOD))},
            )
            status, said = ask("/readyz")
            assert (status, said["status"], said["dependencies"]["web"]["ok"]) == (200, "degraded", True)
            assert (ask("/readyz/web")[0], ask(f"/readyz/{WEB}")[0], ask(f"/readyz/{OTHER_WEB}")[0]) == (200, 503, 200)

    def test_two_that_are_dead_are_not(self) -> None:
        with serving({WEB: BAD, OTHER_WEB: BAD, "database": GOOD}) as ask:
            assert (ask("/healthz")[0], ask("/readyz")[0], ask("/readyz/web")[0]) == (503, 503, 503)

    def test_a_database_that_is_away_is_no_reason_to_restart(self) -> None:
        with serving({WEB: GOOD, "database": BAD}) as ask:
            assert ask("/healthz")[0] == 200

    def test_without_a_web_process_on_this_machine(self) -> None:
        with serving({"database": GOOD}) as ask:
            assert ask("/healthz") == (200, {"status": "alive"})

    @pytest.mark.parametrize("path", ["/", "/readyz/../etc/passwd", "/readyz/nothing", "/accounts/login/"])
    def test_knows_no_other_page(self, path: str) -> None:
        with serving({"database": GOOD}) as ask:
            assert ask(path)[0] == 404

    def test_answers_head_and_refuses_to_take_anything(self) -> None:
        with serving({"database": GOOD}) as ask:
            assert ask("/readyz", "HEAD") == (200, None)
        with serving({"database": GOOD}) as ask, pytest.raises(json.JSONDecodeError):
            ask("/readyz", "POST")


class TestWeb:
    @pytest.mark.parametrize(("status", "ok"), [(200, True), (503, True), (500, False), (400, False)])
    def test_which_answers_are_a_sign_of_life(self, status: int, ok: bool) -> None:
        with answering(status) as url:
            assert probe(partial(dependencies.web, url)).answer().ok is ok

    def test_a_process_that_is_gone_is_none(self) -> None:
        with answering(200) as url:
            pass
        assert not probe(partial(dependencies.web, url)).answer().ok

    def test_all_that_the_settings_name_are_asked(self, settings: Any) -> None:
        with answering(200) as url:
            settings.WEB_URLS = [url, "http://127.0.0.1:1"]
            health = Health()
            name = f"web@{url.removeprefix('http://')}"
            assert {"web", name, "web@127.0.0.1:1"} <= health.names()
            assert (health.one("web").ok, health.one(name).ok, health.one("web@127.0.0.1:1").ok) == (True, True, False)

    def test_none_is_asked_where_none_runs(self, settings: Any) -> None:
        settings.WEB_URLS = []
        assert "web" not in Health().names()


@contextmanager
def answering(status: int) -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()


@pytest.mark.django_db
class TestOfTheWebProcess:
    def test_answers_probes_by_address(self, settings: Any) -> None:
        settings.ALLOWED_HOSTS, settings.SITE_URL = ["books.example"], "https://books.example"
        settings.SECURE_SSL_REDIRECT = True
        client = Client(headers={"host": "10.1.2.3:8000"})
        assert client.get("/healthz").status_code == 200

    def test_no_other_page_does(self, settings: Any) -> None:
        settings.ALLOWED_HOSTS = ["books.example"]
        assert Client(headers={"host": "10.1.2.3:8000"}).get("/healthz/").status_code == 400


def test_the_command_answers_and_stops(tmp_path: Path) -> None:
    """The whole process, with a database that has no tables: it starts all the same and says what is to be done."""
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "config.settings.dev",
        "VAR_DIR": str(tmp_path),
        "DATABASE_URL": f"sqlite:///{tmp_path}/empty.sqlite3",
        "WEB_URLS": "none",
    }
    command = [sys.executable, "manage.py", "health", "--port", "0"]
    process = subprocess.Popen(command, cwd=settings.BASE_DIR, env=environment, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    try:
        port = int(process.stdout.readline().rpartition(":")[2].partition("/")[0])
        assert fetch(port, "/healthz")[0] == 200
        deadline = monotonic() + 60  # on a busy machine the first answers take longer than a probe waits
        found: dict[str, tuple[bool, str]] = {}
        while "manage.py migrate" not in found.get("migrations", (False, ""))[1] or not found["database"][0]:
            assert monotonic() < deadline, found
            status, said = fetch(port, "/readyz")
            found = {name: (one["ok"], one["detail"]) for name, one in said["dependencies"].items()}
            assert (status, said["status"]) == (503, "unready")
        assert not found["broker"][0]
        assert not found["beat"][0]
    finally:
        process.send_signal(signal.SIGTERM)
        process.stdout.close()
        assert process.wait(20) == 0


class TestMetrics:
    def test_are_answered_while_the_database_hangs(self, monkeypatch: pytest.MonkeyPatch) -> None:
        stuck = threading.Event()
        monkeypatch.setattr(figures, "_TIMEOUT_S", 0.2)
        monkeypatch.setattr(figures.exposition, "state", lambda: stuck.wait(30) and b"")
        try:
            with serving_text({"database": BAD, "broker": GOOD}) as text:
                assert 'octavo_dependency_up{dependency="database"} 0.0' in text
                assert 'octavo_dependency_up{dependency="broker"} 1.0' in text
                assert "octavo_state_read 0.0" in text
                assert "octavo_messages_unsent_total" in text
        finally:
            stuck.set()


@contextmanager
def serving_text(answers: dict[str, Answer]) -> Iterator[str]:
    """What `/metrics` answers."""
    health = Health()
    health._probes = {name: _Fixed(answer) for name, answer in answers.items()}  # type: ignore[misc]
    health._alive = {name: probe for name, probe in health._probes.items() if name.startswith("web@")}
    server = HealthServer(("127.0.0.1", 0), health)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    caller = http.client.HTTPConnection("127.0.0.1", server.server_address[1], timeout=20)
    try:
        caller.request("GET", "/metrics")
        yield caller.getresponse().read().decode()
    finally:
        caller.close()
        server.shutdown()
        server.server_close()
