"""What the email about a refund says."""

from __future__ import annotations

import pytest

from common import clock
from royalties.entries import Deferral
from storefront.checkout.entitlements.services.deferred_lines import CALLED_OFF
from storefront.checkout.models import OrderLine, Preorder, Refund
from storefront.checkout.refunds.services import emails

REFUNDED = "We have refunded $4.99 for “The Lighthouse”, the same way you paid."


def sentences(line: OrderLine | None = None, **facts) -> str:
    return emails._sentences(Refund(line=line, currency="USD", **{"amount_minor": 499} | facts))


def a_line(**facts) -> OrderLine:
    return OrderLine(title="The Lighthouse", paid_minor=499, **facts)


def test_part_of_a_price():
    told = sentences(a_line(), amount_minor=100)
    assert told == "We have refunded $1.00 of the price of “The Lighthouse”, the same way you paid."


@pytest.mark.parametrize(
    ("deferral", "reason", "fate"),
    [
        ("", "", "The book is no longer in your library."),
        ("", CALLED_OFF, "The book will not come out after all."),
        ("", "owned_already", "You already had the book in your library, and it stays there."),
        (Deferral.PREORDER, "", "Your pre-order is cancelled."),
        (Deferral.GIFT, CALLED_OFF, "The gift’s link no longer works."),
    ],
)
def test_a_book(deferral, reason, fate):
    assert sentences(a_line(deferral=deferral), reason=reason) == f"{REFUNDED} {fate}"


def test_a_preorder_that_was_cancelled_before():
    line = a_line(deferral=Deferral.PREORDER, supplied_at=clock.now())
    Preorder(line=line, canceled_at=clock.now())
    assert sentences(line) == f"{REFUNDED} Your pre-order is cancelled."


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        ("not_as_quoted", "not the one we asked for"),
        ("coupon_used", "Someone else used your coupon code"),
        ("not_sold_there", "is not sold in the country of your billing address"),
        ("", "books you already owned"),
    ],
)
def test_a_payment_that_bought_nothing(reason, words):
    assert words in sentences(reason=reason)
    assert "we have refunded $4.99, the same way you paid" in sentences(reason=reason)
