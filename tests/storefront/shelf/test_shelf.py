"""The library: the shelf with its search, filters and order, and the book to continue."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from accounts.models import User
from common import clock
from publishing.models import Edition
from storefront.catalogue.models import Listing
from storefront.catalogue.services import listings
from storefront.reading.models import Device, FurthestPlace
from storefront.shelf.models import ReadingStatus
from storefront.shelf.selectors.books import shelf_of, shelved_book
from storefront.shelf.services import choices
from tests.factories.accounts import make_reader
from tests.factories.buying import add_edition, buy, make_book
from tests.factories.conversion import make_artifact, web_zip
from tests.factories.reading import give, make_note, make_place

pytestmark = pytest.mark.django_db


def owned(reader: User, title: str, *, read: int | None = None, hours_ago: int = 1) -> Edition:
    """A book that the reader has; `read` is where they were last, in per cent."""
    edition = make_book(title=title)
    listings.refresh_listing(edition)
    give(reader, edition)
    if read is not None:
        make_place(reader, edition, share_bps=read * 100, at=clock.now() - timedelta(hours=hours_ago))
    return edition


def page(client, query=""):
    return client.get(f"/library/{query}").content.decode()


def titles(html):
    """The titles on the shelf, in their order."""
    return re.findall(r"<h3[^>]*><a[^>]*>([^<]+)</a></h3>", html)


class TestShelf:
    def test_asks_to_sign_in(self, client):
        assert client.get("/library/").status_code == 302

    def test_an_empty_one_teaches(self, signed_in):
        html = page(signed_in)
        assert "No books yet" in html
        assert "Filter and sort" not in html

    def test_shows_own_books_only(self, signed_in, reader):
        owned(reader, "Mine")
        owned(make_reader(), "Somebody Else’s")
        assert titles(page(signed_in)) == ["Mine"]

    def test_sorts(self, signed_in, reader):
        for title, hours in (("Beta", 3), ("Álpha", 1), ("Gamma", 2)):
            owned(reader, title, read=20, hours_ago=-hours)
        assert titles(page(signed_in)) == ["Beta", "Gamma", "Álpha"]
        assert titles(page(signed_in, "?sort=title")) == ["Álpha", "Beta", "Gamma"]
        assert titles(page(signed_in, "?sort=bought")) == ["Gamma", "Álpha", "Beta"]
        assert signed_in.get("/library/?sort=nonsense&status=x&start=-3").status_code == 200

    def test_continues_the_book_that_was_read_last(self, signed_in, reader):
        owned(reader, "Older", read=70, hours_ago=5)
        newest = owned(reader, "Newest", read=42)
        done = owned(reader, "Done", read=10, hours_ago=0)
        choices.set_status(actor=reader, work_id=done.work.public_id, status=ReadingStatus.GIVEN_UP, at=clock.now())
        html = page(signed_in)
        start = html.index("Continue reading")
        assert html.index("Newest", start) < html.index("Also reading", start) < html.index("Older", start)
        assert f'class="button button-primary" href="/read/{newest.work.slug}/"' in html
        assert "42 %" in html
        assert "Continue reading" not in page(signed_in, "?status=reading")

    def test_finds_subtitles_series_and_names_without_accents(self, signed_in, reader):
        whale = owned(reader, "Moby")
        Listing.objects.filter(work=whale.work).update(subtitle="Or, the Whale", byline="Zoë Ménard")
        owned(reader, "Other")
        for query in ("whale", "zoe menard", "MOBY"):
            assert titles(page(signed_in, f"?q={query}")) == ["Moby"], query
        assert "No books found" in page(signed_in, "?q=delta")

    def test_finds_ones_own_notes_with_a_link_to_the_place(self, signed_in, reader):
        edition = owned(reader, "The Harbour Book")
        edition.job.artifacts.filter(kind="web").delete()
        make_artifact(edition.job, kind="web", content=web_zip(("The Lamp",), c1="<p>She counted the boats.</p>"))
        note = make_note(reader, edition, "counted the boats", body="like Penelope")
        make_note(make_reader(), edition, "counted", body="Penelope of another")
        html = page(signed_in, "?q=penelope")
        assert "<mark>Penelope</mark>" in html
        assert f"/read/{edition.work.slug}/#note-{note.uid}" in html
        assert "of another" not in html
        assert "No books found" not in html
        assert "In your notes" not in page(signed_in, "?q=harbour"), "a title is no note"

    def test_remembers_the_list(self, signed_in, reader):
        owned(reader, "Mine", read=20)
        answer = signed_in.post("/library/view/", {"layout": "list", "back": "?status=reading&next=//evil"})
        assert answer["Location"] == "/library/?status=reading"
        assert "library-rows" in page(signed_in)
        signed_in.post("/library/view/", {"layout": "covers"})
        assert "library-covers" in page(signed_in)

    def test_takes_as_many_queries_for_many_books(self, signed_in, reader, django_assert_max_num_queries):
        for title in ("A", "B", "C", "D"):
            owned(reader, title, read=20)
        with django_assert_max_num_queries(12):
            assert len(shelf_of(reader)) == 4


class TestStatus:
    def statuses(self, reader):
        return {book.title: book.status for book in shelf_of(reader)}

    def test_follows_the_reading(self, reader):
        owned(reader, "Closed")
        owned(reader, "Opened", read=0)
        jumped = owned(reader, "Jumped to the index", read=99)
        ended = owned(reader, "Read to the end", read=20)
        for edition, share in ((jumped, 1200), (ended, 9700)):
            FurthestPlace.objects.create(
                user=reader, work=edition.work, edition=edition, share_bps=share, at=clock.now()
            )
        assert self.statuses(reader) == {
            "Closed": "want",
            "Opened": "reading",
            "Jumped to the index": "reading",
            "Read to the end": "finished",
        }

    def test_an_e_reader_tells_the_end_by_its_place_alone(self, reader):
        owned(reader, "On a Kobo", read=98)
        Device.objects.filter(user=reader).update(kind="ereader")
        assert self.statuses(reader) == {"On a Kobo": "finished"}

    def test_what_a_hand_set_stays(self, signed_in, reader):
        edition = owned(reader, "Mine")
        work_id = edition.work.public_id
        assert signed_in.post(f"/library/{work_id}/status/", {"status": "want"})["Location"] == f"/library/{work_id}/"
        make_place(reader, edition, share_bps=9900, at=clock.now() + timedelta(minutes=1))
        book = shelved_book(reader, work_id)
        assert (book.status, book.proposal) == ("want", "reading")
        html = signed_in.get(f"/library/{work_id}/").content.decode()
        assert "Change to “Reading”" in html
        signed_in.post(f"/library/{work_id}/status/", {"status": ""})
        assert shelved_book(reader, work_id).status == "reading"
        assert signed_in.post(f"/library/{work_id}/status/", {"status": "burnt"}).status_code == 404

    def test_finished_has_a_day_until_it_is_something_else(self, signed_in, reader):
        work_id = owned(reader, "Mine").work.public_id
        signed_in.post(f"/library/{work_id}/status/", {"status": "finished"})
        assert shelved_book(reader, work_id).finished_on == clock.now().date()
        signed_in.post(f"/library/{work_id}/finished/", {"day": "2019-05-04"})
        signed_in.post(f"/library/{work_id}/status/", {"status": "finished"})
        assert str(shelved_book(reader, work_id).finished_on) == "2019-05-04"
        assert signed_in.post(f"/library/{work_id}/finished/", {"day": "2099-01-01"}).status_code == 422
        signed_in.post(f"/library/{work_id}/status/", {"status": "reading"})
        assert shelved_book(reader, work_id).finished_on is None

    def test_filters(self, signed_in, reader):
        owned(reader, "New")
        owned(reader, "Begun", read=30)
        assert titles(page(signed_in, "?status=reading")) == ["Begun"]
        assert titles(page(signed_in, "?status=want")) == ["New"]
        assert "No book fits" in page(signed_in, "?status=given_up")


class TestHiding:
    def test_takes_a_book_off_the_shelf_and_back(self, signed_in, reader):
        work_id = owned(reader, "Guilty Pleasure", read=40).work.public_id
        owned(reader, "Other")
        signed_in.post(f"/library/{work_id}/hidden/", {"hide": "on"})
        for query in ("", "?q=guilty", "?status=reading"):
            assert "Guilty Pleasure" not in page(signed_in, query)
        assert titles(page(signed_in, "?status=hidden")) == ["Guilty Pleasure"]
        assert "Put back on the shelf" in signed_in.get(f"/library/{work_id}/").content.decode()
        signed_in.post(f"/library/{work_id}/hidden/")
        assert "Guilty Pleasure" in titles(page(signed_in))


class TestBookPage:
    @pytest.mark.usefixtures("postman")
    def test_has_files_notes_days_and_what_changed(self, signed_in, reader, book):
        buy(reader, book)
        make_note(reader, book, "", body="", kind="bookmark")
        add_edition(book.work)
        book.work.editions.filter(number=2).update(notes="A new last chapter.")
        html = signed_in.get(f"/library/{book.work.public_id}/").content.decode()
        for words in (
            "EPUB",
            "Send to device",
            "1 bookmark",
            "#note-export",
            "New in edition 2",
            "A new last chapter.",
        ):
            assert words in html

    def test_is_nobody_elses(self, client, reader):
        work_id = owned(reader, "Mine").work.public_id
        client.force_login(make_reader())
        assert client.get(f"/library/{work_id}/").status_code == 404
        for what in ("status", "finished", "hidden"):
            assert client.post(f"/library/{work_id}/{what}/", {"day": "2020-01-01"}).status_code == 404

    def test_goes_with_a_refund(self, signed_in, reader):
        edition = owned(reader, "Mine")
        edition.work.entitlements.update(ended_at=clock.now())
        assert signed_in.get(f"/library/{edition.work.public_id}/").status_code == 404
        assert "Mine" not in page(signed_in)
