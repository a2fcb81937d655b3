"""Stored files against their checksums: what is missing, what was changed, what nobody names."""

from __future__ import annotations

import io
from datetime import datetime, timedelta
from itertools import count

import pytest
from django.apps import apps
from django.core.files.base import ContentFile
from django.core.management import call_command
from django.db import models
from structlog.testing import capture_logs

from common import clock, storage
from operations.backups.models import Fault, FileCheck, FileFault
from operations.backups.services import file_checks
from operations.backups.stored_files import StoredFile, columns, files_in_storage, named_files
from tests.operations.backups.conftest import flip

pytestmark = pytest.mark.django_db


def faults() -> dict[str, str]:
    return dict(FileFault.objects.values_list("name", "fault"))


class TestCheckAll:
    def test_finds_nothing_in_a_whole_shop(self, edition, noon: datetime) -> None:
        assert file_checks.check_all(at=noon) == len(set(named_files())) > 10
        assert faults() == {}

    def test_finds_a_flipped_bit_of_any_file(self, edition, noon: datetime) -> None:
        files = sorted(set(named_files()))
        for file in files:
            flip(file)
        file_checks.check_all(at=noon)
        assert faults() == {file.name: Fault.DAMAGED for file in files}

    def test_finds_a_missing_file(self, epub: StoredFile, noon: datetime) -> None:
        epub.storage.delete(epub.name)
        with capture_logs() as lines:
            file_checks.check_all(at=noon)
        assert faults() == {epub.name: Fault.MISSING}
        (line,) = [line for line in lines if line["event"] == "files.fault_found"]
        assert (line["log_level"], line["file"], line["fault"]) == ("error", epub.name, "missing")

    def test_a_file_that_came_back_is_no_fault_any_more(self, epub: StoredFile, noon: datetime) -> None:
        flip(epub)
        file_checks.check_all(at=noon)
        flip(epub)
        file_checks.check_all(at=noon)
        assert faults() == {}

    def test_a_file_that_nobody_names_any_more_is_none_either(self, edition, epub: StoredFile, noon: datetime) -> None:
        flip(epub)
        file_checks.check_all(at=noon)
        edition.job.artifacts.filter(kind="epub").delete()
        file_checks.check_all(at=noon)
        assert faults() == {}

    def test_when_a_fault_was_found_stays(self, epub: StoredFile, noon: datetime) -> None:
        flip(epub)
        file_checks.check_all(at=noon)
        file_checks.check_all(at=noon + timedelta(days=1))
        assert FileFault.objects.get().found_at == noon

    def test_a_storage_that_is_away_has_lost_nothing(self, epub: StoredFile, noon, monkeypatch) -> None:
        def fail(*args: object) -> None:
            raise OSError("the bucket does not answer")

        monkeypatch.setattr(type(epub.storage), "open", fail)
        with pytest.raises(OSError, match="does not answer"):
            file_checks.check_all(at=noon)
        assert faults() == {}


class TestCheckFor:
    @pytest.fixture
    def ticks(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Let each file take a minute."""
        minutes = count()
        monkeypatch.setattr(file_checks.time, "monotonic", lambda: next(minutes) * 60)

    def test_goes_on_the_next_night_where_it_stopped(self, edition, ticks: None, noon: datetime) -> None:
        files = [file for column in columns() for file in column.files()]
        for file in set(files):
            flip(file)
        nights = 0
        while FileCheck.objects.filter(pk=1, round_ended_at__isnull=False).count() == 0:
            checked = file_checks.check_for(budget=timedelta(minutes=2), at=noon)
            assert checked <= 3
            nights += 1
            assert nights < 50
        assert nights >= len(files) / 3
        assert set(faults()) == {file.name for file in files}

    def test_known_faults_come_first(self, epub: StoredFile, ticks: None, noon: datetime) -> None:
        flip(epub)
        file_checks.check_all(at=noon)
        flip(epub)
        file_checks.check_for(budget=timedelta(0), at=noon)
        assert faults() == {}

    def test_begins_anew_after_a_round(self, edition, noon: datetime) -> None:
        hour = timedelta(hours=1)
        assert file_checks.check_for(budget=hour, at=noon) == file_checks.check_for(budget=hour, at=noon) > 0


class TestOrphans:
    def test_are_old_files_that_no_row_names(self, edition, noon: datetime) -> None:
        storage.private().save("artifacts/ab/left.epub", ContentFile(b"left behind"))
        left = StoredFile("private", "artifacts/ab/left.epub")
        now = clock.real_now()
        assert file_checks.orphans(at=now) == [], "its row may still come"
        assert file_checks.orphans(at=now + timedelta(days=2)) == [left]
        assert file_checks.delete_orphans(at=now + timedelta(days=2)) == 1
        assert left not in set(files_in_storage())
        assert set(named_files()) == set(files_in_storage())


class TestColumns:
    def test_are_all_that_name_stored_files(self) -> None:
        """A column says so in its help text."""
        known = {(column.rows.model, column.name) for column in columns()}
        for model in apps.get_models():
            for field in model._meta.get_fields():
                words = getattr(field, "help_text", "")
                if isinstance(field, models.CharField) and ("private storage" in words or "public file" in words):
                    assert (model, field.name) in known, f"{model.__name__}.{field.name} is in no backup"

    def test_name_files_with_their_checksums(self, edition) -> None:
        assert all(file.sha256 for file in named_files())


class TestCommand:
    def test_exits_with_1_and_says_what(self, epub: StoredFile) -> None:
        flip(epub)
        out = io.StringIO()
        with pytest.raises(SystemExit, match="1"):
            call_command("check_files", stdout=out)
        assert f"damaged  private/{epub.name}" in out.getvalue()

    def test_is_quiet_about_a_whole_shop(self, edition) -> None:
        out = io.StringIO()
        call_command("check_files", orphans=True, stdout=out)
        assert out.getvalue().endswith("files checked, 0 faults.\n")
