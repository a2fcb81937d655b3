"""Files that members give each other: what passes, what is refused, and how they are sent."""

from __future__ import annotations

import io
import zipfile
from hashlib import sha256
from pathlib import Path

import pytest
from PIL import Image

from accounts.models import User
from common import storage
from hiring import shared_files
from tests.factories.accounts import make_member, make_reader

pytestmark = pytest.mark.django_db


@pytest.fixture
def member() -> User:
    return make_member()


def picture(kind: str) -> bytes:
    content = io.BytesIO()
    Image.new("RGB", (8, 8), "red").save(content, kind)
    return content.getvalue()


def zipped(*names: str) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name in names:
            archive.writestr(name, b"0123456789")
    return content.getvalue()


def encrypted() -> bytes:
    """Return an archive whose only entry says that it has a password."""
    plain = bytearray(zipped("a"))
    for start, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        plain[plain.index(start) + at] |= 1
    return bytes(plain)


def stored(member: User, content: bytes, name: str, *, most_bytes: int = 1 << 20) -> storage.Stored:
    given = io.BytesIO(content)
    return shared_files.store(actor=member, content=given, name=name, folder="shared", most_bytes=most_bytes)


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"%PDF-1.7\n\x00\x01", "proof.pdf"),
        (b"{\\rtf1 words}", "chapter.rtf"),
        (b"8BPS\x00\x01\x00\x00", "cover.psd"),
        (b"\xc5\xd0\xd3\xc6\x20\x00", "cover.eps"),
        ("Über den Wolken\r\n".encode(), "chapter.txt"),
        ("Über den Wolken\n".encode("latin-1"), "chapter.txt"),
        ("Words".encode("utf-16"), "chapter.txt"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "drawing.svg"),
        (zipped("word/document.xml"), "chapter.docx"),
        *((picture(kind), f"cover.{kind.lower()}") for kind in ("PNG", "JPEG", "GIF", "WEBP", "TIFF", "AVIF")),
    ],
    ids=lambda part: part if isinstance(part, str) else "",
)
def test_formats_of_the_trade_pass(member: User, content: bytes, name: str) -> None:
    found = stored(member, content, name)
    assert (found.name, found.size_bytes, found.sha256) == (name, len(content), sha256(content).hexdigest())
    with storage.private().open(found.file) as kept:
        assert kept.read() == content


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"MZ\x90\x00\x03", "cover.png"),
        (b"\x7fELF\x02\x01\x01\x00", "chapter.docx"),
        (b"\xcf\xfa\xed\xfe\x07\x00", "chapter"),
        (b"#!/bin/sh\nrm -rf ~\n", "chapter.txt"),
        (b"alert(1)", "chapter.txt.js"),
        (b"alert(1)", "chapter.JS. "),
        (b"words", "chapter.lnk"),
        (b"words\x00words", "chapter.txt"),
        (b"Rar!\x1a\x07\x00", "all.rar"),
        (b"PK\x03\x04 cut off", "all.zip"),
        (zipped(), "all.zip"),
        (zipped("setup.exe"), "all.zip"),
        (zipped("word/vbaProject.bin"), "chapter.docx"),
        (zipped("../escape"), "all.zip"),
        (encrypted(), "all.zip"),
    ],
    ids=lambda part: part if isinstance(part, str) else "",
)
def test_everything_else_is_refused(member: User, content: bytes, name: str) -> None:
    with pytest.raises(shared_files.FileRefused):
        stored(member, content, name)
    assert not [path for path in Path(storage.private().path("")).rglob("shared/*") if path.is_file()]


def test_an_archive_that_unpacks_to_gigabytes_is_refused(member: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shared_files, "_MAX_UNPACKED_BYTES", 10)
    assert stored(member, zipped("a"), "all.zip")
    with pytest.raises(shared_files.FileRefused):
        stored(member, zipped("a", "b"), "all.zip")


def test_sizes(member: User) -> None:
    with pytest.raises(shared_files.FileEmpty, match=r"chapter\.txt"):
        stored(member, b"", "chapter.txt")
    assert stored(member, b"12345", "chapter.txt", most_bytes=5)
    with pytest.raises(shared_files.FileTooLarge):
        stored(member, b"123456", "chapter.txt", most_bytes=5)


def test_an_unconfirmed_address_sends_no_files() -> None:
    with pytest.raises(shared_files.AddressUnconfirmed):
        stored(make_reader(), b"words", "chapter.txt")


def test_is_sent_to_be_saved_and_runs_nothing(member: User) -> None:
    found = stored(member, b"<script>alert(1)</script>", "../a\r\nb.html")
    answer = shared_files.attachment(shared_files.SharedFile(found.file, found.sha256, found.name))
    assert answer["Content-Disposition"] == 'attachment; filename="ab.html"'
    assert answer["Content-Type"] == "application/octet-stream"
    assert "sandbox" in answer["Content-Security-Policy"]
    answer.close()


def test_a_damaged_file_is_not_sent(member: User) -> None:
    found = stored(member, b"words", "chapter.txt")
    Path(storage.private().path(found.file)).write_bytes(b"wordz")
    with pytest.raises(storage.FileDamaged):
        shared_files.attachment(shared_files.SharedFile(found.file, found.sha256, found.name))
