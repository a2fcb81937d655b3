"""F11, F12: the database refuses an order. The buyer reads when to come again, nothing is half done, once is enough."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from typing import Any

import psycopg
import pytest
from django.db import OperationalError, connection
from django.http import HttpResponse
from django.test import Client

from accounts.models import User
from common import views
from publishing.models import Edition
from storefront.checkout.models import Cart, Order, Payment
from storefront.checkout.orders.services import checkout
from tests.factories.accounts import make_reader
from tests.factories.buying import fill_cart, make_book

REFUSALS = {
    "40001": psycopg.errors.SerializationFailure,
    "40P01": psycopg.errors.DeadlockDetected,
    "55P03": psycopg.errors.LockNotAvailable,
    "57014": psycopg.errors.QueryCanceled,
    "53100": psycopg.errors.DiskFull,
}


class Buyer:
    """Somebody at the checkout, who sees pages as a browser does."""

    def __init__(self, book: Edition) -> None:
        self.person: User = make_reader()
        self.client = Client(raise_request_exception=False)
        self.client.force_login(self.person)
        fill_cart(self.person, book)
        page = self.client.get("/checkout/?country=US").content.decode()
        found = re.search(r'name="digest" value="([^"]*)"', page)
        assert found is not None
        self.form = {"country": "US", "digest": unescape(found[1]), "shown_country": "US", "consent": "on"}

    def order(self) -> HttpResponse:
        return self.client.post("/checkout/", self.form)  # type: ignore[return-value]


def refuse_once(monkeypatch: pytest.MonkeyPatch, refusal: type[psycopg.Error]) -> None:
    """Refuse the first order's payment, when its order and lines are already written."""
    create, refusals = checkout._create_payment, [refusal("refused")]

    def create_payment(*arguments: Any) -> Payment:
        if refusals:
            raise OperationalError("refused") from refusals.pop()
        return create(*arguments)

    monkeypatch.setattr(checkout, "_create_payment", create_payment)


@pytest.fixture
def buyer(db: None) -> Buyer:
    return Buyer(make_book())


@pytest.mark.parametrize("refusal", REFUSALS.values(), ids=REFUSALS)
class TestRefused:
    def test_the_page_says_when_to_come_again(self, buyer, monkeypatch, refusal) -> None:
        refuse_once(monkeypatch, refusal)
        answer = buyer.order()
        assert (answer.status_code, answer["Retry-After"]) == (503, "10")
        assert "Nothing is lost" in answer.content.decode()
        assert (Order.objects.count(), Payment.objects.count()) == (0, 0)
        assert Cart.objects.get(user=buyer.person).lines.count() == 1

    def test_the_second_click_is_one_order(self, buyer, monkeypatch, refusal) -> None:
        refuse_once(monkeypatch, refusal)
        buyer.order()
        assert "/payments/sandbox/pay/" in buyer.order()["Location"]
        assert "/payments/sandbox/pay/" in buyer.order()["Location"]
        assert (Order.objects.count(), Payment.objects.count()) == (1, 1)

    def test_other_pages_go_on(self, buyer, monkeypatch, refusal) -> None:
        refuse_once(monkeypatch, refusal)
        buyer.order()
        assert [buyer.client.get(page).status_code for page in ("/books/", "/cart/", "/library/")] == [200] * 3

    def test_without_the_handler_it_would_be_an_error_of_ours(self, buyer, monkeypatch, refusal) -> None:
        refuse_once(monkeypatch, refusal)
        monkeypatch.setattr(views, "is_database_away", lambda error: False)
        assert buyer.order().status_code == 500


@pytest.mark.race
@pytest.mark.usefixtures("racing_db")
class TestLocked:
    """A row that somebody holds for longer than a request waits for it."""

    @pytest.fixture
    def held(self, buyer) -> Iterator[psycopg.Connection]:
        settings = connection.settings_dict
        options = {"dbname": settings["NAME"], "user": settings["USER"], "host": settings["HOST"]}
        with psycopg.connect(**{name: value for name, value in options.items() if value}) as holder:
            holder.execute("SELECT 1 FROM accounts_user WHERE id = %s FOR UPDATE", [buyer.person.pk])
            yield holder

    def test_the_page_says_when_to_come_again(self, buyer, held) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '200ms'")
        assert buyer.order().status_code == 503
        held.rollback()
        assert "/payments/sandbox/pay/" in buyer.order()["Location"]
        assert Order.objects.count() == 1
