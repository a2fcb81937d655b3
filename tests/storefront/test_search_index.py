"""What search reads follows the listings, and can be made anew from them."""

from __future__ import annotations

import random

import pytest
from django.db import transaction

from publishing.models import Series, Work
from storefront import indexing
from storefront.models import Listing, SearchEntry, SearchVariant, SearchWord
from storefront.selectors.browse import Filters
from storefront.selectors.search import search
from storefront.services import listings, search_index
from tests.factories.accounts import make_author
from tests.factories.publishing import make_contributor, make_published_edition

pytestmark = [pytest.mark.django_db, pytest.mark.both]

_ENTRY = [field.attname for field in SearchEntry._meta.concrete_fields if field.name != "id"]


def stored() -> tuple[list, list, set]:
    entries = sorted(SearchEntry.objects.values_list(*_ENTRY), key=repr)
    words = sorted(SearchWord.objects.filter(books__gt=0).values_list("word", "books"))
    return entries, words, set(SearchVariant.objects.values_list("word", "variant"))


def check() -> None:
    """What the services wrote step by step is what is made anew from the listings."""
    entries, words, spellings = stored()
    search_index.rebuild()
    again = stored()
    assert (entries, words) == again[:2]
    assert again[2] <= spellings  # words that left the shop stay mendable, towards nothing


class TestWrite:
    def test_follows_what_happens_to_books(self) -> None:
        chance = random.Random(3)
        owners = [make_author(display_name=name) for name in ("Ada Quill", "Marit Solberg", "Ada Quill")]
        series = [Series.objects.create(owner=owners[0], slug=f"s-{i}", title=f"The {i} Keepers") for i in range(2)]
        editions = [
            make_published_edition(slug=f"b-{i}", title=f"Book {i}", owner=chance.choice(owners)) for i in range(6)
        ]
        make_contributor(editions[0].work, name="Nora Lind", role="trl")
        for step in range(30):
            edition = chance.choice(editions)
            work = Work.objects.get(pk=edition.work_id)
            if step % 5 == 4:
                listings.withdraw_listing(edition)
            else:
                work.title = chance.choice(["Salt Roads", "Glow", "The Glow of Ice"])
                work.subject, work.is_adult = chance.choice(["FB", "DC"]), chance.random() < 0.2
                work.series = chance.choice([*series, None])
                work.save()
                edition.work = work
                listings.refresh_listing(edition)
            if step % 10 == 9:
                check()
        listings.withdraw_listing(editions[0])
        check()

    def test_counts_an_authors_books_and_forgets_who_has_none(self) -> None:
        owner = make_author(display_name="Marit Solberg")
        first, second = (make_published_edition(owner=owner) for _ in range(2))
        assert SearchEntry.objects.get(kind="author", target=owner.public_id).weight == 2
        listings.withdraw_listing(first)
        listings.withdraw_listing(first)
        assert SearchEntry.objects.get(kind="author", target=owner.public_id).weight == 1
        listings.withdraw_listing(second)
        assert not SearchEntry.objects.exists()

    def test_a_name_on_the_book_is_not_replaced_by_that_of_the_account(self) -> None:
        edition = make_published_edition(owner=make_author(display_name="Real Name"))
        edition.work.contributors.update(name="Pen Name")
        listings.refresh_listing(edition)
        assert list(SearchEntry.objects.filter(kind="author").values_list("label", flat=True)) == ["Pen Name"]

    def test_authors_of_books_for_adults_alone_have_no_entry(self) -> None:
        edition = make_published_edition(title="Late", owner=make_author(display_name="Marit Solberg"))
        edition.work.is_adult = True
        edition.work.save()
        listings.refresh_listing(edition)
        assert not SearchEntry.objects.filter(kind="author").exists()
        assert not SearchWord.objects.filter(word="solberg", books__gt=0).exists()
        assert search(Filters(query="solberg", with_adult=True)).count == 1

    def test_is_searchable_with_the_transaction_that_lists_it_and_not_without(self) -> None:
        class Undone(Exception):
            pass

        with pytest.raises(Undone), transaction.atomic():
            make_published_edition(title="Quicksilver")
            assert search(Filters(query="quicksilver")).count == 1
            raise Undone
        assert search(Filters(query="quicksilver")).count == 0
        make_published_edition(title="Quicksilver")
        assert search(Filters(query="quicksilver")).count == 1


class TestFollowSales:
    def test_orders_by_what_was_sold_by_now(self) -> None:
        for slug in ("one", "two"):
            make_published_edition(slug=slug, title=f"Winter {slug}")
        for sold in sorted({0, 63, 100_000, *indexing.TIERS, *indexing.BANDS, *(one - 1 for one in indexing.BANDS)}):
            Listing.objects.filter(slug="one").update(sales_count=sold)
            search_index.follow_sales()
            entry = SearchEntry.objects.get(target="one")
            assert (entry.weight, entry.tiers) == (sold, indexing.tiers_of(sold))
            assert search(Filters(query="winter")).count == 2
        assert search_index.follow_sales() == 0
        check()


class TestNames:
    def test_hold_series_subject_people_and_isbn(self) -> None:
        owner = make_author(display_name="Ada Quill")
        series = Series.objects.create(owner=owner, slug="keepers", title="The Keepers")
        edition = make_published_edition(owner=owner, subject="DC", identifier="urn:isbn:9783161484100", title="Ice")
        make_contributor(edition.work, name="Nora Lind", role="trl")
        Work.objects.filter(pk=edition.work_id).update(series=series)
        edition.work.refresh_from_db()
        listings.refresh_listing(edition)
        names = Listing.objects.get().search_names.split("\n")
        assert names == [
            "ice",
            "ada quill",
            "nora lind",
            "the keepers",
            "poetry",
            "lives letters and literature",
            "9783161484100",
        ]

    @pytest.mark.parametrize("title", ["!!!", "草枕", "A" * 300, "/ / /", "x\ny"])
    def test_of_odd_titles_can_be_stored(self, title: str) -> None:
        make_published_edition(title=title)
        check()
