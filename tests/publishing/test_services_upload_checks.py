"""What is refused while it is being uploaded, and what passes."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pikepdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from conversion.engine.gate import admission
from conversion.engine.gate.archive import Archive
from conversion.engine.process import pandoc
from conversion.engine.repair.codes import may_mend
from conversion.models import ConversionJob
from publishing.errors import ManuscriptRefused
from publishing.models import Work
from publishing.services.upload_checks import inspect_manuscript
from tests.conversion.readers.build import docx, epub, p, zipped
from tests.factories.publishing import make_edition, make_work

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_RTF = rb"{\rtf1\ansi The keeper\'92s light.}"
PROGRAM = b"MZ\x90\x00\x03\x00" + bytes(200)


def inspect(data: bytes, name: str) -> None:
    inspect_manuscript(io.BytesIO(data), name)


def a_pdf(*, object_streams: bool, password: str | None = None) -> bytes:
    out, pdf = io.BytesIO(), pikepdf.new()
    pdf.add_blank_page()
    mode = pikepdf.ObjectStreamMode.generate if object_streams else pikepdf.ObjectStreamMode.disable
    lock = pikepdf.Encryption(owner=password, user=password) if password else None
    pdf.save(out, object_stream_mode=mode, encryption=lock)
    return out.getvalue()


def locked_zip(member: str) -> bytes:
    """Python writes no encrypted entries, so the flag is set by hand, in both headers."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(member, "secret")
    data = bytearray(out.getvalue())
    data[6] |= 1
    data[data.find(b"PK\x01\x02") + 8] |= 1
    return bytes(data)


class TestRefuses:
    @pytest.mark.parametrize(
        ("name", "data", "said"),
        [
            ("prog.exe", PROGRAM, "something else: program"),
            ("book.docx", PROGRAM, "something else: program"),
            ("a.jpg", b"\xff\xd8\xff\xe0" + bytes(64), "JPEG picture"),
            ("old.doc", _OLE + bytes(600), "old Office"),
            ("locked.docx", _OLE + "EncryptedPackage".encode("utf-16-le"), "encrypted or protected by a password"),
            ("locked.epub", locked_zip("mimetype"), "encrypted or protected by a password"),
            ("fake.docx", b"plain words, no Word", "is not a valid .docx file"),
            ("blank.txt", b" \n\t\n", "no text"),
            ("a.csv", b"a,b,c", "not supported"),
            ("noise.txt", bytes(range(32)) * 40, "not text"),
            ("program.rtf", PROGRAM, "something else: program"),
        ],
    )
    @pytest.mark.parametrize("has_pandoc", [True, False])
    def test_what_is_no_manuscript(self, name, data, said, has_pandoc, monkeypatch):
        monkeypatch.setattr(pandoc, "program", lambda: Path("/bin/true") if has_pandoc else None)
        with pytest.raises(ManuscriptRefused) as refused:
            inspect(data, name)
        assert said in refused.value.text

    def test_a_plain_zip_but_not_a_damaged_book(self, tmp_path):
        manual = zipped(tmp_path / "manual.zip", {"main.c": "int main;", "readme.txt": "x"}).read_bytes()
        with pytest.raises(ManuscriptRefused, match="plain zip archive"):
            inspect(manual, "a programming manual.zip")
        inspect(zipped(tmp_path / "torn.docx", {"word/document.xml": "<x/>"}).read_bytes(), "torn.docx")

    @pytest.mark.parametrize("object_streams", [True, False])
    def test_a_locked_pdf(self, object_streams):
        inspect(a_pdf(object_streams=object_streams), "a.pdf")
        with pytest.raises(ManuscriptRefused, match="password"):
            inspect(a_pdf(object_streams=object_streams, password="x"), "a.pdf")

    def test_a_locked_odt(self, tmp_path):
        parts: dict[str, str | bytes] = {
            "mimetype": "application/vnd.oasis.opendocument.text",
            "content.xml": "<x/>",
            "META-INF/manifest.xml": "<manifest:encryption-data/>",
        }
        with pytest.raises(ManuscriptRefused, match="password"):
            inspect(zipped(tmp_path / "a.odt", parts).read_bytes(), "a.odt")

    def test_what_only_an_extra_reads_where_it_is_missing(self, monkeypatch):
        monkeypatch.setattr("conversion.engine.process.pandoc.program", lambda: None)
        with pytest.raises(ManuscriptRefused, match="LaTeX files cannot be read on this server"):
            inspect(b"\\documentclass{book}", "a.tex")


class TestPasses:
    def test_manuscripts(self, tmp_path):
        inspect(docx(tmp_path / "a.docx", p("x")).read_bytes(), "a.docx")
        inspect(_RTF, "a.rtf")
        inspect(epub(tmp_path / "a.epub", {"c.xhtml": "<p>x</p>"}).read_bytes(), "a.epub")
        inspect(b"# One\n\nText.\n", "a.md")

    def test_damage_that_a_repair_may_answer(self, tmp_path):
        whole = docx(tmp_path / "a.docx", p("x")).read_bytes()
        inspect(whole[:-30], "cut.docx")
        inspect(b"noise" + whole[5:], "headless.docx")

    def test_unpacks_nothing(self, tmp_path, monkeypatch):
        def fail(self: Archive, *args: object) -> bytes:
            raise AssertionError

        monkeypatch.setattr(Archive, "_unpack", fail)
        inspect(epub(tmp_path / "a.epub", {"c.xhtml": "<p>x</p>"}).read_bytes(), "a.epub")


class TestMayMend:
    """Only damage: "Try to repair it" is no answer to a program."""

    @pytest.mark.parametrize(
        ("name", "data", "may"),
        [
            ("prog.exe", PROGRAM, False),
            ("fake.docx", b"plain words", False),
            ("a.epub", b"%PDF-1.7\n", False),
            ("a.docx", b"PK\x05\x06" + bytes(18), True),
        ],
    )
    def test_by_what_the_gate_saw(self, tmp_path: Path, name, data, may):
        (tmp_path / name).write_bytes(data)
        with pytest.raises(admission.AuthorFixable) as refused:
            admission.admit(tmp_path / name, name)
        assert may_mend(refused.value.code, refused.value.facts) is may


@pytest.mark.django_db
class TestPages:
    def test_a_wrong_file_is_refused_beside_the_field_and_nothing_is_queued(self, client, owner):
        client.force_login(owner)
        response = client.post(reverse("work-create"), {"manuscript": SimpleUploadedFile("prog.exe", PROGRAM)})
        page = response.content.decode()
        assert response.status_code == 422
        assert "This file is not a manuscript but something else: program." in page
        assert not ConversionJob.objects.exists()
        assert not Work.objects.exists()

    def test_what_was_typed_beside_it_stays(self, client, owner):
        client.force_login(owner)
        edition = make_edition(work=make_work(owner=owner))
        data = {"manuscript": SimpleUploadedFile("prog.exe", PROGRAM), "notes": "The last chapter is new."}
        response = client.post(reverse("work-manuscript", args=[edition.work.public_id]), data)
        assert response.status_code == 422
        assert "The last chapter is new." in response.content.decode()
        assert edition.work.manuscripts.count() == 1
