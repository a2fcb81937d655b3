"""Where readers meet the offer to complete a series, and where its owner makes it."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.urls import reverse

from common import clock
from publishing import hooks
from publishing import services as publishing_services
from publishing.models import Series
from storefront.checkout.models import CartLine
from tests.factories.accounts import make_author
from tests.factories.buying import buy, fill_cart
from tests.factories.publishing import make_published_edition, make_work

pytestmark = pytest.mark.django_db
FROM_HERE = {"Sec-Fetch-Site": "same-origin", "Origin": "http://testserver"}


@pytest.fixture
def series():
    return Series.objects.create(owner=make_author(), slug="tides", title="Tides")


@pytest.fixture
def books(series):
    books = []
    for number in range(1, 6):
        work = make_work(
            owner=series.owner,
            series=series,
            series_number=number,
            slug=f"tide-{number}",
            title=f"Tide {number}",
            prices={"USD": 400},
        )
        books.append(make_published_edition(work=work))
    return books


@pytest.fixture
def offered(series, books):
    publishing_services.set_completion_discount(actor=series.owner, series=series, discount_bps=2000, at=clock.now())
    return books


def read(client, address, **kwargs):
    response = client.get(address, **kwargs)
    assert response.status_code == 200
    return response.content.decode().replace("<b>", "").replace("</b>", "")


class TestPages:
    def test_the_series_offers_all_of_it_to_everybody(self, client, offered):
        page = read(client, "/series/tides/")
        assert "All 5 together for $16.00 instead of $20.00." in page
        assert "Get the whole series" in page
        assert 'data-own="/series/tides/rest/"' in page

    def test_numbers_the_books(self, client, offered):
        offered[1].work.series_number = None
        offered[1].work.save()
        hooks.notify_listed(offered[1])
        books = read(client, "/series/tides/").partition("<ol")[2]
        assert re.findall(r'class="volume">(\d+)</p>|href="/books/(tide-\d)/', books) == [
            *(pair for number in (1, 3, 4, 5) for pair in ((str(number), ""), ("", f"tide-{number}"))),
            ("", "tide-2"),
        ]

    def test_says_nothing_without_an_offer(self, client, books):
        assert "together for" not in read(client, "/series/tides/")
        assert "/rest/" not in read(client, "/books/tide-1/")
        assert client.get("/series/tides/rest/").content == b""

    def test_tells_a_reader_what_they_lack(self, signed_in, reader, offered):
        buy(reader, *offered[:2])
        part = read(signed_in, "/series/tides/rest/")
        assert "You own 2 of 5. Get the other 3 for $9.60 instead of $12.00." in part
        buy(reader, *offered[2:4])
        assert "You own 4 of 5. Get the other one for $3.20 instead of $4.00." in read(signed_in, "/series/tides/rest/")
        buy(reader, offered[4])
        assert "You own every book in this series." in read(signed_in, "/series/tides/rest/")

    def test_the_page_is_the_same_for_everybody(self, signed_in, reader, offered):
        buy(reader, *offered[:2])
        assert "All 5 together" in read(signed_in, "/series/tides/")

    def test_a_books_page_fetches_it(self, client, offered, django_assert_num_queries):
        read(client, "/books/tide-1/")
        with django_assert_num_queries(9):
            assert 'data-own="/series/tides/rest/"' in read(client, "/books/tide-1/")

    def test_tells_the_lowest_price_of_thirty_days(self, client, series, offered):
        """Who raises a price and then offers less is compared with what it cost before."""
        with clock.frozen(clock.now() + timedelta(days=1)):
            publishing_services.set_prices(
                actor=series.owner, work=offered[0].work, prices={"USD": 800}, at=clock.now()
            )
            page = read(client, "/series/tides/")
        assert "instead of $24.00" in page
        assert "Lowest price in the last 30 days, bought separately: $20.00" in page


class TestCart:
    def test_one_click_puts_the_rest_in(self, signed_in, reader, offered):
        buy(reader, *offered[:2])
        response = signed_in.post("/cart/add/", {"series": "tides"}, headers=FROM_HERE, follow=True)
        page = response.content.decode().replace("<b>", "").replace("</b>", "")
        assert "You own 2 of 5. Get the other 3 for $9.60 instead of $12.00." in page
        assert "Tide 3, Tide 4, Tide 5" in " ".join(page.split())

    def test_a_single_book_there_leads_to_the_others(self, signed_in, reader, offered):
        buy(reader, *offered[:2])
        fill_cart(reader, offered[2])
        assert "the other 3 for $9.60 instead of $12.00" in read(signed_in, "/cart/")
        signed_in.post("/cart/add/", {"series": "tides"}, headers=FROM_HERE)
        assert CartLine.objects.get().series.slug == "tides"

    def test_the_last_book_alone_is_offered_too(self, signed_in, reader, offered):
        buy(reader, *offered[:4])
        fill_cart(reader, offered[4])
        assert "the other one for $3.20 instead of $4.00" in read(signed_in, "/cart/")

    def test_checkout_names_the_series(self, signed_in, offered):
        signed_in.post("/cart/add/", {"series": "tides", "then": "checkout"}, headers=FROM_HERE)
        page = read(signed_in, reverse("checkout:pay") + "?country=US")
        assert page.count("part of “Tides”") == 5
        assert "Order and pay $16.00" in page


class TestDesk:
    def test_its_owner_sets_it(self, client, series, books):
        client.force_login(series.owner)
        page = reverse("desk-series", args=[series.public_id])
        assert client.post(page, {"percent": "12,5"}).status_code == 302
        series.refresh_from_db()
        assert series.completing_bps == 1250
        shown = read(client, page)
        assert 'value="12.5"' in shown
        assert "$3.50" in shown

    @pytest.mark.parametrize("typed", ["-1", "51", "lots", ""])
    def test_keeps_out_what_cannot_be(self, client, series, books, typed):
        client.force_login(series.owner)
        response = client.post(reverse("desk-series", args=[series.public_id]), {"percent": typed})
        assert response.status_code == 422
        series.refresh_from_db()
        assert series.completing_bps == 0

    def test_says_which_book_would_not_pay(self, client, series, books):
        make_published_edition(
            work=make_work(owner=series.owner, series=series, title="The Thin One", prices={"USD": 50})
        )
        client.force_login(series.owner)
        response = client.post(reverse("desk-series", args=[series.public_id]), {"percent": "50"})
        assert response.status_code == 422
        assert "The Thin One" in response.content.decode()
