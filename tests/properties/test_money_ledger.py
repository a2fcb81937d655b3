"""Whatever happens, in whatever order and however often: the books balance and come out the same."""

from __future__ import annotations

import pytest
from django.db import transaction
from django.db.models import Sum
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from common.money import Money
from royalties.errors import SaleUnknown
from royalties.models import JournalEntry, Posting, Seal
from royalties.services import clearing, invariants, returns, sales
from tests.royalties.factories import NOON, WINDOW, edition, sale, split, user

pytestmark = [pytest.mark.both, pytest.mark.django_db]
END = NOON + WINDOW
calmly = settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))

prices = st.integers(min_value=0, max_value=5000)
weights = st.lists(st.integers(min_value=1, max_value=10000), min_size=1, max_size=4)


@st.composite
def histories(draw):
    """Prices of some sales, which of them are refunded, and their events shuffled, some delivered twice."""
    paid = draw(st.lists(prices, min_size=1, max_size=5))
    numbers = range(len(paid))
    refunded = draw(st.sets(st.sampled_from(numbers)))
    events = [("sale", n) for n in numbers] + [("fee", n) for n in numbers] + [("refund", n) for n in refunded]
    again = draw(st.lists(st.sampled_from([*events, ("clear", 0)]), max_size=8))
    return paid, refunded, draw(st.permutations(events + again))


def happen(kind: str, number: int, made: list) -> None:
    if kind == "sale":
        sales.record_sale(sale=made[number])
    elif kind == "fee":
        sales.record_processor_fee(
            order_reference=f"ord_{number}", fee=Money(47, "USD"), external_id=f"txn_{number}", at=NOON
        )
    elif kind == "refund":
        returns.record_refund(reference=made[number].reference, external_id=f"rfd_{number}", at=END)
    else:
        clearing.clear_due(at=END)


def deliver(events, made: list) -> None:
    """As the inbox does: an event about something unknown waits until that is known."""
    waiting = list(events)
    while waiting:
        parked = []
        for event in waiting:
            try:
                happen(*event, made)
            except SaleUnknown:
                parked.append(event)
        assert len(parked) < len(waiting)
        waiting = parked


def balances() -> dict[tuple[str, str], int]:
    sums = Posting.objects.values_list("account__name", "currency").annotate(total=Sum("amount_minor"))
    return {(name, currency): total for name, currency, total in sums.order_by() if total}


@calmly
@given(history=histories(), shares=weights)
def test_any_order_with_duplicates_gives_the_balances_of_each_event_once(history, shares):
    paid, refunded, events = history
    with transaction.atomic():
        book = edition()
        split(book.work, *[(user(), bps) for bps in shares])
        made = [sale(of=book, paid=p, tax=p // 10, reference=f"lin_{n}") for n, p in enumerate(paid)]
        deliver(events, made)
        clearing.clear_due(at=END)
        shuffled, entries = balances(), JournalEntry.objects.count()
        assert invariants.check_invariants() == []
        assert Seal.objects.count() == entries
        transaction.set_rollback(True)
    kept = [made[n] for n in range(len(paid)) if n not in refunded]
    by_kind: dict[str, int] = {}
    for (name, _), total in shuffled.items():
        by_kind[name.split(":")[0]] = by_kind.get(name.split(":")[0], 0) + total
    fees = 47 * len(paid)
    expected = {
        "stripe_balance": sum(s.breakdown.paid.amount_minor for s in kept) - fees,
        "processor_fee": fees,
        "tax": -sum(s.breakdown.tax.amount_minor for s in kept),
        "platform_fee": -sum(s.breakdown.platform_fee.amount_minor for s in kept),
        "processor_fee_recovered": -sum(s.breakdown.processor_fee.amount_minor for s in kept),
        "contributor_payable": -sum(s.breakdown.royalty.amount_minor for s in kept),
    }
    assert by_kind == {kind: amount for kind, amount in expected.items() if amount}


@calmly
@given(paid=prices, shares=weights, is_cleared=st.booleans())
def test_a_refund_restores_every_account_to_zero(paid, shares, is_cleared):
    with transaction.atomic():
        book = edition()
        split(book.work, *[(user(), bps) for bps in shares])
        made = sale(of=book, paid=paid, tax=paid // 7)
        sales.record_sale(sale=made)
        if is_cleared:
            clearing.clear_due(at=END)
        returns.record_refund(reference=made.reference, external_id="rfd", at=END)
        assert balances() == {}
        transaction.set_rollback(True)
