"""Private collections, the reading year and its goal."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from common import clock
from storefront.checkout.entitlements.services import access_log
from storefront.shelf import rules
from storefront.shelf.models import CollectedBook, Collection, YearGoal
from storefront.shelf.selectors.year import reading_year
from storefront.shelf.services import choices, collections
from tests.factories.accounts import make_reader
from tests.storefront.shelf.test_shelf import owned, page, titles

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 24)


@pytest.fixture
def winter(reader):
    return collections.create(actor=reader, name="Winter", at=clock.now())


def put(reader, collection, *editions):
    for edition in editions:
        collections.add_book(
            actor=reader, collection_id=collection.public_id, work_id=edition.work.public_id, at=clock.now()
        )


class TestCollections:
    def test_a_book_goes_in_and_out_by_one_press(self, signed_in, reader, winter):
        edition = owned(reader, "Snow")
        address = f"/library/{edition.work.public_id}/collections/"
        signed_in.post(address, {"collection": winter.public_id, "act": "add"})
        signed_in.post(address, {"name": "New one"})
        assert sorted(row.collection.name for row in edition_rows(edition)) == ["New one", "Winter"]
        html = signed_in.get(f"/library/{edition.work.public_id}/").content.decode()
        assert html.count('value="remove"') == 2
        signed_in.post(address, {"collection": winter.public_id, "act": "remove"})
        assert [row.collection.name for row in edition_rows(edition)] == ["New one"]
        assert signed_in.post(address, {}).status_code == 404

    def test_is_a_filter_in_its_own_order(self, signed_in, reader, winter):
        first, second, third = (owned(reader, title) for title in ("Ash", "Birch", "Cedar"))
        owned(reader, "Elsewhere")
        put(reader, winter, third, first, second)
        query = f"?collection={winter.public_id}"
        assert titles(page(signed_in, query)) == ["Cedar", "Ash", "Birch"]
        assert titles(page(signed_in, f"{query}&sort=title")) == ["Ash", "Birch", "Cedar"]
        html = signed_in.get(f"/library/collections/{winter.public_id}/").content.decode()
        assert html.count('name="before"') == 4, "the first cannot go up, the last not down"
        moved = {"work": second.work.public_id, "before": third.work.public_id}
        signed_in.post(f"/library/collections/{winter.public_id}/books/", moved)
        assert titles(page(signed_in, query)) == ["Birch", "Cedar", "Ash"]

    def test_names_are_given_once(self, signed_in, reader, winter):
        answer = signed_in.post("/library/collections/", {"name": "winter"})
        assert "already have a collection" in answer.content.decode()
        answer = signed_in.post(f"/library/collections/{winter.public_id}/", {"name": "Ice"})
        assert answer.status_code == 302
        assert Collection.objects.get().name == "Ice"

    def test_there_are_not_too_many(self, signed_in, winter, monkeypatch):
        monkeypatch.setattr(rules, "MAX_COLLECTIONS", 1)
        assert signed_in.post("/library/collections/", {"name": "Summer"}).status_code == 422

    def test_deleting_one_leaves_its_books(self, signed_in, reader, winter):
        put(reader, winter, owned(reader, "Snow"))
        signed_in.post(f"/library/collections/{winter.public_id}/delete/")
        assert not Collection.objects.exists()
        assert titles(page(signed_in)) == ["Snow"]

    def test_nobody_else_sees_or_changes_it(self, client, reader, winter):
        mine = owned(reader, "Snow")
        put(reader, winter, mine)
        other = make_reader()
        theirs = owned(other, "Sun")
        client.force_login(other)
        root = f"/library/collections/{winter.public_id}/"
        assert client.get(f"/library/?collection={winter.public_id}").status_code == 404
        assert client.get(root).status_code == 404
        for address, data in (
            (root, {"name": "Stolen"}),
            (f"{root}delete/", {}),
            (f"{root}books/", {"work": mine.work.public_id, "act": "remove"}),
            (f"/library/{theirs.work.public_id}/collections/", {"collection": winter.public_id}),
        ):
            assert client.post(address, data).status_code == 404, address
        assert winter.books.count() == 1


def edition_rows(edition):
    return CollectedBook.objects.filter(work=edition.work).select_related("collection")


class TestYear:
    def test_counts_days_once_and_books_by_their_day(self, reader):
        one, two = owned(reader, "One"), owned(reader, "Two")
        for edition, day in ((one, 3), (two, 3), (one, 5)):
            at = datetime(2026, 2, day, 12, tzinfo=UTC)
            access_log.record_reading(actor=reader, work=edition.work, detail="", fraction_bps=0, address=None, at=at)
        for edition, day in ((one, date(2026, 3, 1)), (two, date(2025, 12, 31))):
            choices.set_finished_day(actor=reader, work_id=edition.work.public_id, day=day, at=clock.now())
        year = reading_year(reader, 2026, today=TODAY)
        assert (len(year.days), [book.title for book in year.finished]) == (2, ["One"])
        assert [(month.days, month.books) for month in year.months[:3]] == [(0, 0), (2, 0), (0, 1)]
        assert [len(month.cells) for month in year.months[:2]] == [31, 28]
        assert (year.earlier, year.later) == (2025, None)

    def test_has_a_goal_that_can_be_taken_back(self, signed_in, reader):
        signed_in.post("/library/year/", {"books": "12", "days": ""})
        assert "of 12 books" in signed_in.get("/library/year/").content.decode()
        assert signed_in.post("/library/year/", {"books": "0"}).status_code == 422
        signed_in.post("/library/year/", {"books": "", "days": ""})
        assert not YearGoal.objects.exists()

    def test_shows_ones_own_reading_only(self, signed_in, reader):
        other = make_reader()
        edition = owned(other, "Theirs")
        choices.set_finished_day(actor=other, work_id=edition.work.public_id, day=TODAY, at=clock.now())
        html = signed_in.get("/library/year/").content.decode()
        assert "Theirs" not in html
        assert signed_in.get("/library/year/?year=9999").status_code == 200
