"""What readers see of an edition whose PDFs are still being made, or could not be made."""

from __future__ import annotations

import pytest

from conversion.models import JobState
from publishing import hooks
from publishing import services as publishing_services
from storefront.catalogue.models import Listing
from storefront.library.selectors import library as library_selectors
from tests.factories.buying import add_edition, buy, make_book
from tests.factories.later_pdfs import PDFS, bring_pdfs, wait_for_pdfs

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("postman")]


@pytest.fixture
def corrected(reader, book):
    """The edition after the one that the reader bought."""
    buy(reader, book)
    return add_edition(book.work)


def awaited(reader):
    (owned,) = library_selectors.library_of(reader)
    return owned.later, len(owned.awaited), {file.name for file in owned.files}


def book_page(client, edition) -> str:
    return client.get(f"/books/{edition.work.slug}/").content.decode()


def own_page(client, edition) -> str:
    return client.get(f"/library/{edition.work.public_id}/").content.decode()


class TestLibrary:
    def test_names_what_is_being_made_and_offers_the_epub(self, signed_in, reader, corrected):
        follower = wait_for_pdfs(corrected)
        assert awaited(reader) == ("making", len(PDFS), {"EPUB"})
        assert own_page(signed_in, corrected).count("being made") == len(PDFS)
        bring_pdfs(follower)
        assert awaited(reader) == ("", 0, {"EPUB", "PDF"})

    def test_says_that_it_could_not_be_made(self, signed_in, reader, corrected):
        wait_for_pdfs(corrected, state=JobState.FAILED)
        assert awaited(reader) == ("missing", len(PDFS), {"EPUB"})
        assert own_page(signed_in, corrected).count("could not be made") == len(PDFS)

    def test_the_old_editions_pdf_is_no_download_of_the_new_one(self, signed_in, reader, book, corrected):
        wait_for_pdfs(corrected)
        old = book.job.artifacts.filter(kind="pdf").first()
        assert signed_in.get(f"/library/{book.work.public_id}/{old.public_id}/").status_code == 404

    def test_an_edition_that_was_made_at_once_has_none_to_come(self, reader, corrected):
        assert awaited(reader)[:2] == ("", 0)

    def test_queries_do_not_grow(self, reader, django_assert_num_queries):
        for _ in range(4):
            edition = make_book()
            buy(reader, edition)
            wait_for_pdfs(edition)
        with django_assert_num_queries(6):
            assert len(library_selectors.library_of(reader)) == 4


class TestBookPage:
    def test_says_which_files_are_being_made_until_they_are_there(self, client, book):
        follower = wait_for_pdfs(book)
        hooks.notify_listed(book)
        page = book_page(client, book)
        assert page.count("being made") == len(PDFS)
        assert "follow within minutes" in page
        bring_pdfs(follower)
        publishing_services.announce_files(job_id=book.job_id)
        page = book_page(client, book)
        assert "being made" not in page
        assert "follow within minutes" not in page

    def test_says_that_they_could_not_be_made(self, client, book):
        wait_for_pdfs(book, state=JobState.FAILED)
        publishing_services.announce_files(job_id=book.job_id)
        page = book_page(client, book)
        assert page.count("could not be made") == len(PDFS) + 1
        assert "Its author knows" in page

    def test_the_book_stays_among_those_with_pdfs_meanwhile(self, book):
        hooks.notify_listed(book)
        before = Listing.objects.get(work=book.work).formats
        follower = wait_for_pdfs(book)
        hooks.notify_listed(book)
        assert Listing.objects.get(work=book.work).formats == before
        type(follower).objects.filter(pk=follower.pk).update(state=JobState.FAILED)
        hooks.notify_listed(book)
        assert Listing.objects.get(work=book.work).formats != before
