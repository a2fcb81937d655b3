"""Faults of orders (O1 to O8 of docs/money.md), for every kind of line that an order may have.

Twenty clicks at once on connections of their own are in tests/storefront/checkout/orders/test_races.py.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from datetime import timedelta

import pytest

from accounts import regions
from accounts.models import AuditEntry, User
from common import clock
from payments.models import FaultKind, SandboxObject
from payments.stripe.sandbox import faults, payment_page
from payments.stripe.sandbox.resources import now_seconds, save
from publishing import services as publishing_services
from publishing.models import EditionState, Price
from royalties.models import JournalEntry, SaleRecord
from royalties.services.invariants import check_invariants
from storefront.checkout import errors, retry_stuck
from storefront.checkout.cart.selectors import carts as cart_selectors
from storefront.checkout.cart.services import carts, quotes
from storefront.checkout.models import Entitlement, Gift, Order, OrderState, Payment, PaymentState, Preorder, Refund
from storefront.checkout.orders.selectors.orders import order_view
from storefront.checkout.orders.services import checkout, settlement
from storefront.checkout.preorders.services import preorders
from storefront.checkout.receipts.selectors import receipt_of
from storefront.checkout.refunds import services as refunds
from tests.factories.accounts import make_author
from tests.factories.buying import buy, fill_cart, make_book, open_page, pay_session, place_order, stored_session
from tests.factories.offers import (
    add_gift,
    balances,
    make_author_coupon,
    make_awaited,
    make_bundle,
    make_platform_coupon,
    pay,
    use_code,
)
from tests.payments.postman import deliver_all

pytestmark = pytest.mark.django_db


def with_book(reader):
    fill_cart(reader, make_book())


def with_bundle(reader):
    author = make_author()
    bundle = make_bundle(make_book(owner=author), make_book(owner=author))
    carts.add_bundle(actor=reader, cart_id="", slug=bundle.slug, currency="USD", at=clock.now())


def with_gift(reader):
    add_gift(reader, make_book())


def with_preorder(reader):
    fill_cart(reader, make_awaited())


def with_code(reader):
    author = make_author()
    fill_cart(reader, make_book(owner=author))
    use_code(reader, make_author_coupon(author, uses_limit=1))


def with_our_code(reader):
    fill_cart(reader, make_book())
    use_code(reader, make_platform_coupon(uses_limit=1))


KINDS = [with_book, with_bundle, with_gift, with_preorder, with_code, with_our_code]
every_kind = pytest.mark.parametrize("fill", KINDS, ids=lambda fill: fill.__name__)
type Fill = Callable[..., None]


def offer(reader):
    cart = cart_selectors.cart_of(user=reader, cart_id="")
    return quotes.quote_cart(actor=reader, cart=cart, country="US", at=clock.now())


def place(reader, digest):
    return checkout.place_order(actor=reader, country="US", digest=digest, has_consented=True, at=clock.now())


def settled(order, session_id):
    settlement.settle_session(session_id=session_id)
    order.refresh_from_db()
    return order.state


def nothing_was_supplied():
    recorded = SaleRecord.objects.exists() or Entitlement.objects.exists()
    return not recorded and not JournalEntry.objects.exclude(kind="processor_fee").exists()


@every_kind
def test_o01_double_click(reader, fill: Fill):
    fill(reader)
    digest = offer(reader).digest
    orders = {place(reader, digest).pk for _ in range(3)}
    order = Order.objects.get(pk=orders.pop())
    assert not orders
    assert Payment.objects.count() == 1
    assert open_page(order) == open_page(order)


@every_kind
def test_o02_price_changes_while_the_page_is_open(reader, fill: Fill):
    fill(reader)
    shown = offer(reader).digest
    Price.objects.update(list_price_minor=798)
    if fill is with_bundle:
        reader.cart.lines.get().bundle.prices.update(price_minor=700)
    with pytest.raises(errors.QuoteChanged):
        place(reader, shown)
    assert not Order.objects.exists()


def test_o02_a_gifts_words_and_the_day_of_release_are_part_of_what_was_shown(reader):
    with_gift(reader)
    shown = offer(reader).digest
    reader.cart.lines.update(gift_message="Something else.")
    with pytest.raises(errors.QuoteChanged):
        place(reader, shown)


def two_pages(order):
    """Sessions of one order: the answer to the first call was lost, and its buyer changed region before the next."""
    first = open_page(order)
    Payment.objects.update(session_id="", page_url="")
    with in_austria():
        return first, open_page(Order.objects.get(pk=order.pk))


def in_austria():
    """Pages of another region than the one that names none."""
    return regions.active(regions.region("de", "AT"))


@pytest.mark.parametrize(
    ("place", "email"),
    [(in_austria, "ann@example.org"), (nullcontext, "elsewhere@example.org")],
    ids=["region", "address"],
)
def test_p06_other_parameters_after_a_lost_answer_have_another_key(reader, book, place, email):
    """What the provider refuses is the old key with them."""
    order = place_order(reader, book)
    faults.arm(FaultKind.LOST_AFTER, "/v1/checkout/sessions", times=3)
    with pytest.raises(errors.ProviderUnavailable):
        checkout.payment_page(order=order)
    User.objects.filter(pk=reader.pk).update(email=email)
    with place():
        again = [checkout.payment_page(order=Order.objects.get(pk=order.pk)) for _ in range(2)]
    assert len(set(again)) == 1
    assert SandboxObject.objects.filter(kind="checkout.session").count() == 2
    older, newer = Payment.objects.order_by("pk")
    assert older.key != newer.key
    assert (older.page_url, newer.page_url) == ("", again[0])
    assert older.expires_at == newer.expires_at


def test_p06_the_same_parameters_again_have_the_first_key(reader, book):
    """There and back again: the page that was made first is found."""
    order = place_order(reader, book)
    faults.arm(FaultKind.LOST_AFTER, "/v1/checkout/sessions", times=6)
    for place in (nullcontext, in_austria):
        with place(), pytest.raises(errors.ProviderUnavailable):
            checkout.payment_page(order=Order.objects.get(pk=order.pk))
    assert open_page(Order.objects.get(pk=order.pk))
    assert SandboxObject.objects.filter(kind="checkout.session").count() == 2
    older, newer = Payment.objects.order_by("pk")
    assert older.page_url
    assert not newer.page_url
    shown = order_view(user=reader, order=Order.objects.get(pk=order.pk), at=clock.now())
    assert shown.page_url == older.page_url


def test_p06_a_page_that_is_known_stays_for_who_has_changed_region_since(reader, book):
    order = place_order(reader, book)
    page = checkout.payment_page(order=order)
    with in_austria():
        assert checkout.payment_page(order=Order.objects.get(pk=order.pk)) == page
    assert Payment.objects.count() == 1


def test_p06_an_order_with_a_page_outlives_another_that_was_refused(reader, book):
    order = place_order(reader, book)
    two_pages(order)
    older, newer = Payment.objects.order_by("pk")
    with_page, other = (older, newer) if older.page_url else (newer, older)
    checkout._give_up(other)
    order.refresh_from_db()
    assert order.state == OrderState.OPEN
    checkout._give_up(with_page)
    order.refresh_from_db()
    assert order.state == OrderState.CANCELED


def test_p06_the_page_that_stayed_behind_closes_with_its_time(reader, book, django_capture_on_commit_callbacks):
    order = place_order(reader, book)
    two_pages(order)
    older, newer = Payment.objects.order_by("pk")
    with clock.frozen(clock.now() + timedelta(minutes=61)):
        retry_stuck.settle_payment(payment_id=older.pk)
        order.refresh_from_db()
        assert order.state == OrderState.OPEN  # its other page may be paid in this moment
        with django_capture_on_commit_callbacks(execute=True):
            retry_stuck.retry_stuck()
    for row in (order, older, newer):
        row.refresh_from_db()
    assert [row.state for row in (order, older, newer)] == [
        OrderState.CANCELED,
        PaymentState.EXPIRED,
        PaymentState.EXPIRED,
    ]


def test_p06_an_order_that_was_replaced_meanwhile_asks_for_nothing(reader, book):
    order = place_order(reader, book)
    stale = Order.objects.get(pk=order.pk)
    place_order(reader, make_book())
    assert checkout.payment_page(order=stale) == ""


@every_kind
def test_o03_two_sessions_of_one_order_both_paid(reader, fill: Fill):
    fill(reader)
    order = place_order(reader)
    first, second = two_pages(order)
    for session_id in (first, second):
        pay_session(session_id)
    for session_id in (first, second, second):
        settlement.settle_session(session_id=session_id, reference=order.public_id)
    refund = Refund.objects.get()
    assert (refund.line, refund.payment.session_id, refund.amount_minor) == (None, second, order.total_minor)
    refunds.send_refund(refund_id=refund.pk)
    assert Payment.objects.get(session_id=second).state == PaymentState.REFUNDED
    order.refresh_from_db()
    assert order.state == OrderState.PAID
    assert check_invariants() == []


def test_o03_a_work_bought_in_another_order_meanwhile(reader, book):
    older = place_order(reader, book)
    session_id = open_page(older)
    newer = buy(reader, make_book(), book)
    older.refresh_from_db()
    assert (older.state, newer.state) == (OrderState.CANCELED, OrderState.PAID)
    pay_session(session_id)
    settlement.settle_session(session_id=session_id)
    assert Refund.objects.get().payment.order == older
    assert Entitlement.objects.filter(work=book.work).count() == 1


@every_kind
def test_o04_paid_after_expiry(reader, fill: Fill):
    """The order was replaced, its page paid nevertheless: it is honoured, with what it had reserved."""
    fill(reader)
    order = place_order(reader)
    session_id = open_page(order)
    reader.cart.lines.all().delete()
    carts.remove_code(cart=reader.cart, at=clock.now())
    place_order(reader, make_book())
    order.refresh_from_db()
    assert order.state == OrderState.CANCELED
    pay_session(session_id)
    assert settled(order, session_id) == OrderState.PAID
    assert not Refund.objects.exists()
    assert check_invariants() == []


def test_o04_an_expired_page_cancels_the_order(reader, book, django_capture_on_commit_callbacks):
    order = place_order(reader, book)
    open_page(order)
    with clock.frozen(clock.now() + timedelta(minutes=61)), django_capture_on_commit_callbacks(execute=True):
        retry_stuck.retry_stuck()
    order.refresh_from_db()
    assert (order.state, Payment.objects.get().state) == (OrderState.CANCELED, PaymentState.EXPIRED)


@every_kind
@pytest.mark.parametrize(
    "change",
    [
        {"amount_total": -1},
        {"amount_total": 1},
        {"amount_total": 1, "amount_subtotal": 1},
        {"currency": "eur"},
        {"amount_total": 90, "tax": 89},
    ],
    ids=str,
)
def test_o05_subtotal_or_currency_differs(reader, fill: Fill, change):
    fill(reader)
    order = place_order(reader)
    session_id = open_page(order)
    row = stored_session(session_id)
    values = {key: row.data[key] + change[key] for key in ("amount_total", "amount_subtotal") if key in change}
    if "currency" in change:
        values["currency"] = change["currency"]
    if "tax" in change:
        values["total_details"] = row.data["total_details"] | {"amount_tax": change["tax"]}
    save(row, **values)
    pay_session(session_id)
    assert settled(order, session_id) == OrderState.QUARANTINED
    assert nothing_was_supplied()
    assert AuditEntry.objects.filter(verb="order.quarantined", subject_id=order.public_id).count() == 1


@pytest.mark.parametrize("fill", [with_book, with_bundle, with_preorder, with_code, with_our_code])
def test_o05_the_total_may_rise_by_the_tax_of_the_page(reader, fill: Fill):
    fill(reader)
    order = place_order(reader)
    before = {line.pk: line.royalty_minor for line in order.lines.all()}
    asked, session_id = order.total_minor, open_page(order)
    row = stored_session(session_id)
    save(row, amount_total=asked + 41, total_details=row.data["total_details"] | {"amount_tax": 41})
    pay_session(session_id)
    assert settled(order, session_id) == OrderState.PAID
    lines = list(order.lines.all())
    assert (order.total_minor, sum(line.tax_minor for line in lines)) == (asked + 41, 41)
    assert {line.pk: line.royalty_minor for line in lines} == before
    assert balances()["tax:sales:US"] == -41
    assert check_invariants() == []


def test_o05_tax_inside_the_total_is_taken_from_the_page(reader, book):
    order = place_order(reader, book)
    session_id = open_page(order)
    row = stored_session(session_id)
    save(row, total_details=row.data["total_details"] | {"amount_tax": 33})
    pay_session(session_id)
    settled(order, session_id)
    line = order.lines.get()
    # 499 - 33 tax - 44 card fee - 37 platform fee
    assert (order.total_minor, line.tax_minor, line.royalty_minor) == (499, 33, 385)
    assert check_invariants() == []


def rates_on_receipt(order, *, tax, added=0, country="US"):
    """What the receipt states: rate, net and tax, after the page reckoned this."""
    session_id = open_page(order)
    row = stored_session(session_id)
    total = order.total_minor + added
    save(row, amount_total=total, total_details=row.data["total_details"] | {"amount_tax": tax})
    pay_session(session_id, country=country)
    assert settled(order, session_id) == OrderState.PAID
    assert check_invariants() == []
    found = receipt_of(order, list(order.lines.order_by("pk")))
    return [(sum_.rate_bps, sum_.net.amount_minor, sum_.tax.amount_minor) for sum_ in found.taxes]


def test_o05_the_receipt_states_the_rate_of_tax_on_top(reader, book):
    assert rates_on_receipt(place_order(reader, book), tax=41, added=41) == [(822, 499, 41)]


def test_o05_the_receipt_states_the_rate_of_tax_inside(reader, book):
    assert rates_on_receipt(place_order(reader, book), tax=33) == [(708, 466, 33)]


@pytest.mark.parametrize(("tax", "rate"), [(65, 700), (64, 700), (80, 871)])
def test_o05_the_receipt_states_one_rate_where_ours_comes_to_the_same(reader, tax, rate):
    """7 % of two books at 4.99 is 65.29 of both, 32.64 of each."""
    order = place_order(reader, *[make_book(prices={"EUR": 499}) for _ in range(2)], country="DE", currency="EUR")
    assert rates_on_receipt(order, tax=tax, country="DE") == [(rate, 998 - tax, tax)]


def test_o05_the_receipt_states_the_rate_of_the_country_that_the_page_found(reader):
    order = place_order(reader, make_book(prices={"EUR": 499}), country="US", currency="EUR")
    assert rates_on_receipt(order, tax=45, country="AT") == [(1000, 454, 45)]
    assert order.tax_country == "AT"


def test_o05_a_gift_is_not_taxed_by_the_page(reader):
    with_gift(reader)
    order = place_order(reader)
    session_id = open_page(order)
    row = stored_session(session_id)
    save(row, total_details=row.data["total_details"] | {"amount_tax": 33})
    pay_session(session_id)
    assert settled(order, session_id) == OrderState.QUARANTINED


@every_kind
def test_o06_asynchronous_method_fails(reader, fill: Fill):
    fill(reader)
    order = place_order(reader)
    session_id = open_page(order)
    pay_session(session_id, card="debit_fails")
    deliver_all()
    order.refresh_from_db()
    assert order.state == OrderState.OPEN
    save(stored_session(session_id), _settles_at=now_seconds())
    payment_page.settle_later_payments()
    deliver_all()
    order.refresh_from_db()
    assert (order.state, Payment.objects.get().state) == (OrderState.CANCELED, PaymentState.FAILED)
    assert nothing_was_supplied()
    redemption = getattr(order, "redemption", None)
    assert redemption is None or (redemption.state, redemption.coupon.claimed) == ("released", 0)


def test_o06_asynchronous_method_pays(reader, book):
    order = place_order(reader, book)
    session_id = open_page(order)
    pay_session(session_id, card="debit")
    deliver_all()
    save(stored_session(session_id), _settles_at=now_seconds())
    payment_page.settle_later_payments()
    deliver_all()
    order.refresh_from_db()
    assert order.state == OrderState.PAID


def test_o07_free_order(reader):
    order = buy(reader, make_book(prices={"USD": 0}))
    assert order.state == OrderState.PAID
    assert not Payment.objects.exists()
    assert not SandboxObject.objects.exists()
    assert Entitlement.objects.get().user == reader


def test_o07_free_by_a_code_and_free_ahead(reader):
    author = make_author()
    fill_cart(reader, make_book(owner=author), make_awaited(prices={"USD": 0}))
    use_code(reader, make_author_coupon(author, percent_bps=10_000))
    order = place_order(reader)
    assert (order.state, order.total_minor) == (OrderState.PAID, 0)
    assert not Payment.objects.exists()
    assert (Entitlement.objects.count(), Preorder.objects.get().is_open) == (1, True)


def test_o08_title_withdrawn_during_checkout(reader, book):
    order = place_order(reader, book)
    session_id = open_page(order)
    book.state = EditionState.WITHDRAWN
    book.save()
    pay_session(session_id)
    settlement.settle_session(session_id=session_id)
    assert Entitlement.objects.get().edition == book


def test_o08_a_bundle_that_lost_a_work_during_checkout(reader):
    with_bundle(reader)
    order = place_order(reader)
    edition = order.lines.first().edition
    publishing_services.withdraw_edition(actor=edition.work.owner, edition=edition, at=clock.now())
    pay(order)
    assert Entitlement.objects.count() == 2


def test_o08_a_gift_whose_title_was_withdrawn_can_still_be_redeemed(reader):
    with_gift(reader)
    order = place_order(reader)
    order.lines.get().edition.work.editions.update(state=EditionState.WITHDRAWN)
    pay(order)
    assert Gift.objects.get().token_hash


def test_o08_a_release_that_was_called_off_during_checkout(reader):
    with_preorder(reader)
    order = place_order(reader)
    work = order.lines.get().edition.work
    publishing_services.cancel_release(actor=work.owner, work=work, at=clock.now())
    pay(order)
    preorders.supply(preorder_id=Preorder.objects.get().pk, at=clock.now())
    refund = Refund.objects.get()
    assert (refund.line.order, refund.amount_minor, refund.reason) == (order, 499, "called_off")
