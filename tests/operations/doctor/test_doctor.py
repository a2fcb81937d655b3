"""The doctor against real things: a broker that runs, freezes and is gone; a mail server; a bucket; two roles."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
from collections.abc import Callable, Iterator
from datetime import timedelta
from io import StringIO
from pathlib import Path
from threading import Thread
from uuid import uuid4

import pytest
from celery import Celery
from django.core.files.storage import FileSystemStorage
from django.core.management import call_command
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from moto.server import ThreadedMotoServer
from storages.backends.s3 import S3Storage

from common import broker as bundled_broker
from common import clock, vault
from config import env
from operations.backups.models import BackupRun
from operations.doctor import backups, checks, configuration, database, files, machine, network
from operations.doctor.examination import Check, Finding, Level, examine, ok
from operations.heartbeats.models import Heartbeat
from operations.heartbeats.schedule import BEAT
from royalties.models import BankDetails, PayoutAccount
from tests.factories.accounts import make_reader
from tests.royalties.factories import NOON
from tests.support.rabbitmq import SERVER, rabbitmq


def levels(run: Callable[[], Iterator[Finding]], timeout_s: float = 30) -> dict[str, str]:
    """The worst that was found under each name. What the check raises is found, too."""
    found: dict[str, str] = {}
    order = [Level.OK, Level.WARNING, Level.WRONG]
    for finding in examine([Check("raised", run, timeout_s, "")]):
        found[finding.name] = max(found.get(finding.name, Level.OK), finding.level, key=lambda x: order.index(Level(x)))
    return found


def worst(run: Callable[[], Iterator[Finding]]) -> list[Finding]:
    """Findings that are not in order, found in this thread: it sees the test's transaction."""
    return [finding for finding in run() if finding.level is not Level.OK]


class TestBroker:
    @pytest.fixture
    def server(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[subprocess.Popen[bytes]]:
        path = tmp_path / "broker.sock"
        (tmp_path / "broker").mkdir()
        process = subprocess.Popen(bundled_broker.server_command(path, tmp_path / "broker"))
        app = Celery("doctor", broker=f"redis+socket://{path}", set_as_current=False)
        app.conf.broker_transport_options = {"socket_timeout": 0.5, "socket_connect_timeout": 0.5, "max_retries": 0}
        monkeypatch.setattr(network, "current_app", app)
        while True:
            with socket.socket(socket.AF_UNIX) as door:
                if door.connect_ex(str(path)) == 0:
                    break
        yield process
        process.send_signal(signal.SIGCONT)
        process.kill()
        process.wait()
        app.pool.force_close_all()

    @pytest.mark.usefixtures("server")
    def test_passes_a_message_on(self) -> None:
        assert levels(network.broker) == {"broker": "ok"}

    def test_that_is_frozen_is_wrong_and_holds_nobody(self, server: subprocess.Popen[bytes]) -> None:
        server.send_signal(signal.SIGSTOP)
        found = list(examine([Check("broker", network.broker, 5, "Start it."), Check("next", lambda: iter([]), 5, "")]))
        assert [(finding.name, finding.level) for finding in found] == [("broker", Level.WRONG)]

    def test_that_is_gone_is_wrong(self, server: subprocess.Popen[bytes]) -> None:
        server.kill()
        server.wait()
        (found,) = examine([Check("broker", network.broker, 5, "Start it.")])
        assert (found.level, found.advice) == (Level.WRONG, "Start it.")

    @pytest.mark.usefixtures("server")
    def test_queues_without_a_worker_are_named(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(network, "_WORKERS_START_S", 0)
        (found,) = network.workers()
        assert found.level is Level.WRONG
        assert network.current_app.conf.task_default_queue in found.detail


@pytest.mark.skipif(not SERVER.exists(), reason="needs RabbitMQ (script/bootstrap --tests)")
def test_rabbitmq_passes_a_message_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with rabbitmq(tmp_path) as address:
        app = Celery("doctor", broker=address, set_as_current=False)
        monkeypatch.setattr(network, "current_app", app)
        assert levels(network.broker) == {"broker": "ok"}
        app.pool.force_close_all()


class TestMail:
    @pytest.fixture
    def mail_server(self, settings) -> Iterator[list[str]]:
        """A server that takes one visitor without TLS and notes what it was told."""
        told: list[str] = []
        door = socket.create_server(("127.0.0.1", 0))

        def serve() -> None:
            visitor, _ = door.accept()
            with visitor, visitor.makefile("rw", newline="\r\n") as lines:
                lines.write("220 mail.example\n")
                lines.flush()
                for line in lines:
                    told.append(line.strip().upper())
                    lines.write("221 bye\n" if told[-1] == "QUIT" else "250 mail.example\n")
                    lines.flush()

        thread = Thread(target=serve, daemon=True)
        thread.start()
        self._at(settings, door.getsockname()[1])
        yield told
        door.close()
        thread.join(10)

    def _at(self, settings, port: int, **options: object) -> None:
        backend = "django.core.mail.backends.smtp.EmailBackend"
        options = {"host": "127.0.0.1", "port": port, "timeout": 2, **options}
        settings.MAILERS = {"default": {"BACKEND": backend, "OPTIONS": options}}

    def test_is_asked_and_sends_nothing(self, mail_server: list[str]) -> None:
        assert levels(network.mail) == {"mail": "ok"}
        assert mail_server == ["QUIT"]

    def test_server_without_tls_is_wrong_where_tls_is_asked_for(self, mail_server: list[str], settings) -> None:
        self._at(settings, settings.MAILERS["default"]["OPTIONS"]["port"], use_tls=True)
        assert levels(network.mail) == {"raised": "wrong"}

    def test_nobody_at_the_door_is_wrong(self, settings) -> None:
        with socket.create_server(("127.0.0.1", 0)) as door:
            port = door.getsockname()[1]
        self._at(settings, port)
        assert levels(network.mail) == {"raised": "wrong"}

    def test_no_server_is_wrong(self, settings) -> None:
        settings.MAILERS = {"default": {"BACKEND": "common.outbox_email_backend.OutboxBackend"}}
        (found,) = network.mail()
        assert (found.level, "SMTP_HOST" in found.advice) == (Level.WRONG, True)


class TestFiles:
    def test_are_written_read_and_removed(self, settings) -> None:
        assert [finding.level for finding in files.stored_files()] == [Level.OK]
        for kind in ("private", "public"):
            folder = Path(settings.STORAGES[kind]["OPTIONS"]["location"]) / "doctor"
            assert list(folder.iterdir()) == []

    def test_that_come_back_changed_are_wrong(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        class Bad(FileSystemStorage):
            def save(self, name, content, max_length=None):
                saved = super().save(name, content, max_length)
                Path(self.path(saved)).write_bytes(b"bit rot")
                return saved

        monkeypatch.setattr(files.storage, "private", lambda: Bad(location=tmp_path))
        assert [finding.detail for finding in worst(files.stored_files)] == ["A private file came back changed."]

    @pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
    def test_folder_of_somebody_else_is_wrong(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        tmp_path.chmod(0o500)
        monkeypatch.setattr(files.storage, "private", lambda: FileSystemStorage(location=tmp_path))
        assert levels(files.stored_files) == {"raised": "wrong"}


class TestBucket:
    @pytest.fixture
    def bucket(self, monkeypatch: pytest.MonkeyPatch) -> Iterator[S3Storage]:
        server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
        server.start()
        host, port = server.get_host_and_port()
        place = S3Storage(
            bucket_name=f"doctor-{uuid4()}",  # all servers of one process share their buckets
            endpoint_url=f"http://{host}:{port}",
            region_name="us-east-1",
            access_key="test",
            secret_key="test",
        )
        place.connection.meta.client.create_bucket(Bucket=place.bucket_name)
        monkeypatch.setattr(files.storage, "private", lambda: place)
        monkeypatch.setattr(files.storage, "public", lambda: place)
        yield place
        place.connection.meta.client.close()
        server.stop()

    def _found(self) -> list[tuple[str, str]]:
        return [(finding.level, finding.detail) for finding in files.stored_files()]

    def test_that_is_closed_and_keeps_versions_is_in_order(self, bucket: S3Storage) -> None:
        client = bucket.connection.meta.client
        client.put_bucket_versioning(Bucket=bucket.bucket_name, VersioningConfiguration={"Status": "Enabled"})
        assert [level for level, _ in self._found()] == [Level.OK, Level.OK]
        assert "Contents" not in client.list_objects_v2(Bucket=bucket.bucket_name)

    @pytest.mark.usefixtures("bucket")
    def test_that_keeps_no_versions_is_named(self) -> None:
        assert (Level.WARNING, "The bucket keeps no versions.") in self._found()

    def test_that_everybody_can_read_is_wrong(self, bucket: S3Storage) -> None:
        bucket.default_acl = "public-read"
        levels_of = {detail: level for level, detail in self._found()}
        assert levels_of["Anybody can read private files by their address, without a signature."] == Level.WRONG

    def test_that_is_missing_is_wrong(self, bucket: S3Storage) -> None:
        bucket.connection.meta.client.delete_bucket(Bucket=bucket.bucket_name)
        assert levels(files.stored_files) == {"raised": "wrong"}


class TestVault:
    @pytest.mark.django_db
    def test_opens_what_is_stored(self) -> None:
        assert worst(configuration.vault_keys) == []

    @pytest.mark.django_db
    def test_names_what_it_no_longer_opens(self, settings) -> None:
        account = PayoutAccount.objects.create(user=make_reader(), country="DE", changed_at=NOON, usable_from=NOON)
        BankDetails.objects.create(account=account, token=vault.encrypt(b"{}"), changed_at=NOON)
        settings.VAULT_KEYS = [env.key_from("another")]
        (found,) = configuration.vault_keys()
        assert (found.level, "bank details" in found.detail) == (Level.WRONG, True)

    def test_keys_that_are_none_are_wrong(self, settings) -> None:
        settings.VAULT_KEYS = ["abc"]
        assert levels(configuration.vault_keys) == {"raised": "wrong"}


@pytest.mark.django_db
class TestDatabase:
    def test_that_was_migrated_is_in_order(self) -> None:
        assert not [finding for finding in database.database() if finding.level is Level.WRONG]

    def test_that_lacks_a_migration_is_wrong(self) -> None:
        MigrationRecorder(connection).record_unapplied("accounts", "0001_initial")
        wrong = [finding for finding in examine_here(database.database) if finding.level is Level.WRONG]
        assert wrong

    def test_role_without_a_right_is_named(self) -> None:
        if connection.vendor != "postgresql":
            pytest.skip("only PostgreSQL has roles")
        with connection.cursor() as cursor:
            cursor.execute("CREATE ROLE doctors_patient LOGIN")
            call_command("grant_application_role", "doctors_patient", "--apply", stdout=StringIO())
            cursor.execute("REVOKE INSERT ON accounts_user FROM doctors_patient")
            cursor.execute("SET LOCAL SESSION AUTHORIZATION doctors_patient")
        (found,) = database._role()
        assert (found.level, "accounts_user" in found.detail) == (Level.WRONG, True)

    def test_role_of_the_shop_is_in_order(self) -> None:
        if connection.vendor != "postgresql":
            pytest.skip("only PostgreSQL has roles")
        with connection.cursor() as cursor:
            cursor.execute("CREATE ROLE doctors_patient LOGIN")
            call_command("grant_application_role", "doctors_patient", "--apply", stdout=StringIO())
            cursor.execute("SET LOCAL SESSION AUTHORIZATION doctors_patient")
        assert [finding.level for finding in database._role()] == [Level.OK]


def examine_here(run: Callable[[], Iterator[Finding]]) -> list[Finding]:
    try:
        return list(run())
    except Exception as error:
        return [Finding("raised", Level.WRONG, str(error))]


class TestMachine:
    @pytest.mark.parametrize(("free", "level"), [(0.5, Level.WRONG), (4, Level.WARNING), (80, Level.OK)])
    def test_disk(self, monkeypatch: pytest.MonkeyPatch, free: float, level: Level) -> None:
        monkeypatch.setattr(machine.shutil, "disk_usage", lambda _: type("Usage", (), {"free": free * 10**9}))
        assert [finding.level for finding in machine.disk()] == [level]

    def test_makes_a_book_and_a_document(self) -> None:
        assert [finding.level for finding in (*machine.converter(), *machine.documents())] == [Level.OK, Level.OK]


class TestSite:
    def test_nobody_at_the_address_is_wrong(self, settings) -> None:
        with socket.create_server(("127.0.0.1", 0)) as door:
            settings.SITE_URL = f"http://127.0.0.1:{door.getsockname()[1]}"
        assert levels(network.site) == {"raised": "wrong"}


@pytest.mark.django_db
class TestBackups:
    @pytest.fixture(autouse=True)
    def _to_a_folder(self, settings) -> None:  # type: ignore[no-untyped-def]
        settings.BACKUP_DIR = "/backups"

    def took(self, hours: int) -> None:
        began = clock.database_real_now() - timedelta(hours=hours)
        BackupRun.objects.create(name="night", began_at=began, ended_at=began)

    def test_none_are_taken(self, settings) -> None:  # type: ignore[no-untyped-def]
        settings.BACKUP_DIR = ""
        (found,) = worst(backups.backups)
        assert (found.level, "BACKUP_DIR" in found.advice) == (Level.WARNING, True)

    def test_none_yet(self) -> None:
        BackupRun.objects.create(name="unfinished", began_at=clock.database_real_now())
        (found,) = worst(backups.backups)
        assert (found.level, "manage.py backup" in found.advice) == (Level.WARNING, True)

    def test_one_of_last_night(self) -> None:
        self.took(hours=30)
        assert worst(backups.backups) == []

    def test_one_that_is_too_old(self) -> None:
        self.took(hours=37)
        (found,) = worst(backups.backups)
        assert (found.level, "37 hours" in found.detail) == (Level.WRONG, True)


@pytest.mark.django_db
class TestSchedule:
    def test_that_never_ran_is_a_warning(self) -> None:
        assert [finding.level for finding in network.schedule()] == [Level.WARNING]

    @pytest.mark.parametrize(
        ("hours", "outcome", "levels_found"),
        [
            (0, "succeeded", [Level.OK]),
            (0, "failed", [Level.OK, Level.WARNING]),
            (5, "succeeded", [Level.WRONG]),
        ],
    )
    def test_is_judged_by_its_last_run(self, hours: int, outcome: str, levels_found: list[Level]) -> None:
        at = clock.real_now() - timedelta(hours=hours)
        beat, _ = Heartbeat.objects.get_or_create(name=BEAT, defaults={"expected_from": at})
        Heartbeat.objects.filter(pk=beat.pk).update(began_at=at, ended_at=at, outcome=outcome)
        assert [finding.level for finding in network.schedule()] == levels_found

    def test_names_a_task_that_is_late(self) -> None:
        now = clock.real_now()
        Heartbeat.objects.create(name=BEAT, expected_from=now, began_at=now)
        Heartbeat.objects.create(name="royalties.check_ledger", expected_from=now - timedelta(days=3))
        (found,) = network.schedule()
        assert (found.level, "royalties.check_ledger" in found.detail) == (Level.WRONG, True)


class TestCommand:
    @pytest.fixture
    def only(self, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
        def choose(*run: Check) -> None:
            monkeypatch.setattr(checks, "ALL", run)

        return choose

    def _fine(self) -> Iterator[Finding]:
        yield ok("lamp", "It burns.")

    def _broken(self) -> Iterator[Finding]:
        raise OSError("no oil")
        yield

    def test_is_quiet_and_exits_with_0_where_all_works(self, only) -> None:
        only(Check("lamp", self._fine, 5, ""))
        out = StringIO()
        call_command("doctor", stdout=out)
        assert out.getvalue().splitlines() == ["ok       lamp         It burns.", "Everything that was tried works."]

    def test_says_what_to_do_and_exits_with_1(self, only) -> None:
        only(Check("lamp", self._fine, 5, ""), Check("oil", self._broken, 5, "Fill it."))
        out = StringIO()
        with pytest.raises(SystemExit) as ended:
            call_command("doctor", stdout=out)
        assert ended.value.code == 1
        assert "WRONG    oil          OSError: no oil\n" in out.getvalue()
        assert "→ Fill it.\n1 wrong.\n" in out.getvalue()

    def test_prints_json(self, only) -> None:
        only(Check("oil", self._broken, 5, "Fill it."))
        out = StringIO()
        with pytest.raises(SystemExit):
            call_command("doctor", "--json", stdout=out)
        expected = {"name": "oil", "level": "wrong", "detail": "OSError: no oil", "advice": "Fill it."}
        assert json.loads(out.getvalue()) == expected

    def test_leaves_out_what_only_a_running_shop_can_answer(self, only) -> None:
        only(Check("lamp", self._fine, 5, ""), Check("oil", self._broken, 5, "", needs_running_shop=True))
        call_command("doctor", "--setup", stdout=StringIO())

    def test_sends_one_mail_where_asked(self, only, mailoutbox) -> None:
        only()
        call_command("doctor", "--mail-to", "ops@books.example", stdout=StringIO())
        assert [mail.to for mail in mailoutbox] == [["ops@books.example"]]
