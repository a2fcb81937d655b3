"""Listings that change while search is rebuilt, and two writers of the same author at once."""

from __future__ import annotations

import threading

import pytest
from django.db import transaction

from publishing import hooks
from storefront.catalogue.models import Listing
from storefront.catalogue.services import listings
from storefront.community.services import ratings, review_sorting
from storefront.search.models import SearchDocument
from storefront.search.services import index
from tests.factories.accounts import make_author, make_reader
from tests.factories.buying import buy, make_book
from tests.factories.publishing import make_published_edition
from tests.royalties.database import run_together

pytestmark = [pytest.mark.race, pytest.mark.usefixtures("racing_db", "postman")]


class TestRebuiltMeanwhile:
    def test_a_book_that_changes_meanwhile_is_indexed_as_it_is_then(self, monkeypatch):
        """A book's chunk is done; the book changes; the rebuild goes on."""
        monkeypatch.setattr(index, "_CHUNK", 1)
        editions = [make_published_edition(slug=f"b-{n}", title=f"Salt {n}") for n in range(3)]
        is_done, has_changed = threading.Event(), threading.Event()

        def rebuild():
            for done in index.rebuild():
                if done == 1:
                    is_done.set()
                    assert has_changed.wait(timeout=20)

        def change():
            assert is_done.wait(timeout=20)
            for number, title in ((0, "Glow"), (1, "Lamp")):
                editions[number].work.title = title
                editions[number].work.save()
                hooks.notify_listed(editions[number])
            hooks.notify_withdrawn(editions[2])
            has_changed.set()

        assert run_together(rebuild, change) == [None, None]
        books = SearchDocument.objects.filter(kind="b").order_by("target")
        assert list(books.values_list("target", "key")) == [("b-0", "bglow"), ("b-1", "blamp")]

    @pytest.mark.parametrize("act", ["buy", "rate", "note_bundles", "rescore"])
    def test_whoever_buys_a_book_or_writes_about_it_waits_for_its_chunk_at_most(self, monkeypatch, act):
        book, reader = make_book(), make_reader()
        hooks.notify_listed(book)
        acts = {
            "buy": lambda: buy(reader, book),
            "rate": lambda: ratings.refresh(book.work),
            "note_bundles": lambda: listings.update_bundles([book.work_id]),
            "rescore": lambda: transaction.atomic(review_sorting.rescore_all)([], also={book.work_id}),
        }
        is_locked, write = threading.Event(), index.write

        def waiting(rows):
            is_locked.set()
            write(rows)

        monkeypatch.setattr(index, "write", waiting)

        def somebody():
            assert is_locked.wait(timeout=20)
            acts[act]()

        found = run_together(lambda: list(index.rebuild()), somebody)
        assert [one for one in found if isinstance(one, Exception)] == []


class TestTwoWriters:
    def test_both_books_of_an_author_count(self):
        owner = make_author(display_name="Marit Solberg")
        editions = [make_published_edition(slug=f"b-{n}", owner=owner) for n in range(4)]
        for edition in editions:
            hooks.notify_withdrawn(edition)
        assert not SearchDocument.objects.exists()
        found = run_together(*(lambda edition=edition: hooks.notify_listed(edition) for edition in editions))
        assert found == [None] * 4
        assert SearchDocument.objects.get(kind="a").books == Listing.objects.on_sale().count() == 4
