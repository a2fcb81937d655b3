"""Goodwill for used books: whoever takes a new address each time does not get around its limits, and nobody loses a
right of theirs."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from accounts.models import User
from common import clock
from payments.models import SandboxObject
from payments.stripe.sandbox import payment_page
from payments.stripe.sandbox.cards import CARDS
from publishing.models import Edition
from storefront.checkout import retry_stuck
from storefront.checkout.models import BuyerTrace, GoodwillDay, Order, Refund, RefundState, TraceKind
from storefront.checkout.office import services as office_services
from storefront.checkout.orders.services import buyer_traces, settlement
from storefront.checkout.orders.services.buyer_traces import Origin
from storefront.checkout.refunds import services as refunds
from tests.factories.accounts import make_finance, make_reader
from tests.factories.buying import buy, make_book

pytestmark = pytest.mark.django_db

FROM_HERE = {"Sec-Fetch-Site": "same-origin", "Origin": "http://testserver"}
HOME, ELSEWHERE = "203.0.113.7", "198.51.100.{}"


def browser(address: str = HOME) -> Client:
    return Client(REMOTE_ADDR=address)


def buy_at(client: Client, email: str, *, card: str = "us", country: str = "US") -> Order:
    """A guest of this browser buys a new book through the pages, and pays with this card."""
    book: Edition = make_book()
    client.post("/cart/add/", {"edition": book.public_id}, headers=FROM_HERE)
    page = client.get("/checkout/", {"country": country}).context
    form = {
        "country": country,
        "shown_country": page["form"]["shown_country"].value() or country,
        "digest": page["quote"].digest,
        "needs_consent": "True",
        "consent": "on",
        "email": email,
    }
    client.post("/checkout/", form)
    order = Order.objects.latest("pk")
    session_id = order.payments.get().session_id
    payment_page.pay(session_id=session_id, card=CARDS[card], country=country)
    settlement.settle_session(session_id=session_id)
    order.refresh_from_db()
    return order


def download(client: Client, order: Order) -> None:
    """Open the book's file, as the order's page links it."""
    work_id = order.lines.get().edition.work.public_id
    artifact = order.lines.get().edition.job.artifacts.get(kind="epub")
    answer = client.get(f"/library/{work_id}/{artifact.public_id}/", follow=True)
    assert answer.status_code == 200
    assert answer.getvalue()


def give_back(client: Client, order: Order) -> str:
    """Ask for the money of a used book; what the answer says."""
    address = f"/orders/{order.public_id}/lines/{order.lines.get().public_id}/refund/"
    return client.post(address, {"reason": "not for me"}, follow=True).content.decode()


def round_trip(number: int, *, client: Client | None = None, address: str = HOME, card: str = "us") -> str:
    """Buy under a fresh address, download, give back; how the refund stands."""
    client = client or browser(address)
    order = buy_at(client, f"fresh-{number}@example.org", card=card)
    download(client, order)
    give_back(client, order)
    return Refund.objects.get(line__order=order).state


AT_ONCE = {RefundState.PENDING, RefundState.SUCCEEDED}


class TestFreshAddresses:
    def test_five_rounds_from_one_card_and_network_are_three(self) -> None:
        states = [round_trip(n) for n in range(5)]
        assert Refund.objects.filter(was_used=True).count() == 5
        assert [state in AT_ONCE for state in states] == [True, True, True, False, False]
        assert states[3:] == [RefundState.PROPOSED] * 2

    def test_nor_does_the_same_card_in_other_places(self) -> None:
        states = [round_trip(n, address=ELSEWHERE.format(n)) for n in range(4)]
        assert states[3] == RefundState.PROPOSED

    def test_nor_do_other_cards_in_one_place(self) -> None:
        states = [round_trip(n, card=card) for n, card in enumerate(("us", "de", "gb", "de"))]
        assert states[2] in AT_ONCE
        assert states[3] == RefundState.PROPOSED

    def test_nor_do_other_cards_and_places_in_one_browser(self) -> None:
        client = browser()
        cards = ("us", "de", "gb", "us")
        states = []
        for n, card in enumerate(cards):
            client.defaults["REMOTE_ADDR"] = ELSEWHERE.format(n)
            states.append(round_trip(n, client=client, card=card))
        assert states[3] == RefundState.PROPOSED

    def test_a_line_of_ipv6_is_one_network(self) -> None:
        for n in range(4):
            state = round_trip(n, address=f"2001:db8:1:2::{n + 1}", card=("us", "de", "gb", "us")[n])
        assert state == RefundState.PROPOSED

    def test_somebody_else_has_goodwill_of_their_own(self) -> None:
        for n in range(4):
            round_trip(n)
        assert round_trip(5, address=ELSEWHERE.format(5), card="gb") in AT_ONCE

    def test_accounts_are_tied_as_guests_are(self) -> None:
        for n in range(3):
            round_trip(n)
        line = buy(make_reader()).lines.select_related("order__buyer").get()  # the same card
        line.entitlement.furthest_bps = 5000
        line.entitlement.save()
        asked = refunds.request_refund(actor=line.order.buyer, line=line, reason="", at=clock.now())
        assert asked is not None
        assert asked.state == RefundState.PROPOSED

    def test_after_ninety_days_there_is_goodwill_again(self) -> None:
        for n in range(3):
            round_trip(n)
        with clock.frozen(clock.now() + timedelta(days=91)):
            assert round_trip(4) in AT_ONCE


class TestPeopleInGoodFaith:
    """Behind the same network: a school, say, from which three used books came back."""

    @pytest.fixture(autouse=True)
    def school(self) -> None:
        for n, card in enumerate(("us", "us", "us")):
            round_trip(n, card=card)

    def test_what_is_unused_goes_back_at_once(self) -> None:
        client = browser()
        order = buy_at(client, "pupil@example.org", card="gb")
        assert "Your refund is on its way" in give_back(client, order)
        assert Refund.objects.get(line__order=order).state in AT_ONCE

    def test_a_used_book_waits_and_is_not_refused_and_they_are_told_what_comes_next(self) -> None:
        client = browser()
        order = buy_at(client, "pupil@example.org", card="gb")
        download(client, order)
        page = client.get(f"/orders/{order.public_id}/lines/{order.lines.get().public_id}/refund/").content.decode()
        assert "This time someone on our team decides" in page
        assert "within two working days" in page
        assert "given back several" not in page
        told = give_back(client, order)
        assert "Someone on our team will look at your request within two working days, and we will email you." in told
        assert "Until then, the book stays yours." in told
        assert order.lines.get().entitlement.ended_at is None

    def test_who_never_agreed_to_immediate_supply_withdraws_by_right(self) -> None:
        client = browser()
        order = buy_at(client, "pupil@example.org", card="gb")
        Order.objects.filter(pk=order.pk).update(waiver_at=None)
        download(client, order)
        give_back(client, order)
        assert Refund.objects.get(line__order=order).state in AT_ONCE

    def test_the_function_of_the_law_is_open_all_the_same(self) -> None:
        client = browser()
        order = buy_at(client, "pupil@example.org", card="gb")
        download(client, order)
        form = {"name": "A Pupil", "email": "pupil@example.org", "line": [order.lines.get().public_id]}
        client.post(f"/orders/{order.public_id}/withdraw/", form)
        assert order.withdrawals.count() == 1
        assert Refund.objects.get(line__order=order).state == RefundState.PROPOSED


class TestDailyCeiling:
    def used(self, *, currency: str = "USD", price: int = 499) -> Refund:
        """A reader whom nothing ties to another gives a used book back."""
        order = buy(make_reader(), make_book(prices={currency: price}), currency=currency)
        BuyerTrace.objects.filter(order=order).delete()
        line = order.lines.select_related("order__buyer", "entitlement").get()
        line.entitlement.furthest_bps = 5000
        line.entitlement.save()
        asked = refunds.request_refund(actor=order.buyer, line=line, reason="", at=clock.now())
        assert asked is not None
        return asked

    def test_by_number(self, settings) -> None:  # type: ignore[no-untyped-def]
        settings.GOODWILL_DAILY_REFUNDS = 2
        assert [self.used().state in AT_ONCE for _ in range(3)] == [True, True, False]

    def test_by_amount_in_each_currency(self, settings) -> None:  # type: ignore[no-untyped-def]
        settings.GOODWILL_DAILY_LIMITS_MINOR = {"USD": 1000, "EUR": 500}
        assert [self.used().state in AT_ONCE for _ in range(3)] == [True, True, False]
        assert self.used(currency="EUR").state in AT_ONCE
        assert self.used(currency="GBP").state == RefundState.PROPOSED, "no limit is set for it"

    def test_the_next_day_begins_anew(self, settings) -> None:  # type: ignore[no-untyped-def]
        settings.GOODWILL_DAILY_REFUNDS = 1
        self.used()
        assert self.used().state == RefundState.PROPOSED
        with clock.frozen(clock.now() + timedelta(days=1)):
            assert self.used().state in AT_ONCE

    def test_what_a_person_let_go_does_not_count(self, settings) -> None:  # type: ignore[no-untyped-def]
        settings.GOODWILL_DAILY_REFUNDS = 1
        self.used()
        waiting = self.used()
        finance = User.objects.create_user("finance@example.org", is_finance=True)
        refunds.approve_refund(actor=finance, refund=waiting, at=clock.now())
        settings.GOODWILL_DAILY_REFUNDS = 2
        assert self.used().state in AT_ONCE

    def test_finance_is_told_once_and_sees_it(
        self, settings, client: Client, mailoutbox, django_capture_on_commit_callbacks
    ) -> None:  # type: ignore[no-untyped-def]
        settings.GOODWILL_DAILY_REFUNDS, settings.STAFF_SECOND_FACTOR_REQUIRED = 1, False
        finance = make_finance(email="finance@example.org")
        self.used()
        client.force_login(finance)
        assert "goodwill limit has been reached" not in client.get("/finance/refunds/").content.decode()
        self.used()
        self.used()
        day = GoodwillDay.objects.get()
        with django_capture_on_commit_callbacks(execute=True):
            office_services.mail_goodwill(day_id=day.pk)
        assert not office_services.mail_goodwill(day_id=day.pk)
        mails = [mail for mail in mailoutbox if "goodwill limit has been reached" in mail.subject]
        assert [mail.to for mail in mails] == [["finance@example.org"]]
        assert "2 refunds are waiting now." in mails[0].body
        assert "goodwill limit has been reached" in client.get("/finance/refunds/").content.decode()

    def test_one_that_no_day_would_let_through_tells_nobody(self, settings) -> None:  # type: ignore[no-untyped-def]
        settings.GOODWILL_DAILY_LIMITS_MINOR = {"USD": 100}
        self.used()
        self.used(currency="GBP")
        assert not GoodwillDay.objects.exclude(exhausted_at=None).exists()

    def test_whose_role_does_not_count_is_not_told(self, settings, mailoutbox) -> None:  # type: ignore[no-untyped-def]
        settings.GOODWILL_DAILY_REFUNDS, settings.STAFF_SECOND_FACTOR_REQUIRED = 1, True
        make_finance()
        self.used()
        self.used()
        office_services.mail_goodwill(day_id=GoodwillDay.objects.get().pk)
        assert not [mail for mail in mailoutbox if "goodwill" in mail.subject]

    def test_a_lost_message_is_sent_by_the_sweeper(self, settings, mailoutbox, django_capture_on_commit_callbacks):  # type: ignore[no-untyped-def]
        settings.GOODWILL_DAILY_REFUNDS = 0
        User.objects.create_user("finance@example.org", is_finance=True)
        self.used()
        with clock.frozen(clock.now() + timedelta(minutes=5)), django_capture_on_commit_callbacks(execute=True):
            retry_stuck.retry_stuck()
        assert [mail.to for mail in mailoutbox if "goodwill" in mail.subject] == [["finance@example.org"]]


class TestTraces:
    def test_hold_no_address_and_no_card(self) -> None:
        order = buy_at(browser(), "ann@example.org")
        charge = SandboxObject.objects.get(kind="charge").data
        kept = {trace.kind: trace.digest for trace in BuyerTrace.objects.filter(order=order)}
        assert set(kept) == {TraceKind.CARD, TraceKind.NETWORK, TraceKind.BROWSER}
        fingerprint = charge["payment_method_details"]["card"]["fingerprint"]
        for digest in kept.values():
            assert len(digest) == 64
            assert digest not in {HOME, fingerprint}

    def test_depend_on_the_shops_key(self, settings) -> None:  # type: ignore[no-untyped-def]
        order, origin = buy(make_reader()), Origin(HOME, "")
        buyer_traces.record_origin(order=order, origin=origin, at=clock.now())
        settings.SECRET_KEY = "another key of another shop"
        buyer_traces.record_origin(order=order, origin=origin, at=clock.now())
        assert BuyerTrace.objects.filter(kind=TraceKind.NETWORK).count() == 2

    def test_are_forgotten(self) -> None:
        buy_at(browser(), "ann@example.org")
        buyer_traces.delete_expired(at=clock.now() + timedelta(days=119))
        assert BuyerTrace.objects.count() == 3
        buyer_traces.delete_expired(at=clock.now() + timedelta(days=121))
        assert not BuyerTrace.objects.exists()

    def test_no_cookie_is_set_for_them(self, settings) -> None:  # type: ignore[no-untyped-def]
        client = browser()
        buy_at(client, "ann@example.org")
        assert set(client.cookies) <= {settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME}
