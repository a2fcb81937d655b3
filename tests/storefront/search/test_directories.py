"""Lists of all authors, series and bundles."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from publishing.models import Series
from storefront.catalogue.models import Listing
from storefront.catalogue.services import listings
from storefront.search.selectors import directories
from tests.factories.accounts import make_author
from tests.factories.offers import make_bundle
from tests.factories.publishing import make_published_edition, make_work

pytestmark = [pytest.mark.django_db, pytest.mark.both]


def publish(author: str, books: int, *, series: str = "", is_adult: bool = False) -> None:
    owner = make_author(display_name=author)
    kept = Series.objects.create(owner=owner, slug=series.lower(), title=series) if series else None
    for _ in range(books):
        make_published_edition(work=make_work(owner=owner, series=kept, is_adult=is_adult))


def names(client: Client, address: str) -> list[tuple[str, str]]:
    text = client.get(address).content.decode()
    return re.findall(r'<li><a href="/(?:authors|series)/[^"]+">([^<]+)</a><span class="soft">([^<]+)</span>', text)


def test_those_with_the_most_books_come_first(client: Client) -> None:
    publish("Ada Quill", 1, series="Tides")
    publish("Marit Solberg", 3, series="Keepers")
    publish("Ewa Nowak", 2, is_adult=True)
    assert names(client, "/authors/") == [("Marit Solberg", "3 books"), ("Ada Quill", "1 book")]
    assert names(client, "/series/") == [("Keepers", "3 books"), ("Tides", "1 book")]


@pytest.mark.parametrize("query", ["solberg", "sol", "Solbrg", "marit s"])
def test_they_are_found_by_name(client: Client, query: str) -> None:
    publish("Ada Quill", 1)
    publish("Marit Solberg", 1)
    assert names(client, f"/authors/?q={query}") == [("Marit Solberg", "1 book")]
    assert names(client, "/authors/?q=xylophon") == []


def test_pages_follow_each_other_in_one_query_each(
    client: Client, monkeypatch: pytest.MonkeyPatch, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    monkeypatch.setattr(directories, "PAGE_SIZE", 2)
    for number in range(5):
        publish(f"Author {'ABCDE'[number]}", 1 + number // 4)
    address, seen = "/authors/", []
    for _ in range(3):
        with django_assert_num_queries(1):
            text = client.get(address).content.decode()
        seen.append(re.findall(r">(Author \w)</a>", text))
        following = re.search(r'rel="next" href="([^"]+)"', text)
        address = f"/authors/{following[1]}" if following else ""
    assert seen == [["Author E", "Author D"], ["Author C", "Author B"], ["Author A"]]
    assert not address


class TestBundles:
    def test_are_listed_with_what_they_save(self, client: Client) -> None:
        bundle = make_bundle(make_published_edition(), make_published_edition(), price=800)
        text = client.get("/bundles/").content.decode()
        assert f"/bundles/{bundle.slug}/" in text
        assert "$8.00" in text
        assert "$9.98 separately" in text

    def test_are_left_out_when_they_cannot_be_bought_here_or_are_for_adults(self, client: Client) -> None:
        make_bundle(make_published_edition(), make_published_edition(), on_sale=False)
        make_bundle(make_published_edition(), make_published_edition(work=make_work(is_adult=True)))
        withdrawn = make_published_edition()
        make_bundle(withdrawn, make_published_edition(work=make_work(owner=withdrawn.work.owner)))
        listings.withdraw_listing(withdrawn)
        withdrawn.work.editions.update(state="withdrawn")
        assert "/books/" in client.get("/bundles/").content.decode()
        assert "The Coast" not in client.get("/bundles/").content.decode()

    def test_in_another_currency_alone_are_listed_too(self, client: Client) -> None:
        works = [make_work(prices={"EUR": 499}) for _ in range(2)]
        make_bundle(*(make_published_edition(work=work) for work in works), price=800, currency="EUR")
        assert "€8.00" in client.get("/bundles/").content.decode()

    def test_cost_as_many_queries_however_many_they_are(
        self, client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
    ) -> None:
        for _ in range(4):
            make_bundle(make_published_edition(), make_published_edition())
        with django_assert_max_num_queries(9):
            client.get("/bundles/")


@pytest.mark.parametrize("address", ["/authors/", "/series/", "/bundles/"])
def test_a_shop_without_any_says_so(client: Client, address: str) -> None:
    assert Listing.objects.count() == 0
    answer = client.get(address)
    assert answer.status_code == 200
    assert "yet" in answer.content.decode()


@pytest.mark.parametrize("after", ["nobody-gave-it", "zz-zz", "9" * 50])
@pytest.mark.parametrize("address", ["/authors/", "/series/", "/bundles/"])
def test_cursors_that_nobody_gave_out_do_no_harm(client: Client, address: str, after: str) -> None:
    assert client.get(address, {"after": after}).status_code == 200
