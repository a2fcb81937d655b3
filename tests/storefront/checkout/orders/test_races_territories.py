"""An author who narrows where a book is sold, while a reader orders it."""

from __future__ import annotations

import threading
from contextlib import suppress

import pytest

from common import clock
from publishing import services as publishing_services
from publishing.models import Work
from publishing.territories import Territory
from storefront.checkout import errors
from storefront.checkout.cart.selectors import carts as cart_selectors
from storefront.checkout.cart.services import quotes
from storefront.checkout.models import Order
from storefront.checkout.orders.services import checkout
from tests.conftest import NOON
from tests.factories.accounts import make_reader
from tests.factories.buying import fill_cart, make_book
from tests.royalties.database import run_together
from tests.storefront.checkout.orders.test_races import PATIENT_S, failures

pytestmark = [pytest.mark.race, pytest.mark.usefixtures("racing_db")]


class TestOrderedWhileNarrowed:
    @pytest.fixture
    def sides(self, monkeypatch, request):
        """A reader, and an author who decides once the reader has looked; the reader waits a while for the author."""
        reader, book = make_reader(), make_book()
        fill_cart(reader, book)
        cart = cart_selectors.cart_of(user=reader, cart_id="")
        digest = quotes.quote_cart(actor=reader, cart=cart, country="US", at=NOON).digest
        has_looked, has_decided = threading.Event(), threading.Event()
        create, seen = checkout._create_order, []

        def waiting(*args):
            has_looked.set()
            seen.append(has_decided.wait(timeout=getattr(request, "param", 0.7)))
            return create(*args)

        monkeypatch.setattr(checkout, "_create_order", waiting)

        def order():
            with clock.frozen(NOON):
                checkout.place_order(actor=reader, country="US", digest=digest, has_consented=True, at=NOON)

        def narrow():
            has_looked.wait(timeout=PATIENT_S)
            with clock.frozen(NOON):
                publishing_services.set_territory(
                    actor=book.work.owner, work=book.work, territory=Territory.of("except", ["US"]), at=NOON
                )
            has_decided.set()

        return order, narrow, seen

    def test_the_author_waits_for_the_order(self, sides):
        order, narrow, seen = sides
        assert failures(run_together(order, narrow)) == []
        assert seen == [False]
        assert Order.objects.count() == 1

    @pytest.mark.parametrize("sides", [PATIENT_S], indirect=True)
    def test_without_the_lock_the_order_would_come_after_the_decision(self, sides, monkeypatch):
        raw = Work.objects.raw
        monkeypatch.setattr(Work.objects, "raw", lambda query, ids: raw(query.replace(" FOR SHARE", ""), ids))
        order, narrow, seen = sides
        assert failures(run_together(order, narrow)) == []
        assert seen == [True]


def test_readers_of_one_book_do_not_wait_for_each_other(monkeypatch):
    book, readers, offers = make_book(), [make_reader() for _ in range(2)], []
    for reader in readers:
        fill_cart(reader, book)
        cart = cart_selectors.cart_of(user=reader, cart_id="")
        offers.append((reader, quotes.quote_cart(actor=reader, cart=cart, country="US", at=NOON).digest))
    barrier, create = threading.Barrier(2), checkout._create_order

    def meeting(*args):
        with suppress(threading.BrokenBarrierError):
            barrier.wait(timeout=PATIENT_S)
        return create(*args)

    monkeypatch.setattr(checkout, "_create_order", meeting)

    def buy(reader, digest):
        with clock.frozen(NOON):
            checkout.place_order(actor=reader, country="US", digest=digest, has_consented=True, at=NOON)

    results = run_together(*[lambda one=one: buy(*one) for one in offers])
    assert failures(results) == []
    assert not barrier.broken


def test_an_order_after_the_decision_is_refused():
    reader, book = make_reader(), make_book()
    fill_cart(reader, book)
    cart = cart_selectors.cart_of(user=reader, cart_id="")
    digest = quotes.quote_cart(actor=reader, cart=cart, country="US", at=NOON).digest
    publishing_services.set_territory(
        actor=book.work.owner, work=book.work, territory=Territory.of("except", ["US"]), at=NOON
    )
    with pytest.raises(errors.NotSoldIn):
        checkout.place_order(actor=reader, country="US", digest=digest, has_consented=True, at=NOON)
