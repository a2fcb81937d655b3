"""Completing a series: what a reader lacks of it, at the author's price, through the machinery of bundles."""

from __future__ import annotations

import pytest

from common import clock
from publishing import services as publishing_services
from publishing.models import Edition, Price, Series
from publishing.territories import Territory
from royalties.models import SaleRecord
from royalties.services.invariants import check_invariants
from storefront.checkout import errors
from storefront.checkout.cart.selectors import carts as cart_selectors
from storefront.checkout.cart.selectors import series_offer
from storefront.checkout.cart.services import cart_views, carts, quotes
from storefront.checkout.gifts.services import gifts
from storefront.checkout.models import CartLine, Entitlement, Order
from storefront.checkout.orders.services import checkout
from storefront.checkout.refunds import services as refunds
from tests.factories.accounts import make_author
from tests.factories.buying import buy, fill_cart, make_book, place_order
from tests.factories.offers import (
    balances,
    give,
    make_author_coupon,
    make_awaited,
    make_bundle,
    pay,
    token_of,
    use_code,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def author():
    return make_author()


@pytest.fixture
def series(author):
    return Series.objects.create(owner=author, slug="tides", title="Tides", completing_bps=2000)


def into(series, edition, number):
    edition.work.series, edition.work.series_number = series, number
    edition.work.save()
    return edition


@pytest.fixture
def books(author, series):
    """Five of one series, at 4.00 each."""
    return [into(series, make_book(owner=author, title=f"Tide {n}", prices={"USD": 400}), n) for n in range(1, 6)]


def add(reader, series, currency="USD", country=""):
    carts.add_series(actor=reader, cart_id="", slug=series.slug, currency=currency, at=clock.now(), country=country)


def quote(reader, country="US"):
    cart = cart_selectors.cart_of(user=reader, cart_id="")
    return quotes.quote_cart(actor=reader, cart=cart, country=country, at=clock.now())


def paid(reader, country="US"):
    return [line.paid.amount_minor for line in quote(reader, country).lines]


def view(reader, country=""):
    cart = cart_selectors.cart_of(user=reader, cart_id="")
    return cart_views.cart_view(actor=reader, cart=cart, at=clock.now(), country=country)


class TestPrice:
    def test_whoever_has_two_of_five_pays_for_three(self, reader, series, books):
        buy(reader, *books[:2])
        add(reader, series)
        assert paid(reader) == [320, 320, 320]
        rest = view(reader).rows[0].rest
        assert (rest.had, rest.books, len(rest.parts)) == (2, 5, 3)
        assert (rest.price.amount_minor, rest.listed.amount_minor) == (960, 1200)
        assert view(reader).total.amount_minor == 960

    def test_whoever_has_none_pays_for_all(self, reader, series, books):
        add(reader, series)
        assert paid(reader) == [320] * 5

    def test_whoever_is_not_signed_in_pays_for_all(self, series, books):
        cart = carts.add_series(actor=None, cart_id="", slug="tides", currency="USD", at=clock.now())
        offer = quotes.quote_cart(actor=None, cart=cart, country="US", at=clock.now())
        assert offer.total.amount_minor == 1600

    def test_the_last_one_is_reduced_too(self, reader, series, books):
        buy(reader, *books[:4])
        add(reader, series)
        assert paid(reader) == [320]

    def test_all_of_it_owned_is_refused(self, reader, series, books):
        buy(reader, *books)
        with pytest.raises(errors.AlreadyOwned, match="Tides"):
            add(reader, series)

    def test_no_book_falls_below_what_pays_its_author(self, reader, author, series, books):
        thin = into(series, make_book(owner=author, prices={"USD": 60}), 6)
        series.completing_bps = 5000
        series.save()
        add(reader, series)
        offer = series_offer.offer_of(series, currency="USD")
        part = next(part for part in offer.parts if part.work.pk == thin.work_id)
        assert 30 < part.part.amount_minor <= 60
        assert all(line.breakdown.royalty.amount_minor >= 1 for line in quote(reader).lines)

    def test_an_open_price_keeps_its_least(self, reader, author, series, books):
        open_book = into(series, make_book(owner=author, prices={"USD": 300}), 6)
        Price.objects.filter(work=open_book.work).update(is_open=True, suggested_minor=320)
        add(reader, series)
        assert paid(reader)[-1] == 300

    def test_a_free_book_comes_along(self, reader, author, series, books):
        into(series, make_book(owner=author, prices={"USD": 0}), 6)
        add(reader, series)
        assert paid(reader) == [320] * 5 + [0]

    def test_counts_what_is_on_sale_now(self, reader, author, series, books):
        publishing_services.withdraw_edition(actor=author, edition=books[0], at=clock.now())
        into(series, make_awaited(owner=author), 6)
        add(reader, series)
        assert paid(reader) == [320] * 4

    def test_somebody_elses_work_is_no_part_of_it(self, reader, series, books):
        into(series, make_book(), 6)
        add(reader, series)
        assert len(paid(reader)) == 5

    def test_what_is_not_sold_there_is_left_out(self, reader, author, series, books):
        publishing_services.set_territory(
            actor=author, work=books[0].work, territory=Territory.of("except", ["DE"]), at=clock.now()
        )
        add(reader, series, country="DE")
        assert len(paid(reader, "DE")) == 4
        assert view(reader, "DE").rows[0].rest.books == 4

    def test_says_so_when_all_that_is_lacking_is_not_sold_there(self, reader, author, series, books):
        publishing_services.set_territory(
            actor=author, work=books[0].work, territory=Territory.of("except", ["DE"]), at=clock.now()
        )
        buy(reader, *books[1:])
        add(reader, series)
        assert paid(reader, "US") == [320]
        with pytest.raises(errors.NotSoldIn, match="Tides"):
            paid(reader, "DE")

    def test_a_rest_without_a_price_in_the_currency_is_refused(self, reader, series, books):
        buy(reader, books[0])
        for book in books[1:]:
            Price.objects.create(work=book.work, currency="EUR", list_price_minor=400, changed_at=clock.now())
        add(reader, series, currency="EUR")
        carts.set_currency(cart=reader.cart, currency="EUR", at=clock.now())
        assert paid(reader) == [320] * 4
        books[1].work.prices.filter(currency="EUR").delete()
        with pytest.raises(errors.NotForSaleIn, match="Tides"):
            quote(reader)


class TestOffer:
    def test_there_is_none_until_the_owner_makes_it(self, reader, series, books):
        Series.objects.update(completing_bps=0)
        with pytest.raises(errors.NotOnSale):
            add(reader, series)

    def test_one_book_is_no_series(self, reader, author, series):
        into(series, make_book(owner=author), 1)
        with pytest.raises(errors.NotOnSale):
            add(reader, series)

    def test_one_that_was_taken_back_is_not_sold(self, reader, series, books):
        add(reader, series)
        Series.objects.update(completing_bps=0)
        with pytest.raises(errors.NotOnSale, match="Tides"):
            quote(reader)

    def test_takes_the_place_of_its_books_and_keeps_them_out(self, reader, series, books):
        fill_cart(reader, books[0])
        add(reader, series)
        add(reader, series)
        assert CartLine.objects.get().series == series
        with pytest.raises(errors.InBundleAlready, match="Tides"):
            fill_cart(reader, books[1])

    def test_a_book_that_is_only_announced_stands_beside_it(self, reader, author, series, books):
        add(reader, series)
        fill_cart(reader, into(series, make_awaited(owner=author), 6))
        assert CartLine.objects.count() == 2
        Edition.objects.filter(work__series_number=6).update(state="published")  # it came out
        rest = view(reader).rows[0].rest
        assert (rest.books, len(rest.parts)) == (5, 5)

    def test_somebody_elses_book_of_the_series_stands_beside_it(self, reader, series, books):
        """The offer is its owner's: what it does not hold is bought by itself, whichever comes first."""
        guest_book = into(series, make_book(prices={"USD": 500}), 6)
        fill_cart(reader, guest_book)
        add(reader, series)
        fill_cart(reader, guest_book)
        assert sorted(paid(reader)) == [320] * 5 + [500]

    def test_somebody_elses_book_of_the_series_comes_along_after_signing_in(self, reader, series, books):
        guest_book = into(series, make_book(prices={"USD": 500}), 6)
        fill_cart(reader, guest_book, books[0])
        cart = carts.add_series(actor=None, cart_id="", slug="tides", currency="USD", at=clock.now())
        carts.merge_carts(actor=reader, cart_id=cart.public_id, at=clock.now())
        assert sorted(paid(reader)) == [320] * 5 + [500]

    def test_comes_along_after_signing_in(self, reader, series, books):
        fill_cart(reader, books[0], make_book())
        cart = carts.add_series(actor=None, cart_id="", slug="tides", currency="USD", at=clock.now())
        carts.merge_carts(actor=reader, cart_id=cart.public_id, at=clock.now())
        assert CartLine.objects.filter(cart__user=reader, series=series).exists()
        assert len(quote(reader).lines) == 6

    @pytest.mark.parametrize("number", [2, 5])
    def test_takes_a_fixed_number_of_queries(self, reader, author, series, number, django_assert_num_queries):
        for n in range(number):
            into(series, make_book(owner=author), n)
        add(reader, series)
        cart = cart_selectors.cart_of(user=reader, cart_id="")
        with django_assert_num_queries(7):
            cart_selectors.cart_page(cart)


class TestNoDiscountTwice:
    def test_a_code_takes_nothing_off(self, reader, author, series, books):
        other = make_book(owner=author)
        fill_cart(reader, other)
        add(reader, series)
        use_code(reader, make_author_coupon(author))
        offer = quote(reader)
        assert [line.taken_off is not None for line in offer.lines] == [True] + [False] * 5
        assert paid(reader)[1:] == [320] * 5

    def test_a_code_for_nothing_else_is_refused(self, reader, author, series, books):
        add(reader, series)
        with pytest.raises(errors.CouponNotForThese):
            use_code(reader, make_author_coupon(author))

    def test_a_bundle_with_a_book_of_it_sells_that_once(self, reader, author, series, books):
        bundle = make_bundle(books[0], make_book(owner=author), price=600)
        carts.add_bundle(actor=reader, cart_id="", slug=bundle.slug, currency="USD", at=clock.now())
        add(reader, series)
        lines = quote(reader).lines
        assert [line.edition for line in lines].count(books[0]) == 1
        assert len(lines) == 6
        assert view(reader).total == quote(reader).total


class TestOrder:
    def test_each_book_is_a_sale_at_its_part(self, reader, series, books):
        buy(reader, *books[:2])
        add(reader, series)
        order = pay(place_order(reader))
        assert order.total_minor == 960
        lines = list(order.lines.order_by("pk"))
        assert [(line.paid_minor, line.list_minor, line.series) for line in lines] == [(320, 400, series)] * 3
        assert SaleRecord.objects.filter(reference__in=[line.public_id for line in lines]).count() == 3
        assert Entitlement.objects.filter(user=reader).count() == 5
        assert not CartLine.objects.exists()
        assert check_invariants() == []

    def test_one_is_given_back_for_what_was_paid(self, reader, series, books):
        add(reader, series)
        order = pay(place_order(reader))
        line = order.lines.order_by("pk")[2]
        before = balances()["stripe_balance"]
        refund = refunds.request_refund(actor=reader, line=line, reason="", at=clock.now())
        refunds.send_refund(refund_id=refund.pk)
        assert refund.amount_minor == line.paid_minor == 320
        assert balances()["stripe_balance"] == before - 320
        assert Entitlement.objects.filter(ended_at=None).count() == 4
        assert check_invariants() == []

    def test_another_price_is_shown_when_the_reader_got_a_book_meanwhile(self, reader, series, books):
        add(reader, series)
        digest = quote(reader).digest
        present = token_of(give(edition=books[0]))
        gifts.redeem(actor=reader, token=present, country="US", has_consented=True, at=clock.now())
        with pytest.raises(errors.QuoteChanged):
            checkout.place_order(actor=reader, country="US", digest=digest, has_consented=True, at=clock.now())
        assert not Order.objects.filter(buyer=reader).exists()
        assert paid(reader) == [320] * 4

    def test_another_price_is_shown_when_the_author_changed_it(self, reader, series, books):
        add(reader, series)
        digest = quote(reader).digest
        publishing_services.set_completion_discount(
            actor=series.owner, series=series, discount_bps=1000, at=clock.now()
        )
        with pytest.raises(errors.QuoteChanged):
            checkout.place_order(actor=reader, country="US", digest=digest, has_consented=True, at=clock.now())

    def test_what_was_paid_is_no_price_of_the_book(self, reader, series, books):
        """Its history tells what it costs alone."""
        add(reader, series)
        pay(place_order(reader))
        assert set(Price.objects.values_list("list_price_minor", flat=True)) == {400}
