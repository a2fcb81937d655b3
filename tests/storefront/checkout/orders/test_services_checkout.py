"""From a cart to an order, and to the provider's page."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts import regions
from common import clock
from common.money import Money
from payments.models import FaultKind, SandboxObject
from payments.stripe.sandbox import faults
from publishing.models import EditionState, Price
from storefront.checkout import errors
from storefront.checkout.cart.selectors import carts as cart_selectors
from storefront.checkout.cart.services import carts, quotes
from storefront.checkout.models import CartLine, Entitlement, OrderState, Payment, PaymentState
from storefront.checkout.orders.services import checkout
from tests.factories.accounts import make_reader
from tests.factories.buying import add_edition, buy, fill_cart, make_book, open_page, place_order, stored_session
from tests.factories.guests import visitor_cart

pytestmark = pytest.mark.django_db


def quote(reader, country="US"):
    cart = cart_selectors.cart_of(user=reader, cart_id="")
    return quotes.quote_cart(actor=reader, cart=cart, country=country, at=clock.now())


def place(reader, digest, **changes):
    wish = {"country": "US", "digest": digest, "has_consented": True, "at": clock.now(), **changes}
    return checkout.place_order(actor=reader, **wish)


class TestQuoteCart:
    def test_refuses_no_cart_and_an_empty_one(self, reader, book):
        with pytest.raises(errors.CartEmpty):
            quote(reader)
        fill_cart(reader, book)
        CartLine.objects.all().delete()
        with pytest.raises(errors.CartEmpty):
            quote(reader)

    def test_refuses_a_withdrawn_title(self, reader, book):
        fill_cart(reader, book)
        book.state = EditionState.WITHDRAWN
        book.save()
        with pytest.raises(errors.NotOnSale, match="The Lighthouse"):
            quote(reader)

    def test_refuses_a_work_without_a_price_in_the_currency(self, reader, book):
        fill_cart(reader, book)
        carts.set_currency(cart=reader.cart, currency="EUR", at=clock.now())
        with pytest.raises(errors.NotForSaleIn, match="EUR"):
            quote(reader)

    def test_refuses_what_the_reader_owns(self, reader, book):
        fill_cart(reader, book)
        Entitlement.objects.create(user=reader, work=book.work, edition=book, granted_at=clock.now())
        with pytest.raises(errors.AlreadyOwned, match="The Lighthouse"):
            quote(reader)

    def test_every_line_adds_up(self, reader, book):
        fill_cart(reader, book, make_book(prices={"USD": 99}), make_book(prices={"USD": 1299}))
        for line in quote(reader).lines:
            part = line.breakdown
            parts = (part.tax, part.processor_fee, part.platform_fee, part.royalty)
            assert sum(money.amount_minor for money in parts) == line.paid.amount_minor

    def test_tax_is_in_the_price_in_germany(self, reader):
        fill_cart(reader, make_book(prices={"EUR": 1070}), currency="EUR")
        offer = quote(reader, "DE")
        assert (offer.total, offer.tax) == (Money(1070, "EUR"), Money(70, "EUR"))

    def test_sells_the_newest_edition_though_an_older_one_was_put_in(self, reader, book):
        fill_cart(reader, book)
        newest = add_edition(book.work)
        assert quote(reader).lines[0].edition == newest

    def test_digest_names_the_offer(self, reader, book):
        fill_cart(reader, book)
        first = quote(reader).digest
        assert quote(reader).digest == first
        assert quote(reader, "DE").digest != first
        Price.objects.update(list_price_minor=500)
        assert quote(reader).digest != first


class TestPlaceOrder:
    def test_refuses_without_consent(self, reader, book):
        fill_cart(reader, book)
        with pytest.raises(errors.ConsentMissing):
            place(reader, quote(reader).digest, has_consented=False)

    def test_freezes_what_was_quoted(self, reader, book):
        fill_cart(reader, book)
        order = place(reader, quote(reader).digest)
        Price.objects.update(list_price_minor=9_999)
        line = order.lines.get()
        assert (line.paid_minor, line.processor_fee_minor, line.platform_fee_minor, line.royalty_minor) == (
            499,
            44,
            40,
            415,
        )
        assert (order.total_minor, order.waiver_text_version) == (499, checkout.WAIVER_VERSION)

    def test_another_offer_replaces_the_open_order_and_closes_its_page(
        self, reader, book, django_capture_on_commit_callbacks
    ):
        older = place_order(reader, book)
        session_id = open_page(older)
        with django_capture_on_commit_callbacks(execute=True):
            newer = place_order(reader, make_book())
        older.refresh_from_db()
        assert (older.state, newer.state) == (OrderState.CANCELED, OrderState.OPEN)
        assert stored_session(session_id).data["status"] == "expired"
        assert Payment.objects.get(order=older).state == PaymentState.EXPIRED

    def test_a_page_about_to_close_is_not_offered_again(self, reader, book):
        first = place_order(reader, book)
        open_page(first)
        with clock.frozen(clock.now() + timedelta(minutes=50)):
            assert place_order(reader, book) == first
        with clock.frozen(clock.now() + timedelta(minutes=56)):
            assert place_order(reader, book) != first

    def test_a_page_that_was_never_made_needs_half_an_hour_ahead(self, reader, book):
        first = place_order(reader, book)
        with clock.frozen(clock.now() + timedelta(minutes=30)):
            second = place_order(reader, book)
            assert second != first
            assert checkout.payment_page(order=second)

    def test_a_free_book_beside_a_paid_one(self, reader, book):
        order = buy(reader, book, make_book(prices={"USD": 0}))
        assert (order.state, order.total_minor) == (OrderState.PAID, 499)
        assert Entitlement.objects.count() == 2


class TestPaymentPage:
    def test_nothing_to_pay(self, reader):
        assert checkout.payment_page(order=buy(reader, make_book(prices={"USD": 0}))) == ""

    def test_paid_order_has_no_page(self, reader, book):
        assert checkout.payment_page(order=buy(reader, book)) == ""

    def test_silent_provider_keeps_the_order_and_its_key(self, reader, book):
        order = place_order(reader, book)
        faults.arm(FaultKind.LOST_AFTER, "/v1/checkout/sessions", times=3)
        with pytest.raises(errors.ProviderUnavailable):
            checkout.payment_page(order=order)
        assert checkout.payment_page(order=order)
        assert SandboxObject.objects.filter(kind="checkout.session").count() == 1

    def test_a_lost_answer_is_asked_for_again_from_the_same_region(self, reader, book):
        """The key stands for the same parameters."""
        order = place_order(reader, book)
        faults.arm(FaultKind.LOST_AFTER, "/v1/checkout/sessions", times=3)
        with regions.active(regions.region("de", "AT")), pytest.raises(errors.ProviderUnavailable):
            checkout.payment_page(order=order)
        with regions.active(regions.region("de", "AT")):
            assert checkout.payment_page(order=order)
        assert SandboxObject.objects.filter(kind="checkout.session").count() == 1

    def test_leads_back_to_where_the_buyer_was(self, book):
        """Whatever their profile says: paying changes neither the language nor the region of the pages."""
        order = place_order(make_reader(language="de", country="AT"), book)
        with regions.active(regions.region("en", "GB")):
            session = stored_session(open_page(order)).data
        assert session["success_url"] == f"http://testserver/en-gb/orders/{order.public_id}/?back=paid"
        assert session["cancel_url"] == "http://testserver/en-gb/checkout/"

    def test_refused_order_is_canceled_and_another_may_follow(self, reader, settings):
        settings.MINIMUM_CHARGE_MINOR = {}  # the provider knows better
        cheap = make_book(prices={"USD": 49})
        order = place_order(reader, cheap)
        with pytest.raises(errors.PaymentPageRefused, match="amount_too_small"):
            checkout.payment_page(order=order)
        order.refresh_from_db()
        assert (order.state, Payment.objects.get().state) == (OrderState.CANCELED, PaymentState.FAILED)
        assert place_order(reader, cheap, make_book()) != order

    def test_row_and_key_exist_before_the_call(self, reader, book):
        order = place_order(reader, book)
        payment = Payment.objects.get()
        assert payment.key.startswith(f"checkout:{order.public_id}:")
        assert (payment.session_id, payment.page_url) == ("", "")


class TestCarts:
    def test_refuses_an_edition_that_is_not_on_sale(self, reader, book):
        book.state = EditionState.WITHDRAWN
        book.save()
        with pytest.raises(errors.NotOnSale, match="The Lighthouse"):
            fill_cart(reader, book)

    def test_refuses_an_unknown_edition(self, reader):
        with pytest.raises(errors.NotOnSale):
            carts.add_edition(actor=reader, cart_id="", edition_id="edn_none", currency="USD", at=clock.now())

    def test_refuses_an_author_s_own_book(self, book):
        with pytest.raises(errors.AlreadyOwned):
            fill_cart(book.work.owner, book)

    def test_the_same_work_twice_is_one_line(self, reader, book):
        fill_cart(reader, book, book)
        newest = add_edition(book.work)
        fill_cart(reader, newest)
        assert CartLine.objects.get().edition == newest

    def test_a_session_never_opens_a_persons_cart(self, reader, book):
        fill_cart(reader, book)
        theirs = cart_selectors.cart_of(user=reader, cart_id="").public_id
        assert cart_selectors.cart_of(user=None, cart_id=theirs) is None
        assert cart_selectors.count_lines(user=None, cart_id=theirs) == 0

    def test_adopting_joins_two_carts_and_keeps_each_work_once(self, reader, book):
        other = make_book()
        fill_cart(reader, book)
        session_cart = carts.add_edition(
            actor=None, cart_id="", edition_id=other.public_id, currency="USD", at=clock.now()
        )
        carts.add_edition(
            actor=None, cart_id=session_cart.public_id, edition_id=book.public_id, currency="USD", at=clock.now()
        )
        cart = carts.merge_carts(actor=reader, cart_id=session_cart.public_id, at=clock.now()).cart
        assert set(cart.lines.values_list("edition", flat=True)) == {book.pk, other.pk}
        assert CartLine.objects.count() == 2

    def test_adopting_what_another_page_has_just_adopted_keeps_it(self, reader, book, monkeypatch):
        """The second of two pages opened at once: it saw the visitor's cart, and waited for the first one's lock."""
        cart = visitor_cart(book, make_book())
        seen, cart_of = cart_selectors.cart_of(user=None, cart_id=cart.public_id), cart_selectors.cart_of
        carts.merge_carts(actor=reader, cart_id=cart.public_id, at=clock.now())
        monkeypatch.setattr(cart_selectors, "cart_of", lambda **asked: cart_of(**asked) if asked["user"] else seen)
        assert carts.merge_carts(actor=reader, cart_id=cart.public_id, at=clock.now()).cart == cart
        assert CartLine.objects.filter(cart__user=reader).count() == 2
        other = carts.merge_carts(actor=make_reader(), cart_id=cart.public_id, at=clock.now())
        assert other.cart is None

    def test_adopting_another_persons_cart_does_nothing(self, reader, book):
        fill_cart(reader, book)
        stranger = make_reader()
        theirs = cart_selectors.cart_of(user=reader, cart_id="").public_id
        assert carts.merge_carts(actor=stranger, cart_id=theirs, at=clock.now()).cart is None

    def test_refuses_an_unknown_currency(self, reader, book):
        fill_cart(reader, book)
        with pytest.raises(ValueError, match="XXX"):
            carts.set_currency(cart=cart_selectors.cart_of(user=reader, cart_id=""), currency="XXX", at=clock.now())


class TestQueries:
    """The same whatever the number of books (savepoints aside)."""

    def count(self, reader, work):
        with CaptureQueriesContext(connection) as context:
            work()
        return sum("SAVEPOINT" not in query["sql"] for query in context.captured_queries)

    @pytest.mark.parametrize("books", [1, 4])
    def test_add_cart_and_quote(self, reader, books):
        fill_cart(reader, *(make_book() for _ in range(books)))
        another = make_book()
        assert self.count(reader, lambda: fill_cart(reader, another)) == 9
        cart = cart_selectors.cart_of(user=reader, cart_id="")
        assert self.count(reader, lambda: cart_selectors.cart_page(cart)) == 5
        assert self.count(reader, lambda: cart_selectors.open_cart(user=reader, cart_id="")) == 5
        assert self.count(reader, lambda: quote(reader)) == 8
