"""What may not be sold in a country is not: in the cart, in the quote, in the order, in bundles and as a gift."""

from __future__ import annotations

from datetime import timedelta

import pytest

from common import clock
from publishing import services as publishing_services
from publishing.territories import Territory
from royalties.services.invariants import check_invariants
from storefront.checkout import errors
from storefront.checkout.cart.selectors import carts as cart_selectors
from storefront.checkout.cart.services import carts, quotes
from storefront.checkout.gifts.services import gifts
from storefront.checkout.models import CartLine, Entitlement, Gift, Order, OrderState, Refund
from storefront.checkout.orders.services import checkout, settlement
from storefront.library.models import WishAlert
from storefront.library.selectors import library as library_selectors
from storefront.library.services import wishlists
from tests.factories.accounts import make_author, make_reader
from tests.factories.buying import buy, fill_cart, make_book, open_page, pay_session, place_order, stored_session
from tests.factories.offers import add_gift, give, make_awaited, make_bundle, pay, publish, token_of
from tests.factories.publishing import make_published_edition

pytestmark = pytest.mark.django_db


def sell(edition, rule, *countries):
    publishing_services.set_territory(
        actor=edition.work.owner, work=edition.work, territory=Territory.of(rule, countries), at=clock.now()
    )
    return edition


def quote(reader, country):
    cart = cart_selectors.cart_of(user=reader, cart_id="")
    return quotes.quote_cart(actor=reader, cart=cart, country=country, at=clock.now())


def order(reader, country, digest):
    return checkout.place_order(actor=reader, country=country, digest=digest, has_consented=True, at=clock.now())


class TestBuying:
    def test_is_sold_where_it_may_be(self, reader, book):
        assert buy(reader, sell(book, "only", "US")).state == OrderState.PAID

    @pytest.mark.parametrize("prices", [{"USD": 499}, {"USD": 0}])
    def test_is_neither_quoted_nor_ordered_elsewhere(self, reader, prices):
        book = sell(make_book(prices=prices), "except", "DE")
        fill_cart(reader, book)
        digest = quote(reader, "US").digest
        with pytest.raises(errors.NotSoldIn, match="Germany"):
            quote(reader, "DE")
        with pytest.raises(errors.NotSoldIn):
            order(reader, "DE", digest)
        assert not Order.objects.exists()
        assert not Entitlement.objects.exists()

    def test_a_price_is_shown_while_no_country_is_known(self, reader, book):
        fill_cart(reader, sell(book, "only", "US"))
        assert quote(reader, "").total.amount_minor == 499

    def test_is_refused_at_the_cart_in_a_region_where_it_is_not_sold(self, reader, book):
        sell(book, "only", "US")
        with pytest.raises(errors.NotSoldIn, match="Austria"):
            carts.add_edition(
                actor=reader,
                cart_id="",
                edition_id=book.public_id,
                currency="USD",
                at=clock.now(),
                country="AT",
            )
        assert not CartLine.objects.exists()

    def test_what_was_bought_stays(self, reader, book):
        buy(reader, book)
        sell(book, "only", "JP")
        assert [one.work_id for one in library_selectors.library_of(reader)] == [book.work.public_id]

    def test_an_order_that_waits_for_its_payment_is_kept(self, reader, book):
        placed = place_order(reader, book)
        sell(book, "except", "US")
        assert pay(placed).state == OrderState.PAID

    def test_the_pages_tax_for_another_country_is_not_a_way_in(self, reader, book):
        """What the provider's page reckons makes its country the order's."""
        placed = place_order(reader, sell(book, "except", "DE"))
        session_id = open_page(placed)
        row = stored_session(session_id)
        row.data = row.data | {"total_details": row.data["total_details"] | {"amount_tax": 33}}
        row.save()
        pay_session(session_id, country="DE")
        settlement.settle_session(session_id=session_id)
        assert not Entitlement.objects.exists()
        assert Refund.objects.get().reason == "not_sold_there"
        assert check_invariants() == []

    def test_a_decision_between_quote_and_order_counts(self, reader, book, monkeypatch):
        """The quote has been made under the buyer's lock; then the author decides, and then the order is written."""
        fill_cart(reader, book)
        digest, quote_cart = quote(reader, "US").digest, quotes.quote_cart

        def overtaken(**kwargs):
            found = quote_cart(**kwargs)
            sell(book, "except", "US")
            return found

        monkeypatch.setattr(quotes, "quote_cart", overtaken)
        with pytest.raises(errors.NotSoldIn):
            order(reader, "US", digest)
        assert not Order.objects.exists()


class TestOrderedAhead:
    def test_is_not_ordered_where_it_will_not_be_sold(self, reader):
        fill_cart(reader, sell(make_awaited(), "except", "US"))
        with pytest.raises(errors.NotSoldIn):
            quote(reader, "US")

    def test_what_was_ordered_before_is_supplied(self, reader, django_capture_on_commit_callbacks):
        awaited = make_awaited()
        pay(place_order(reader, awaited))
        sell(awaited, "except", "US")
        with django_capture_on_commit_callbacks(execute=True):
            publish(awaited)
        assert Entitlement.objects.get().user == reader


class TestBundles:
    @pytest.fixture
    def books(self):
        author = make_author()
        return [make_book(owner=author, title=f"Book {price}", prices={"USD": price}) for price in (300, 400, 500)]

    def add(self, reader, bundle, country=""):
        carts.add_bundle(actor=reader, cart_id="", slug=bundle.slug, currency="USD", at=clock.now(), country=country)

    def test_what_is_not_sold_there_is_left_out_with_its_part(self, reader, books):
        bundle = make_bundle(*books, price=1000)
        sell(books[1], "except", "DE")
        self.add(reader, bundle, "DE")
        assert [line.paid.amount_minor for line in quote(reader, "DE").lines] == [250, 417]
        assert [line.paid.amount_minor for line in quote(reader, "US").lines] == [250, 333, 417]

    def test_nothing_of_it_is_refused(self, reader, books):
        bundle = make_bundle(*books)
        for book in books:
            sell(book, "only", "US")
        with pytest.raises(errors.NotSoldIn, match="The Coast"):
            self.add(reader, bundle, "DE")
        self.add(reader, bundle)
        with pytest.raises(errors.NotSoldIn, match="The Coast"):
            quote(reader, "DE")


class TestGifts:
    """A gift is sold where it is opened, as it is taxed there."""

    def test_may_be_given_from_anywhere(self, reader, book):
        add_gift(reader, sell(book, "only", "US"))
        assert quote(reader, "DE").total.amount_minor == 499

    def test_is_not_opened_where_the_book_is_not_sold(self, book):
        gift = give(edition=sell(book, "only", "US"))
        friend = make_reader()
        wish = {"actor": friend, "token": token_of(gift), "has_consented": True, "at": clock.now()}
        with pytest.raises(errors.GiftNotSoldIn, match="Germany"):
            gifts.redeem(country="DE", **wish)
        assert Gift.objects.get().is_open
        gifts.redeem(country="US", **wish)
        assert Entitlement.objects.get().user == friend

    def test_becomes_another_book_then(self, book):
        gift = give(edition=sell(book, "only", "US"))
        other, friend = make_book(), make_reader()
        gifts.exchange(actor=friend, token=token_of(gift), edition=other, at=clock.now())
        gifts.redeem(actor=friend, token=token_of(gift), country="DE", has_consented=True, at=clock.now())
        assert Entitlement.objects.get().work == other.work


class TestWishes:
    @pytest.mark.parametrize(("country", "alerts"), [("DE", 0), ("US", 1), ("", 1)])
    def test_nobody_is_told_of_a_price_they_cannot_pay(self, country, alerts):
        book, reader = make_published_edition(prices={"USD": 499}), make_reader(country=country)
        wishlists.add_wish(actor=reader, slug=book.work.slug, at=clock.now())
        sell(book, "only", "US")
        book.work.prices.update(list_price_minor=299)
        wishlists.create_due_alerts(work_id=book.work_id, at=clock.now() + timedelta(days=1))
        assert WishAlert.objects.count() == alerts

    def test_they_are_told_when_it_is_sold_there_again(self):
        book, reader = make_published_edition(prices={"USD": 499}), make_reader(country="DE")
        wishlists.add_wish(actor=reader, slug=book.work.slug, at=clock.now())
        sell(book, "except", "DE")
        book.work.prices.update(list_price_minor=299)
        wishlists.create_due_alerts(work_id=book.work_id, at=clock.now())
        sell(book, "world")
        wishlists.create_due_alerts(work_id=book.work_id, at=clock.now())
        assert WishAlert.objects.count() == 1
