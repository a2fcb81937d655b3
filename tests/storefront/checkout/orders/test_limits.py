"""Payment pages: how many an account opens, and how many it may leave unpaid."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.test import Client
from pytest_django import Settings

from storefront.checkout.errors import TooManyUnpaidPages
from storefront.checkout.models import Order, Payment, PaymentState
from tests.factories import buying
from tests.factories.accounts import make_reader

pytestmark = [pytest.mark.django_db, pytest.mark.both]


def pay_button(client: Client) -> dict[str, str]:
    """What the checkout's form holds, filled in."""
    quote = client.get("/checkout/").context["quote"]
    return {"country": "US", "shown_country": "US", "digest": quote.digest, "consent": "on"}


class TestAnAccount:
    def test_opens_ten_pages_within_ten_minutes(self, client: Client) -> None:
        """Twenty-five within a second were opened once."""
        reader = make_reader(country="US")
        client.force_login(reader)
        codes = []
        for _number in range(12):
            buying.fill_cart(reader, buying.make_book())
            response = client.post("/checkout/", pay_button(client))
            codes.append(response.status_code)
        assert codes == [302] * 10 + [429] * 2
        assert Payment.objects.filter(order__buyer=reader).count() == 10
        assert int(response["Retry-After"]) <= 600
        page = response.content.decode()
        assert 'name="consent" value="on"' in page, "nothing chosen is lost"

    def test_that_pays_none_of_many_waits(self, settings: Settings, noon: datetime) -> None:
        settings.MAX_UNPAID_CHECKOUTS = 3
        reader = make_reader()
        for _number in range(3):
            buying.place_order(reader, buying.make_book())
        with pytest.raises(TooManyUnpaidPages):
            buying.place_order(reader, buying.make_book())
        assert Order.objects.filter(buyer=reader).count() == 3
        Payment.objects.filter(order__buyer=reader).update(created_at=noon - timedelta(days=1, minutes=1))
        buying.place_order(reader, buying.make_book())

    def test_that_paid_begins_anew(self, settings: Settings) -> None:
        settings.MAX_UNPAID_CHECKOUTS = 3
        reader = make_reader()
        for number in range(5):
            order = buying.place_order(reader, buying.make_book())
            if number % 2:
                order.payments.update(state=PaymentState.SUCCEEDED)

    def test_others_are_not_held_up(self, settings: Settings) -> None:
        settings.MAX_UNPAID_CHECKOUTS = 1
        buying.place_order(make_reader(), buying.make_book())
        buying.place_order(make_reader(), buying.make_book())
