"""One attempt: how it ends, and what it leaves."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from common import clock, storage
from conversion import messages, services
from conversion.engine.contract import ArtifactKind, Progress, Stage
from conversion.engine.errors import AuthorFixable, PlatformFault
from conversion.engine.findings.model import Finding, Severity
from conversion.engine.typography import fonts
from conversion.errors import ClaimLost
from conversion.models import ConversionJob, JobState
from tests.factories.conversion import make_job, write_file, write_result

pytestmark = [pytest.mark.django_db, pytest.mark.both]


def convert_well(request, report, should_stop):
    report(Progress(Stage.READ, {"chapters": 3}))
    return write_result(request.out, findings=(Finding("image.no_alt", Severity.ADVICE, "The Lamp"),))


def crash(request, report, should_stop):
    raise PlatformFault("child.crashed")


@pytest.fixture(autouse=True)
def _no_messages(monkeypatch):
    monkeypatch.setattr("common.jobs.enqueue", lambda name, **ids: None)


def stored(name: str) -> Path:
    return Path(storage.private().path(name))


def wake(job: ConversionJob) -> None:
    """Let a resting job's rest be over."""
    ConversionJob.objects.filter(pk=job.pk).update(lease_until=clock.real_now() - timedelta(seconds=1))


def run(job: ConversionJob, **options) -> ConversionJob:
    services.run_next(**options)
    return ConversionJob.objects.get(pk=job.pk)


class TestRunConversion:
    def test_dates_the_book_by_when_it_was_asked_for(self, use_engine):
        asked: list[str] = []

        def convert(request, report, should_stop):
            asked.append(request.modified)
            return convert_well(request, report, should_stop)

        use_engine(convert)
        job = make_job()
        run(job)
        moment = datetime.fromisoformat(asked[0])
        assert moment == job.created_at.replace(microsecond=0)
        assert moment.utcoffset() == timedelta(0)

    def test_ends_with_files_findings_and_an_empty_scratch_folder(self, use_engine, scratch_root):
        use_engine(convert_well)
        job = run(make_job())
        assert (job.state, job.failure_code) == (JobState.DONE, "")
        assert {artifact.kind for artifact in job.artifacts.all()} == {"epub", "web", "cover"}
        assert [finding.code for finding in job.findings.all()] == ["image.no_alt"]
        assert job.result.title == "The Lighthouse"
        assert list(scratch_root.iterdir()) == []

    def test_gives_the_engine_a_copy_of_the_source(self, use_engine):
        seen = []

        def look(request, report, should_stop):
            seen.append((request.source.read_bytes(), request.name, request.sample_bps))
            return write_result(request.out)

        use_engine(look)
        run(make_job(source=b"# Hello\n"))
        assert seen == [(b"# Hello\n", "harbour.md", 1000)]

    def test_a_set_up_without_fonts_is_told_at_the_first_attempt(self, monkeypatch):
        """Not tried again: until somebody finishes the set-up every attempt ends alike."""
        monkeypatch.setattr(fonts, "find", lambda face, folders=(): None)
        job = run(make_job())
        assert (job.state, job.attempt, job.failure_code) == (JobState.FAILED, 1, "platform.no-fonts")
        assert "script/bootstrap" in messages.explain(job.failure_code, job.failure_facts).advice

    def test_second_run_changes_nothing(self, use_engine):
        use_engine(convert_well)
        job = run(make_job())
        before = list(job.artifacts.values_list("public_id", flat=True))
        again = run(job)
        assert list(again.artifacts.values_list("public_id", flat=True)) == before
        assert again.attempt == 1

    def test_an_author_fixable_fault_fails_at_once(self, use_engine):
        def refuse(request, report, should_stop):
            raise AuthorFixable("source.encrypted", name="book.docx")

        use_engine(refuse)
        job = make_job()
        with pytest.raises(AuthorFixable):
            run(job)
        job.refresh_from_db()
        assert (job.state, job.failure_code, job.attempt) == (JobState.FAILED, "source.encrypted", 1)
        assert job.failure_facts == {"name": "book.docx"}

    def test_a_poison_file_fails_after_three_attempts(self, use_engine):
        use_engine(crash)
        job = make_job()
        states = [run(job).state for _attempt in range(3)]
        job.refresh_from_db()
        assert states == [JobState.QUEUED, JobState.QUEUED, JobState.FAILED]
        assert (job.failure_code, job.attempt) == ("job.crashed", 3)
        assert run(job).attempt == 3

    def test_other_faults_rest_before_the_next_attempt(self, use_engine):
        def fill_disk(request, report, should_stop):
            raise OSError(28, "No space left on device")

        use_engine(fill_disk)
        job = make_job()
        assert run(job).lease_until > clock.real_now() + timedelta(seconds=20)
        assert run(job).attempt == 1, "it rests"
        wake(job)
        run(job)
        wake(job)
        assert run(job).failure_code == "platform.storage"

    def test_a_shutdown_hands_the_job_back_without_counting(self, use_engine):
        def die_with_the_worker(request, report, should_stop):
            assert should_stop()
            raise PlatformFault("child.crashed")

        stopping = []

        def is_stopping():
            stopping.append(1)
            return len(stopping) > 2  # not yet while the source is copied

        use_engine(die_with_the_worker)
        job = run(make_job(), is_stopping=is_stopping)
        assert (job.state, job.attempt, job.failure_code) == (JobState.QUEUED, 0, "")

    def test_writes_nothing_after_a_cancel(self, use_engine):
        job = make_job()

        def be_canceled(request, report, should_stop):
            services.cancel_conversion(actor=job.requested_by, job=job)
            return write_result(request.out)

        use_engine(be_canceled)
        assert run(job).state == JobState.CANCELED
        assert not job.artifacts.exists()

    def test_writes_nothing_once_another_worker_holds_the_job(self, use_engine):
        job = make_job()

        def stall(request, report, should_stop):
            wake(job)
            services.claim(job.pk)
            return write_result(request.out)

        use_engine(stall)
        job = run(job)
        assert (job.state, job.fencing_token) == (JobState.RUNNING, 2)
        assert not job.artifacts.exists()

    def test_refuses_a_source_that_changed_in_storage(self, use_engine):
        use_engine(convert_well)
        job = run(make_job(source_sha256="0" * 64, attempt=2))
        assert (job.state, job.failure_code) == (JobState.FAILED, "platform.source_damaged")


class TestRecordProgress:
    def test_gathers_facts_of_a_stage(self, tmp_path):
        job = make_job()
        claim = services.claim(job.pk)
        services.record_progress(claim, Progress(Stage.READ, {"chapters": 41}), tmp_path)
        services.record_progress(claim, Progress(Stage.READ, {"chapters": 42, "words": 9}), tmp_path)
        services.record_progress(claim, Progress(Stage.EPUB), tmp_path)
        job.refresh_from_db()
        assert [(event.stage, event.facts) for event in job.progress] == [
            ("read", {"chapters": 42, "words": 9}),
            ("epub", {}),
        ]
        assert job.stage == "epub"

    def test_shows_the_web_book_before_the_end(self, tmp_path):
        job = make_job()
        claim = services.claim(job.pk)
        file = write_file(tmp_path, ArtifactKind.WEB, "web.zip", b"chapters so far")
        services.record_progress(claim, Progress(Stage.WEB, {}, file), tmp_path)
        artifact = job.artifacts.get()
        assert stored(artifact.file).read_bytes() == b"chapters so far"

    def test_announces_a_file_with_its_size(self, tmp_path):
        job = make_job()
        claim = services.claim(job.pk)
        file = write_file(tmp_path, ArtifactKind.EPUB, "book.epub", b"epub")
        services.record_progress(claim, Progress(Stage.EPUB, {}, file), tmp_path)
        job.refresh_from_db()
        assert job.progress[0].file.size_bytes == 4

    def test_refuses_a_stale_holder(self, tmp_path):
        job = make_job()
        stale = services.claim(job.pk)
        wake(job)
        services.claim(job.pk)
        file = write_file(tmp_path, ArtifactKind.WEB, "web.zip", b"chapters of a stalled worker")
        with pytest.raises(ClaimLost):
            services.record_progress(stale, Progress(Stage.WEB, {}, file), tmp_path)
        assert not job.artifacts.exists()


class TestFinish:
    def test_puts_covers_in_public_and_the_rest_in_private_storage(self, tmp_path):
        job = make_job()
        services.finish(services.claim(job.pk), write_result(tmp_path), tmp_path)
        for artifact in job.artifacts.all():
            home, other = storage.private(), storage.public()
            if artifact.kind == "cover":
                home, other = other, home
            assert home.exists(artifact.file)
            assert not other.exists(artifact.file)
            assert artifact.sha256 in artifact.file

    def test_keeps_early_files_and_drops_what_the_result_no_longer_holds(self, tmp_path):
        job = make_job()
        claim = services.claim(job.pk)
        result = write_result(tmp_path)
        services.record_progress(claim, Progress(Stage.EPUB, {}, result.artifacts[0]), tmp_path)
        early = job.artifacts.get()
        other = write_file(tmp_path, ArtifactKind.PDF, "book.pdf", b"a target that failed later")
        services.record_progress(claim, Progress(Stage.PDF, {}, other), tmp_path)
        services.finish(claim, result, tmp_path)
        assert sorted(job.artifacts.values_list("kind", flat=True)) == ["cover", "epub", "web"]
        assert job.artifacts.get(kind="epub").public_id == early.public_id

    def test_replaces_what_a_killed_worker_left_under_the_name(self, tmp_path):
        job = make_job()
        result = write_result(tmp_path)
        epub = result.artifacts[0]
        name = f"artifacts/{epub.sha256[:2]}/{epub.sha256}.epub"
        stored(name).parent.mkdir(parents=True, exist_ok=True)
        stored(name).write_bytes(b"epub of")
        services.finish(services.claim(job.pk), result, tmp_path)
        assert stored(name).read_bytes() == b"epub of the book"

    def test_refuses_a_file_that_is_not_what_its_checksum_says(self, tmp_path):
        job = make_job()
        result = write_result(tmp_path)
        (tmp_path / "book.epub").write_bytes(b"something else")
        claim = services.claim(job.pk)
        with pytest.raises(PlatformFault):
            services.finish(claim, result, tmp_path)
        assert not job.artifacts.exists()

    def test_refuses_a_path_that_leads_out_of_the_folder(self, tmp_path):
        job = make_job()
        out = tmp_path / "out"
        out.mkdir()
        result = write_result(out)
        (tmp_path / "secret").write_bytes(b"epub of the book")
        (out / "book.epub").unlink()
        (out / "book.epub").symlink_to(tmp_path / "secret")
        claim = services.claim(job.pk)
        with pytest.raises(PlatformFault):
            services.finish(claim, result, out)
