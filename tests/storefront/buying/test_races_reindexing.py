"""Listings that change while `reindex_listings` is at them, and several processes at once."""

from __future__ import annotations

import threading

import pytest
from django.db import transaction

from storefront.models import FacetCount, Listing, SearchEntry, SearchWord
from storefront.services import listings, ordering, reindexing, search_checks, search_index
from tests.factories.accounts import make_reader
from tests.factories.buying import buy, make_book
from tests.factories.publishing import make_published_edition
from tests.royalties.database import run_together

pytestmark = [pytest.mark.race, pytest.mark.usefixtures("racing_db")]


def stored() -> list[list[tuple[object, ...]]]:
    """All that is written, without the keys of search, which are given anew."""
    entries = [field.attname for field in SearchEntry._meta.concrete_fields if field.name != "id"]
    return [
        list(Listing.objects.order_by("pk").values_list()),
        sorted(FacetCount.objects.values_list(*FacetCount.KEY, "books")),
        sorted(SearchEntry.objects.values_list(*entries), key=repr),
        sorted(SearchWord.objects.filter(books__gt=0).values_list()),
    ]


class TestChangedMeanwhile:
    @pytest.mark.parametrize("few_percent", [0, 100])
    def test_a_book_written_after_it_was_read_keeps_its_new_words(self, monkeypatch, few_percent):
        """The books are read; one changes by the service, of another only the rating; then what was read is written.
        Search is made anew, or mended."""
        monkeypatch.setattr(reindexing, "_FEW_PERCENT", few_percent)
        editions = [make_published_edition(slug=f"b-{n}", title=f"Salt {n}") for n in range(3)]
        Listing.objects.update(search_text="", card_html="", search_names="")
        was_read, has_changed = threading.Event(), threading.Event()
        write = reindexing._write_as_read

        def waiting(*args):
            was_read.set()
            assert has_changed.wait(timeout=20)
            return write(*args)

        monkeypatch.setattr(reindexing, "_write_as_read", waiting)

        def change():
            assert was_read.wait(timeout=20)
            work = editions[0].work
            work.title = "Glow"
            work.save()
            listings.refresh_listing(editions[0])
            Listing.objects.filter(slug="b-1").update(rating_sum=5, rating_count=1)
            has_changed.set()

        found = run_together(lambda: list(reindexing.reindex_listings()), change)
        assert found == [[(3, 2)], None]
        names = dict(Listing.objects.values_list("slug", "search_names"))
        assert [names[f"b-{n}"].split("\n")[0] for n in range(3)] == ["glow", "salt 1", "salt 2"]
        assert "5.0 (1)" in Listing.objects.get(slug="b-1").card_html
        assert "Glow" in Listing.objects.get(slug="b-0").card_html
        found = stored()
        search_index.rebuild()
        assert stored() == found

    def test_a_book_written_after_it_was_found_astray_is_mended_as_it_is_then(self, monkeypatch):
        """Entries are found to be wrong; one book changes; then they are mended."""
        editions = [make_published_edition(slug=f"b-{n}", title=f"Salt {n}") for n in range(3)]
        SearchEntry.objects.update(text="other", key="x")
        monkeypatch.setattr(reindexing, "_FEW_PERCENT", 100)
        was_found, has_changed = threading.Event(), threading.Event()
        mend = search_index.mend

        def waiting(keys):
            was_found.set()
            assert has_changed.wait(timeout=20)
            mend(keys)

        monkeypatch.setattr(search_index, "mend", waiting)

        def change():
            assert was_found.wait(timeout=20)
            editions[0].work.title = "Glow"
            editions[0].work.save()
            listings.refresh_listing(editions[0])
            listings.withdraw_listing(editions[1])
            has_changed.set()

        monkeypatch.setattr(search_checks, "are_counted_right", lambda: True)  # authors' entries are wrong, too
        run_together(lambda: list(reindexing.reindex_listings()), change)
        books = SearchEntry.objects.filter(kind="book")
        assert sorted(books.values_list("target", "key")) == [("b-0", "glow"), ("b-2", "salt 2")]
        assert dict(SearchWord.objects.filter(books__gt=0, word__in=["glow", "salt"]).values_list()) == {
            "glow": 1,
            "salt": 1,
        }


class TestPublishedMeanwhile:
    @pytest.mark.parametrize("anew", ["rebuild", "refill"])
    def test_a_book_that_is_being_published_waits_for_search_and_nobody_for_the_book(self, monkeypatch, anew):
        """Search was emptied; a book whose listing is locked already wants to write its entry; search is filled."""
        editions = [make_published_edition(slug=f"b-{n}", title=f"Salt {n}") for n in range(3)]
        is_locked, is_emptied = threading.Event(), threading.Event()
        write, emptied = search_index.write, search_index._emptied

        def waiting(rows):
            is_locked.set()
            assert is_emptied.wait(timeout=20)
            write(rows)

        def emptying(models):
            found = emptied(models)
            is_emptied.set()
            return found

        monkeypatch.setattr(search_index, "write", waiting)
        monkeypatch.setattr(search_index, "_emptied", emptying)

        def publish():
            editions[0].work.title = "Glow"
            editions[0].work.save()
            listings.refresh_listing(editions[0])

        def make_anew():
            assert is_locked.wait(timeout=20)
            make = getattr(search_index, anew)
            make()

        assert run_together(publish, make_anew) == [None, None]
        found = stored()
        monkeypatch.undo()
        search_index.rebuild()
        assert stored() == found
        assert SearchEntry.objects.get(target="b-0").key == "glow"

    @pytest.mark.parametrize("anew", ["rebuild", "refill"])
    @pytest.mark.parametrize("act", ["buy", "rate", "note_bundles", "note_shelves", "rescore"])
    def test_nobody_who_buys_a_book_or_writes_about_it_waits_for_search(self, monkeypatch, anew, act):
        """Entries refer to their listings already, and their indexes are being made."""
        book, reader = make_book(), make_reader()
        listings.refresh_listing(book)
        acts = {
            "buy": lambda: buy(reader, book),
            "rate": lambda: listings.refresh_rating(book.work),
            "note_bundles": lambda: listings.note_bundles([book.work_id]),
            "note_shelves": lambda: listings.note_shelves([book.work_id]),
            "rescore": lambda: transaction.atomic(ordering.rescore_all)([], also={book.work_id}),
        }
        is_filled, has_acted = threading.Event(), threading.Event()
        index = search_index._index

        def waiting(definitions):
            index(definitions)
            is_filled.set()
            assert has_acted.wait(timeout=5)

        monkeypatch.setattr(search_index, "_index", waiting)

        def somebody():
            assert is_filled.wait(timeout=20)
            acts[act]()
            has_acted.set()

        make = getattr(search_index, anew)
        assert [one for one in run_together(make, somebody) if isinstance(one, Exception)] == []


class TestProcesses:
    def test_write_what_one_alone_writes(self, monkeypatch):
        for n in range(7):
            make_published_edition(slug=f"b-{n}", title=f"Salt {n}", language="de" if n % 2 else "en", subject="FM")
        monkeypatch.setattr(reindexing, "_CHUNK", 2)
        spoilt = {"search_text": "x\nx\nx\nx\nthe lamp", "card_html": "", "formats": 0}
        Listing.objects.update(**spoilt)
        assert list(reindexing.reindex_listings())[-1] == (7, 7)
        alone = stored()
        Listing.objects.update(**spoilt)
        assert list(reindexing.reindex_listings(processes=2, many=1))[-1] == (7, 7)
        assert stored() == alone
        assert list(reindexing.reindex_listings(processes=2, many=1))[-1] == (7, 0)
