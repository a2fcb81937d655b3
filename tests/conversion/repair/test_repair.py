"""Broken books come out whole, with every change told; what may not be opened stays shut."""

from __future__ import annotations

import io
import re
import struct
import sys
import zipfile
from pathlib import Path

import pytest

from conversion import messages
from conversion.engine.contract import ConversionRequest, ConversionResult
from conversion.engine.errors import AuthorFixable
from conversion.engine.pipeline import convert
from conversion.engine.repair import rebuild
from conversion.engine.repair.codes import MENDABLE
from conversion.engine.repair.salvage import salvage
from tests.conversion.epub.corpus import complaints
from tests.conversion.repair import damage, kinds
from tests.conversion.repair.kinds import Damage
from tests.support import java

DAMAGES = kinds.all_damages()
NAMES = [f"{extension}: {each.name}" for extension, each in DAMAGES]


def converted(data: bytes, name: str, folder: Path, *, mend: bool) -> ConversionResult:
    source = folder / "source"
    source.write_bytes(data)
    out = folder / "out"
    out.mkdir()
    return convert(ConversionRequest(source, name, out, formats=("epub",), repair=mend), lambda progress: None)


def words_of(epub: Path) -> str:
    with zipfile.ZipFile(epub) as archive:
        pages = [archive.read(name).decode() for name in archive.namelist() if name.startswith("EPUB/text/")]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", " ".join(pages)))


class TestBrokenBooks:
    @pytest.mark.parametrize(("extension", "case"), DAMAGES, ids=NAMES)
    def test_come_out_with_their_words_and_every_change_told(
        self, extension: str, case: Damage, tmp_path: Path
    ) -> None:
        result = converted(kinds.broken(case, extension), f"book.{extension}", tmp_path, mend=case.is_container)
        told = {finding.code for finding in rebuild.changes(result.findings)}
        assert set(case.codes) <= told
        assert words_of(tmp_path / "out" / "book.epub").count(damage.SENTENCE) == case.keeps
        assert not list((tmp_path / "out").glob(".repaired*"))

    @pytest.mark.parametrize(
        ("extension", "case"), [(extension, each) for extension, each in DAMAGES if each.is_container]
    )
    def test_containers_stay_shut_unless_asked(self, extension: str, case: Damage, tmp_path: Path) -> None:
        with pytest.raises(AuthorFixable) as caught:
            converted(kinds.broken(case, extension), f"book.{extension}", tmp_path, mend=False)
        assert caught.value.code in MENDABLE

    @pytest.mark.parametrize("extension", ["epub", "docx"])
    def test_whole_books_have_no_changes(self, extension: str, tmp_path: Path) -> None:
        parts = damage.epub_parts() if extension == "epub" else damage.docx_parts()
        result = converted(damage.packed(parts), f"book.{extension}", tmp_path, mend=True)
        assert rebuild.changes(result.findings) == []
        assert words_of(tmp_path / "out" / "book.epub").count(damage.SENTENCE) == 4

    @pytest.mark.nightly
    @pytest.mark.parametrize(("extension", "case"), DAMAGES, ids=NAMES)
    def test_come_out_valid(
        self, extension: str, case: Damage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("JAVA_TOOL_OPTIONS", java.OPTIONS)
        converted(kinds.broken(case, extension), f"book.{extension}", tmp_path, mend=case.is_container)
        assert list(complaints(tmp_path / "out" / "book.epub")) == []

    def test_many_damages_at_once_come_out_valid(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("JAVA_TOOL_OPTIONS", java.OPTIONS)
        parts = damage.epub_parts()
        for each in kinds.EPUB_DAMAGES[:4]:
            with zipfile.ZipFile(io.BytesIO(each.make(parts))) as archive:
                parts = {name: archive.read(name) for name in archive.namelist()}
        del parts["OPS/dot.png"], parts["META-INF/container.xml"]
        parts["OPS/book.opf"] = parts["OPS/book.opf"].replace(b"2020-05-01", b"May").replace(b"urn:isbn", b"")
        data = damage.between_junk(parts)
        converted(data, "book.epub", tmp_path, mend=True)
        assert list(complaints(tmp_path / "out" / "book.epub")) == []

    def test_a_change_is_told_with_place_and_count(self, tmp_path: Path) -> None:
        case = next(each for each in kinds.EPUB_DAMAGES if each.name == "duplicate ids")
        result = converted(kinds.broken(case, "epub"), "book.epub", tmp_path, mend=False)
        finding = next(each for each in result.findings if each.code == "repaired.duplicate-id")
        assert (finding.place.part, finding.quote, finding.facts) == ("OPS/one.xhtml", "same", {"count": 2})
        assert "2" in messages.explain(finding.code, finding.facts).title


class TestSalvage:
    def test_the_later_of_two_entries_is_taken(self, tmp_path: Path) -> None:
        path = tmp_path / "x"
        path.write_bytes(damage.twice("a.xhtml")({"a.xhtml": b"new"}))
        assert salvage(path).entries == {"a.xhtml": b"new"}

    def test_sizes_are_found_where_headers_leave_them_out(self, tmp_path: Path) -> None:
        path = tmp_path / "x"
        with path.open("wb") as stream, zipfile.ZipFile(_Pipe(stream), "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("a.txt", b"words " * 50)
            archive.writestr("b.txt", b"more")
        data = path.read_bytes()
        path.write_bytes(data[: data.index(b"PK\x01\x02")])
        assert salvage(path).entries == {"a.txt": b"words " * 50, "b.txt": b"more"}

    def test_protection_is_not_repaired(self, tmp_path: Path) -> None:
        data = bytearray(damage.packed({"a.xhtml": b"x"}))
        struct.pack_into("<H", data, 6, 1)
        path = tmp_path / "x"
        path.write_bytes(data)
        with pytest.raises(AuthorFixable, match=r"source\.encrypted"):
            salvage(path)

    def test_bombs_are_not_unpacked(self, tmp_path: Path) -> None:
        path = tmp_path / "x"
        path.write_bytes(damage.packed({"a.xhtml": b"\0" * (20 << 20)}))
        with pytest.raises(AuthorFixable, match=r"source\.zip-bomb"):
            salvage(path)

    def test_too_many_entries_are_refused(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(sys.modules[salvage.__module__], "MAX_ENTRIES", 3)
        path = tmp_path / "x"
        path.write_bytes(damage.packed({f"{number}.txt": b"x" for number in range(4)}))
        with pytest.raises(AuthorFixable, match=r"source\.zip-many-entries"):
            salvage(path)

    def test_links_are_left_out(self, tmp_path: Path) -> None:
        path = tmp_path / "x"
        with zipfile.ZipFile(path, "w") as archive:
            link = zipfile.ZipInfo("a.xhtml")
            link.external_attr = 0o120777 << 16
            archive.writestr(link, b"/etc/passwd")
        saved = salvage(path)
        assert saved.entries == {}
        assert [finding.code for finding in saved.findings] == ["repaired.entry-link", "repaired.archive"]


class _Pipe(io.RawIOBase):
    """Writes through and cannot seek."""

    def __init__(self, stream: io.BufferedWriter) -> None:
        self.stream = stream

    def writable(self) -> bool:
        return True

    def write(self, data: object) -> int:  # type: ignore[override]
        return self.stream.write(data)  # type: ignore[arg-type]

    def flush(self) -> None:
        if not self.stream.closed:
            self.stream.flush()


class TestRebuild:
    def test_what_cannot_be_saved_keeps_its_own_refusal(self, tmp_path: Path) -> None:
        source = tmp_path / "x"
        source.write_bytes(b"PK\x03\x04 nothing more")
        error = AuthorFixable("source.zip-damaged", part="")
        with pytest.raises(AuthorFixable) as caught:
            rebuild.rebuild(source, tmp_path / "y", error)
        assert caught.value is error

    def test_entity_tricks_stay_refused(self, tmp_path: Path) -> None:
        parts = damage.docx_parts()
        parts["word/document.xml"] = b'<!DOCTYPE x [<!ENTITY a "b">]>' + parts["word/document.xml"]
        with pytest.raises(AuthorFixable, match=r"source\.entity-expansion"):
            converted(damage.without_directory(parts), "book.docx", tmp_path, mend=True)

    def test_macros_stay_refused(self, tmp_path: Path) -> None:
        parts = damage.docx_parts()
        types = parts["[Content_Types].xml"]
        parts["[Content_Types].xml"] = types.replace(b"</Types>", b"<!-- macroEnabled --></Types>")
        with pytest.raises(AuthorFixable, match=r"source\.macros"):
            converted(damage.without_directory(parts), "book.docx", tmp_path, mend=True)
