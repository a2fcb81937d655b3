"""What cannot be bought now is set aside in one step, and the rest goes on to checkout."""

from __future__ import annotations

import pytest
from django.urls import reverse

from common import clock
from publishing import services as publishing_services
from publishing.territories import Territory
from storefront.catalogue.services import listings
from storefront.checkout.cart.selectors.carts import GiftWish
from storefront.checkout.cart.services import carts
from storefront.checkout.models import Cart, CartLine
from storefront.library.models import Wish
from tests.factories.accounts import make_author
from tests.factories.buying import buy, fill_cart, make_book, place_order
from tests.factories.guests import ADDRESS, place_as_guest, visitor_cart
from tests.factories.guests import pay as guest_pays
from tests.factories.offers import add_gift, make_author_coupon, make_awaited, make_bundle, pay, publish, use_code

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("postman")]
FROM_HERE = {"Sec-Fetch-Site": "same-origin", "Origin": "http://testserver"}
SET_ASIDE = "/cart/set-aside/"
KEEP, TAKE_OUT = "Save for later and check out the rest", "Remove and check out the rest"


@pytest.fixture
def sold():
    return make_book(title="Everywhere", prices={"USD": 400, "EUR": 400})


@pytest.fixture
def unpriced():
    edition = make_book(title="In Dollars", prices={"USD": 400})
    listings.refresh_listing(edition)
    return edition


@pytest.fixture
def barred():
    edition = make_book(title="At Home", prices={"USD": 400, "EUR": 400})
    territory = Territory.of("except", ["DE"])
    publishing_services.set_territory(actor=edition.work.owner, work=edition.work, territory=territory, at=clock.now())
    return edition


def in_euro(reader, *editions):
    for edition in editions:
        fill_cart(reader, edition)
    carts.set_currency(cart=reader.cart, currency="EUR", at=clock.now())


def read(client, address):
    response = client.get(address, follow=True)
    assert response.status_code == 200
    return response.content.decode()


def titles_left():
    return set(CartLine.objects.values_list("edition__work__title", flat=True))


class TestCart:
    def test_names_what_has_no_price_and_keeps_it_for_later(self, signed_in, reader, sold, unpriced):
        in_euro(reader, sold, unpriced)
        page = read(signed_in, "/cart/")
        assert "In Dollars: no price in EUR" in page
        assert KEEP in page
        answer = signed_in.post(SET_ASIDE, follow=True)
        assert answer.redirect_chain == [("/checkout/", 302)]
        assert "Moved to your wish list: In Dollars" in answer.content.decode()
        assert "Everywhere" in answer.content.decode()
        assert titles_left() == {"Everywhere"}
        assert Wish.objects.get(user=reader).work.title == "In Dollars"

    def test_names_what_is_not_sold_in_the_country(self, signed_in, reader, sold, barred):
        in_euro(reader, sold, barred)
        page = read(signed_in, "/en-de/cart/")
        assert "At Home: not sold in Germany" in page
        answer = signed_in.post(f"/en-de{SET_ASIDE}")
        assert answer["Location"] == "/en-de/checkout/"
        assert titles_left() == {"Everywhere"}
        assert Wish.objects.get(user=reader).work.title == "At Home"

    def test_takes_it_out_for_whoever_is_not_signed_in(self, client, sold, unpriced):
        for edition in (sold, unpriced):
            client.post("/cart/add/", {"edition": edition.public_id}, headers=FROM_HERE)
        carts.set_currency(cart=Cart.objects.get(), currency="EUR", at=clock.now())
        page = read(client, "/cart/")
        assert TAKE_OUT in page
        assert KEEP not in page
        answer = client.post(SET_ASIDE, follow=True)
        assert "Removed from your cart: In Dollars" in answer.content.decode()
        assert titles_left() == {"Everywhere"}
        assert not Wish.objects.exists()

    def test_takes_out_what_no_wish_list_takes(self, signed_in, reader, sold, unpriced):
        in_euro(reader, sold)
        carts.add_gift(
            actor=reader,
            cart_id="",
            edition_id=unpriced.public_id,
            currency="EUR",
            wish=GiftWish("friend@example.com", "", None),
            at=clock.now(),
        )
        gone = make_book(title="Gone", prices={"EUR": 400})
        fill_cart(reader, gone)
        publishing_services.withdraw_edition(actor=gone.work.owner, edition=gone, at=clock.now())
        page = read(signed_in, "/cart/")
        assert "Gone: no longer on sale" in page
        assert TAKE_OUT in page
        answer = signed_in.post(SET_ASIDE, follow=True)
        assert "Removed from your cart: In Dollars, Gone" in answer.content.decode()
        assert titles_left() == {"Everywhere"}
        assert not Wish.objects.exists()

    def test_a_book_that_the_reader_has_is_not_wished_for(self, signed_in, reader, sold, unpriced):
        buy(reader, unpriced)
        in_euro(reader, sold)
        cart = Cart.objects.get(user=reader)
        CartLine.objects.create(cart=cart, edition=unpriced, added_at=clock.now())
        signed_in.post(SET_ASIDE)
        assert titles_left() == {"Everywhere"}
        assert not Wish.objects.exists()

    def test_several_works_without_a_price_stay_as_before(self, signed_in, reader, sold, unpriced):
        author = make_author()
        parts = [make_book(owner=author, title=f"Part {n}", prices={"USD": 400}) for n in (1, 2)]
        bundle = make_bundle(*parts, price=600)
        in_euro(reader, sold)
        carts.add_bundle(actor=reader, cart_id="", slug=bundle.slug, currency="EUR", at=clock.now())
        page = read(signed_in, "/cart/")
        assert KEEP not in page
        assert TAKE_OUT not in page
        signed_in.post(SET_ASIDE)
        assert CartLine.objects.filter(bundle=bundle).exists()

    def test_leaves_alone_what_can_be_bought_by_then(self, signed_in, reader, sold, unpriced):
        in_euro(reader, sold, unpriced)
        carts.set_currency(cart=reader.cart, currency="USD", at=clock.now())
        signed_in.post(SET_ASIDE)
        assert titles_left() == {"Everywhere", "In Dollars"}

    def test_has_no_button_where_nothing_would_be_left_to_buy(self, signed_in, reader, unpriced):
        in_euro(reader, unpriced)
        assert KEEP not in read(signed_in, "/cart/")

    def test_without_a_cart_there_is_nothing_to_do(self, client):
        assert client.post(SET_ASIDE)["Location"] == "/cart/"
        assert client.get(SET_ASIDE).status_code == 405


class TestWhatIsTheirs:
    """A single book that the buyer has, or waits for, holds up the rest until it is taken out."""

    @pytest.fixture
    def owned(self):
        return make_book(title="Owned", prices={"USD": 300})

    def put_in(self, client, *editions):
        for edition in editions:
            client.post("/cart/add/", {"edition": edition.public_id}, headers=FROM_HERE)

    def log_in_with_cart(self, client, reader):
        cart_id = client.session["cart"]
        client.force_login(reader)
        session = client.session
        session["cart"] = cart_id
        session.save()

    def take_out(self, client, title):
        page = read(client, "/cart/")
        assert TAKE_OUT in page
        assert "Check out</a>" not in page
        assert 'Total</span> <strong class="figures">$4.00</strong>' in page
        answer = client.get("/checkout/?country=US", follow=True)
        assert answer.redirect_chain == [("/cart/", 302)]
        assert "Remove it from your cart to continue." in answer.content.decode().split("shelf-rows")[0]
        answer = client.post(SET_ASIDE, follow=True)
        assert answer.redirect_chain == [("/checkout/", 302)]
        assert f"Removed from your cart: {title}" in answer.content.decode()
        assert titles_left() == {"Everywhere"}
        assert not Wish.objects.exists()

    def test_a_book_bought_before_logging_in(self, client, reader, sold, owned):
        buy(reader, owned)
        self.put_in(client, owned, sold)
        self.log_in_with_cart(client, reader)
        assert "Owned: you already own it" in read(client, "/cart/")
        assert "already in your library" in read(client, "/cart/")
        self.take_out(client, "Owned")

    def test_a_book_ordered_ahead(self, signed_in, reader, sold):
        awaited = make_awaited(prices={"USD": 300})
        pay(place_order(reader, awaited))
        self.put_in(signed_in, awaited, sold)
        assert f"{awaited.work.title}: already pre-ordered" in read(signed_in, "/cart/")
        self.take_out(signed_in, awaited.work.title)

    def test_a_book_ordered_ahead_that_has_just_come_out(self, signed_in, reader, sold):
        """It is in the library in a moment; paid for again it would only be given back."""
        awaited = make_awaited(prices={"USD": 300})
        pay(place_order(reader, awaited))
        publish(awaited)
        self.put_in(signed_in, awaited, sold)
        self.take_out(signed_in, awaited.work.title)

    def test_a_book_that_its_author_put_in_before_logging_in(self, client, sold, owned):
        self.put_in(client, owned, sold)
        self.log_in_with_cart(client, owned.work.owner)
        self.take_out(client, "Owned")

    def test_a_book_bought_without_an_account_may_be_bought_under_another_address(self, client, sold, owned):
        """It is not in the way; whoever orders it under the same one is told how to go on."""
        cart = visitor_cart(owned)
        guest_pays(place_as_guest(cart))
        CartLine.objects.create(cart=cart, edition=owned, added_at=clock.now())
        session = client.session
        session["cart"] = cart.public_id
        session.save()
        self.put_in(client, sold)
        page = read(client, "/cart/")
        assert TAKE_OUT not in page
        assert "Check out</a>" in page
        form = {"country": "US", "email": ADDRESS, "digest": "x", "shown_country": "US", "consent": "on"}
        page = client.post("/checkout/", form, follow=True).content.decode()
        assert "The link in your receipt opens it." in page
        assert "Remove it from your cart to continue." in page

    def test_a_withdrawn_book_that_is_in_the_library(self, client, reader, sold, owned):
        buy(reader, owned)
        self.put_in(client, owned, sold)
        publishing_services.withdraw_edition(actor=owned.work.owner, edition=owned, at=clock.now())
        self.log_in_with_cart(client, reader)
        self.take_out(client, "Owned")

    def test_a_code_takes_nothing_off_it(self, client, reader, owned):
        author = owned.work.owner
        mine = make_book(title="Everywhere", owner=author, prices={"USD": 400})
        buy(reader, owned)
        self.put_in(client, owned, mine)
        self.log_in_with_cart(client, reader)
        read(client, "/cart/")
        use_code(reader, make_author_coupon(author, percent_bps=None, amounts={"USD": 350}))
        page = read(client, "/cart/")
        assert 'Total</span> <strong class="figures">$0.50</strong>' in page

    def test_a_gift_of_it_can_be_bought(self, signed_in, reader, owned):
        buy(reader, owned)
        add_gift(reader, owned)
        page = read(signed_in, "/cart/")
        assert "already in your library" not in page
        assert "Check out</a>" in page

    def test_alone_it_says_what_to_do(self, client, reader, owned):
        buy(reader, owned)
        self.put_in(client, owned)
        self.log_in_with_cart(client, reader)
        page = read(client, "/cart/")
        assert TAKE_OUT not in page
        assert "Remove it from your cart to continue." in page
        assert "Check out</a>" not in page


class TestCheckout:
    def test_offers_the_same_once_the_country_is_chosen(self, signed_in, reader, sold, barred):
        in_euro(reader, sold, barred)
        page = read(signed_in, reverse("checkout:pay") + "?country=DE")
        assert "At Home: not sold in Germany" in page
        assert KEEP in page
        answer = signed_in.post(SET_ASIDE, follow=True)
        page = answer.content.decode()
        assert "Moved to your wish list: At Home" in page
        assert "Order and pay" in page
        assert titles_left() == {"Everywhere"}

    def test_has_no_button_where_nothing_is_sold_there(self, signed_in, reader, barred):
        in_euro(reader, barred)
        page = read(signed_in, reverse("checkout:pay") + "?country=DE")
        assert KEEP not in page
        assert "not sold in Germany" in page
