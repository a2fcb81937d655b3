"""What the author asked is kept with each sale, whatever the reader paid."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from royalties.models import ProviderKind, ProviderReference, SaleRecord
from royalties.services import provider_references
from storefront.checkout.models import Gift
from tests.factories.accounts import make_finance, make_reader
from tests.factories.buying import buy, fill_cart, make_book, place_order
from tests.factories.offers import give, make_platform_coupon, pay, use_code
from tests.storefront.checkout.cart.test_open_prices import choose, open_up
from tests.storefront.checkout.gifts.test_services import redeem

pytestmark = pytest.mark.django_db


def kept() -> int | None:
    return SaleRecord.objects.get().list_price_minor


def test_of_a_plain_sale(reader, book):
    buy(reader, book)
    assert kept() == 499


def test_before_a_coupon(reader, book):
    fill_cart(reader, book)
    use_code(reader, make_platform_coupon(book.work))
    pay(place_order(reader))
    assert (kept(), SaleRecord.objects.get().paid_minor) == (499, 399)


def test_where_the_reader_chooses_it_is_the_least(reader, book):
    fill_cart(reader, open_up(book, USD=(300, 700)))
    choose(reader, 1000)
    pay(place_order(reader))
    assert kept() == 300


def test_of_a_gift_when_it_is_redeemed(reader, book):
    redeem(give(reader, book))
    assert (Gift.objects.count(), kept()) == (1, 499)


def test_is_shown_on_the_sale_with_the_price_without_tax(client, settings):
    settings.STAFF_SECOND_FACTOR_REQUIRED = False
    order = buy(make_reader(), make_book(prices={"EUR": 1070}), currency="EUR", country="DE")
    client.force_login(make_finance())
    shown = client.get(reverse("finance-sale", args=[order.lines.get().public_id])).content.decode()
    assert "List price" in shown and "€10.70" in shown
    assert "Price without tax" in shown and "€10.00" in shown


def test_what_is_behind_an_entry_is_only_ever_added():
    provider_references.note(reference="ord_1", kind=ProviderKind.CHARGE, object_id="ch_1")
    for change in (lambda rows: rows.update(object_id="ch_2"), lambda rows: rows._raw_delete(rows.db)):
        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
            change(ProviderReference.objects.all())
    assert ProviderReference.objects.get().object_id == "ch_1"
