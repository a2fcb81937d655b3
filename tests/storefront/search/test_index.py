"""What search reads follows the listings, and can be made anew from them."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest
from django.core.management import call_command
from django.db import connection, transaction

from conversion.engine.api import ChapterSummary
from publishing import hooks
from publishing.models import Series, Work
from storefront.catalogue.models import Listing
from storefront.catalogue.selectors.browse import Filters
from storefront.search import checks
from storefront.search.backend import BOOK
from storefront.search.databases import get_backend
from storefront.search.models import SearchCredit, SearchDocument, SearchWord, band_of
from storefront.search.selectors.search import search
from storefront.search.services import index
from tests.factories.accounts import make_author
from tests.factories.conversion import make_done_job
from tests.factories.publishing import make_contributor, make_published_edition

pytestmark = [pytest.mark.django_db, pytest.mark.both]

# An author's or a series' place has a number of its own.
_COLUMNS = [field.attname for field in SearchDocument._meta.concrete_fields if field.name != "place"]


def stored() -> tuple[list, list, list]:
    documents = sorted(SearchDocument.objects.values_list(*_COLUMNS), key=repr)
    credits_ = sorted(SearchCredit.objects.values_list("listing", "kind", "target", "label"))
    places = sorted(SearchDocument.objects.filter(kind=BOOK).values_list("listing", "place"))
    return documents, credits_, places


def check() -> None:
    """What the hooks wrote step by step is what is made anew from the listings, at once or in chunks."""
    found = stored()
    list(index.rebuild())
    assert stored() == found
    index.load()
    assert stored() == found


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
                hooks.notify_withdrawn(edition)
            else:
                work.title = chance.choice(["Salt Roads", "Glow", "The Glow of Ice"])
                work.subject, work.is_adult = chance.choice(["FB", "DC"]), chance.random() < 0.2
                work.series = chance.choice([*series, None])
                work.save()
                edition.work = work
                hooks.notify_listed(edition)
            if step % 10 == 9:
                check()
        hooks.notify_withdrawn(editions[0])
        check()

    def test_counts_an_authors_books_and_forgets_who_has_none(self) -> None:
        owner = make_author(display_name="Marit Solberg")
        first, second = (make_published_edition(owner=owner) for _ in range(2))
        assert SearchDocument.objects.get(kind="a", target=owner.public_id).books == 2
        hooks.notify_withdrawn(first)
        hooks.notify_withdrawn(first)
        assert SearchDocument.objects.get(kind="a", target=owner.public_id).books == 1
        hooks.notify_withdrawn(second)
        assert not SearchDocument.objects.exists()

    def test_a_name_on_the_book_is_not_replaced_by_that_of_the_account(self) -> None:
        edition = make_published_edition(owner=make_author(display_name="Real Name"))
        edition.work.contributors.update(name="Pen Name")
        hooks.notify_listed(edition)
        assert list(SearchDocument.objects.filter(kind="a").values_list("label", flat=True)) == ["Pen Name"]

    def test_authors_of_books_for_adults_alone_have_no_document(self) -> None:
        edition = make_published_edition(title="Late", owner=make_author(display_name="Marit Solberg"))
        edition.work.is_adult = True
        edition.work.save()
        hooks.notify_listed(edition)
        index.count_words()
        assert not SearchDocument.objects.filter(kind="a").exists()
        assert not SearchWord.objects.filter(word="solberg").exists()
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

    def test_has_the_titles_of_chapters_the_isbn_and_everybody_on_the_book(self) -> None:
        job = make_done_job()
        job.result = replace(job.result, chapters=(ChapterSummary("c1", "The Harbour", "bodymatter", 4),))
        job.save()
        edition = make_published_edition(title="Ice", job=job, identifier="urn:isbn:9783161484100")
        make_contributor(edition.work, name="Nora Lind", role="trl")
        hooks.notify_listed(edition)
        for query in ("harbour ice", "9783161484100", "nora lind", "lind harbour"):
            assert search(Filters(query=query)).count == 1, query

    @pytest.mark.parametrize("title", ["!!!", "草枕", "A" * 300, "/ / /", "x\ny"])
    def test_of_odd_titles_can_be_stored(self, title: str) -> None:
        make_published_edition(title=title)
        check()


class TestFollowSales:
    def test_moves_a_book_when_its_sales_reach_another_band(self) -> None:
        for slug in ("one", "two"):
            make_published_edition(slug=slug, title=f"Winter {slug}")
        for sold in (0, 1, 2, 7, 63, 64, 1023, 100_000, 3):
            Listing.objects.filter(slug="one").update(sales_count=sold)
            index.update_sales_bands()
            assert SearchDocument.objects.get(target="one").place >> 40 == band_of(sold)
            assert search(Filters(query="winter")).count == 2
        assert index.update_sales_bands() == 0
        check()

    def test_leaves_the_books_of_a_band_alone(self) -> None:
        make_published_edition(slug="one")
        Listing.objects.update(sales_count=1000)
        assert index.update_sales_bands() == 1
        Listing.objects.update(sales_count=1010)
        assert index.update_sales_bands() == 0


class TestCountWords:
    def test_counts_and_forgets(self) -> None:
        make_published_edition(title="Salt Roads")
        gone = make_published_edition(title="Quicksilver Roads")
        hooks.notify_withdrawn(gone)
        assert SearchWord.objects.filter(word="quicksilver").exists()  # writers only add
        make_published_edition(title="Roads")
        index.count_words()
        assert not SearchWord.objects.filter(word="quicksilver").exists()
        assert dict(SearchWord.objects.filter(word__in=["salt", "roads"]).values_list()) == {"salt": 1, "roads": 2}


class TestCommand:
    def test_makes_search_right_again(self) -> None:
        make_published_edition(title="Salt Roads")
        for model in (SearchDocument, SearchCredit, SearchWord):
            model.objects.all().delete()
        assert not search(Filters(query="salt")).cards
        call_command("rebuild_search")
        found = search(Filters(query="slat roads"))
        assert (len(found.cards), found.corrected) == (1, "salt roads")


class TestIndexIsThere:
    def test_after_all_migrations(self) -> None:
        """On SQLite an AlterField drops the triggers silently: the migration that has one must create them again."""
        assert list(get_backend().missing()) == []
        assert checks.index_is_there(None, databases=["default"]) == []

    def test_is_told_when_it_is_not(self) -> None:
        sqlite = connection.vendor == "sqlite"
        name = "search_document_update" if sqlite else "search_names"
        with connection.cursor() as cursor:
            cursor.execute(f"DROP {'TRIGGER' if sqlite else 'INDEX'} {name}")
        (found,) = checks.index_is_there(None, databases=["default"])
        assert name in found.msg
