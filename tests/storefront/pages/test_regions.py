from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client

from common import clock
from publishing.models import Edition, Price
from storefront.catalogue.models import Listing
from storefront.catalogue.services import listings, ranking
from storefront.checkout.models import Cart
from tests.factories.publishing import make_published_edition
from tests.factories.trust import make_review

pytestmark = pytest.mark.django_db


@pytest.fixture
def lamp() -> Edition:
    edition = make_published_edition(slug="the-lamp", title="The Lamp of Ice")
    for currency, amount in (("EUR", 455), ("JPY", 700)):
        told = {"list_price_minor": amount, "changed_at": clock.now()}
        Price.objects.update_or_create(work=edition.work, currency=currency, defaults=told)
    listings.refresh_listing(edition)
    Listing.objects.update(published_at=clock.now() - timedelta(days=2))
    ranking.plan_fresh(at=clock.now())  # for the front page
    return edition


class TestPrices:
    @pytest.mark.parametrize("page", ["books/", "books/the-lamp/", "search/?q=lamp", ""])
    def test_are_those_of_the_region(self, client: Client, lamp: Edition, page: str) -> None:
        assert "4,55\xa0€" in client.get(f"/de-de/{page}").content.decode()
        assert "¥700" in client.get(f"/en-jp/{page}").content.decode()
        assert "€" not in client.get(f"/{page}").content.decode()

    def test_are_the_shops_where_the_author_asks_none(self, client: Client, lamp: Edition) -> None:
        assert "$" in client.get("/en-gb/books/the-lamp/").content.decode()

    def test_go_into_the_cart_in_its_currency(self, client: Client, lamp: Edition) -> None:
        answer = client.post("/de-at/cart/add/", {"edition": lamp.public_id}, headers={"sec-fetch-site": "same-origin"})
        assert answer["Location"] == "/de-at/cart/"
        assert Cart.objects.get().currency == "EUR"


class TestWords:
    def test_name_the_books_language(self, client: Client, lamp: Edition) -> None:
        assert "Englisch" in client.get("/de-at/books/the-lamp/").content.decode()


class TestAddresses:
    def test_of_cards_stay_in_the_region(self, client: Client, lamp: Edition) -> None:
        assert 'href="/de-de/books/the-lamp/"' in client.get("/de-de/books/").content.decode()
        assert 'href="/books/the-lamp/"' in client.get("/books/").content.decode()

    def test_of_reviews_stay_in_it_whichever_region_was_asked_first(self, client: Client, lamp: Edition) -> None:
        make_review(edition=lamp)
        for region in ("/en-gb", "", "/en-jp"):
            html = client.get(f"{region}/books/the-lamp/").content.decode()
            links = re.findall(r'(?:href|action)="([^"]*/reviews/rev_[^"]*)"', html)
            assert links
            assert all(link.startswith(f"{region}/reviews/") for link in links)

    def test_tell_search_engines_of_the_others(self, client: Client, lamp: Edition) -> None:
        page = client.get("/de-de/books/the-lamp/").content.decode()
        for name, path in (("en-gb", "/en-gb/books/the-lamp/"), ("x-default", "/books/the-lamp/")):
            assert f'<link rel="alternate" hreflang="{name}" href="{settings.SITE_URL}{path}">' in page


class TestWhatSearchEnginesKeep:
    PAGES = ("", "books/", "books/the-lamp/", "shelves/", "refund-policy/", "ranking/")

    @pytest.mark.parametrize(
        ("region", "kept"),
        [("", ""), ("/de-de", "/de-de"), ("/en-us", "/en-us"), ("/de-fr", "/de-de"), ("/en-fr", "/en-ie"),
         ("/en-br", ""), ("/de-us", "/de-ch")],
    )  # fmt: skip
    def test_is_one_page_of_each_language_and_currency(
        self, client: Client, lamp: Edition, region: str, kept: str
    ) -> None:
        for page in self.PAGES:
            text = client.get(f"{region}/{page}").content.decode()
            canonical = f'<link rel="canonical" href="{settings.SITE_URL}{kept}/{page}">'
            assert re.findall(r'<link rel="canonical"[^>]*>', text) == [canonical]
            assert ("hreflang=" in text) == (region == kept)
            assert "noindex" not in text or page == "shelves/"  # which are empty

    def test_is_none_where_no_such_page_has_its_prices(self, client: Client, lamp: Edition) -> None:
        """German with yen: what would be found instead says another price."""
        for page in self.PAGES:
            text = client.get(f"/de-jp/{page}").content.decode()
            assert '<meta name="robots" content="noindex">' in text
            assert "hreflang=" not in text
