"""The gate: formats by content, and archives that no two programs could read differently."""

from __future__ import annotations

import re
import struct
import zipfile
from pathlib import Path

import pytest

from conversion import messages
from conversion.engine.errors import AuthorFixable
from conversion.engine.gate import admission, archive
from conversion.engine.gate.admission import SourceFormat
from tests.conversion.readers.build import docx, epub, p, zipped


def _file(folder: Path, name: str, data: bytes) -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


def _refusal(path: Path, name: str = "") -> str:
    with pytest.raises(AuthorFixable) as caught:
        admission.identify(path, name or path.name)
    title, advice = messages.MESSAGES[caught.value.code]
    title.format(**caught.value.facts)  # every fact of the sentence is there
    assert advice
    return caught.value.code


class TestIdentify:
    @pytest.mark.parametrize(
        ("name", "data", "expected"),
        [
            ("a.md", b"# One\n\nText", SourceFormat.MARKDOWN),
            ("a.txt", b"Chapter One\n\nText", SourceFormat.TXT),
            ("noextension", b"Just text", SourceFormat.TXT),
            ("a.txt", b"<!DOCTYPE html><html><body><p>x</p></body></html>", SourceFormat.HTML),
            ("a.html", b"<p>x</p>", SourceFormat.HTML),
            ("a.html", b"no tag at all", SourceFormat.TXT),
            ("a.rtf", b"{\\rtf1 hello}", SourceFormat.RTF),
            ("a.doc", b"\xef\xbb\xbf\n{\\rtf1 hello}", SourceFormat.RTF),
            ("book.xyz", b"<html><body><p>x</p></body></html>", SourceFormat.HTML),
        ],
    )
    def test_tells_texts_apart(self, tmp_path: Path, name: str, data: bytes, expected: SourceFormat) -> None:
        assert admission.identify(_file(tmp_path, name, data), name) is expected

    def test_sees_containers_whatever_their_name(self, tmp_path: Path) -> None:
        assert admission.identify(docx(tmp_path / "a.epub", p("x")), "a.epub") is SourceFormat.DOCX
        assert admission.identify(epub(tmp_path / "b.docx", {"c.xhtml": "<p>x</p>"}), "b.docx") is SourceFormat.EPUB
        odt = {"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": "<x/>"}
        assert admission.identify(zipped(tmp_path / "c.zip", odt), "c.zip") is SourceFormat.ODT

    @pytest.mark.parametrize(
        ("name", "data", "code"),
        [
            ("a.docx", b"", "source.empty"),
            ("a.txt", b" \n\t \n", "source.no-text"),
            ("a.docx", b"MZ\x90\x00\x03\x00", "source.not-a-manuscript"),
            ("a.md", b"\x1f\x8b\x08\x00rest", "source.not-a-manuscript"),
            ("a.epub", b"%PDF-1.7\n", "source.type-mismatch"),
            ("a.tex", b"\\documentclass{book}", "source.type-unsupported"),
            ("a.txt", b"\\documentclass{book}\n\\begin{document}", "source.type-unsupported"),
            ("a.docx", b"plain words", "source.type-mismatch"),
            ("a.csv", b"a,b,c", "source.type-unsupported"),
            ("a.txt", b"ab\x00\x00\x01\x02cd", "source.binary"),
            ("a.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "source.type-legacy-office"),
            (
                "a.docx",
                b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
                "source.encrypted",
            ),
            ("a.docx", b"PK\x05\x06" + bytes(18), "source.zip-damaged"),
        ],
    )
    def test_refuses_with_the_reason(self, tmp_path: Path, name: str, data: bytes, code: str) -> None:
        assert _refusal(_file(tmp_path, name, data)) == code

    def test_words_that_look_like_a_signature_are_words(self, tmp_path: Path) -> None:
        assert admission.identify(_file(tmp_path, "a.md", b"MZ was his monogram."), "a.md") is SourceFormat.MARKDOWN

    @pytest.mark.parametrize("name", ["a.docx", "a.epub", "a.odt", "a.zip"])
    def test_refuses_what_is_two_formats_at_once(self, tmp_path: Path, name: str) -> None:
        """Word would show one book, a reading system another."""
        office: dict[str, bytes | str] = {"[Content_Types].xml": "<Types/>", "word/document.xml": "<x/>"}
        both = epub(tmp_path / name, {"c.xhtml": "<p>x</p>"}, parts=office)
        assert _refusal(both) == "source.two-formats"
        open_document = {"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": "<x/>"}
        for other in (office, {"META-INF/container.xml": "<x/>"}):
            assert _refusal(zipped(tmp_path / f"b-{name}", open_document | other)) == "source.two-formats"

    def test_refuses_macros(self, tmp_path: Path) -> None:
        types = '<Types><Override ContentType="application/vnd.ms-word.document.macroEnabled.main+xml"/></Types>'
        assert _refusal(zipped(tmp_path / "a.docm", {"[Content_Types].xml": types})) == "source.macros"

    def test_refuses_other_zips(self, tmp_path: Path) -> None:
        assert _refusal(zipped(tmp_path / "a.epub", {"readme.txt": "x"})) == "source.not-a-manuscript"

    def test_refuses_drm_but_not_obfuscated_fonts(self, tmp_path: Path) -> None:
        def locked(name: str, algorithm: str) -> Path:
            encryption = (
                '<encryption xmlns="urn:oasis:names:tc:opendocument:xmlns:container">'
                '<EncryptedData xmlns="http://www.w3.org/2001/04/xmlenc#">'
                f'<EncryptionMethod Algorithm="{algorithm}"/></EncryptedData></encryption>'
            )
            parts: dict[str, bytes | str] = {"META-INF/encryption.xml": encryption}
            return epub(tmp_path / name, {"c.xhtml": "<p>x</p>"}, parts=parts)

        fonts = locked("fonts.epub", "http://www.idpf.org/2008/embedding")
        assert admission.identify(fonts, fonts.name) is SourceFormat.EPUB
        assert _refusal(locked("drm.epub", "http://www.w3.org/2001/04/xmlenc#aes256-cbc")) == "source.encrypted"


class TestArchive:
    def _good(self, folder: Path) -> bytes:
        return zipped(
            folder / "good.docx", {"[Content_Types].xml": "<Types/>", "word/document.xml": "x" * 500}
        ).read_bytes()

    def test_reads_entries_by_name(self, tmp_path: Path) -> None:
        with archive.open_archive(_file(tmp_path, "a.zip", self._good(tmp_path))) as opened:
            assert opened.read("word/document.xml") == b"x" * 500
            assert "missing" not in opened
            with pytest.raises(AuthorFixable, match=re.escape("source.part-missing")):
                opened.read("missing")

    def _code(self, folder: Path, data: bytes) -> str:
        with pytest.raises(AuthorFixable) as caught:
            archive.open_archive(_file(folder, "bad.zip", data))
        return caught.value.code

    def test_refuses_a_truncated_file(self, tmp_path: Path) -> None:
        data = self._good(tmp_path)
        assert self._code(tmp_path, data[: len(data) * 6 // 10]) == "source.zip-damaged"

    def test_refuses_data_before_and_after(self, tmp_path: Path) -> None:
        data = self._good(tmp_path)
        assert self._code(tmp_path, b"%PDF-1.4\n" + data) == "source.zip-overlap"
        assert self._code(tmp_path, data + b"x" * 200) == "source.zip-overlap"

    def test_refuses_flipped_bits_in_any_entry(self, tmp_path: Path) -> None:
        data = bytearray(self._good(tmp_path))
        place = data.index(b"word/document.xml") + len("word/document.xml") + 2
        data[place] ^= 0xFF
        assert self._code(tmp_path, bytes(data)) == "source.zip-damaged"

    def test_refuses_a_name_that_differs_between_headers(self, tmp_path: Path) -> None:
        data = self._good(tmp_path).replace(b"word/document.xml", b"word/EVILTWIN.xml", 1)
        assert self._code(tmp_path, data) == "source.zip-header-mismatch"

    @pytest.mark.filterwarnings("ignore:Duplicate name")
    def test_refuses_a_name_that_comes_twice(self, tmp_path: Path) -> None:
        path = tmp_path / "twice.zip"
        with zipfile.ZipFile(path, "w") as container:
            container.writestr("a.xml", "one")
            container.writestr("a.xml", "two")
        assert self._code(tmp_path, path.read_bytes()) == "source.zip-duplicate"

    @pytest.mark.parametrize("name", ["../a.xml", "/etc/a.xml", "a/../../b", "C:/a.xml"])
    def test_refuses_paths_that_lead_outside(self, tmp_path: Path, name: str) -> None:
        data = zipped(tmp_path / "slip.zip", {"a": "x", name: "y"}).read_bytes()
        assert self._code(tmp_path, data) == "source.zip-traversal"

    def test_refuses_links(self, tmp_path: Path) -> None:
        path = tmp_path / "link.zip"
        info = zipfile.ZipInfo("c1.xhtml")
        info.external_attr = 0o120777 << 16
        with zipfile.ZipFile(path, "w") as container:
            container.writestr(info, "/etc/passwd")
        assert self._code(tmp_path, path.read_bytes()) == "source.zip-link"

    def test_refuses_encryption(self, tmp_path: Path) -> None:
        data = bytearray(self._good(tmp_path))
        place = data.index(b"PK\x01\x02") + 8
        data[place] |= 1
        assert self._code(tmp_path, bytes(data)) == "source.encrypted"

    def test_refuses_other_compressions(self, tmp_path: Path) -> None:
        path = tmp_path / "bz.zip"
        with zipfile.ZipFile(path, "w", zipfile.ZIP_BZIP2) as container:
            container.writestr("a.xml", "x" * 100)
        assert self._code(tmp_path, path.read_bytes()) == "source.zip-method"

    def test_refuses_bombs_before_unpacking(self, tmp_path: Path) -> None:
        data = zipped(tmp_path / "bomb.zip", {"word/document.xml": b"\0" * (archive.RATIO_FROM_BYTES + 1)}).read_bytes()
        assert self._code(tmp_path, data) == "source.zip-bomb"

    def test_never_inflates_past_the_declared_size(self, tmp_path: Path) -> None:
        data = bytearray(zipped(tmp_path / "lie.zip", {"a.xml": b"\0" * 5_000_000}).read_bytes())
        for signature, offset in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
            struct.pack_into("<I", data, data.index(signature) + offset, 500)
        assert self._code(tmp_path, bytes(data)) == "source.zip-damaged"

    def test_refuses_very_many_entries(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(archive, "MAX_ENTRIES", 3)
        data = zipped(tmp_path / "many.zip", {f"{n}.xml": "x" for n in range(4)}).read_bytes()
        assert self._code(tmp_path, data) == "source.zip-many-entries"
