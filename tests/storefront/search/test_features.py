"""What search understands, on both databases."""

from __future__ import annotations

import random
import re

import pytest
from django.core.cache import caches

from common.search_text import words
from publishing import hooks
from publishing.models import Series, Work
from storefront.catalogue.models import Listing
from storefront.catalogue.selectors.browse import Filters
from storefront.catalogue.selectors.facet_choices import facet_choices
from storefront.search import postgresql
from storefront.search.backend import Match, Term
from storefront.search.models import SearchDocument
from storefront.search.selectors import facets as facets_module
from storefront.search.selectors import search as search_module
from storefront.search.selectors.suggestions import suggest
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
        made, _ = Series.objects.get_or_create(owner=edition.work.owner, slug=words(series)[-1], title=series)
        Work.objects.filter(pk=edition.work_id).update(series=made)
        edition.work.refresh_from_db()
    Listing.objects.filter(slug=slug).update(sales_count=sold)
    hooks.notify_listed(edition)


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

    @pytest.mark.parametrize("query", ["cooking", "Food and drink", "Kochbuch", "Essen und Trinken", "tonight rezepte"])
    def test_may_be_what_its_subject_is_called_in_any_interface_language(self, query: str) -> None:
        publish("dinner", "Tonight", subject="WB", language="fr")
        publish("bear", "Bear", subject="YB", language="ja")
        assert slugs(query) == ["dinner"]

    @pytest.mark.parametrize(
        "query", ["kinderbuch", "kinderbcuh", "children's book", "Bilderbücher", "picture book bear"]
    )
    def test_may_be_what_readers_call_its_subject(self, query: str) -> None:
        publish("dinner", "Tonight", subject="WB", language="fr")
        publish("bear", "Bear", subject="YB", language="ja")
        assert slugs(query) == ["bear"]

    def test_side_by_side_in_quotes(self) -> None:
        publish("ice", "The Glow of Ice")
        publish("glow", "Ice of Glow")
        publish("told", "Nothing", description="Here the glow of ice is seen.")
        assert slugs('"glow of ice"') == ["ice", "told"]
        assert slugs('"of glow"') == ["glow"]

    def test_of_two_names_are_no_phrase(self) -> None:
        publish("ice", "Ice", "Ada Quill")
        assert not search('"ice ada"').cards or search('"ice ada"').lacks_a_word

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
        hooks.notify_listed(edition)
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
        monkeypatch.setattr(search_module, "_PEOPLE", (("a", 2), ("s", 2)))
        for number in range(3):
            publish(f"lamp-{number}", f"The Lamp {number}", author=f"Marit Steenstrupp {number}")
        found = search("steenstrup marti")
        assert (found.count, found.is_capped) == (3, False)
        assert len(found.authors) == 2

    def test_a_title_nobody_bought_comes_before_thousands_that_sell(self, monkeypatch) -> None:
        """Common words are looked for among the best-selling books first; the title itself is not."""
        monkeypatch.setattr(postgresql, "_PLACES_WALKED", 6)
        for number in range(9):
            publish(f"ice-{number}", f"Glow of Ice {number}", sold=2**number)
        publish("itself", "The Ice")
        assert slugs("ice") == ["itself", *(f"ice-{number}" for number in reversed(range(9)))]


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
        assert found.corrected == "salt roads"

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
        assert ([card.slug for card in found.cards], found.did_you_mean) == (["told"], "lighthouse")


class TestNoDeadEnd:
    def test_books_that_lack_one_word_are_shown_as_such(self) -> None:
        publish("roads", "Salt Roads", "Joaquim Teles")
        publish("unlike", "Other")
        found = search("salt roads zzzzqqqq")
        assert ([card.slug for card in found.cards], found.lacks_a_word) == (["roads"], True)

    def test_nothing_at_all_says_what_to_do(self, client) -> None:
        publish("roads", "Salt Roads")
        text = client.get("/search/?q=zzzzqqqq").content.decode()
        assert "No results for" in text
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


class TestPages:
    """Each page begins where the one before ended, through all tiers: nothing twice, nothing left out."""

    @pytest.mark.parametrize("walked", [5, 5000])
    @pytest.mark.parametrize(
        ("query", "filters"),
        [
            ("winter", {}),
            ("winter -hill", {}),
            ("winter ferry", {}),
            ("wintre", {}),
            ("winter zzzzqqqq", {}),
            ("winter", {"language": "de"}),
            ("winter", {"without": ("war",), "with_adult": True}),
            ("猫", {}),
            ("冬の", {}),
        ],
    )
    def test_hold_everything_once(self, monkeypatch, walked, query, filters) -> None:
        chance = random.Random(4)
        for number in range(40):
            title = chance.choice(["Winter", "The Winter Ferry", "Winter Ferry at Dawn", "My Winter", "冬の猫", "Sea"])
            told = chance.choice(["A winter tale.", "Up the hill.", "猫と冬の海。"])
            sold, language = chance.choice([0, 0, 1, 7, 90]), chance.choice(["en", "de"])
            publish(f"n-{number}", title, sold=sold, description=told, language=language)
        monkeypatch.setattr(postgresql, "_PLACES_WALKED", walked)
        monkeypatch.setattr(search_module, "PAGE_SIZE", 100)
        caches["pages"].clear()
        every = slugs(query, **filters)
        monkeypatch.setattr(search_module, "PAGE_SIZE", 3)
        after, seen = "", []
        while True:
            page = search(query, after=after, **filters)
            seen += [card.slug for card in page.cards]
            if not (after := page.next_cursor):
                break
        assert len(every) > 6
        assert seen == every


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
        monkeypatch.setattr(facets_module, "MAX_COUNTED", 3)
        for number in range(4):
            publish(f"best-{number}", "Winter Bestseller", subject="FB", sold=50)
        assert slugs("winter", subject="DC") == ["verse"]
        assert slugs("winter", subject="FF", language="en") == ["crime"]
        narrowed = search("winter", subject="DC", language="de")
        assert (narrowed.count, narrowed.is_capped, narrowed.counts.is_counted) == (1, False, True)
        assert (narrowed.counts.subjects, narrowed.counts.languages) == ({"DC": 1, "FF": 1}, {"de": 1})
        found = search("winter")
        assert (found.count, found.is_capped, found.counts.is_counted) == (3, True, False)
        assert len(found.cards) == 7

    def test_counts_of_many_books_are_kept_for_some_minutes(self, monkeypatch, django_assert_num_queries) -> None:
        monkeypatch.setattr(facets_module, "_CACHED_FROM", 1)
        for number in range(3):
            publish(f"w-{number}", f"Winter {number}", language="de" if number else "en")
        every = Match(alternatives=(((Term(("winter",)),),),))
        first = facets_module.counted(every, Filters(language="de"))
        with django_assert_num_queries(0):
            again = facets_module.counted(every, Filters(language="en"))
        assert (first.count, again.count, again.counts.languages) == (2, 1, {"en": 1, "de": 2})

    @pytest.mark.parametrize("query", ["midnight+velvet", "velvet&subject=F", "velvet+lamp"])
    def test_offer_books_for_adults_also_where_nothing_else_fits(self, client, query) -> None:
        publish("late", "Midnight Velvet")
        publish("lamp", "Velvet")
        Work.objects.filter(slug="late").update(is_adult=True)
        for listing in Listing.objects.all():
            hooks.notify_listed(listing.edition)
        text = client.get(f"/search/?q={query}").content.decode()
        assert text.count("Also search books for adults") == 1
        assert "adult=1" in text
        assert "Also search books for adults" not in client.get(f"/search/?q={query}&adult=1").content.decode()

    def test_warnings_and_books_for_adults(self, books) -> None:
        Work.objects.filter(slug="crime").update(warnings=["war"])
        Work.objects.filter(slug="more").update(is_adult=True)
        for listing in Listing.objects.all():
            hooks.notify_listed(listing.edition)
        assert slugs("winter", without=("war",)) == ["verse"]
        assert slugs("winter") == ["crime", "verse"]
        assert slugs("winter", with_adult=True) == ["more", "crime", "verse"]


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

    @pytest.mark.parametrize("typed", ["lighthuo", "lihgtho", "the lighth", "salt ligthou", "slat lightho"])
    def test_forgive_a_slip_in_the_word_that_is_being_typed(self, typed: str) -> None:
        publish("light", "The Lighthouse of Salt")
        publish("other", "Other")
        assert [one.target for one in suggest(typed).books] == ["light"]

    def test_hold_no_books_for_adults(self) -> None:
        publish("late", "Late Hours", "Marit Solberg")
        Work.objects.update(is_adult=True)
        hooks.notify_listed(Listing.objects.get().edition)
        assert suggest("late").count == suggest("sol").count == 0

    def test_take_few_queries_and_may_be_kept_by_anybody(self, client, django_assert_max_num_queries) -> None:
        publish("ice", "The <b>Glow</b>", "Marit & Solberg")
        with django_assert_max_num_queries(8):
            response = client.get("/search/suggestions/?q=glo")
        assert response["Cache-Control"].startswith("public")
        assert not response.cookies
        text = " ".join(response.content.decode().split())
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

    def test_never_breaks(self, shop: None) -> None:
        """Fifteen hundred texts of words, operators of both databases, quotes, marks and emoji."""
        chance = random.Random(19)
        pieces = [
            *("ice", "glow", "the", "é", "éklb", "ébice", "AND", "OR", "NOT", "NEAR(", "title:", "marks :", "places"),
            *('"', "'", "-", "*", ":*", "(", ")", "|", "&", "!", "<->", "<", ">", "%", "_", "\\", "^", "{", "}", ";"),
            *(" ", " ", " ", "-ice", '"ice', "の", "猫", "吾輩は", "한국", "हिन्दी", "ﬁ", "½", "Ⅻ", "İ", "ß", "\u0301"),
            *("😀", "👩‍🚀", "🇩🇪", "\u200d", "\ufeff", "\u2028", "\ud7ff", "𞤀", "1e5", "-1.5", "a.b", "x@y.z", "/"),
        ]
        for number in range(1500):
            text = "".join(chance.choice(pieces) for _ in range(chance.randrange(1, 12)))
            if number % 3 == 0:
                text = "".join(chr(chance.randrange(1, 0x2FFFF)) for _ in range(12) if chance.random() < 0.9)
                text = "".join(one for one in text if not "\ud800" <= one <= "\udfff")
            search(text, after=chance.choice(["", "t2-5", "c0-9", "l0-7", "x"]), language=chance.choice(["", "en"]))
            if number % 3 == 1:
                suggest(text)

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
        books = list(SearchDocument.objects.filter(kind="b").select_related("listing"))
        monkeypatch.setattr(search_module, "PAGE_SIZE", 60)
        for _ in range(40):
            words = chance.sample(_WORDS, chance.choice([1, 2, 2, 3]))
            unwanted = chance.sample([one for one in _WORDS if one not in words], left_out)
            monkeypatch.setattr(postgresql, "_PLACES_WALKED", chance.choice([10, 5000]))
            caches["pages"].clear()
            every = []
            for one in books:
                has = set(f"{one.title} {one.people} {one.more} {one.text}".split())
                if set(words) <= has and has.isdisjoint(unwanted):
                    every.append(one)
            names = [one for one in every if set(words) <= set(f"{one.title} {one.people} {one.more}".split())]
            found = slugs(" ".join([*words, *(f"-{one}" for one in unwanted)]) + " ")
            if not every:
                continue
            assert set(found) == {one.target for one in every}, words
            assert set(found[: len(names)]) == {one.target for one in names}, words
            sold = [
                next(one.listing.sales_count for one in books if one.target == slug) for slug in found[len(names) :]
            ]
            assert sold == sorted(sold, reverse=True)


def test_says_so_when_a_count_is_capped(client, monkeypatch) -> None:
    monkeypatch.setattr(facets_module, "MAX_COUNTED", 3)
    monkeypatch.setattr(search_module, "PAGE_SIZE", 4)
    for number in range(5):
        publish(f"w-{number}", "Winter")
    text = re.sub(r"\s+", " ", client.get("/search/?q=winter").content.decode())
    assert "3 or more books" in text
