from __future__ import annotations

import pytest
from pytest_django import DjangoAssertNumQueries

from publishing import hooks
from storefront.catalogue.models import Listing
from storefront.catalogue.selectors.browse import Filters
from storefront.search.selectors import search as search_module
from storefront.search.selectors.suggestions import suggest
from storefront.search.services import index
from tests.factories.accounts import make_author
from tests.factories.publishing import make_published_edition

pytestmark = [pytest.mark.django_db, pytest.mark.both]


def search(query: str, **filters: str) -> search_module.Results:
    return search_module.search(Filters(query=query, **filters).known())


def slugs(query: str) -> list[str]:
    return [card.slug for card in search(query).cards]


def publish(slug: str, title: str, author: str = "Ada Quill", **more: str) -> None:
    make_published_edition(slug=slug, title=title, owner=make_author(display_name=author), **more)


class TestSearch:
    def test_finds_by_title_and_by_author(self) -> None:
        publish("glow", "The Glow of Ice", "Marit Solberg")
        publish("roads", "Salt Roads", "Joaquim Teles")
        assert slugs("glow") == ["glow"]
        assert slugs("Teles") == ["roads"]

    def test_every_word_must_fit_and_the_last_may_be_unfinished(self) -> None:
        publish("glow", "The Glow of Ice", "Marit Solberg")
        publish("sea", "The Glow of the Sea")
        assert slugs("glow solb") == ["glow"]
        assert search("glow teles").lacks_a_word

    def test_case_and_accents_do_not_matter(self) -> None:
        publish("kueche", "Küche im Winter", "Hanna Brückner")
        assert slugs("KUCHE bruckner") == ["kueche"]

    def test_titles_come_before_descriptions(self) -> None:
        publish("told", "Nothing", description="There is a lighthouse in it.")
        publish("titled", "Lighthouse")
        assert slugs("lighthouse") == ["titled", "told"]

    def test_a_title_that_begins_with_the_query_comes_before_a_bestseller_that_holds_it(self) -> None:
        publish("ice", "Ice")
        publish("glow", "The Glow of Ice")
        Listing.objects.filter(slug="glow").update(sales_count=900)
        index.update_sales_bands()
        assert slugs("ice") == ["ice", "glow"]

    def test_articles_may_be_added_and_left_out(self) -> None:
        publish("glow", "The Glow of Ice", "Marit Solberg")
        publish("plain", "Glow", "Ursula Le Guin")
        assert set(slugs("the glow")) == set(slugs("glow")) == {"glow", "plain"}
        assert slugs("a glow of ice") == slugs("glow of ice") == ["glow"]
        assert slugs("le guin") == slugs("a guin") == ["plain"]

    def test_a_name_that_looks_like_an_article_is_asked_for(self) -> None:
        publish("summer", "My Summer", "Kamala Das")
        publish("winter", "My Winter", "Kamala Rao")
        assert slugs("kamala das") == ["summer"]
        assert [hit.label for hit in search("Kamala Das").authors] == ["Kamala Das"]

    def test_a_slip_beside_an_article_is_mended(self) -> None:
        publish("light", "Lighthouse")
        assert slugs("the lighthuose") == ["light"]
        assert [one.label for one in suggest("the lighthuose").books] == ["Lighthouse"]

    def test_an_article_alone_is_a_word_as_any_other(self) -> None:
        publish("glow", "The Glow of Ice")
        publish("sea", "Sea", description="Waves.")
        assert slugs("the ")[0] == "glow"  # with the word in its title, before any other

    def test_an_article_in_quotes_must_be_there(self) -> None:
        publish("glow", "The Glow of Ice")
        publish("sea", "Glow")
        assert slugs('"the glow"') == ["glow"]

    def test_without_one_of_its_words_a_book_still_has_more_than_an_article(self) -> None:
        publish("glow", "The Glow of Ice")
        publish("other", "The Sea")
        assert slugs("the glow teles") == ["glow"]

    @pytest.mark.parametrize("more", ["", " " + "and the frost that stays " * 5])
    def test_a_long_title_typed_out_comes_before_a_bestseller_that_begins_so(self, more: str) -> None:
        title = f"The One Two Three Four Five Six Seven Eight Nine{more}"
        publish("whole", title)
        publish("longer", "One Two Three Four Five Six Seven Eight Nine Ten")
        publish("other", "One Two Three Four Five Six Seven Eight")
        Listing.objects.exclude(slug="whole").update(sales_count=90)
        index.update_sales_bands()
        assert slugs(title)[0] == "whole"
        assert slugs(title.removeprefix("The "))[0] == "whole"

    def test_bestsellers_come_first_otherwise(self) -> None:
        publish("one", "A Winter Book")
        publish("two", "Another Winter Book")
        Listing.objects.filter(slug="one").update(sales_count=3)
        index.update_sales_bands()
        assert slugs("winter") == ["one", "two"]

    @pytest.mark.parametrize("typo", ["lihgthouse", "lighthuse", "lightthouse", "lighthouze"])
    def test_forgives_one_typo(self, typo: str) -> None:
        publish("lighthouse", "The Lighthouse")
        results = search(typo)
        assert [card.slug for card in results.cards] == ["lighthouse"]
        assert results.corrected == "lighthouse"

    def test_does_not_mend_what_is_found_as_typed(self) -> None:
        publish("glow", "Glow")
        publish("glows", "Grow")
        assert slugs("glow") == ["glow"]

    def test_what_left_the_shop_is_not_found(self) -> None:
        edition = make_published_edition(slug="gone", title="Gone")
        hooks.notify_withdrawn(edition)
        assert slugs("gone") == []

    def test_a_changed_title_is_found_and_the_old_one_is_not(self) -> None:
        edition = make_published_edition(slug="book", title="Before")
        edition.work.title = "After"
        edition.work.save()
        hooks.notify_listed(edition)
        assert slugs("after") == ["book"]
        assert slugs("before") == []

    @pytest.mark.parametrize("query", ["", "  ", "!!!", '"', "a OR", "* & |", "title:x", "NEAR(", "-", "'; --"])
    def test_no_query_breaks_it(self, query: str) -> None:
        publish("glow", "The Glow of Ice")
        assert search(query).count in {0, 1}

    def test_pages_go_on_where_the_last_one_ended(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(search_module, "PAGE_SIZE", 2)
        for number in range(5):
            publish(f"winter-{number}", f"Winter {number}")
        pages = [search("winter")]
        while pages[-1].next_cursor:
            pages.append(search("winter", after=pages[-1].next_cursor))
        assert [page.count for page in pages] == [5, 5, 5]
        seen = [card.slug for page in pages for card in page.cards]
        assert len(seen) == len(set(seen)) == 5

    @pytest.mark.parametrize("books", [1, 30])
    def test_takes_few_queries_however_many_books(
        self, books: int, django_assert_max_num_queries: DjangoAssertNumQueries
    ) -> None:
        for number in range(books):
            publish(f"winter-{number}", f"Winter {number}")
        with django_assert_max_num_queries(10):
            search("winter")
