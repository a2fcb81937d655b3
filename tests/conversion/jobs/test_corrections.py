"""Corrections of a job: what the engine is given, and what comes back."""

from __future__ import annotations

import io
import logging
from dataclasses import replace

import pytest

from common import storage
from common.typed_json import StoredDataInvalid
from conversion import hooks, services
from conversion.engine.contract import ArtifactKind
from conversion.engine.patches import Base, Fit, FitState, Patch, SetEdit, Target, base_of
from conversion.models import ConversionJob, JobCorrections, JobState
from conversion.options import ConversionOptions, Corrections
from tests.conftest import NOON
from tests.conversion.patches.samples import LINES, book_of, correction
from tests.factories.accounts import make_author
from tests.factories.conversion import make_job, write_file, write_result

pytestmark = [pytest.mark.django_db, pytest.mark.both]


@pytest.fixture(autouse=True)
def _no_messages(monkeypatch):
    monkeypatch.setattr("common.jobs.enqueue", lambda name, **ids: None)


def stored(name: str, content: bytes) -> str:
    return storage.private().save(name, io.BytesIO(content))


def sample() -> tuple[Base, Patch]:
    return correction(book_of(LINES), 1, "keeper", "warden")


def ask(corrections: Corrections) -> ConversionJob:
    job = make_job()
    return services.request_conversion(
        actor=make_author(),
        source_file=job.source_file,
        source_name=job.source_name,
        source_sha256=job.source_sha256,
        options=ConversionOptions(corrections="a" * 32),
        corrections=corrections,
        at=NOON,
    )


def run(job: ConversionJob) -> ConversionJob:
    services.run_conversion(job_id=job.pk)
    return ConversionJob.objects.get(pk=job.pk)


def test_the_engine_gets_patches_bases_and_pictures(use_engine):
    base, patch = sample()
    seen = []

    def look(request, report, should_stop):
        files = [path.read_bytes() for path in (*request.bases, *request.pictures)]
        seen.append((request.patches, request.suggestions, files, {path.parent for path in request.bases}))
        assert request.source.parent in seen[0][3], "in the folder of the job"
        return write_result(request.out)

    use_engine(look)
    suggestion = replace(patch, author="usr_other")
    corrections = Corrections(
        patches=(patch,),
        suggestions=(suggestion,),
        bases=(stored("artifacts/base.gz", base.to_bytes()),),
        pictures=(stored("artifacts/picture.png", b"a picture"),),
    )
    assert run(ask(corrections)).state == JobState.DONE
    (given,) = seen
    assert given[:3] == ((patch,), (suggestion,), [base.to_bytes(), b"a picture"])


def test_fits_and_the_base_come_back(use_engine):
    base, patch = sample()

    def place(request, report, should_stop):
        file = write_file(request.out, ArtifactKind.BASE, "base.json.gz", base.to_bytes())
        result = write_result(request.out)
        return replace(
            result,
            artifacts=(*result.artifacts, file),
            base=base.identity,
            fits=(Fit(patch.identity, FitState.APPLIED, patch.anchor),),
        )

    use_engine(place)
    told = []
    hooks.when_finished(told.append)
    try:
        job = run(ask(Corrections(patches=(patch,))))
    finally:
        hooks._finished.remove(told.append)
    assert job.result.base == base.identity
    (fit,) = JobCorrections.objects.get(job=job).fits
    assert (fit.patch, fit.state, fit.anchor) == (patch.identity, FitState.APPLIED, patch.anchor)
    file = job.artifacts.get(kind="base").file
    with storage.private().open(file) as content:
        assert Base.from_bytes(content.read()) == base
    assert not storage.public().exists(file)
    assert told == [job.pk]


def test_a_job_without_corrections_has_no_row(use_engine):
    use_engine(lambda request, report, should_stop: write_result(request.out))
    job = run(ask(Corrections()))
    assert job.state == JobState.DONE
    assert not JobCorrections.objects.exists()


def test_a_missing_base_does_not_stop_the_book(use_engine, caplog):
    _base, patch = sample()
    seen = []

    def look(request, report, should_stop):
        seen.append((request.patches, request.bases))
        return write_result(request.out)

    use_engine(look)
    with caplog.at_level(logging.ERROR):
        job = run(ask(Corrections(patches=(patch,), bases=("artifacts/gone.gz",))))
    assert job.state == JobState.DONE
    assert seen == [((patch,), ())]
    assert "correction_file_missing" in caplog.text


def test_every_work_is_made_with_a_base():
    assert "base" in ConversionOptions().formats


def test_a_column_holds_no_patch_that_the_engine_would_not_read():
    base = base_of(book_of(LINES))
    hostile = Patch(base.identity, base.anchor(0), SetEdit(Target.BLOCK, "lang", "", "en"), author="<script>")
    job = make_job()
    JobCorrections.objects.create(job=job, patches=(hostile,))
    with pytest.raises(StoredDataInvalid):
        JobCorrections.objects.get(job=job)
