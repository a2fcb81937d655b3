"""PDFs that follow: a corrected book is finished without them, another job makes them and hands them over."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from common import clock
from conversion import hooks, selectors, services
from conversion.engine.api import AuthorFixable, PlatformFault
from conversion.engine.contract import ArtifactKind
from conversion.engine.findings.model import Finding, Severity
from conversion.errors import NoFilesMissing
from conversion.models import ConversionJob, JobCorrections, JobState
from conversion.options import FORMATS, LATER, TARGETS, ConversionOptions, Corrections
from conversion.selectors import LaterState
from conversion.services import fair_queue
from tests.conftest import NOON
from tests.conversion.patches.samples import LINES, book_of, correction
from tests.factories.accounts import make_author
from tests.factories.conversion import make_job, write_file, write_result

pytestmark = [pytest.mark.django_db, pytest.mark.both]

PDFS = {("pdf", target) for target in TARGETS}


@pytest.fixture(autouse=True)
def messages(monkeypatch) -> list[str]:
    found: list[str] = []
    monkeypatch.setattr("common.jobs.enqueue", lambda name, **ids: found.append(name))
    return found


@pytest.fixture
def told():
    found: list[int] = []
    hooks.when_completed(found.append)
    yield found
    hooks._completed.remove(found.append)


def ask(*, is_correction: bool = True, corrections: Corrections = Corrections(), **options) -> ConversionJob:  # noqa: B008 (frozen)
    job = make_job(options=ConversionOptions(), state=JobState.CANCELED)
    return services.request_conversion(
        actor=make_author(),
        source_file=job.source_file,
        source_name=job.source_name,
        source_sha256=job.source_sha256,
        options=ConversionOptions(**options),
        corrections=corrections,
        is_correction=is_correction,
        at=NOON,
    )


def engine(*, epub: bytes = b"epub of the book", version: str = "1", left_out: str = "", findings=()):
    """An engine that writes what it is asked for."""

    def run(request, report, should_stop):
        result = write_result(request.out, findings=findings)
        wanted = request.formats
        files = [file for file in result.artifacts if str(file.kind) in wanted and file.kind is not ArtifactKind.EPUB]
        if "epub" in wanted:
            files.append(write_file(request.out, ArtifactKind.EPUB, "book.epub", epub))
        for kind in ("pdf", "proof"):
            for target in request.targets if kind in wanted else ():
                if (kind, target) != ("pdf", left_out):
                    file = write_file(
                        request.out, ArtifactKind(kind), f"{kind}-{target}.bin", f"{kind} {target}".encode()
                    )
                    files.append(replace(file, target=target))
        if "print-cover" in wanted:
            file = write_file(request.out, ArtifactKind.PRINT_COVER, "sheet.pdf", b"sheet")
            files.append(replace(file, target="print"))
        return replace(result, engine_version=version, artifacts=tuple(files))

    return run


def run(job: ConversionJob) -> ConversionJob:
    services.run_conversion(job_id=job.pk)
    return ConversionJob.objects.get(pk=job.pk)


def follower_of(job: ConversionJob) -> ConversionJob:
    return ConversionJob.objects.filter(completes=job).latest("pk")


def files(job: ConversionJob) -> dict[tuple[str, str], str]:
    return {(row.kind, row.target): row.sha256 for row in job.artifacts.all()}


def half_made(use_engine) -> ConversionJob:
    use_engine(engine())
    return run(ask())


class TestFirstJob:
    def test_is_done_without_pdfs_which_another_job_makes(self, use_engine, messages):
        job = half_made(use_engine)
        assert job.state == JobState.DONE
        assert {kind for kind, _ in files(job)} == {"epub", "web", "cover"}
        assert set(job.options.formats) == set(FORMATS) - set(LATER)
        follower = follower_of(job)
        assert (follower.state, follower.is_correction) == (JobState.QUEUED, False)
        assert {"pdf", "proof", "print-cover", "epub"} <= set(follower.options.formats)
        assert not {"web", "sample", "docx", "book"} & set(follower.options.formats)
        assert follower.options.later == ()
        assert messages.count("conversion.run") == 2
        assert selectors.later_files(job).state == LaterState.MAKING
        assert set(selectors.later_files(job).missing) == {*PDFS, ("print-cover", "print")}

    def test_any_other_job_makes_all_at_once(self, use_engine):
        use_engine(engine())
        job = run(ask(is_correction=False))
        assert files(job).keys() >= PDFS
        assert not ConversionJob.objects.exclude(completes=None).exists()
        assert selectors.later_files(job).state == LaterState.NONE

    def test_where_no_pdf_is_asked_for_none_follows(self, use_engine):
        use_engine(engine())
        job = run(ask(formats=("base",), targets=()))
        assert job.state == JobState.DONE
        assert not ConversionJob.objects.exclude(completes=None).exists()

    def test_that_fails_has_none(self, use_engine):
        def fail(request, report, should_stop):
            raise PlatformFault("sandbox.unavailable")

        use_engine(fail)
        job = run(ask())
        assert job.state == JobState.FAILED
        assert not ConversionJob.objects.exclude(completes=None).exists()
        assert not job.findings.exists()

    def test_the_follower_is_not_among_the_jobs_that_an_account_may_ask_for(self, use_engine, settings):
        settings.MAX_OPEN_JOBS = 1
        job = half_made(use_engine)
        services.request_conversion(
            actor=job.requested_by,
            source_file=job.source_file,
            source_name=job.source_name,
            source_sha256=job.source_sha256,
            options=ConversionOptions(),
            at=NOON,
        )

    def test_the_follower_has_the_corrections_and_the_moment_of_the_first(self, use_engine):
        _base, patch = correction(book_of(LINES), 1, "keeper", "warden")
        seen = []

        def look(request, report, should_stop):
            seen.append((request.patches, request.modified))
            return engine()(request, report, should_stop)

        use_engine(look)
        job = run(ask(corrections=Corrections(patches=(patch,))))
        with clock.frozen(NOON + timedelta(hours=1)):
            run(follower_of(job))
        assert [patches for patches, _ in seen] == [(patch,), (patch,)]
        assert seen[0] == seen[1]
        assert JobCorrections.objects.count() == 2


class TestFollower:
    def test_its_files_become_the_first_jobs(self, use_engine, told):
        job = half_made(use_engine)
        follower = run(follower_of(job))
        assert files(job).keys() >= {*PDFS, ("print-cover", "print"), ("proof", "phone")}
        assert not follower.artifacts.exists()
        assert selectors.later_files(job) == selectors.LaterFiles()
        assert told == [job.pk]

    def test_the_epub_with_printed_pages_has_the_old_ones_link(self, use_engine):
        job = half_made(use_engine)
        before = job.artifacts.get(kind="epub")
        web = job.artifacts.get(kind="web")
        use_engine(engine(epub=b"epub with pages"))
        run(follower_of(job))
        after = job.artifacts.get(kind="epub")
        assert after.public_id == before.public_id
        assert after.sha256 != before.sha256
        assert job.artifacts.get(kind="web") == web

    def test_another_engine_leaves_the_epub_alone(self, use_engine):
        job = half_made(use_engine)
        before = files(job)["epub", ""]
        use_engine(engine(epub=b"epub of another engine", version="2"))
        run(follower_of(job))
        assert files(job)["epub", ""] == before
        assert files(job).keys() >= PDFS

    def test_adds_what_it_found_and_nothing_twice(self, use_engine):
        old = Finding("structure.title-long", Severity.ADVICE, chapter="The Harbour")
        new = Finding("page.hyphens", Severity.INFO, facts={"target": "phone", "lines": 3}, blocks=(4,))
        use_engine(engine(findings=(old,)))
        job = run(ask())
        use_engine(engine(findings=(old, new)))
        run(follower_of(job))
        assert list(job.findings.values_list("code", "position")) == [("structure.title-long", 0), ("page.hyphens", 1)]
        assert job.findings.get(code="page.hyphens").blocks == (4,)

    def test_tells_no_text_that_it_was_read(self, use_engine):
        job = half_made(use_engine)
        read: list[int] = []
        hooks.when_finished(read.append)
        try:
            run(follower_of(job))
        finally:
            hooks._finished.remove(read.append)
        assert read == []

    def test_one_pdf_that_could_not_be_made_is_named(self, use_engine):
        job = half_made(use_engine)
        missing = Finding(
            "pdf.not-made", Severity.PROBLEM, facts={"target": "tablet", "cause": "a program of ours failed"}
        )
        use_engine(engine(left_out="tablet", findings=(missing,)))
        run(follower_of(job))
        later = selectors.later_files(job)
        assert (later.state, later.missing) == (LaterState.MISSING, (("pdf", "tablet"),))
        assert job.findings.get(code="pdf.not-made").facts["target"] == "tablet"

    def test_cancelled_it_writes_nothing(self, use_engine, told):
        job = half_made(use_engine)
        services.cancel_later_files(job)
        run(follower_of(job))
        assert follower_of(job).state == JobState.CANCELED
        assert not files(job).keys() & PDFS
        assert told == []

    def test_does_not_keep_the_authors_next_correction_waiting(self, use_engine, settings):
        settings.CONVERSION_RUNNING_PER_ACCOUNT = 1
        job = half_made(use_engine)
        assert services.claim(follower_of(job).pk) is not None
        upload = make_job(requested_by=job.requested_by)
        assert fair_queue.next_job_id() is None
        corrected = make_job(requested_by=job.requested_by, is_correction=True)
        assert fair_queue.next_job_id() == corrected.pk
        assert services.claim(corrected.pk) is not None
        another = make_job(requested_by=job.requested_by, is_correction=True)
        assert fair_queue.next_job_id() not in {upload.pk, another.pk}


class TestFailure:
    @pytest.fixture
    def failed(self, use_engine) -> ConversionJob:
        job = half_made(use_engine)

        def fail(request, report, should_stop):
            raise PlatformFault("sandbox.unavailable")

        use_engine(fail)
        run(follower_of(job))
        return job

    def test_is_a_finding_for_each_pdf_and_the_epub_stays(self, failed, told):
        assert ConversionJob.objects.get(pk=failed.pk).state == JobState.DONE
        assert {kind for kind, _ in files(failed)} == {"epub", "web", "cover"}
        named = [row.facts["target"] for row in failed.findings.filter(code="pdf.not-made", severity="problem")]
        assert named == list(TARGETS)
        assert selectors.later_files(failed).state == LaterState.MISSING
        assert selectors.later_failure_of(failed) is not None

    def test_a_worker_that_died_too_often_counts(self, use_engine, settings, told):
        job = half_made(use_engine)
        ConversionJob.objects.filter(completes=job).update(attempt=settings.CONVERSION_ATTEMPTS)
        services.retry_stuck()
        assert follower_of(job).state == JobState.FAILED
        causes = [row.facts["cause"] for row in job.findings.filter(code="pdf.not-made")]
        assert causes == ["a program of ours ended unexpectedly"] * len(TARGETS)
        assert told == [job.pk]

    def test_what_exceeds_a_limit_says_which(self, use_engine):
        job = half_made(use_engine)

        def fail(request, report, should_stop):
            raise AuthorFixable("source.too-demanding", limit="memory")

        use_engine(fail)
        with pytest.raises(AuthorFixable):
            run(follower_of(job))
        assert {row.facts["cause"] for row in job.findings.all()} == {"it needs too much memory"}
        assert selectors.later_failure_of(job) is not None

    def test_its_author_reads_that_it_is_about_the_pdfs(self, failed, mailoutbox):
        services.mail_failure(job_id=follower_of(failed).pk)
        (mail,) = mailoutbox
        assert "PDFs" in mail.subject
        assert "EPUB are complete" in mail.body

    def test_is_tried_again_when_asked(self, failed, use_engine):
        use_engine(engine())
        follower = services.retry_later_files(actor=failed.requested_by, job=failed)
        assert selectors.later_files(failed).state == LaterState.MAKING
        assert not failed.findings.filter(code="pdf.not-made").exists()
        run(follower)
        assert files(failed).keys() >= PDFS
        assert selectors.later_files(failed).state == LaterState.NONE

    def test_not_twice_at_a_time(self, failed):
        services.retry_later_files(actor=failed.requested_by, job=failed)
        with pytest.raises(NoFilesMissing):
            services.retry_later_files(actor=failed.requested_by, job=failed)
        assert ConversionJob.objects.filter(completes=failed).count() == 2

    def test_not_where_nothing_is_missing(self, use_engine):
        job = half_made(use_engine)
        run(follower_of(job))
        with pytest.raises(NoFilesMissing):
            services.retry_later_files(actor=job.requested_by, job=job)

    def test_not_for_a_job_that_made_all_at_once(self, use_engine):
        use_engine(engine(left_out="tablet"))
        job = run(ask(is_correction=False))
        with pytest.raises(NoFilesMissing):
            services.retry_later_files(actor=job.requested_by, job=job)


def test_several_jobs_are_asked_about_at_once(use_engine, django_assert_max_num_queries):
    jobs = [half_made(use_engine) for _ in range(3)]
    run(follower_of(jobs[0]))
    services.cancel_later_files(jobs[1])
    with django_assert_max_num_queries(2):
        found = selectors.later_files_of(jobs)
    assert [found[job.pk].state for job in jobs] == [LaterState.NONE, LaterState.MISSING, LaterState.MAKING]
