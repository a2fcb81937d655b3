"""EPUBs from elsewhere, and the own books that are made of them."""

from __future__ import annotations

import io
import zipfile

from allauth.account.models import EmailAddress
from PIL import Image

from accounts.models import User
from common import clock
from conversion import services as conversion_services
from conversion.engine.book.model import Contributor
from conversion.models import ConversionJob, JobResult, JobState
from publishing.selectors import has_confirmed_address
from storefront.own_books.models import OwnBook
from storefront.own_books.services import finishing, uploads
from tests.factories.conversion import make_artifact, web_zip

_CONTAINER = (
    '<?xml version="1.0"?><container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
    '<rootfile full-path="OEBPS/book.opf" media-type="application/oebps-package+xml"/></rootfiles></container>'
)
_CHAPTER = (
    '<html xmlns="http://www.w3.org/1999/xhtml"><head><title>One</title><script>alert(1)</script></head><body>'
    "<h1>The Cellar</h1><p onclick='alert(2)'>{words} Rain fell on the roof all night, and nobody came down.</p>"
    "<p>In the morning the door stood open.</p></body></html>"
)
DRM = (
    '<encryption xmlns="urn:oasis:names:tc:opendocument:xmlns:container" xmlns:enc="http://www.w3.org/2001/04/xmlenc#">'
    '<enc:EncryptedData><enc:EncryptionMethod Algorithm="http://www.w3.org/2001/04/xmlenc#aes128-cbc"/><enc:CipherData>'
    '<enc:CipherReference URI="OEBPS/one.xhtml"/></enc:CipherData></enc:EncryptedData></encryption>'
)


def epub(title: str = "Zanzibar Moth Ledger", *, author: str = "Quill Marrow", words: str = "", more=()) -> io.BytesIO:
    """A whole small EPUB with a cover, and a script that no reader may run."""
    package = (
        '<package xmlns="http://www.idpf.org/2007/opf" version="3.0" unique-identifier="id"><metadata '
        'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:identifier id="id">urn:uuid:'
        "11111111-2222-3333-4444-555555555555</dc:identifier>"
        f"<dc:title>{title}</dc:title><dc:creator>{author}</dc:creator><dc:language>en</dc:language></metadata>"
        '<manifest><item id="c" href="one.xhtml" media-type="application/xhtml+xml"/><item id="i" href="cover.jpg" '
        'media-type="image/jpeg" properties="cover-image"/><item id="n" href="nav.xhtml" properties="nav" '
        'media-type="application/xhtml+xml"/></manifest><spine><itemref idref="c"/></spine></package>'
    )
    nav = (
        '<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops"><head><title>n</title>'
        '</head><body><nav epub:type="toc"><ol><li><a href="one.xhtml">The Cellar</a></li></ol></nav></body></html>'
    )
    out = io.BytesIO()
    files = [
        ("mimetype", "application/epub+zip"),
        ("META-INF/container.xml", _CONTAINER),
        ("OEBPS/book.opf", package),
        ("OEBPS/nav.xhtml", nav),
        ("OEBPS/one.xhtml", _CHAPTER.format(words=words)),
        ("OEBPS/cover.jpg", _picture("JPEG")),
        *more,
    ]
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in files:  # equal ones have equal bytes
            way = zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED
            archive.writestr(zipfile.ZipInfo(name), content, way)
    out.seek(0)
    return out


def _picture(kind: str) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (400, 600), "#246").save(out, kind)
    return out.getvalue()


def add_own_book(
    owner: User, title: str = "Zanzibar Moth Ledger", *, author: str = "Quill Marrow", name: str = "moth_ledger.epub"
) -> OwnBook:
    """An own book whose file waits for the converter; its owner has a confirmed address."""
    if not has_confirmed_address(owner):
        EmailAddress.objects.create(user=owner, email=owner.email, verified=True, primary=True)
    return uploads.add(actor=owner, content=epub(title, author=author), name=name, at=clock.now())


def make_own_book(
    owner: User, title: str = "Zanzibar Moth Ledger", *, author: str = "Quill Marrow", name: str = "moth_ledger.epub"
) -> OwnBook:
    """An own book that is ready, without running the engine."""
    book = add_own_book(owner, title, author=author, name=name)
    job = book.edition.job
    words = "<h1>The Cellar</h1><p>Rain fell all night.</p>"
    make_artifact(job, kind="web", content=web_zip(("The Cellar",), c1=words))
    make_artifact(job, kind="own-cover", content=_picture("WEBP"))
    result = JobResult(title=title, language="en", contributors=(Contributor(author),), source_format="epub")
    ConversionJob.objects.filter(pk=job.pk).update(state=JobState.DONE, result=result, finished_at=clock.now())
    finishing.finish_all(at=clock.now())
    return _with_rows(book)


def convert(book: OwnBook) -> OwnBook:
    """Make the book ready by the real engine."""
    conversion_services.run_conversion(job_id=book.edition.job_id)
    finishing.finish_all(at=clock.now())
    return _with_rows(book)


def _with_rows(book: OwnBook) -> OwnBook:
    return OwnBook.objects.select_related("edition__work", "edition__job", "edition__manuscript").get(pk=book.pk)
