"""A person's own books on their devices: what stands there, since when, and the files."""

from __future__ import annotations

from datetime import timedelta

import pytest

from common import clock
from publishing.models import EditionState
from storefront.checkout.models import AccessRecord, Entitlement
from storefront.checkout.refunds import services as refunds
from storefront.devices.models import Scope, ShelfVersion
from storefront.devices.services import app_passwords, shelf_versions
from storefront.shelf.services import choices
from tests.factories.accounts import make_reader
from tests.factories.buying import add_edition, buy, make_book
from tests.factories.conversion import make_artifact
from tests.storefront.devices.clients import ATOM, KOReader, ask, entries, link, titles

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("postman")]

SHELVES = ("/opds/v1.2/shelf", "/opds/v2/shelf")


def downloads(koreader: KOReader, href: str) -> dict[str, str]:
    """The addresses of the first book's files by their titles."""
    return dict(koreader.buttons(entries(koreader.feed(href))[0], href))


@pytest.mark.parametrize("shelf", SHELVES)
class TestKOReader:
    def test_sees_a_purchase_at_once(self, koreader, reader, shelf):
        """It keeps a feed by its address and Last-Modified, so two changes within one second must differ."""
        assert titles(koreader.feed(shelf)) in ([], ["Your books"])
        for number in range(3):
            buy(reader, make_book(title=f"Book {number}"))
            assert titles(koreader.feed(shelf))[0] == f"Book {number}"
        fetched = koreader.fetched
        koreader.feed(shelf)
        assert koreader.fetched == fetched, "nothing has changed, so it shows what it kept"

    def test_loses_what_was_returned(self, koreader, reader, book, shelf):
        buy(reader, make_book(title="Kept"))
        line = buy(reader, book).lines.get()
        files = downloads(koreader, shelf)
        assert titles(koreader.feed(shelf)) == ["The Lighthouse", "Kept"]
        refund = refunds.request_refund(actor=reader, line=line, reason="", at=clock.now())
        assert titles(koreader.feed(shelf)) == ["Kept"], "also while the money is on its way"
        assert {koreader.fetch(href).status_code for href in files.values()} == {404}
        refunds.send_refund(refund_id=refund.pk)
        assert titles(koreader.feed(shelf)) == ["Kept"]

    def test_does_not_show_what_is_hidden(self, koreader, reader, book, shelf):
        buy(reader, book)
        choices.set_hidden(actor=reader, work_id=book.work.public_id, is_hidden=True, at=clock.now())
        assert book.work.title not in titles(koreader.feed(shelf))

    def test_gets_the_newest_edition_also_after_withdrawal(self, koreader, reader, book, shelf):
        buy(reader, book)
        before = downloads(koreader, shelf)
        newest = add_edition(book.work)
        newest.state = EditionState.WITHDRAWN
        newest.save()
        after = downloads(koreader, shelf)
        assert not set(before.values()) & set(after.values())
        assert koreader.fetch(after["EPUB"]).status_code == 200
        assert koreader.fetch(before["EPUB"]).status_code == 404

    def test_shows_a_button_for_each_file_and_takes_its_type_from_the_address(self, koreader, reader, book, shelf):
        kepub = make_artifact(book.job, kind="kepub")
        make_artifact(book.job, kind="kindle")
        buy(reader, book)
        found = downloads(koreader, shelf)
        assert sorted(found) == [
            *("EPUB", "KEPUB for Kobo e-readers", "PDF for e-readers"),
            *("PDF for phones", "PDF for printing", "PDF for tablets"),
        ]
        slug = book.work.slug
        assert found["EPUB"].endswith(f"/{slug}.epub")
        assert found["KEPUB for Kobo e-readers"].endswith(f"/{kepub.public_id}/{slug}.kepub.epub")
        assert found["PDF for phones"].endswith(f"/{slug}.pdf")

    def test_is_refused_without_a_password(self, shelf):
        assert KOReader().feed(shelf) is None
        assert KOReader().fetch(shelf).status_code == 401

    def test_is_answered_by_head_as_by_get(self, koreader, reader, book, shelf):
        buy(reader, book)
        head, get = koreader.fetch(shelf, "HEAD"), koreader.fetch(shelf)
        ids = {"X-Request-ID"}
        assert head.status_code == get.status_code == 200
        assert {n: v for n, v in head.items() if n not in ids} == {n: v for n, v in get.items() if n not in ids}
        assert (head.body, int(head["Content-Length"])) == (b"", len(get.body))

    def test_pages_link_to_the_next(self, koreader, reader, shelf, monkeypatch):
        monkeypatch.setattr("common.paging.PAGE_LENGTH", 2)
        for number in range(5):
            buy(reader, make_book(title=f"Book {number}"))
        seen, href = [], shelf
        while href:
            feed = koreader.feed(href)
            seen += titles(feed)
            href = link(feed, "next")
        assert seen == [f"Book {number}" for number in (4, 3, 2, 1, 0)]

    def test_takes_as_many_queries_for_many_books_as_for_one(
        self, koreader, reader, shelf, django_assert_max_num_queries
    ):
        buy(reader, make_book())
        koreader.feed(shelf)
        with django_assert_max_num_queries(13) as one:
            koreader.fetch(shelf)
        count = len(one)
        for _number in range(4):
            buy(reader, make_book())
        koreader.feed(shelf)
        with django_assert_max_num_queries(count):
            response = koreader.fetch(shelf)
        assert response.body.count(b"opds-spec.org/acquisition") >= 5


class TestCaching:
    @pytest.mark.parametrize("shelf", SHELVES)
    def test_is_private_and_not_sent_again_unchanged(self, koreader, login, reader, book, shelf):
        buy(reader, book)
        first = koreader.fetch(shelf)
        assert "private" in first["Cache-Control"]
        assert "Authorization" in first["Vary"]
        for condition in ({"if_none_match": first["ETag"]}, {"if_modified_since": first["Last-Modified"]}):
            assert ask(shelf, login=login, **condition).status_code == 304
        buy(reader, make_book())
        again = ask(shelf, login=login, if_none_match=first["ETag"])
        assert (again.status_code, again["Last-Modified"] != first["Last-Modified"]) == (200, True)

    def test_versions_only_rise(self, reader):
        at = clock.now()
        moments = [shelf_versions.version_of(user=reader, digest=digest, at=at) for digest in ("a", "b", "a", "a")]
        assert moments[0] < moments[1] < moments[2] == moments[3]
        assert shelf_versions.version_of(user=reader, digest="a", at=at + timedelta(days=1)) == moments[3]
        assert shelf_versions.version_of(user=reader, digest="c", at=at + timedelta(days=1)) > moments[3]
        assert ShelfVersion.objects.count() == 1


class TestFiles:
    @pytest.fixture
    def epub(self, koreader, reader, book):
        buy(reader, book)
        return downloads(koreader, SHELVES[1])["EPUB"]

    def test_come_whole_with_their_name(self, koreader, epub, book):
        response = koreader.fetch(epub)
        assert response.status_code == 200
        assert response.body.startswith(b"epub ")
        assert response["Content-Disposition"] == 'attachment; filename="The Lighthouse.epub"'
        assert response["Cache-Control"] == "private, no-store"
        assert AccessRecord.objects.filter(kind="download").count() == 1

    def test_are_named_by_head_which_is_no_download(self, koreader, epub):
        head = koreader.fetch(epub, "HEAD")
        assert (head.status_code, head.body) == (200, b"")
        assert 'filename="The Lighthouse.epub"' in head["Content-Disposition"]
        assert int(head["Content-Length"]) == len(koreader.fetch(epub).body)
        assert AccessRecord.objects.filter(kind="download").count() == 1

    def test_come_in_parts(self, login, epub):
        part = ask(epub, login=login, range="bytes=0-4")
        assert (part.status_code, part.body) == (206, b"epub ")

    def test_of_strangers_do_not_exist(self, epub, reader):
        stranger = app_passwords.make(
            actor=make_reader(), name="kobo", scopes=[Scope.CATALOGUE], address=None, at=clock.now()
        )
        assert ask(epub, login=("kobo", stranger.text)).status_code == 404
        assert ask(epub).status_code == 401

    def test_of_another_work_or_kind_do_not_exist(self, login, epub, reader, book):
        other = make_book(title="Not bought")
        artifact = other.job.artifacts.get(kind="epub")
        mine, theirs = book.work.public_id, other.work.public_id
        web = book.job.artifacts.get(kind="web")
        wrong = [
            epub.replace(mine, theirs),
            f"/opds/files/{mine}/{artifact.public_id}/a.epub",
            f"/opds/files/{theirs}/{artifact.public_id}/a.epub",
            f"/opds/files/{mine}/{web.public_id}/a.epub",
            epub.replace(".epub", ".pdf"),
            epub.replace(".epub", ".kepub.epub"),
        ]
        assert {ask(href, login=login).status_code for href in wrong} == {404}
        assert not AccessRecord.objects.exists()

    def test_need_the_scope_of_the_catalogue(self, epub, reader):
        sync = app_passwords.make(actor=reader, name="sync", scopes=[Scope.SYNC], address=None, at=clock.now())
        assert ask(epub, login=("sync", sync.text)).status_code == 401

    def test_are_not_redirected_to_a_bucket(self, koreader, epub, settings):
        settings.DOWNLOAD_BACKEND = "signed"
        assert koreader.fetch(epub).status_code == 200

    def test_are_handed_to_the_web_server(self, koreader, epub, settings):
        settings.DOWNLOAD_BACKEND = "accel"
        response = koreader.fetch(epub)
        assert response["X-Accel-Redirect"].startswith("/_protected/")
        assert "attachment" in response["Content-Disposition"]

    def test_end_with_the_right(self, koreader, epub, reader):
        Entitlement.objects.filter(user=reader).update(ended_at=clock.now())
        assert koreader.fetch(epub).status_code == 404


def test_a_book_that_was_never_listed_stands_there_too(koreader, reader, book):
    """make_book tells the shop nothing, so there is no listing: title and author come from the library."""
    buy(reader, book)
    assert not hasattr(book.work, "listing")
    entry = koreader.feed(SHELVES[0]).find(f"{ATOM}entry")
    assert entry.findtext(f"{ATOM}title") == "The Lighthouse"
