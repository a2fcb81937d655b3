"""Codes: what they take off, who bears it, who may use them, and what becomes of a use."""

from __future__ import annotations

from datetime import timedelta

import pytest

from common import clock
from common.errors import NotAllowed
from royalties.models import SaleRecord
from royalties.services.invariants import check_invariants
from storefront.checkout import errors, retry_stuck
from storefront.checkout.cart.selectors import carts as cart_selectors
from storefront.checkout.cart.services import carts, quotes
from storefront.checkout.coupons import services as coupons
from storefront.checkout.models import CouponRedemption, Order, OrderState, RedemptionState, Refund
from storefront.checkout.orders.services import checkout
from tests.factories.accounts import make_author, make_reader
from tests.factories.buying import fill_cart, make_book, open_page, pay_session, place_order
from tests.factories.offers import (
    balances,
    coupon_terms,
    make_author_coupon,
    make_bundle,
    make_platform_coupon,
    pay,
    use_code,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def author():
    return make_author()


@pytest.fixture
def book(author):
    return make_book(owner=author)


def quote(reader, country="US"):
    return quotes.quote_cart(
        actor=reader, cart=cart_selectors.cart_of(user=reader, cart_id=""), country=country, at=clock.now()
    )


def paid_with(reader, coupon, *books, **kwargs):
    fill_cart(reader, *books, currency=kwargs.get("currency", "USD"))
    use_code(reader, coupon)
    return place_order(reader, **kwargs)


class TestNames:
    """A code that is good for books under two names would tell whose they are."""

    @pytest.fixture
    def hidden(self, author):
        book = make_book(owner=author)
        book.work.contributors.update(name="Nom de Plume", is_on_page=False)
        return book

    def test_without_chosen_works_it_is_good_for_one_name(self, reader, author, book, hidden):
        fill_cart(reader, book, hidden)
        use_code(reader, make_author_coupon(author))
        lowered = [line.edition.work_id for line in quote(reader).lines if line.full is not None]
        assert lowered == [book.work_id]
        with pytest.raises(errors.CouponNotForThese):
            fill_cart(other := make_reader(), hidden)
            use_code(other, make_author_coupon(author, code="OPEN"))

    def test_a_pen_name_has_codes_of_its_own(self, reader, author, book, hidden):
        fill_cart(reader, hidden)
        coupon = coupons.create_author_coupon(
            actor=author, terms=coupon_terms(), works=[], pen_name="Nom de Plume", at=clock.now()
        )
        use_code(reader, coupon)
        assert quote(reader).lines[0].full is not None
        with pytest.raises(errors.CouponNotForThese):
            fill_cart(other := make_reader(), book)
            use_code(other, coupon)

    def test_chosen_works_may_be_of_any_name(self, reader, author, book, hidden):
        fill_cart(reader, book, hidden)
        use_code(reader, make_author_coupon(author, book.work, hidden.work))
        assert all(line.full is not None for line in quote(reader).lines)

    def test_a_name_of_somebody_else_is_refused(self, author, hidden):
        with pytest.raises(NotAllowed):
            coupons.create_author_coupon(
                actor=make_author(), terms=coupon_terms(), works=[], pen_name="Nom de Plume", at=clock.now()
            )

    def test_the_form_asks_where_there_are_several(self, client, author, book, hidden):
        client.force_login(author)
        assert "Names that link to your page" in client.get("/desk/coupons/").content.decode()
        wish = {"code": "plume", "percent": "20", "pen_name": "Nom de Plume"}
        assert client.post("/desk/coupons/", wish).status_code == 302
        assert author.coupons.get().pen_name == "Nom de Plume"
        assert "all books by Nom de Plume" in client.get("/desk/coupons/").content.decode()

    def test_the_form_takes_the_only_name_there_is(self, client, author, hidden):
        client.force_login(author)
        assert 'name="pen_name"' not in client.get("/desk/coupons/").content.decode()
        client.post("/desk/coupons/", {"code": "plume", "percent": "20"})
        assert author.coupons.get().pen_name == "Nom de Plume"


class TestWhatItTakesOff:
    def test_an_authors_code_lowers_price_and_royalty(self, reader, author, book):
        order = pay(paid_with(reader, make_author_coupon(author), book))
        line = order.lines.get()
        assert (line.full_minor, line.paid_minor, line.promotion_minor) == (499, 399, 0)
        # 399 - 42 card fee - 32 platform fee
        assert (line.processor_fee_minor, line.platform_fee_minor, line.royalty_minor) == (42, 32, 325)
        assert balances()["stripe_balance"] == 399 - 42
        assert "promotion" not in balances()
        assert check_invariants() == []

    def test_the_platforms_code_lowers_the_price_alone(self, reader, book, author):
        order = pay(paid_with(reader, make_platform_coupon(), book))
        line = order.lines.get()
        # What the full price would bring with the card fee of what was paid: 499 - 42 - 40; the platform adds 100.
        assert (line.paid_minor, line.promotion_minor) == (399, 100)
        assert (line.processor_fee_minor, line.platform_fee_minor, line.royalty_minor) == (42, 40, 417)
        assert balances()["promotion"] == 100
        assert SaleRecord.objects.get().promotion_minor == 100
        assert check_invariants() == []

    def test_the_platform_may_pay_all_of_it(self, reader, book):
        order = paid_with(reader, make_platform_coupon(percent_bps=10_000), book)
        assert (order.state, order.total_minor) == (OrderState.PAID, 0)
        assert SaleRecord.objects.get().royalty_minor == 499 - 40
        assert CouponRedemption.objects.get().state == RedemptionState.CONSUMED
        assert check_invariants() == []

    def test_tax_is_of_what_is_paid(self, reader, author):
        book = make_book(owner=author, prices={"EUR": 1070})
        line = pay(paid_with(reader, make_author_coupon(author, percent_bps=5000), book, country="DE", currency="EUR"))
        assert (line.lines.get().paid_minor, line.lines.get().tax_minor) == (535, 35)

    def test_an_amount_is_taken_off_once_and_divided_by_price(self, reader, author):
        books = [make_book(owner=author, prices={"USD": price}) for price in (300, 600)]
        fill_cart(reader, *books)
        use_code(reader, make_author_coupon(author, percent_bps=None, amounts={"USD": 200}))
        assert [line.paid.amount_minor for line in quote(reader).lines] == [233, 467]

    def test_an_amount_never_exceeds_the_price(self, reader, author, book):
        fill_cart(reader, book)
        use_code(reader, make_author_coupon(author, percent_bps=None, amounts={"USD": 5000}))
        assert quote(reader).total.amount_minor == 0

    def test_leaves_other_authors_books_and_bundles_alone(self, reader, author, book):
        other = make_book()
        fill_cart(reader, book, other)
        bundled = [make_book(owner=author), make_book(owner=author)]
        carts.add_bundle(actor=reader, cart_id="", slug=make_bundle(*bundled).slug, currency="USD", at=clock.now())
        use_code(reader, make_author_coupon(author))
        assert [line.paid.amount_minor for line in quote(reader).lines] == [399, 499, 400, 400]

    def test_may_be_for_one_work(self, reader, author, book):
        other = make_book(owner=author)
        fill_cart(reader, book, other)
        use_code(reader, make_author_coupon(author, other.work))
        assert [line.paid.amount_minor for line in quote(reader).lines] == [499, 399]

    def test_a_rest_too_small_for_a_card_is_refused_with_advice(self, reader, author, book):
        fill_cart(reader, book)
        use_code(reader, make_author_coupon(author, percent_bps=9500))
        with pytest.raises(errors.TotalBelowMinimum, match=r"\$0.50, and your total is \$0.25"):
            quote(reader)

    def test_the_digest_knows_the_code(self, reader, author, book):
        fill_cart(reader, book)
        before = quote(reader).digest
        use_code(reader, make_author_coupon(author))
        assert quote(reader).digest != before

    def test_one_that_does_nothing_any_more_is_not_claimed(self, reader, author, book):
        fill_cart(reader, book)
        coupon = make_author_coupon(author, uses_limit=1)
        use_code(reader, coupon)
        reader.cart.lines.all().delete()
        order = place_order(reader, make_book())
        coupon.refresh_from_db()
        assert (order.total_minor, coupon.claimed) == (499, 0)


class TestEnterCode:
    def enter(self, reader, code):
        carts.enter_code(actor=reader, cart=reader.cart, code=code, at=clock.now())

    def test_capitals_and_spaces_do_not_matter(self, reader, author, book):
        make_author_coupon(author, code="Spring-27")
        fill_cart(reader, book)
        self.enter(reader, " spring-27 ")
        assert quote(reader).total.amount_minor == 399

    @pytest.mark.parametrize(
        ("terms", "refusal"),
        [
            ({"begins_at": timedelta(days=1)}, errors.CouponNotStarted),
            ({"ends_at": timedelta(0)}, errors.CouponExpired),
        ],
    )
    def test_refuses_outside_its_days(self, reader, author, book, terms, refusal):
        coupon = make_author_coupon(author, **{name: clock.now() + delta for name, delta in terms.items()})
        fill_cart(reader, book)
        with pytest.raises(refusal):
            self.enter(reader, coupon.code)

    def test_refuses_unknown_stopped_and_useless_codes(self, reader, author, book):
        fill_cart(reader, book)
        with pytest.raises(errors.CouponUnknown, match="NOPE"):
            self.enter(reader, "NOPE")
        with pytest.raises(errors.CouponNotForThese):
            self.enter(reader, make_author_coupon(make_author()).code)
        with pytest.raises(errors.CouponNotForThese):
            self.enter(reader, make_author_coupon(author, percent_bps=None, amounts={"EUR": 100}).code)
        stopped = make_author_coupon(author)
        coupons.deactivate_coupon(actor=author, coupon=stopped, at=clock.now())
        with pytest.raises(errors.CouponExpired):
            self.enter(reader, stopped.code)

    def test_one_that_is_over_meanwhile_is_refused_at_checkout(self, reader, author, book):
        fill_cart(reader, book)
        coupon = make_author_coupon(author)
        use_code(reader, coupon)
        coupons.deactivate_coupon(actor=author, coupon=coupon, at=clock.now())
        with pytest.raises(errors.CouponExpired):
            quote(reader)


class TestUses:
    def test_an_open_order_holds_it_and_another_reader_is_refused(self, reader, author, book):
        coupon = make_author_coupon(author, uses_limit=1)
        paid_with(reader, coupon, book)
        coupon.refresh_from_db()
        assert coupon.claimed == 1
        other = make_reader()
        fill_cart(other, book)
        with pytest.raises(errors.CouponUsedUp):
            use_code(other, coupon)

    def test_the_same_reader_may_order_anew_with_it(self, reader, author, book):
        coupon = make_author_coupon(author, uses_limit=1, uses_per_person=1)
        first = paid_with(reader, coupon, book)
        second = place_order(reader, make_book())
        first.refresh_from_db()
        coupon.refresh_from_db()
        assert (first.state, second.state, coupon.claimed) == (OrderState.CANCELED, OrderState.OPEN, 1)
        states = CouponRedemption.objects.order_by("pk").values_list("order", "state")
        assert list(states) == [(first.pk, RedemptionState.RELEASED), (second.pk, RedemptionState.RESERVED)]

    def test_is_free_again_when_the_page_expires(self, reader, author, book, django_capture_on_commit_callbacks):
        coupon = make_author_coupon(author, uses_limit=1)
        open_page(paid_with(reader, coupon, book))
        with clock.frozen(clock.now() + timedelta(minutes=61)), django_capture_on_commit_callbacks(execute=True):
            retry_stuck.retry_stuck()
        coupon.refresh_from_db()
        assert (coupon.claimed, CouponRedemption.objects.get().state) == (0, RedemptionState.RELEASED)

    def test_paying_consumes_it_and_empties_the_cart_of_it(self, reader, author, book):
        coupon = make_author_coupon(author, uses_per_person=1)
        pay(paid_with(reader, coupon, book))
        reader.cart.refresh_from_db()
        assert reader.cart.coupon is None
        fill_cart(reader, make_book(owner=author))
        with pytest.raises(errors.CouponUsedByYou):
            use_code(reader, coupon)

    def test_o4_paid_after_expiry_takes_a_use_again_if_there_is_one(self, reader, author, book):
        coupon = make_author_coupon(author, uses_limit=1)
        order = paid_with(reader, coupon, book)
        session_id = open_page(order)
        carts.remove_code(cart=reader.cart, at=clock.now())
        place_order(reader, make_book())
        pay_session(session_id)
        assert checkout.settlement.settle_session(session_id=session_id).state == OrderState.PAID
        coupon.refresh_from_db()
        assert coupon.claimed == 1

    def test_o4_paid_after_expiry_goes_back_when_somebody_else_has_used_it(self, reader, author, book):
        coupon = make_author_coupon(author, uses_limit=1)
        order = paid_with(reader, coupon, book)
        session_id = open_page(order)
        carts.remove_code(cart=reader.cart, at=clock.now())
        place_order(reader, make_book())
        pay(paid_with(make_reader(), coupon, book))
        pay_session(session_id)
        assert checkout.settlement.settle_session(session_id=session_id).state == OrderState.CANCELED
        refund = Refund.objects.get()
        assert (refund.reason, refund.amount_minor, refund.line) == ("coupon_used", 399, None)
        coupon.refresh_from_db()
        assert coupon.claimed == 1
        assert check_invariants() == []

    def test_a_refused_claim_leaves_no_order(self, reader, author, book):
        coupon = make_author_coupon(author, uses_limit=1)
        fill_cart(reader, book)
        use_code(reader, coupon)
        offer = quote(reader)
        paid_with(make_reader(), coupon, book)
        before = Order.objects.count()
        with pytest.raises(errors.CouponUsedUp):
            checkout.place_order(actor=reader, country="US", digest=offer.digest, has_consented=True, at=clock.now())
        assert Order.objects.count() == before


class TestMaking:
    def test_only_for_ones_own_works(self, author, book):
        with pytest.raises(NotAllowed):
            make_author_coupon(make_author(), book.work)
        with pytest.raises(NotAllowed):
            make_author_coupon(make_reader())

    @pytest.mark.parametrize("maker", [make_reader, make_author])
    def test_the_platforms_only_by_finance(self, db, maker):
        with pytest.raises(NotAllowed):
            coupons.create_platform_coupon(actor=maker(), terms=coupon_terms(), works=[], at=clock.now())

    def test_stopping_is_for_whoever_pays(self, author):
        with pytest.raises(NotAllowed):
            coupons.deactivate_coupon(actor=make_author(), coupon=make_author_coupon(author), at=clock.now())
        with pytest.raises(NotAllowed):
            coupons.deactivate_coupon(actor=author, coupon=make_platform_coupon(), at=clock.now())

    def test_refuses_nothing_off_and_a_code_twice(self, author):
        with pytest.raises(errors.CouponEmpty):
            make_author_coupon(author, percent_bps=None, amounts={"USD": 0})
        make_author_coupon(author, code="once")
        with pytest.raises(errors.CouponCodeTaken, match="ONCE"):
            make_author_coupon(make_author(), code="ONCE")
