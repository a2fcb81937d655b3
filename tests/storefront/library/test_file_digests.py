"""By which digests KOReader knows the files of books, noted before a file is handed out."""

from __future__ import annotations

import io

import pytest

from common import clock, storage
from publishing.models import EditionState
from storefront.checkout.models import Entitlement
from storefront.library.models import DigestKind, FileDigest
from storefront.library.selectors.file_digests import file_with
from storefront.library.services import downloads, file_digests
from tests.factories.accounts import make_reader
from tests.factories.buying import add_edition, buy, make_book
from tests.storefront.devices.kosync_client import md5, partial_md5

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("postman")]

SIZES = (0, 1, 1023, 1024, 1025, 4096, 5000, 70_000, 300_000)


@pytest.mark.parametrize("size", SIZES)
def test_the_digest_is_koreaders(size: int) -> None:
    content = bytes(number * 7919 % 251 for number in range(size))
    assert file_digests.partial_md5(io.BytesIO(content)) == partial_md5(content)


def test_a_short_last_sample_counts_as_it_is() -> None:
    assert file_digests.partial_md5(io.BytesIO(b"a" * 1100)) == md5("a" * 1024 + "a" * 76)


def epub_of(edition):
    return edition.job.artifacts.get(kind="epub")


def content_of(artifact) -> bytes:
    with storage.private().open(artifact.file, "rb") as file:
        return file.read()


class TestHandingOut:
    def test_notes_content_and_names_once(self, reader, book, django_assert_num_queries):
        buy(reader, book)
        artifact = epub_of(book)
        link = downloads.download_link(actor=reader, work_id=book.work.public_id, artifact_id=artifact.public_id)
        token = link.rstrip("/").rpartition("/")[2]
        for _time in range(2):
            downloads.open_link(actor=reader, token=token)
        rows = set(FileDigest.objects.values_list("artifact", "kind", "digest"))
        assert rows == {
            (artifact.pk, DigestKind.CONTENT, partial_md5(content_of(artifact))),
            (artifact.pk, DigestKind.NAME, md5("The Lighthouse.epub")),
            (artifact.pk, DigestKind.NAME, md5(f"{book.work.slug}.epub")),
        }
        with django_assert_num_queries(1):
            file_digests.note_handed_out(artifact=artifact, names=("The Lighthouse.epub",))

    def test_a_lost_file_stops_nothing(self, reader, book):
        artifact = epub_of(book)
        storage.private().delete(artifact.file)
        file_digests.note_handed_out(artifact=artifact, names=("a.epub",))
        assert [row.kind for row in FileDigest.objects.all()] == [DigestKind.NAME]


class TestNoteMissing:
    def test_notes_what_was_downloaded_before(self, book):
        older = make_book()
        older.state = EditionState.SUPERSEDED
        older.save()
        draft = make_book()
        draft.state, draft.published_at = EditionState.DRAFT, None
        draft.save()
        file_digests.note_missing()
        noted = set(FileDigest.objects.values_list("artifact__job", flat=True))
        assert noted == {book.job_id, older.job_id}
        count = FileDigest.objects.count()
        file_digests.note_missing()
        assert FileDigest.objects.count() == count


class TestFileWith:
    @pytest.fixture
    def digest(self, reader, book) -> str:
        buy(reader, book)
        file_digests.note_handed_out(artifact=epub_of(book), names=("The Lighthouse.epub",))
        return partial_md5(content_of(epub_of(book)))

    def test_is_the_buyers_alone(self, reader, book, digest):
        found = file_with(user=reader, digest=digest)
        assert found is not None
        assert (found.edition, found.artifact) == (book, epub_of(book))
        assert file_with(user=make_reader(), digest=digest) is None
        assert file_with(user=reader, digest=md5("?")) is None
        Entitlement.objects.filter(user=reader).update(ended_at=clock.now())
        assert file_with(user=reader, digest=digest) is None

    def test_an_older_edition_stays_itself(self, reader, book, digest):
        newer = add_edition(book.work)
        artifact = epub_of(newer)
        FileDigest.objects.create(artifact=artifact, kind=DigestKind.CONTENT, digest=md5("newer"))
        assert file_with(user=reader, digest=md5("newer")).edition == newer
        assert file_with(user=reader, digest=digest).edition == book

    def test_a_name_of_two_editions_means_the_newest_and_of_two_books_none(self, reader, book, digest):
        newer = add_edition(book.work)
        file_digests.note_handed_out(artifact=epub_of(newer), names=("The Lighthouse.epub",))
        name = md5("The Lighthouse.epub")
        assert file_with(user=reader, digest=name).edition == newer
        other = make_book()
        file_digests.note_handed_out(artifact=epub_of(other), names=("The Lighthouse.epub",))
        assert file_with(user=reader, digest=name).edition == newer, "they have not bought it"
        buy(reader, other)
        assert file_with(user=reader, digest=name) is None
