"""Patches go in with a request and come out in the book; how they fit comes back, with the base of the next ones."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import re
import zipfile
from pathlib import Path

import pytest

from conversion.engine import pipeline
from conversion.engine.contract import ArtifactKind, AuthorDetails, ConversionRequest, ConversionResult
from conversion.engine.patches import (
    Base,
    FitState,
    Patch,
    PictureEdit,
    Piece,
    Reason,
    RemoveEdit,
    SetEdit,
    Target,
    words_patches,
)
from conversion.engine.patches import apply as patching
from conversion.engine.process import runner, serialise
from tests.conversion.books import png
from tests.conversion.manuscripts import docx

CHAPTERS = [("Salt", ["The lamp went out at four.", "Nobody came."]), ("Iron", ["In the morning they found a hat."])]


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "book.docx"
    path.write_bytes(docx(CHAPTERS))
    return path


def request_for(source: Path, name: str = "out", **more) -> ConversionRequest:
    out = source.parent / name
    out.mkdir()
    return ConversionRequest(source, source.name, out, ("web", "base"), overrides=AuthorDetails(title="T"), **more)


def base_of_result(result: ConversionResult, out: Path) -> Base:
    (file,) = [artifact for artifact in result.artifacts if artifact.kind is ArtifactKind.BASE]
    base = Base.from_bytes((out / file.path).read_bytes())
    assert base is not None
    assert base.identity == result.base
    return base


def words_of_web(out: Path) -> str:
    with zipfile.ZipFile(out / "web.zip") as archive:
        return archive.read("text.json").decode()


def correction(base: Base, old: str, new: str) -> Patch:
    block = next(number for number, block in enumerate(base.blocks) if old in block.text)
    (patch,) = words_patches(base, block, [Piece(base.blocks[block].text.replace(old, new))])
    return patch


class TestNumbersOfBlocks:
    """What is shown, and what is found, has the numbers that patches count in."""

    def test_web_chapters_have_them(self, source: Path) -> None:
        request = request_for(source)
        base = base_of_result(pipeline.convert(request, lambda progress: None), request.out)
        with zipfile.ZipFile(request.out / "web.zip") as archive:
            pages = "".join(archive.read(name).decode() for name in archive.namelist() if name.endswith(".xhtml"))
        shown = {int(number): text for number, text in re.findall(r'data-block="([0-9]+)"[^>]*>([^<]*)<', pages)}
        assert shown == {number: block.text for number, block in enumerate(base.blocks)}

    def test_they_stay_those_of_the_base_when_blocks_are_removed(self, source: Path) -> None:
        first = request_for(source)
        base = base_of_result(pipeline.convert(first, lambda progress: None), first.out)
        gone = next(number for number, block in enumerate(base.blocks) if "Nobody" in block.text)
        patch = Patch(base.identity, base.anchor(gone), RemoveEdit())
        again = request_for(source, "again", patches=(patch,), bases=(first.out / "base.json.gz",))
        pipeline.convert(again, lambda progress: None)
        with zipfile.ZipFile(again.out / "web.zip") as archive:
            pages = "".join(archive.read(name).decode() for name in archive.namelist() if name.endswith(".xhtml"))
        numbers = {int(number) for number in re.findall(r'data-block="([0-9]+)"', pages)}
        assert numbers == set(range(len(base.blocks))) - {gone}

    def test_not_where_no_base_is_asked_for(self, source: Path) -> None:
        request = dataclasses.replace(request_for(source), formats=("web",))
        result = pipeline.convert(request, lambda progress: None)
        with zipfile.ZipFile(request.out / "web.zip") as archive:
            assert not any(b"data-block" in archive.read(name) for name in archive.namelist())
        assert {finding.blocks for finding in result.findings} <= {()}

    def test_findings_have_them_at_all_places(self, tmp_path: Path) -> None:
        path = tmp_path / "book.docx"
        path.write_bytes(docx([("Salt", ["He waited .", "She came .", "All is well.", "They left ."])]))
        request = request_for(path)
        result = pipeline.convert(request, lambda progress: None)
        base = base_of_result(result, request.out)
        places = {number for number, block in enumerate(base.blocks) if " ." in block.text}
        assert places in [set(finding.blocks) for finding in result.findings]
        again = serialise.result_from_json(json.loads(json.dumps(serialise.to_json(result))))
        assert [finding.blocks for finding in again.findings] == [finding.blocks for finding in result.findings]


class TestProposals:
    def test_each_place_is_a_patch(self, tmp_path: Path) -> None:
        path = tmp_path / "book.docx"
        path.write_bytes(docx([("Salt", ["He waited  here.", "All is well.", "They left  at  last."])]))
        request = request_for(path, proposals=("text.double-spaces",))
        result = pipeline.convert(request, lambda progress: None)
        base = base_of_result(result, request.out)
        assert len(result.proposals) == 2
        assert {patch.author for patch in result.proposals} == {"text.double-spaces"}
        assert {patch.base for patch in result.proposals} == {base.identity}
        assert "waited  here" in base.blocks[1].text
        again = serialise.result_from_json(json.loads(json.dumps(serialise.to_json(result))))
        assert again.proposals == result.proposals

    def test_what_was_declined_is_not_proposed_again(self, tmp_path: Path) -> None:
        path = tmp_path / "book.docx"
        path.write_bytes(docx([("Salt", ["He waited  here.", "All is well.", "They left  at  last."])]))
        codes = ("text.double-spaces",)
        first = request_for(path, proposals=codes)
        declined, *others = pipeline.convert(first, lambda progress: None).proposals
        bases = (first.out / "base.json.gz",)
        again = request_for(path, "again", proposals=codes, suggestions=(declined,), bases=bases)
        assert list(pipeline.convert(again, lambda progress: None).proposals) == others


class TestInThePipeline:
    def test_a_correction_is_in_the_book_and_not_in_the_manuscript(self, source: Path) -> None:
        before = hashlib.sha256(source.read_bytes()).hexdigest()
        request = request_for(source)
        first = pipeline.convert(request, lambda progress: None)
        base = base_of_result(first, request.out)
        again = request_for(
            source, "again", patches=(correction(base, "four", "five"),), bases=(request.out / "base.json.gz",)
        )
        result = pipeline.convert(again, lambda progress: None)
        assert [fit.state for fit in result.fits] == [FitState.APPLIED]
        assert "went out at five" in words_of_web(again.out)
        assert result.base == first.base  # of the book before patches
        assert hashlib.sha256(source.read_bytes()).hexdigest() == before
        plain = request_for(source, "plain")
        assert pipeline.convert(plain, lambda progress: None).artifacts[:2] == first.artifacts[:2]

    def test_fixes_come_first(self, tmp_path: Path) -> None:
        path = tmp_path / "book.docx"
        path.write_bytes(docx([("Salt", ['"Who is there?" she said.', "It was  late -- too late."])]))
        fixed = ("text.quotes-straight", "text.double-spaces")
        request = request_for(path, fixes=fixed)
        base = base_of_result(pipeline.convert(request, lambda progress: None), request.out)
        patch = correction(base, "late — too" if "late — too" in base.blocks[2].text else "too late", "not late")
        again = request_for(path, "again", fixes=fixed, patches=(patch,), bases=(request.out / "base.json.gz",))
        assert pipeline.convert(again, lambda progress: None).fits[0].state is FitState.APPLIED
        assert "not late" in words_of_web(again.out)

    def test_without_its_base_a_patch_is_in_conflict(self, source: Path) -> None:
        request = request_for(source)
        base = base_of_result(pipeline.convert(request, lambda progress: None), request.out)
        again = request_for(source, "again", patches=(correction(base, "four", "five"),))
        assert pipeline.convert(again, lambda progress: None).fits[0].state is FitState.CONFLICT
        assert "went out at four" in words_of_web(again.out)

    def test_a_picture_that_is_none_leaves_the_old_one(self, source: Path, tmp_path: Path) -> None:
        request = request_for(source)
        base = base_of_result(pipeline.convert(request, lambda progress: None), request.out)
        bad = tmp_path / "bad.png"
        bad.write_bytes(b"not a picture")
        patch = Patch(base.identity, base.anchor(1), PictureEdit("a" * 64, hashlib.sha256(b"x").hexdigest()))
        again = request_for(source, "again", patches=(patch,), bases=(request.out / "base.json.gz",), pictures=(bad,))
        result = pipeline.convert(again, lambda progress: None)
        assert result.fits[0].state is FitState.CONFLICT
        assert "image.unusable" in [finding.code for finding in result.findings]


class TestWhatHangsOnIt:
    """Notes and links to what a patch removes leave no dead ends in the EPUB."""

    def test_a_block_with_a_note_and_a_chapter_with_a_link_to_it(self, tmp_path: Path) -> None:
        source = tmp_path / "book.md"
        source.write_text(
            "# Salt\n\nThe lamp went out.[^1]\n\nSee [iron](#iron) for more, and stay.\n\n"
            "# Iron\n\nA hat was found.\n\n# Amber\n\nNobody came.\n\n[^1]: At four.\n",
            encoding="utf-8",
        )
        request = request_for(source)
        base = base_of_result(pipeline.convert(request, lambda progress: None), request.out)
        noted = next(number for number, block in enumerate(base.blocks) if "lamp" in block.text)
        iron = next(number for number, chapter in enumerate(base.chapters) if chapter.title == "Iron")
        patches = (
            Patch(base.identity, base.anchor(noted), RemoveEdit()),
            Patch(base.identity, base.chapter_anchor(iron), SetEdit(Target.CHAPTER, "left_out", False, True)),
        )
        again = dataclasses.replace(
            request_for(source, "again", patches=patches, bases=(request.out / "base.json.gz",)),
            formats=("epub", "web"),
        )
        result = pipeline.convert(again, lambda progress: None)
        assert [fit.state for fit in result.fits] == [FitState.APPLIED, FitState.APPLIED]
        assert [chapter.title for chapter in result.chapters] == ["Salt", "Amber"]
        with zipfile.ZipFile(again.out / "book.epub") as archive:
            pages = [archive.read(name).decode() for name in archive.namelist() if name.endswith(".xhtml")]
        assert not any("At four" in page or "#iron" in page or "doc-footnote" in page for page in pages)
        assert any("See iron for more" in page for page in pages)
        assert not [finding for finding in result.findings if finding.code.startswith("fidelity")]


class TestThroughTheSandbox:
    def test_patches_go_in_and_fits_come_back(self, source: Path, tmp_path: Path) -> None:
        request = request_for(source)
        base = base_of_result(runner.run(request, lambda progress: None), request.out)
        picture = tmp_path / "new.png"
        picture.write_bytes(png().data)
        gone = Patch(base.identity, base.anchor(2), RemoveEdit())
        again = dataclasses.replace(
            request_for(source, "again"),
            patches=(correction(base, "four", "five"), gone),
            bases=(request.out / "base.json.gz",),
            pictures=(picture,),
        )
        result = runner.run(again, lambda progress: None)
        assert [fit.state for fit in result.fits] == [FitState.APPLIED, FitState.APPLIED]
        assert "went out at five" in words_of_web(again.out)
        assert "Nobody came" not in words_of_web(again.out)


class TestFailures:
    def test_a_patch_whose_place_cannot_be_looked_for_leaves_the_others(
        self, source: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        first = request_for(source)
        base = base_of_result(pipeline.convert(first, lambda progress: None), first.out)
        fine, failing = correction(base, "lamp", "light"), correction(base, "hat", "glove")
        whole = patching._Run.place

        def fail_at_one(run: patching._Run, patch: Patch) -> None:
            if patch.identity == failing.identity:
                raise ZeroDivisionError
            whole(run, patch)

        monkeypatch.setattr(patching._Run, "place", fail_at_one)
        path = first.out / "base.json.gz"
        second = request_for(source, "again", patches=(fine, failing), bases=(path,))
        result = pipeline.convert(second, lambda progress: None)
        fits = {fit.patch: (fit.state, fit.reason) for fit in result.fits}
        assert fits[fine.identity][0] is FitState.APPLIED
        assert fits[failing.identity] == (FitState.CONFLICT, Reason.FAILED)
        assert [one.facts for one in result.findings if one.code == "patch.failed"] == [{"count": 1}]
        assert "The light went out at four." in words_of_web(second.out)
        assert "they found a hat" in words_of_web(second.out)
        assert serialise.result_from_json(json.loads(json.dumps(serialise.to_json(result)))).fits == result.fits
