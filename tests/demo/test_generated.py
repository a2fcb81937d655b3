"""`manage.py generate_catalogue`: what it makes is accepted by every page, and goes away again."""

from __future__ import annotations

import random
import re
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from common import clock, storage
from conversion.models import Artifact, ConversionJob
from demo import generated_shared, generated_words
from publishing.models import Contributor, Edition, Price, Series, Work
from storefront.catalogue.models import Catalogue, Listing
from storefront.catalogue.services import listings
from storefront.checkout.models import Entitlement
from storefront.community.models import Review
from storefront.search.models import SearchDocument, SearchWord
from tests.factories.accounts import make_author
from tests.factories.buying import buy
from tests.factories.conversion import make_done_job
from tests.factories.publishing import make_published_edition

BOOKS = 40


def run(**options: object) -> str:
    out = StringIO()
    call_command("generate_catalogue", stdout=out, **options)
    return out.getvalue()


@pytest.fixture
def quick(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Specimens without the engine, which has a test of its own here."""

    def specimens(tongues, clerk, at):
        mine = ConversionJob.objects.filter(requested_by=clerk)
        found = {one.code: mine.filter(source_name=f"stand-in-{one.code}").first() for one in tongues}
        return {
            code: job or make_done_job(requested_by=clerk, source_name=f"stand-in-{code}")
            for code, job in found.items()
        }

    monkeypatch.setattr(generated_shared, "specimens", specimens)


@pytest.fixture
def filled(quick: None) -> str:
    return run(books=BOOKS, covers=1)


@pytest.mark.usefixtures("filled")
class TestPages:
    def test_lists_show_the_books_in_every_order(self, client: Client) -> None:
        for address in ("/books/", "/books/?sort=bestselling", "/books/?sort=rating"):
            assert client.get(address).content.count(b'class="card"') == 24

    def test_a_list_goes_on_to_the_last_book(self, client: Client) -> None:
        text = client.get("/books/?adult=1").content.decode()
        (after,) = re.findall(r'rel="next" href="\?adult=1&amp;after=([^"]+)"', text)
        assert client.get(f"/books/?adult=1&after={after}").content.count(b'class="card"') == BOOKS - 24

    def test_every_book_has_a_page_with_files_to_get(self, client: Client) -> None:
        for slug in Listing.objects.values_list("slug", flat=True):
            response = client.get(reverse("pages:book", args=[slug]))
            assert response.status_code == 200
            assert b"EPUB" in response.content

    def test_search_finds_a_title_and_mends_a_typo(self, client: Client) -> None:
        word, slug = max(
            (max(one.title.split(), key=len), one.target) for one in SearchDocument.objects.filter(kind="b")
        )
        for query in (word, word[:-2] + word[-1]):
            assert f'href="/books/{slug}/"' in client.get("/search/", {"q": query, "adult": 1}).content.decode()

    def test_an_author_has_a_page(self, client: Client) -> None:
        person = Contributor.objects.filter(role="aut").first().user
        assert client.get(reverse("pages:author", args=[person.public_id])).status_code == 200

    def test_covers_are_there_and_shared(self) -> None:
        covers = {listing.cover["320-webp"] for listing in Listing.objects.all()}
        assert len(covers) == 1
        assert storage.public().exists(covers.pop())

    def test_a_reader_can_buy_one(self) -> None:
        edition = Edition.objects.get(work=Listing.objects.filter(price_minor__gt=300).first().work)
        assert buy(None, edition).state == "paid"


@pytest.mark.usefixtures("quick")
class TestGenerate:
    def test_a_listing_says_in_every_column_what_the_service_for_one_edition_writes(self) -> None:
        run(books=60, covers=2)
        for edition in Edition.objects.all():
            written = Listing.objects.filter(work=edition.work).values().get()
            listings.refresh_listing(edition)
            # Nobody waits for a picture of a made-up book.
            refreshed = Listing.objects.filter(work=edition.work).values().get()
            assert refreshed | {"social_key": "", "social_image": ""} == written

    def test_the_same_seed_makes_the_same_books_and_another_seed_others(self) -> None:
        titles = []
        for seed in (1, 1, 2):
            run(books=5, covers=0, seed=seed)
            titles.append(list(Work.objects.order_by("pk").values_list("title", flat=True)))
            run(remove=True)
        assert titles[0] == titles[1] != titles[2]

    def test_a_second_run_adds_to_the_first(self) -> None:
        for books in (3, 14):
            run(books=books, covers=0)
        assert Work.objects.count() == Listing.objects.count() == 17
        assert Catalogue.objects.get().version == 2

    def test_takes_keys_that_nobody_else_gets(self) -> None:
        run(books=3, covers=0)
        edition = make_published_edition()
        run(books=3, covers=0)
        assert make_published_edition().pk > edition.pk
        assert Edition.objects.count() == 8

    def test_varies_what_lists_sort_and_filter_by(self) -> None:
        run(books=200, covers=0)
        rows = Listing.objects.all()
        assert len({row.subject for row in rows}) > 60
        assert {row.language for row in rows} == {"en", "de", "fr", "es"}
        for column, least in {"length_band": 3, "formats": 2, "features": 2, "warnings": 4, "price_band": 4}.items():
            assert len({getattr(row, column) for row in rows}) >= least, column
        assert {bool(row.open_in) for row in rows} == {True, False}
        assert {row.is_adult for row in rows} == {True, False}
        assert len({row.title for row in rows}) > 180
        assert len({row.price_minor for row in rows}) > 8
        dates = [row.published_at for row in rows]
        assert timedelta(days=3000) < max(dates) - min(dates) < timedelta(days=3660)
        assert max(dates) < clock.now()
        assert all(row.rating_count <= row.rating_sum <= 5 * row.rating_count for row in rows)
        assert all(row.rating_count <= row.sales_count for row in rows)

    def test_series_have_each_number_once_and_one_author(self) -> None:
        run(books=100, covers=0)
        assert Series.objects.count() > 1
        for series in Series.objects.all():
            numbers = sorted(series.works.values_list("series_number", flat=True))
            assert numbers == list(range(1, len(numbers) + 1))
            assert set(series.works.values_list("owner", flat=True)) == {series.owner_id}

    def test_queries_do_not_grow_with_the_books(self) -> None:
        run(books=10, covers=0)  # makes the specimens as well
        asked = []
        for books in (10, 200):
            with CaptureQueriesContext(connection) as queries:
                run(books=books, covers=0)
            # What an author gets is asked once for each price, of which there are a few dozen.
            asked.append(sum("royalties_" not in one["sql"] for one in queries))
        people = 6  # authors and readers, where so many books need more of them
        assert asked[1] <= asked[0] + people


@pytest.mark.usefixtures("quick")
class TestRemove:
    def test_leaves_the_shop_as_it_was(self) -> None:
        mine = make_published_edition(title="The Real One")
        files = storage.public().listdir("")[0]
        before = [
            model.objects.count() for model in (User, Work, Series, Listing, Review, ConversionJob, Artifact, Price)
        ]
        run(books=BOOKS, covers=1)
        assert "removed 40 books" in run(remove=True)
        assert [
            model.objects.count() for model in (User, Work, Series, Listing, Review, ConversionJob, Artifact, Price)
        ] == before
        assert Listing.objects.get().work == mine.work
        assert set(storage.public().listdir("")[0]) - set(files) <= {"generated"}
        assert storage.public().listdir("generated")[1] == []

    def test_books_made_afterwards_have_covers_again(self) -> None:
        run(books=5, covers=1)
        run(remove=True)
        run(books=5, covers=1)
        assert storage.public().exists(Listing.objects.first().cover["320-webp"])

    def test_what_somebody_ordered_stays_and_is_off_sale(self) -> None:
        run(books=5, covers=0)
        edition = Edition.objects.get(work=Listing.objects.order_by("-price_minor").first().work)
        buy(None, edition)
        out = run(remove=True)
        assert "removed 4 books" in out
        assert "kept 1 that someone ordered" in out
        assert Entitlement.objects.get().work == edition.work
        assert not Listing.objects.get().is_on_sale


class TestCommand:
    def test_refuses_where_the_clock_cannot_move(self, db: None, settings) -> None:
        settings.ALLOW_TIME_TRAVEL = False
        with pytest.raises(CommandError, match="Not a demonstration"):
            run(books=1)
        assert not Work.objects.exists()

    def test_force_makes_them_anyway(self, quick: None, settings) -> None:
        settings.ALLOW_TIME_TRAVEL = False
        assert "1 of 1 books" in run(books=1, covers=0, force=True)

    @pytest.mark.parametrize("books", [0, -3])
    def test_wants_a_number_of_books(self, db: None, books: int) -> None:
        with pytest.raises(CommandError, match="1 or more"):
            run(books=books)


class TestSpecimens:
    def test_the_engine_makes_one_and_finds_it_again(self, db: None, settings) -> None:
        settings.CONVERSION_LEASE = timedelta(minutes=10)  # no heartbeat from outside the test's transaction
        tongue = generated_words.load().tongues["de"]
        clerk = make_author()
        job = generated_shared.specimens([tongue], clerk, clock.now())["de"]
        assert {"epub", "pdf", "kindle", "kepub", "web", "sample-web"} <= set(
            job.artifacts.values_list("kind", flat=True)
        )
        made = listings.summarize_job(job)
        assert made.words > 100
        assert "um ihn zu messen" in made.opening
        assert generated_shared.specimens([tongue], clerk, clock.now())["de"] == job


class TestWords:
    def test_every_pattern_can_be_filled(self) -> None:
        words, chance = generated_words.load(), random.Random(3)
        for tongue in words.tongues.values():
            for _ in range(100):
                text = words.title(chance, tongue.code) + words.description(chance, tongue.code)
                assert "{" not in text

    def test_there_are_enough_titles_for_a_large_catalogue(self) -> None:
        words, chance = generated_words.load(), random.Random(3)
        titles = [words.title(chance, words.language(chance)) for _ in range(5000)]
        assert len(set(titles)) > 4950

    def test_names_have_about_as_many_different_words_as_those_of_people_and_books(self) -> None:
        """By Heaps' law some tens of thousands in a million titles: a tenth of the words of a few are new."""
        words, chance = generated_words.load(), random.Random(3)
        titles = [word for _ in range(5000) for word in words.title(chance, "en").lower().split()]
        assert 0.2 < len(set(titles)) / len(titles) < 0.5
        surnames = {words.person(chance).split()[-1] for _ in range(5000)}
        assert 3500 < len(surnames) < 5000


def test_learnt_words_are_those_of_the_titles(quick: None) -> None:
    run(books=3, covers=0)
    names = SearchDocument.objects.filter(kind="b", is_adult=False).values_list("title", "people", "more")
    words = {word for row in names for word in " ".join(row).split()} - {"é"}
    assert set(SearchWord.objects.values_list("word", flat=True)) == words
