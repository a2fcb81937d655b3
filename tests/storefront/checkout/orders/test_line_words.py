"""Each state of an order's line has its words, in the language of whoever reads them."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django.utils.translation import override

from common.chips import Chip
from common.money import Money
from storefront.checkout.models import Gift, Preorder, RefundState
from storefront.checkout.orders.selectors.line_view import LineView
from storefront.checkout.permissions import RefundRoute
from storefront.checkout.refunds.selectors import refund_page
from storefront.checkout.templatetags.checkout import evidence_chip

pytestmark = pytest.mark.django_db

PAST, SOON = date(2000, 1, 2), date(2999, 1, 2)
GIFT, PREORDER = Gift(recipient="ada@example.org"), Preorder()


def line(
    state: str = "", *, paid: int = 500, returned: int = 0, way: RefundRoute = RefundRoute.NONE, **more
) -> LineView:
    return LineView(
        "lin_1",
        "A Book",
        "a-book",
        Money(paid, "EUR"),
        Money(0, "EUR"),
        0,
        state,
        Money(returned, "EUR"),
        way.value,
        **more,
    )


@pytest.mark.parametrize(
    ("shown", "chip"),
    [
        (line(), None),
        (line(RefundState.SUCCEEDED, returned=200), None),
        (line(RefundState.SUCCEEDED, returned=500), Chip("Refunded")),
        (line(RefundState.SUCCEEDED, returned=200, is_taken=True), Chip("Taken back by your bank")),
        (line(RefundState.PROPOSED, returned=500), Chip("Under review", "progress")),
        (line(RefundState.PENDING, returned=500), Chip("Refund on its way", "progress")),
        (
            line(RefundState.RETURNED, returned=500),
            Chip("Your bank rejected the refund; we are sending it again", "caution"),
        ),
        (line(paid=0, preorder=Preorder(canceled_at=datetime(2026, 1, 2, tzinfo=UTC))), Chip("Cancelled")),
    ],
)
def test_what_became_of_it(shown: LineView, chip: Chip | None) -> None:
    assert shown.outcome == chip


def test_a_part_is_no_outcome_until_the_bank_has_the_rest() -> None:
    assert line(RefundState.SUCCEEDED, returned=200).is_partly_refunded
    assert not line(RefundState.SUCCEEDED, returned=200, is_taken=True).is_partly_refunded
    assert not line(RefundState.SUCCEEDED, returned=500).is_partly_refunded


@pytest.mark.parametrize(
    ("shown", "note"),
    [
        (line(), ""),
        (line(gift=GIFT), "a gift for ada@example.org"),
        (line(gift=GIFT, is_taken=True), "a gift for ada@example.org, ended"),
        (line(preorder=PREORDER, is_taken=True), "pre-ordered, ended"),
        (line(preorder=PREORDER, is_waiting=True, release_date=PAST), "pre-ordered, delayed"),
        (line(preorder=PREORDER, is_waiting=True, release_date=SOON), "pre-ordered, out on 2 January 2999"),
        (line(preorder=PREORDER, refundable_day=SOON), "pre-ordered; can be returned until 2 January 2999"),
        (line(preorder=PREORDER), "pre-ordered"),
    ],
)
def test_notes(shown: LineView, note: str) -> None:
    assert shown.note == note


@pytest.mark.parametrize(
    ("shown", "words"),
    [
        (line(way=RefundRoute.AT_ONCE, paid=0), "It was free."),
        (line(way=RefundRoute.AT_ONCE), "We will refund €5.00"),
        (line(way=RefundRoute.BY_DECISION), "decides on the €5.00"),
        (line(way=RefundRoute.HELD), "is holding it until it decides"),
        (line(gift=GIFT), "This gift has been redeemed"),
        (line(), "The fourteen days are over."),
    ],
)
def test_what_a_withdrawal_does(shown: LineView, words: str) -> None:
    assert words in shown.when_withdrawn


@pytest.mark.parametrize(
    ("shown", "words"),
    [
        (line(RefundState.PROPOSED), "You have requested a refund."),
        (line(is_taken=True), "has taken back the money for this book"),
        (line(way=RefundRoute.HELD), "is holding it until it decides"),
        (line(RefundState.SUCCEEDED, returned=500), "already been returned"),
        (line(gift=GIFT), "belongs to the recipient"),
        (line(), "You can no longer return this book yourself."),
        (line(way=RefundRoute.AT_ONCE, paid=0), "“A Book” was free"),
        (line(way=RefundRoute.AT_ONCE), "We will refund €5.00 for “A Book”"),
        (line(way=RefundRoute.BY_DECISION), "a refund of €5.00 would be goodwill"),
    ],
)
def test_the_page_says_what_a_return_does_or_why_there_is_none(shown: LineView, words: str) -> None:
    assert words in str(refund_page(shown).lead)


def test_a_reason_is_asked_for_books_and_needed_where_somebody_decides() -> None:
    at_once, decided = (refund_page(line(way=way)) for way in (RefundRoute.AT_ONCE, RefundRoute.BY_DECISION))
    assert (at_once.asks_reason, at_once.needs_reason, at_once.button) == (True, False, "Return book")
    assert (decided.asks_reason, decided.needs_reason, decided.button) == (True, True, "Request a refund")
    gift = refund_page(line(gift=GIFT, is_waiting=True, way=RefundRoute.AT_ONCE))
    assert (gift.heading, gift.asks_reason) == ("Take a gift back", False)
    awaited = refund_page(line(preorder=PREORDER, is_waiting=True, way=RefundRoute.AT_ONCE))
    assert (awaited.heading, awaited.asks_reason) == ("Cancel a pre-order", False)


def test_words_are_in_the_readers_language() -> None:
    with override("de"):
        chip = line(RefundState.SUCCEEDED, returned=500).outcome
        assert chip is not None
        assert str(chip.word) == "Erstattet"


def test_an_unpaid_order_has_not_enough_evidence() -> None:
    assert evidence_chip("") == {"word": "Not enough", "kind": "caution"}
    assert evidence_chip("contradicts") == {"word": "Contradictory", "kind": "danger"}
