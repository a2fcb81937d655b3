"""A file from elsewhere: through the gate onto its owner's shelf, read with notes, and away again."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import Deletion
from common import clock, storage
from conversion.errors import TooManyOpenJobs
from conversion.models import Artifact, ConversionJob, JobState
from conversion.services import jobs as conversion_jobs
from publishing import permissions as publishing_permissions
from publishing.models import Contributor, Edition, Manuscript, Work
from storefront.checkout import permissions as checkout_permissions
from storefront.library.models import FileDigest
from storefront.library.services.file_digests import partial_md5
from storefront.own_books.errors import (
    AddressUnconfirmed,
    AlreadyThere,
    FileEmpty,
    FileProtected,
    FileRefused,
    FileTooLarge,
    NoSpaceLeft,
    NotAnEpub,
    NothingToRetry,
)
from storefront.own_books.models import BookState, OwnBook
from storefront.own_books.services import account_deletion, removal, uploads
from storefront.reading.models import Note
from storefront.shelf.selectors.books import shelf_of
from tests.factories.accounts import make_member, make_operator, make_reader
from tests.factories.own_books import DRM, add_own_book, convert, epub, make_own_book
from tests.factories.reading import make_note

pytestmark = pytest.mark.django_db


def add(owner, content, name="book.epub"):
    return uploads.add(actor=owner, content=content, name=name, at=clock.now())


def stored_files(book):
    names = {book.edition.manuscript.file, *book.edition.job.artifacts.values_list("file", flat=True)}
    return [name for name in names if storage.private().exists(name)]


class TestTheWholeWay:
    def test_from_the_form_to_the_reader_by_the_real_engine(self, at_home, owner):
        upload = SimpleUploadedFile("moth.epub", epub().getvalue(), content_type="application/epub+zip")
        assert at_home.post("/library/own/", {"file": upload}).status_code == 422  # without the statement
        upload.seek(0)
        sent = at_home.post("/library/own/", {"file": upload, "may_have": "on"})
        own = OwnBook.objects.get(owner=owner)
        work = own.edition.work
        assert sent.url == f"/library/own/{work.public_id}/"
        waiting = at_home.get(sent.url)
        assert waiting["Refresh"]
        assert "making it ready" in waiting.content.decode()

        own = convert(own)
        assert at_home.get(sent.url).url == f"/library/{work.public_id}/"
        assert (own.edition.work.title, own.edition.work.language) == ("Zanzibar Moth Ledger", "en")
        assert list(own.edition.work.contributors.values_list("name", "user")) == [("Quill Marrow", None)]
        shelf = at_home.get("/library/").content.decode()
        assert "Zanzibar Moth Ledger" in shelf
        assert "Quill Marrow" in shelf
        cover = at_home.get(f"/library/own/{work.public_id}/cover.webp")
        assert (cover.status_code, cover["Content-Type"]) == (200, "image/webp")
        assert b"".join(cover).startswith(b"RIFF")
        assert not Artifact.objects.filter(job=own.edition.job, kind__in=["cover", "thumbnail"]).exists()

        reader = at_home.get(f"/read/{own.edition.work.slug}/")
        assert reader.status_code == 200
        assert 'data-panel="typo"' not in reader.content.decode()
        assert at_home.get(f"/read/{own.edition.work.slug}/book.json").json()["takes_typos"] is False
        chapter = at_home.get(f"/read/{own.edition.work.slug}/plain/").content.decode()
        assert "The Cellar" in chapter
        assert f'href="/books/{own.edition.work.slug}/"' not in chapter
        page = at_home.get(f"/library/{work.public_id}/").content.decode()
        assert "Your own file" in page
        original = own.edition.job.artifacts.get(kind="epub")
        assert f"/library/{work.public_id}/{original.public_id}/" in page
        got = at_home.get(f"/library/{work.public_id}/{original.public_id}/", follow=True)
        assert b"".join(got) == epub().getvalue()
        assert got["Content-Disposition"].startswith("attachment")

    def test_what_the_reader_gets_has_no_scripts(self, owner):
        own = convert(add(owner, epub()))
        web = own.edition.job.artifacts.get(kind="web")
        with storage.private().open(web.file) as file, zipfile.ZipFile(file) as archive:
            words = b"".join(archive.read(name) for name in archive.namelist() if name.endswith(".xhtml"))
        assert b"Rain fell" in words
        assert b"alert" not in words

    def test_koreader_knows_the_file_before_it_is_downloaded(self, owner):
        own = make_own_book(owner)
        digests = set(FileDigest.objects.filter(artifact__job=own.edition.job).values_list("digest", flat=True))
        assert partial_md5(epub()) in digests


class TestGate:
    @pytest.mark.parametrize(
        ("content", "name", "error"),
        [
            (io.BytesIO(b""), "a.epub", FileEmpty),
            (io.BytesIO(b"# A story\n"), "a.md", NotAnEpub),
            (io.BytesIO(b"MZ\x90\x00" + b"\0" * 400), "a.epub", NotAnEpub),
            (epub(more=[("META-INF/encryption.xml", DRM)]), "a.epub", FileProtected),
            (epub(more=[("OEBPS/bomb.css", b"\0" * (130 << 20))]), "a.epub", FileRefused),
        ],
        ids=["empty", "text", "program", "drm", "bomb"],
    )
    def test_refuses(self, owner, content, name, error):
        with pytest.raises(error):
            add(owner, content, name)
        assert not Work.with_personal.filter(owner=owner).exists()

    def test_says_what_to_do_about_drm(self, at_home):
        upload = SimpleUploadedFile("a.epub", epub(more=[("META-INF/encryption.xml", DRM)]).getvalue())
        sent = at_home.post("/library/own/", {"file": upload, "may_have": "on"})
        assert sent.status_code == 422
        assert "Ask that shop for a file without DRM" in sent.content.decode()

    def test_needs_a_confirmed_address(self):
        with pytest.raises(AddressUnconfirmed):
            add(make_reader(), epub())

    def test_the_same_file_twice_is_told(self, owner):
        add_own_book(owner)
        with pytest.raises(AlreadyThere):
            add_own_book(owner)
        assert OwnBook.objects.count() == 1

    def test_another_persons_same_file_is_a_book_of_its_own(self, owner):
        first, second = add_own_book(owner), add_own_book(make_member())
        assert first.edition.manuscript.file != second.edition.manuscript.file

    def test_space(self, owner, settings):
        size = len(epub().getvalue())
        settings.MAX_OWN_BOOKS_BYTES = size + 10
        add_own_book(owner)
        with pytest.raises(NoSpaceLeft):
            add(owner, epub("Another"))
        settings.MAX_MANUSCRIPT_BYTES = 100
        with pytest.raises(FileTooLarge):
            add(owner, epub("A Third"))

    def test_a_file_for_which_there_is_no_turn_leaves_nothing_behind(self, owner, settings):
        settings.MAX_OPEN_JOBS = 1
        own = add_own_book(owner)
        with pytest.raises(TooManyOpenJobs):
            add(owner, epub("Another"))
        folder = Path(storage.private().path(own.edition.manuscript.file)).parents[1]
        assert [path.name for path in folder.rglob("*.epub")] == [f"{own.sha256}.epub"]

    def test_takes_nothing_from_the_space_of_an_authors_drafts(self, owner, settings):
        from publishing.services import quotas

        add_own_book(owner)
        settings.MAX_DRAFT_BYTES = settings.MAX_UPLOAD_BYTES_PER_DAY = 100
        quotas.require_upload(actor=owner, size_bytes=50, at=clock.now())


class TestFailure:
    def test_is_shown_and_not_mailed(self, at_home, owner, mailoutbox):
        own = add_own_book(owner)
        failed = {"state": JobState.FAILED, "failure_code": "source.encrypted", "finished_at": clock.now()}
        ConversionJob.objects.filter(pk=own.edition.job_id).update(**failed)
        conversion_jobs.retry_stuck()
        assert not mailoutbox
        page = at_home.get(f"/library/own/{own.edition.work.public_id}/").content.decode()
        assert "protected with DRM" in page
        assert own.edition.work.pk not in {book.pk for book in shelf_of(owner)}

    def test_can_be_tried_again(self, at_home, owner):
        own = add_own_book(owner)
        before = own.edition.job_id
        with pytest.raises(NothingToRetry):
            uploads.retry(actor=owner, work_id=own.edition.work.public_id, at=clock.now())
        ConversionJob.objects.filter(pk=before).update(state=JobState.FAILED, failure_code="job.crashed")
        at_home.post(f"/library/own/{own.edition.work.public_id}/retry/")
        own = OwnBook.objects.select_related("edition__job", "edition__manuscript").get(pk=own.pk)
        assert own.state == BookState.MAKING
        assert not ConversionJob.objects.filter(pk=before).exists()
        assert storage.private().exists(own.edition.manuscript.file)


class TestRemoval:
    def test_takes_rows_files_and_notes(self, at_home, owner, django_capture_on_commit_callbacks):
        own = make_own_book(owner)
        make_note(owner, own.edition, "Rain fell")
        files, job = stored_files(own), own.edition.job_id
        assert len(files) == 3
        address = f"/library/own/{own.edition.work.public_id}/remove/"
        assert "1 note" in at_home.get(address).content.decode()
        with django_capture_on_commit_callbacks(execute=True):
            assert at_home.post(address, {"notes": "delete"}).status_code == 302
        assert not any(storage.private().exists(name) for name in files)
        for rows in (OwnBook.objects, Work.with_personal.filter(is_personal=True), Note.objects, Manuscript.objects):
            assert not rows.exists()
        assert not ConversionJob.objects.filter(pk=job).exists()

    def test_may_keep_the_notes_until_the_file_comes_back(self, at_home, owner, django_capture_on_commit_callbacks):
        own = make_own_book(owner)
        note = make_note(owner, own.edition, "Rain fell")
        files, work = stored_files(own), own.edition.work
        with django_capture_on_commit_callbacks(execute=True):
            removal.remove(actor=owner, work_id=work.public_id, keeps_notes=True, at=clock.now())
        assert not any(storage.private().exists(name) for name in files)
        assert not shelf_of(owner)
        assert at_home.get(f"/read/{work.slug}/").status_code == 404
        notes = at_home.get(f"/reading/notes/{work.public_id}/")
        assert (notes.status_code, "Rain fell" in notes.content.decode()) == (200, True)
        assert "kept your notes" in at_home.get(f"/library/own/{work.public_id}/").content.decode()

        back = add_own_book(owner)
        assert (back.edition.work.pk, back.state) == (work.pk, BookState.MAKING)
        assert Note.objects.live().get().pk == note.pk

    def test_of_a_book_without_notes_asks_nothing(self, at_home, owner):
        own = make_own_book(owner)
        assert at_home.post(f"/library/own/{own.edition.work.public_id}/remove/").status_code == 302
        assert not OwnBook.objects.exists()

    def test_ends_with_the_account(self, owner):
        own, others = make_own_book(owner), make_own_book(make_member())
        make_note(owner, own.edition, "Rain fell")
        account_deletion.erase(Deletion(user=owner), clock.now())
        assert [book.pk for book in OwnBook.objects.all()] == [others.pk]
        assert not Work.with_personal.filter(owner=owner).exists()


class TestNobodyElse:
    def test_works_and_editions_are_in_no_list(self, owner):
        own = make_own_book(owner)
        assert not Work.objects.filter(pk=own.edition.work_id).exists()
        assert not Edition.objects.filter(pk=own.edition_id).exists()
        assert not owner.works.exists()
        assert not own.edition.work.editions.exists()

    def test_nobody_publishes_or_inspects_it(self, owner):
        work = make_own_book(owner).edition.work
        for person in (owner, make_operator()):
            assert not publishing_permissions.may_see(person, work)
            assert not publishing_permissions.may_publish(person, work)
        assert checkout_permissions.may_download(owner, work)
        for person in (make_member(), make_operator()):
            assert not checkout_permissions.may_read(person, work)

    def test_credits_of_its_authors_are_nobodys(self, owner):
        namesake = make_member(display_name="Quill Marrow")
        make_own_book(owner)
        assert not Contributor.objects.filter(user=namesake).exists()
