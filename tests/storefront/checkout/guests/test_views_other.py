"""Buying under another address in a browser in which somebody has bought without an account."""

from __future__ import annotations

import pytest

from common import clock
from publishing.models import Series, Work
from storefront.checkout.models import Entitlement, Order
from tests.factories.accounts import make_author, make_reader
from tests.factories.buying import make_book
from tests.factories.offers import make_awaited, make_bundle
from tests.storefront.checkout.guests.test_views import ANN, check_out, purchase
from tests.storefront.checkout.orders.test_views import FROM_HERE, add, hidden

pytestmark = pytest.mark.django_db

BOB = "bob@example.org"


def confirm(client, page, *, email=BOB):
    """Press the button of the page that shows the order anew."""
    form = {"country": "US", "email": email, "digest": hidden(page, "digest"), "consent": "on"}
    return client.post("/checkout/", form | {"shown_country": hidden(page, "shown_country")})


def goes_to_pay(answer):
    return answer.status_code == 302 and "/pay/" in answer["Location"]


@pytest.fixture
def books():
    owner = make_author()
    return [make_book(title=title, owner=owner, prices={"USD": 500}) for title in ("Had", "New")]


class TestABundleOfWhichTheFirstHasAPart:
    @pytest.fixture
    def page(self, client, books):
        """What comes when it is ordered under another address."""
        purchase(client, books[0])
        client.post("/cart/add/", {"bundle": make_bundle(*books).slug}, headers=FROM_HERE)
        assert "Order and pay $4.00" in client.get("/checkout/?country=US").content.decode()
        answer = check_out(client, email=BOB)
        assert answer.status_code == 422
        return answer.content.decode()

    def test_is_shown_whole_before_it_is_ordered(self, page):
        assert "Order and pay $8.00" in page
        assert "With a different email address, no book counts as already bought" in page
        assert f'value="{BOB}"' in page
        assert Order.objects.count() == 1

    def test_is_then_bought(self, client, page, books):
        assert goes_to_pay(confirm(client, page))
        order = Order.objects.latest("pk")
        assert order.buyer.guest.email == BOB
        assert {line.edition for line in order.lines.all()} == set(books)
        assert order.total_minor == 800

    def test_and_the_first_address_still_pays_for_the_rest_alone(self, client, page):
        shown = confirm(client, page, email=ANN)
        assert shown.status_code == 422
        assert "Order and pay $4.00" in shown.content.decode()
        assert goes_to_pay(confirm(client, shown.content.decode(), email=ANN))
        assert Order.objects.latest("pk").total_minor == 400


@pytest.fixture(params=["bundle", "series"])
def whole(request, books):
    """Both books together, for 8.00."""
    if request.param == "bundle":
        return {"bundle": make_bundle(*books, price=800).slug}
    series = Series.objects.create(owner=books[0].work.owner, title="Tides", slug="tides", completing_bps=2000)
    for number, book in enumerate(books, 1):
        Work.objects.filter(pk=book.work_id).update(series=series, series_number=number)
    return {"series": "tides"}


class TestSeveralBooksThatTheFirstHasAllOf:
    @pytest.fixture
    def cart(self, client, books, whole):
        """The cart's page, with the whole in it."""
        add(client, books[0])
        purchase(client, books[1])
        assert client.post("/cart/add/", whole, headers=FROM_HERE)["Location"] == "/cart/"
        return client.get("/cart/").content.decode()

    def test_lie_in_the_cart_whole(self, cart):
        assert "$8.00" in cart
        assert "You already own all of these books" not in cart
        assert "Left out of the bundle and its price, because" not in cart
        assert 'href="/checkout/"' in cart

    def test_checkout_says_so_and_asks_for_an_address(self, client, cart):
        page = client.get("/checkout/?country=US").content.decode()
        assert "You have already bought" in page
        assert "enter their email address" in page
        assert "Order and pay $8.00" in page
        assert ANN not in page

    def test_are_bought_for_another(self, client, cart):
        assert goes_to_pay(check_out(client, email=BOB))
        assert Order.objects.latest("pk").total_minor == 800

    def test_are_not_bought_twice_under_the_first_address(self, client, cart):
        assert check_out(client, email=ANN)["Location"] == "/cart/"
        assert "there is nothing to pay" in client.get("/cart/").content.decode()
        assert Order.objects.count() == 1

    def test_go_on_beside_another_book(self, client, cart):
        """Nothing has to be taken out first."""
        add(client, make_book(title="Other"))
        page = client.get("/cart/").content.decode()
        assert "Not everything can be bought right now" not in page
        assert "$12.99" in page

    def test_are_the_persons_once_they_have_logged_in(self, client, cart, books):
        person = make_reader()
        for book in books:
            Entitlement.objects.create(user=person, work=book.work, edition=book, granted_at=clock.now())
        client.force_login(person)
        assert "You already own all of these books" in client.get("/cart/").content.decode()


class TestABookThatTheFirstHas:
    @pytest.fixture
    def bought(self, client, books):
        purchase(client, books[0])
        assert add(client, books[0])["Location"] == "/cart/"
        return books[0]

    def test_the_page_says_so_and_asks_for_an_address(self, client, bought):
        page = client.get("/checkout/?country=US").content.decode()
        assert "You have already bought “Had” here" in page
        assert "enter their email address" in page
        assert ANN not in page

    def test_is_bought_for_another(self, client, bought):
        assert goes_to_pay(check_out(client, email=BOB))
        assert Order.objects.latest("pk").buyer.guest.email == BOB

    def test_is_not_bought_twice_under_the_first_address(self, client, bought):
        answer = check_out(client, email=ANN.upper())
        assert answer["Location"] == "/cart/"
        assert "there is nothing to pay" in client.get("/cart/").content.decode()
        assert Order.objects.count() == Entitlement.objects.count() == 1

    def test_keeps_the_page_when_the_address_is_none(self, client, bought):
        answer = check_out(client, email="bob")
        assert answer.status_code == 422
        assert "You have already bought “Had” here" in answer.content.decode()


def test_a_book_ordered_ahead_is_bought_for_another(client):
    awaited = make_awaited()
    purchase(client, awaited)
    add(client, awaited)
    assert "already pre-ordered" in client.get("/checkout/?country=US").content.decode()
    assert goes_to_pay(check_out(client, email=BOB))


def test_an_address_put_right_asks_no_second_time(client, books):
    add(client, books[0])
    assert goes_to_pay(check_out(client, email="an@example.org"))
    assert goes_to_pay(check_out(client, email=ANN))
    assert Order.objects.latest("pk").buyer.guest.email == ANN
