"""Values survive the pipe; what has another shape does not get through it."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import pytest

from conversion.engine.book.cover_choice import CoverChoice
from conversion.engine.book.model import Contributor
from conversion.engine.contract import (
    ArtifactFile,
    ArtifactKind,
    AuthorDetails,
    ChapterSummary,
    ConversionRequest,
    ConversionResult,
    Progress,
    Stage,
)
from conversion.engine.errors import AuthorFixable, PlatformFault
from conversion.engine.findings.model import Finding, Severity, SourcePlace
from conversion.engine.patches import BlockAnchor, Fit, FitState, Patch, Piece, Reason, WordsEdit
from conversion.engine.process import serialise

ARTIFACT = ArtifactFile(ArtifactKind.PDF, "phone", "book-phone.pdf", "application/pdf", "a" * 64, 9, pages=3)
FINDING = Finding("text.tabs", Severity.ADVICE, "One", "a quote", SourcePlace("x.xml", 3), {"count": 2, "name": "ü"})
RESULT = ConversionResult(
    "1",
    "docx",
    "T",
    "S",
    "en",
    (Contributor("Ann"),),
    "D",
    (ChapterSummary("a", "A", "bodymatter", 5),),
    5,
    (ARTIFACT,),
    (FINDING,),
)


def _through_the_pipe(value):
    return json.loads(json.dumps(serialise.to_json(value)))


class TestRoundTrip:
    def test_request(self) -> None:
        overrides = AuthorDetails(title="T", contributors=(Contributor("Ann", "trl"),), subjects=("a", "b"))
        request = ConversionRequest(Path("/a"), "n", Path("/o"), ("epub",), ("phone",), overrides, Path("/c"), 500, 1)
        assert serialise.request_from_json(_through_the_pipe(request)) == request
        drawn = dataclasses.replace(
            request, cover_choice=CoverChoice("night", "ink", series="Salt 2"), trim="print-6x9"
        )
        assert serialise.request_from_json(_through_the_pipe(drawn)) == drawn
        plain = ConversionRequest(Path("/a"), "n", Path("/o"))
        assert serialise.request_from_json(_through_the_pipe(plain)) == plain

    def test_progress(self) -> None:
        for progress in (Progress(Stage.READ, {"words": 3}), Progress(Stage.PDF, {}, ARTIFACT)):
            assert serialise.progress_from_json(_through_the_pipe(progress)) == progress

    def test_result(self) -> None:
        assert serialise.result_from_json(_through_the_pipe(RESULT)) == RESULT

    @pytest.mark.parametrize("error", [AuthorFixable("source.too-large", size_mb=3), PlatformFault()])
    def test_errors_keep_family_code_and_facts(self, error: AuthorFixable | PlatformFault) -> None:
        again = serialise.error_from_json(_through_the_pipe(serialise.error_to_json(error)))
        assert (type(again), again.code, again.facts) == (type(error), error.code, error.facts)

    def test_patches_and_how_they_fit(self) -> None:
        anchor = BlockAnchor("a" * 32, "", "b" * 32, 3, 1, 2, "One", SourcePlace("x.xml", 3))
        patch = Patch("c" * 32, anchor, WordsEdit((Piece("old"),), (Piece("new", (("emphasis",),)),)), "usr_1")
        paths = (Path("/base"), Path("/other"))
        request = ConversionRequest(Path("/a"), "n", Path("/o"), patches=(patch,), bases=paths, pictures=paths[:1])
        request = dataclasses.replace(request, suggestions=(dataclasses.replace(patch, reason="Or so."),))
        assert serialise.request_from_json(_through_the_pipe(request)) == request
        fits = (
            Fit(patch.identity, FitState.APPLIED, anchor),
            Fit(patch.identity, FitState.CONFLICT, None, Reason.GONE),
        )
        result = dataclasses.replace(RESULT, fits=fits, base="d" * 32)
        assert serialise.result_from_json(_through_the_pipe(result)) == result


class TestMalformed:
    @pytest.mark.parametrize(
        "change",
        [
            {"path": "../x"},
            {"path": "/etc/passwd"},
            {"path": ".hidden"},
            {"path": "a/b"},
            {"sha256": "xyz"},
            {"size_bytes": -1},
            {"size_bytes": "9"},
            {"kind": "exe"},
            {"media_type": None},
        ],
    )
    def test_artifacts(self, change: dict[str, object]) -> None:
        with pytest.raises(serialise.Malformed):
            serialise.artifact_from_json(_through_the_pipe(ARTIFACT) | change)

    @pytest.mark.parametrize(
        "change",
        [
            {"words": None},
            {"findings": [{}]},
            {"chapters": "x"},
            {"title": 3},
            {"contributors": [1]},
            {"artifacts": None},
            {"fits": [{}]},
            {"fits": [{"patch": "../x"}]},
            {"base": "../x"},
        ],
    )
    def test_results(self, change: dict[str, object]) -> None:
        with pytest.raises(serialise.Malformed):
            serialise.result_from_json(_through_the_pipe(RESULT) | change)

    @pytest.mark.parametrize(
        "data",
        [{}, {"family": "x", "code": "a.b", "facts": {}}, {"family": "author", "code": "/etc", "facts": {}}, None, []],
    )
    def test_errors(self, data) -> None:
        with pytest.raises(serialise.Malformed):
            serialise.error_from_json(data)

    def test_facts_are_plain(self) -> None:
        with pytest.raises(serialise.Malformed):
            serialise.progress_from_json({"stage": "read", "facts": {"a": {"b": 1}}, "artifact": None})
