"""What search understands, on both databases."""

from __future__ import annotations

import random
import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from publishing.models import Series, Work
from storefront.models import Listing
from storefront.selectors import search as search_module
from storefront.selectors.browse import Filters
from storefront.selectors.facet_choices import facet_choices
from storefront.selectors.folding import fold_words
from storefront.selectors.suggestions import suggest
from storefront.services import listings
from tests.factories.accounts import make_author
from tests.factories.publishing import make_published_edition

pytestmark = [pytest.mark.django_db, pytest.mark.both]


def search(query: str, **filters: object) -> search_module.Results:
    return search_module.search(Filters(query=query, **filters).known())


def slugs(query: str, **filters: object) -> list[str]:
    return [card.slug for card in search(query, **filters).cards]


def publish(slug: str, title: str, author: str = "Ada Quill", *, sold: int = 0, series: str = "", **more: str) -> None:
    edition = make_published_edition(slug=slug, title=title, owner=make_author(display_name=author), **more)
    if series:
        made, _ = Series.objects.get_or_create(owner=edition.work.owner, slug=fold_words(series)[-1], title=series)
        Work.objects.filter(pk=edition.work_id).update(series=made)
        edition.work.refresh_from_db()
    Listing.objects.filter(slug=slug).update(sales_count=sold)
    listings.refresh_listing(edition)


class TestWords:
    def test_may_be_spread_over_title_author_series_and_subject(self) -> None:
        publish("ice", "The Glow of Ice", "Marit Solberg", series="Northern Keepers", subject="DC")
        publish("other", "The Glow of Ash", "Marit Solberg", subject="FB")
        for query in (
            "glow poetry",
            "solberg ice",
            "keepers glow",
            "poetry solberg keepers",
            "glow literature northern",
        ):
            assert slugs(query) == ["ice"], query

    def test_side_by_side_in_quotes(self) -> None:
        publish("ice", "The Glow of Ice")
        publish("glow", "Ice of Glow")
        publish("told", "Nothing", description="Here the glow of ice is seen.")
        assert slugs('"glow of ice"') == ["ice", "told"]
        assert slugs('"of glow"') == ["glow"]

    def test_of_two_names_are_no_phrase(self) -> None:
        publish("ice", "Ice", "Ada Quill")
        assert not search('"ice ada"').cards or search('"ice ada"').is_near

    def test_may_be_excluded(self) -> None:
        publish("crime", "Winter Crime")
        publish("walk", "Winter Walk", description="No crime at all, but a hill.")
        assert slugs("walk -crime") == []  # be it in a description
        assert slugs("winter -hill") == ["crime"]
        assert slugs("hill -walk") == []

    @pytest.mark.parametrize(
        "query", ["吾輩は猫である", "猫である", "猫", "吾輩 猫", '"は猫"', "夏目 猫", "ねこ -犬", "ニャン", "一匹の猫"]
    )
    def test_are_found_where_no_spaces_part_them(self, query: str) -> None:
        publish("cat", "吾輩は猫である ねこ", "夏目漱石", language="ja", description="ニャンと鳴く一匹の猫。")
        publish("dog", "吾輩は犬である", "内田百閒", language="ja", description="ワンと鳴く一匹。")
        assert slugs(query) == ["cat"]

    def test_without_spaces_are_suggested_from_the_first_letter_on(self) -> None:
        publish("cat", "吾輩は猫である", "夏目漱石", language="ja")
        for typed in ("吾", "吾輩", "吾輩は", "吾輩は猫である"):
            assert [one.target for one in suggest(typed).books] == ["cat"], typed

    @pytest.mark.parametrize("query", ["978-3-16-148410-0", "9783161484100", "316148410X", "978 3 16 148410 0"])
    def test_may_be_an_isbn(self, query: str) -> None:
        publish("numbered", "Ice")
        edition = Listing.objects.get(slug="numbered").edition
        edition.identifier = "urn:isbn:9783161484100"
        edition.save()
        listings.refresh_listing(edition)
        assert slugs(query) == ["numbered"]


class TestOrder:
    def test_titles_that_begin_with_the_first_word_come_before_those_that_have_it_elsewhere(self) -> None:
        publish("by", "A Life", "Hana Winter", subject="DC", sold=9)
        publish("on", "The Winter Ferry", subject="DC", sold=1)
        publish("told", "Winter Days", description="Poetry, among others.", subject="FB", sold=99)
        assert slugs("winter poetry") == ["on", "by", "told"]

    def test_title_then_its_beginning_then_names_then_text_and_by_sales_within(self) -> None:
        publish("told", "Nothing", description="ice", sold=500)
        publish("author", "Book", "Bruno Ice", sold=300)
        publish("within", "The Glow of Ice", sold=400)
        publish("begins", "Ice Age", sold=1)
        publish("begins-more", "The Ice House", sold=2)
        publish("itself", "Ice")
        publish("itself-too", "The Ice", sold=1)
        assert slugs("ice") == ["itself-too", "itself", "begins-more", "begins", "within", "author", "told"]

    def test_all_books_that_fit_are_not_told_as_some_because_names_were_mended(self, monkeypatch) -> None:
        monkeypatch.setattr(search_module, "MOST_AUTHORS", 2)
        for number in range(3):
            publish(f"lamp-{number}", f"The Lamp {number}", author=f"Marit Steenstrupp {number}")
        found = search("steenstrup marti")
        assert (found.count, found.is_capped) == (3, False)
        assert len(found.authors) == 2

    def test_a_title_nobody_bought_is_found_among_thousands_that_sell(self, monkeypatch) -> None:
        """A common word is asked for in bands of sales; the title itself is not left to them."""
        monkeypatch.setattr(search_module, "_FEW", 3)
        monkeypatch.setattr(search_module, "MOST_CANDIDATES", 6)
        chance = random.Random(1)
        for number in range(12):
            publish(f"ice-{number}", f"Glow of Ice {number}", sold=chance.randrange(1, 5000))
        publish("itself", "The Ice")
        found = search("ice")
        assert found.cards[0].slug == "itself"
        assert found.is_capped
        sold = dict(Listing.objects.values_list("slug", "sales_count"))
        best = sorted(sold, key=lambda slug: -sold[slug])[:5]
        assert [card.slug for card in found.cards[1:6]] == best


class TestTypos:
    @pytest.mark.parametrize("query", ["slat raods", "salt roads", "sallt roades", "joaqium telse", "SALT ROADS"])
    def test_are_mended_in_every_word(self, query: str) -> None:
        publish("roads", "Salt Roads", "Joaquim Teles")
        publish("other", "Other")
        assert slugs(query) == ["roads"]

    def test_of_words_that_are_words_too(self) -> None:
        publish("roads", "Salt Roads")
        publish("slat", "The Slat")
        found = search("slat roads")
        assert [card.slug for card in found.cards] == ["roads"]
        assert found.mended == "salt roads"

    def test_short_words_and_numbers_are_left_as_they_are(self) -> None:
        publish("ice", "Ice 1912")
        assert not search("1913").cards
        assert not search("ive").cards

    def test_a_letter_that_three_others_lack_is_put_back(self) -> None:
        publish("boat", "The Paper Boat")
        assert slugs("paper oat") == ["boat"]

    def test_the_title_meant_comes_first(self) -> None:
        publish("sold", "The Roads of Salt", sold=9)
        publish("roads", "Salt Roads")
        assert slugs("slat roads") == ["roads", "sold"]

    def test_people_spelt_as_typed_come_before_those_spelt_alike(self) -> None:
        for number in range(12):
            publish(f"many-{number}", f"Many {number}", f"Ada{number} Taliard", sold=9)
        publish("one", "One", "Celia Talard")
        assert search("talard").authors[0].label == "Celia Talard"
        assert len(search("talard").authors) == 10

    def test_another_spelling_is_offered_where_a_query_finds_little(self) -> None:
        publish("told", "Nothing", description="lighthous")
        for number in range(2):
            publish(f"light-{number}", "Lighthouse")
        found = search("lighthous ")
        assert ([card.slug for card in found.cards], found.meant) == (["told"], "lighthouse")


class TestNoDeadEnd:
    def test_books_that_lack_one_word_are_shown_as_such(self) -> None:
        publish("roads", "Salt Roads", "Joaquim Teles")
        publish("unlike", "Other")
        found = search("salt roads zzzzqqqq")
        assert ([card.slug for card in found.cards], found.is_near) == (["roads"], True)

    def test_nothing_at_all_says_what_to_do(self, client) -> None:
        publish("roads", "Salt Roads")
        text = client.get("/search/?q=zzzzqqqq").content.decode()
        assert "Nothing fits" in text
        assert "/books/?subject=F" in text


class TestPeople:
    def test_authors_and_series_stand_above_the_books(self, client) -> None:
        publish("one", "Ice", "Marit Solberg", series="Solberg Stories")
        publish("two", "Glow", "Marit Solbergson")
        found = search("solberg")
        assert [(one.label, one.books) for one in found.authors] == [("Marit Solberg", 1)]
        assert [(one.label, one.target, one.books) for one in found.series] == [("Solberg Stories", "stories", 1)]
        text = client.get("/search/?q=solberg").content.decode()
        assert text.index(f"/authors/{found.authors[0].target}/") < text.index("/books/one/")
        assert "/series/stories/" in text

    def test_with_a_typo(self) -> None:
        publish("one", "Ice", "Marit Solberg")
        assert [one.label for one in search("sloberg").authors] == ["Marit Solberg"]


class TestFacets:
    @pytest.fixture
    def books(self) -> None:
        publish("verse", "Winter Verse", subject="DC", language="de", prices={"USD": 0})
        publish("crime", "Winter Crime", subject="FF", language="en")
        publish("more", "Winter More", subject="FF", language="de", prices={"USD": 2000})
        publish("summer", "Summer", subject="FF", language="de")

    def test_narrow_what_a_query_found(self, books) -> None:
        assert slugs("winter", subject="FF") == ["more", "crime"]
        assert slugs("winter", subject="F", language="de") == ["more"]
        assert slugs("winter", price="5") == ["crime", "verse"]
        assert slugs("winter", price="free", subject="F") == []

    def test_each_choice_leaves_as_many_books_as_it_says(self, books, client) -> None:
        counts = search("winter", language="de").counts
        assert (counts.total, counts.languages) == (2, {"en": 1, "de": 2})
        assert counts.subjects == {"DC": 1, "FF": 1}
        for group in facet_choices(Filters(query="winter", language="de"), counts).groups:
            for choice in group.choices:
                if choice.books is not None:
                    again = client.get(f"/search/{choice.address}").context["results"]
                    assert choice.is_chosen or again.count == choice.books, choice

    def test_common_words_are_narrowed_in_the_database(self, books, monkeypatch) -> None:
        monkeypatch.setattr(search_module, "MOST_CANDIDATES", 2)
        for number in range(4):
            publish(f"best-{number}", "Winter Bestseller", subject="FB", sold=50)
        assert slugs("winter", subject="DC") == ["verse"]
        assert slugs("winter", subject="FF", language="en") == ["crime"]
        found = search("winter")
        assert (found.count, found.is_capped, found.counts.is_counted) == (2, True, False)

    def test_a_title_itself_is_narrowed_too_where_its_words_are_common(self, monkeypatch) -> None:
        monkeypatch.setattr(search_module, "MOST_CANDIDATES", 2)
        monkeypatch.setattr(search_module, "_FEW", 1)
        publish("itself", "Winter", language="de", subject="DC")
        for number in range(3):
            publish(f"other-{number}", f"Winter {number}", language="en", subject="FF", sold=9)
        assert "itself" not in slugs("winter", language="en")
        assert slugs("winter", language="de") == ["itself"]
        assert "itself" not in slugs("winter -poetry")

    @pytest.mark.parametrize("query", ["midnight+velvet", "velvet&subject=F", "velvet+lamp"])
    def test_offer_books_for_adults_also_where_nothing_else_fits(self, client, query) -> None:
        publish("late", "Midnight Velvet")
        publish("lamp", "Velvet")
        Work.objects.filter(slug="late").update(is_adult=True)
        for listing in Listing.objects.all():
            listings.refresh_listing(listing.edition)
        text = client.get(f"/search/?q={query}").content.decode()
        assert text.count("Look among books for adults") == 1
        assert "adult=1" in text
        assert "Look among books for adults" not in client.get(f"/search/?q={query}&adult=1").content.decode()

    def test_warnings_and_books_for_adults(self, books) -> None:
        Work.objects.filter(slug="crime").update(warnings=["war"])
        Work.objects.filter(slug="more").update(is_adult=True)
        for listing in Listing.objects.all():
            listings.refresh_listing(listing.edition)
        assert slugs("winter", without=("war",)) == ["verse"]
        assert slugs("winter") == ["crime", "verse"]
        assert slugs("winter", with_adult=True) == ["more", "crime", "verse"]

    @pytest.mark.parametrize(
        "path", ["/search/?q=winter&language=de&subject=F", "/search/?q=winter&price=free&adult=1"]
    )
    def test_take_no_more_than_three_queries(self, books, client, path, django_assert_max_num_queries) -> None:
        with django_assert_max_num_queries(3):
            assert client.get(path).status_code == 200


class TestSuggestions:
    def test_begin_with_one_letter_and_any_word(self) -> None:
        publish("ice", "The Glow of Ice", "Marit Solberg", series="Northern Keepers")
        for text in ("g", "gl", "glow", "the glow of i", "ice glo", "marit gl", "northern gl", "gen"):
            assert [one.label for one in suggest(text).books] == ["The Glow of Ice"], text
        assert [(one.label, one.books) for one in suggest("sol").authors] == [("Marit Solberg", 1)]
        assert [one.label for one in suggest("nor").series] == ["Northern Keepers"]

    def test_mend_a_typo_and_come_by_sales_with_titles_that_begin_so_first(self) -> None:
        publish("within", "A Book of Winter", sold=9)
        publish("few", "Winter Few", sold=1)
        publish("many", "The Winter Many", sold=5)
        assert [one.target for one in suggest("winter").books] == ["many", "few", "within"]
        assert [one.target for one in suggest("winetr ").books] == ["within", "many", "few"]

    def test_hold_no_books_for_adults(self) -> None:
        publish("late", "Late Hours", "Marit Solberg")
        Work.objects.update(is_adult=True)
        listings.refresh_listing(Listing.objects.get().edition)
        assert suggest("late").count == suggest("sol").count == 0

    def test_take_two_queries_and_may_be_kept_by_anybody(self, client, django_assert_num_queries) -> None:
        publish("ice", "The <b>Glow</b>", "Marit & Solberg")
        with django_assert_num_queries(2):
            response = client.get("/search/suggestions/?q=glo")
        assert response["Cache-Control"].startswith("public")
        assert not response.cookies
        text = response.content.decode()
        assert '<a role="option" id="suggested-b1" href="/books/ice/" tabindex="-1">' in text
        assert "<b>Glow" not in text
        assert "<html" not in text

    @pytest.mark.parametrize("query", ["", "%20", "zzzqqq", "-", "%22"])
    def test_are_empty_where_nothing_fits(self, client, query: str) -> None:
        assert client.get(f"/search/suggestions/?q={query}").content.strip() == b""


class TestAnyQuery:
    @pytest.fixture
    def shop(self) -> None:
        publish("ice", "The Glow of Ice")

    @settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(st.one_of(st.text(max_size=300), st.text("ab\"'-*:()|&!<>%_\\\0 .,é", max_size=60)))
    def test_never_breaks(self, shop: None, query: str) -> None:
        search(query, subject="F", language="en", without=("war",))
        suggest(query)

    @pytest.mark.parametrize(
        "query",
        [
            "\ud7ff",
            "𞤀𞤁",
            "'" * 300,
            "NEAR(a b)",
            "marks : book",
            ".book",
            ">0",
            "{names} : ice",
            "a" * 500,
        ],
    )
    def test_nor_do_words_of_the_databases(self, shop: None, client, query: str) -> None:
        assert client.get("/search/", {"q": query}).status_code == 200
        assert client.get("/search/suggestions/", {"q": query}).status_code == 200


_WORDS = [
    "ice",
    "glow",
    "salt",
    "roads",
    "winter",
    "night",
    "boat",
    "paper",
    "sea",
    "tide",
    "lamp",
    "keeper",
    "harbour",
    "stone",
    "garden",
    "letter",
]


class TestBothDatabases:
    """Each database is held against the same reading of every book, and so they agree with each other."""

    @pytest.mark.parametrize("left_out", [0, 1, 2])
    def test_find_what_looking_at_every_book_finds(self, monkeypatch, left_out) -> None:
        chance = random.Random(8)
        for number in range(60):
            title = " ".join(chance.sample(_WORDS, 3)).title()
            author = f"{chance.choice(_WORDS)} {chance.choice(_WORDS)}".title()
            text = " ".join(chance.sample(_WORDS, 4))
            publish(f"n-{number}", title, author, description=text, sold=chance.choice([0, 1, 5, 90, 5000]))
        books = list(Listing.objects.all())
        monkeypatch.setattr(search_module, "PAGE_SIZE", 60)
        for _ in range(40):
            words = chance.sample(_WORDS, chance.choice([1, 2, 2, 3]))
            unwanted = chance.sample([one for one in _WORDS if one not in words], left_out)
            monkeypatch.setattr(search_module, "_FEW", chance.choice([1, 2000]))  # with and without bands
            every = []
            for one in books:
                has = set(f"{one.search_names} {one.search_text}".split())
                if set(words) <= has and has.isdisjoint(unwanted):
                    every.append(one)
            names = [one for one in every if set(words) <= set(one.search_names.split())]
            found = slugs(" ".join([*words, *(f"-{one}" for one in unwanted)]) + " ")
            if not every:
                continue
            assert set(found) == {one.slug for one in every}, words
            assert set(found[: len(names)]) == {one.slug for one in names}, words
            sold = [next(one.sales_count for one in books if one.slug == slug) for slug in found[len(names) :]]
            assert sold == sorted(sold, reverse=True)


def test_says_so_when_a_count_is_capped(client, monkeypatch) -> None:
    monkeypatch.setattr(search_module, "MOST_CANDIDATES", 3)
    for number in range(5):
        publish(f"w-{number}", "Winter")
    text = re.sub(r"\s+", " ", client.get("/search/?q=winter").content.decode())
    assert "3 books or more" in text
