"""Pages for somebody who has the book: none of them sells it once more."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.test import Client

from accounts.models import User
from publishing.models import Edition
from storefront.checkout.guests.services import links as guest_links
from storefront.checkout.models import CartLine, Entitlement
from storefront.library.models import Wish
from tests.factories.accounts import make_reader
from tests.factories.guests import buy_as_guest
from tests.factories.offers import make_bundle
from tests.factories.publishing import make_published_edition
from tests.factories.trust import make_entitlement

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("postman")]

FROM_HERE = {"Sec-Fetch-Site": "same-origin", "Origin": "http://testserver"}
SAMPLE = "The lamp was lit at six."


@pytest.fixture
def lamp() -> Edition:
    return make_published_edition(slug="the-lamp", title="The Lamp")


@pytest.fixture
def owner(lamp: Edition, client: Client) -> User:
    reader = make_reader()
    make_entitlement(reader, lamp)
    client.force_login(reader)
    return reader


def buying_of(client: Client, path: str = "/books/the-lamp/") -> str:
    html = client.get(path).content.decode()
    return html[html.index('<div class="book-buy">') : html.index('<div class="book-body">')]


class TestTheBooksPage:
    def test_offers_reading_to_whoever_has_it(self, client: Client, owner: User) -> None:
        part = buying_of(client)
        assert "You own this" in part
        assert 'href="/read/the-lamp/"' in part
        assert "Add to cart" not in part
        assert "Add to wish list" not in part
        assert "$4.99" not in part

    def test_offers_the_book_to_everybody_else(self, client: Client, owner: User) -> None:
        assert "Add to cart" in buying_of(Client())
        client.force_login(make_reader())
        assert "Add to cart" in buying_of(client)

    def test_offers_it_again_to_whoever_gave_it_back(self, client: Client, owner: User) -> None:
        owned = client.get("/books/the-lamp/")
        Entitlement.objects.all().delete()
        answer = client.get("/books/the-lamp/", headers={"if-none-match": owned["ETag"]})
        assert answer.status_code == 200
        assert "Add to cart" in answer.content.decode()

    def test_is_kept_by_no_cache_that_others_use(self, client: Client, owner: User) -> None:
        answer = client.get("/books/the-lamp/")
        assert answer["Cache-Control"] == "private, no-cache"
        assert "Cookie" in answer["Vary"]
        everybodys = Client().get("/books/the-lamp/")
        assert everybodys["Cache-Control"].startswith("public")
        assert "Cookie" in everybodys["Vary"]  # who has just logged in asks anew

    def test_knows_the_browser_of_a_guest(self, client: Client) -> None:
        order = buy_as_guest(make_published_edition(slug="the-oar", title="The Oar"))
        assert "Add to cart" in buying_of(client, "/books/the-oar/")
        link = guest_links.link_of(order)
        client.get(link.removeprefix("http://testserver"))
        assert "You own this" in buying_of(client, "/books/the-oar/")


class TestTheBundlesPage:
    @pytest.fixture
    def path(self, lamp: Edition) -> str:
        oar = make_published_edition(slug="the-oar", title="The Oar", owner=lamp.work.owner)
        return f"/bundles/{make_bundle(lamp, oar, price=700).slug}/"

    def test_names_what_the_visitor_has_and_sells_the_rest(self, client: Client, path: str, owner: User) -> None:
        page = client.get(path)
        html = page.content.decode()
        assert "You own 1 of these books" in html
        assert html.count("You own this") == 1
        assert "Add to cart" in html
        assert page["Cache-Control"] == "private, no-cache"

    def test_sells_nothing_to_whoever_has_all(self, client: Client, path: str, owner: User) -> None:
        make_entitlement(owner, Edition.objects.get(work__title="The Oar"))
        html = client.get(path).content.decode()
        assert "You own all of these books" in html
        assert "Add to cart" not in html

    def test_is_everybodys_without(self, client: Client, path: str) -> None:
        page = client.get(path)
        assert page["Cache-Control"].startswith("public")
        assert "Cookie" in page["Vary"]
        assert "You own" not in page.content.decode()


class TestTheCart:
    def test_leads_to_the_page_that_says_so_and_takes_nothing(self, client: Client, owner: User, lamp: Edition) -> None:
        answer = client.post("/cart/add/", {"edition": lamp.public_id}, headers=FROM_HERE)
        assert answer["Location"] == "/books/the-lamp/"
        assert not CartLine.objects.exists()


class TestCards:
    def test_are_told_what_the_visitor_has(self, client: Client, owner: User) -> None:
        make_published_edition(slug="the-oar")
        told = client.get("/library/owned/?book=the-lamp&book=the-oar&book=nothing")
        assert told.json() == {"says": "You own this", "read": "Read", "books": {"the-lamp": "/read/the-lamp/"}}
        assert "no-store" in told["Cache-Control"]
        assert client.get("/de-de/library/owned/?book=the-lamp").json()["books"] == {
            "the-lamp": "/read/de-DE/the-lamp/"
        }

    def test_of_strangers_ask_for_nothing(
        self, lamp: Edition, client: Client, django_assert_max_num_queries: Callable
    ) -> None:
        with django_assert_max_num_queries(1):
            assert client.get("/library/owned/?book=the-lamp").json()["books"] == {}
        assert "data-owned" not in client.get("/account/menu/").content.decode()

    def test_are_asked_about_where_somebody_is_signed_in(self, client: Client, owner: User) -> None:
        assert re.search('data-owned="/library/owned/"', client.get("/account/menu/").content.decode())


class TestWishing:
    def test_says_why_a_book_one_has_is_not_put_on_the_list(self, client: Client, owner: User) -> None:
        answer = client.post("/wishlist/add/", {"book": "the-lamp"}, headers=FROM_HERE, follow=True)
        html = answer.content.decode()
        assert answer.redirect_chain[-1][0] == "/wishlist/"
        assert "You already own “The Lamp”. It is in your library" in html
        assert "nothing to pay" not in html
        assert not Wish.objects.exists()
