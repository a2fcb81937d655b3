"""The wish list behind a secret link, and the library as Goodreads' file."""

from __future__ import annotations

import csv
import io

import pytest
from django.test import Client

from common import clock
from storefront.catalogue.models import Listing
from storefront.community.models import Review
from storefront.library.models import Wish
from storefront.shelf.models import ReadingStatus, WishLink
from storefront.shelf.selectors.goodreads import COLUMNS
from storefront.shelf.services import choices, collections, wish_links
from tests.factories.accounts import make_reader
from tests.storefront.shelf.test_shelf import owned

pytestmark = pytest.mark.django_db


def wish(reader, title, **listed):
    edition = owned(make_reader(), title)
    Wish.objects.create(user=reader, work=edition.work, currency="USD", wished_minor=499, wished_at=clock.now())
    Listing.objects.filter(work=edition.work).update(**listed)
    return edition


def review(reader, edition, stars, body):
    at = clock.now()
    Review.objects.create(work=edition.work, user=reader, stars=stars, body=body, created_at=at, changed_at=at)


def behind(link):
    answer = Client().get(f"/wishes/{link.secret}/")
    return answer, answer.content.decode()


class TestSharedWishes:
    def test_opens_for_whoever_has_the_link(self, signed_in, reader):
        wish(reader, "Wanted")
        wish(reader, "Gone", is_on_sale=False)
        wish(reader, "For Adults", is_adult=True)
        assert signed_in.post("/wishlist/share/", {"act": "open"}).status_code == 302
        link = WishLink.objects.get()
        assert f"/wishes/{link.secret}/" in signed_in.get("/wishlist/share/").content.decode()
        answer, html = behind(link)
        assert (answer.status_code, answer["X-Robots-Tag"]) == (200, "noindex")
        assert 'content="noindex"' in html
        assert "Wanted" in html
        for hidden in ("Gone", "For Adults", reader.email, reader.display_name, reader.public_id):
            assert hidden not in html, hidden

    def test_says_a_name_and_what_is_there_by_now_only_if_asked(self, signed_in, reader):
        link = wish_links.open_link(actor=reader, at=clock.now())
        edition = wish(reader, "Wanted")
        edition.work.entitlements.create(user=reader, edition=edition, granted_at=clock.now())
        assert "Has it by now" not in behind(link)[1]
        signed_in.post("/wishlist/share/", {"name": "Aunt Ada", "shows_owned": "on"})
        html = behind(link)[1]
        assert "Has it by now" in html
        assert "Aunt Ada’s wish list" in html

    def test_ends_with_a_new_link_and_when_it_is_closed(self, signed_in, reader):
        link = wish_links.open_link(actor=reader, at=clock.now())
        signed_in.post("/wishlist/share/", {"act": "renew"})
        assert behind(link)[0].status_code == 404
        newer = WishLink.objects.get()
        assert behind(newer)[0].status_code == 200
        signed_in.post("/wishlist/share/", {"act": "close"})
        assert behind(newer)[0].status_code == 404

    def test_ends_with_the_account(self, reader):
        link = wish_links.open_link(actor=reader, at=clock.now())
        reader.is_active = False
        reader.save()
        assert behind(link)[0].status_code == 404


class TestGoodreads:
    def rows(self, client):
        answer = client.get("/library/export/goodreads.csv")
        assert answer["Content-Type"].startswith("text/csv")
        return list(csv.DictReader(io.StringIO(answer.content.decode())))

    def test_has_their_columns_shelves_and_days(self, signed_in, reader):
        assert len(COLUMNS) == 24
        edition = owned(reader, "Read Last Year")
        work_id = edition.work.public_id
        choices.set_status(actor=reader, work_id=work_id, status=ReadingStatus.FINISHED, at=clock.now())
        made = collections.create(actor=reader, name="Winter, cold", at=clock.now())
        collections.add_book(actor=reader, collection_id=made.public_id, work_id=work_id, at=clock.now())
        Review.objects.create(
            work=edition.work, user=reader, stars=4, body="Fine.", created_at=clock.now(), changed_at=clock.now()
        )
        wish(reader, "Wanted")
        wish(make_reader(), "Somebody Else’s")
        read, wanted = self.rows(signed_in)
        assert tuple(read) == COLUMNS
        told = (read["Exclusive Shelf"], read["Date Read"], read["My Rating"], read["Owned Copies"], read["Read Count"])
        assert told == ("read", "2026/11/24", "4", "1", "1")
        assert read["Bookshelves with positions"] == "Winter  cold (#1)"
        assert (wanted["Title"], wanted["Exclusive Shelf"], wanted["Owned Copies"]) == ("Wanted", "to-read", "0")

    def test_no_cell_starts_a_formula(self, signed_in, reader):
        edition = owned(reader, '=HYPERLINK("http://evil")')
        Review.objects.create(
            work=edition.work, user=reader, stars=1, body="@SUM(A1)", created_at=clock.now(), changed_at=clock.now()
        )
        collections.add_book(
            actor=reader,
            collection_id=collections.create(actor=reader, name="+1", at=clock.now()).public_id,
            work_id=edition.work.public_id,
            at=clock.now(),
        )
        [row] = self.rows(signed_in)
        assert [cell for cell in row.values() if cell.startswith(("=", "+", "-", "@"))] == []
        assert row["Title"].startswith("'=")
