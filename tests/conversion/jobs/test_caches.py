"""Folders of parts: one for each account, and no larger and older than allowed."""

from __future__ import annotations

import os
import time
from datetime import timedelta
from pathlib import Path

import pytest

from conversion import caches, services, tasks
from conversion.models import JobState
from conversion.options import ConversionOptions
from tests.factories.accounts import make_author
from tests.factories.conversion import make_job, write_result

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _no_messages(monkeypatch):
    monkeypatch.setattr("common.jobs.enqueue", lambda name, **ids: None)


@pytest.fixture
def seen(use_engine) -> list[Path]:
    """The folders that conversions were given."""
    folders = []

    def look(request, report, should_stop):
        folders.append(request.cache)
        return write_result(request.out)

    use_engine(look)
    return folders


def keep(user, name: str, size_bytes: int = 10, age_s: int = 0) -> Path:
    with caches.of_account(user) as folder:
        path = folder / name
        path.write_bytes(b"x" * size_bytes)
        used_at = time.time() - age_s
        os.utime(path, (used_at, used_at))
    return path


class TestOfAccount:
    def test_each_account_has_a_folder_of_its_own(self, seen):
        one, two = make_author(), make_author()
        for author in (one, one, two):
            make_job(requested_by=author)
            services.run_next()
        assert [folder.name for folder in seen] == [one.public_id, one.public_id, two.public_id]
        assert seen[0].stat().st_mode & 0o777 == 0o700

    def test_there_is_none_where_nothing_shall_be_kept(self, seen, settings):
        settings.CONVERSION_CACHE_MB = 0
        make_job()
        services.run_next()
        assert seen == [None]

    def test_the_real_engine_fills_it_and_finds_again(self, settings):
        settings.CONVERSION_LEASE = timedelta(hours=1)  # a heartbeat, in its thread, sees no rows of this test
        author = make_author()
        options = ConversionOptions(formats=("pdf",), targets=("phone",))
        kept = []
        for _time in range(2):
            job = make_job(requested_by=author, options=options)
            services.run_conversion(job_id=job.pk)
            job.refresh_from_db()
            assert job.state == JobState.DONE
            with caches.of_account(author) as folder:
                kept.append({path.name: path.stat().st_ino for path in folder.iterdir()})
        assert kept[0]
        assert kept[1] == kept[0]


class TestSweep:
    def test_removes_what_nobody_used_and_folders_without_files(self, settings):
        settings.CONVERSION_CACHE_DAYS = 1
        one, two = make_author(), make_author()
        old, other, young = keep(one, "old", age_s=90_000), keep(two, "other", age_s=90_000), keep(two, "young")
        assert caches.trim() == 2
        assert not old.parent.exists()
        assert not other.exists()
        assert young.exists()

    def test_removes_the_least_recently_used_beyond_the_size(self, settings):
        settings.CONVERSION_CACHE_MB = 1
        authors = [make_author() for _ in range(5)]
        files = [keep(author, "part", 240_000, age_s=age) for age, author in enumerate(authors)]
        assert caches.trim() == 1
        assert [file.exists() for file in files] == [True, True, True, True, False]

    def test_no_account_has_more_than_a_quarter(self, settings):
        settings.CONVERSION_CACHE_MB = 1
        author = make_author()
        newer, older = keep(author, "newer", 150_000), keep(author, "older", 150_000, age_s=5)
        assert caches.trim() == 1
        assert newer.exists()
        assert not older.exists()

    def test_leaves_folders_in_use(self, settings):
        settings.CONVERSION_CACHE_DAYS = 1
        author = make_author()
        old = keep(author, "old", age_s=90_000)
        with caches.of_account(author):
            assert caches.trim() == 0
        tasks.trim_caches()
        assert not old.exists()
