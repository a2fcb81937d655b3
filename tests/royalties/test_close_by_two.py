"""A month is prepared by one person and closed by another, after both sides were compared past its end."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from common.errors import NotAllowed
from common.periods import Month
from royalties.errors import (
    CloseNotPrepared,
    CloseOutdated,
    CloserIsPreparer,
    ItemsHoldMonth,
    NotCompared,
    PeriodClosed,
)
from royalties.models import (
    ClosedPeriod,
    ClosePreparation,
    ItemState,
    JournalEntry,
    ProviderMovement,
    ReconciliationItem,
)
from royalties.services import close_preparation, month_close, reconciliation
from tests.royalties.closing import compared, people
from tests.royalties.database import run_together
from tests.royalties.factories import NOON, recorded_sale, user

pytestmark = [pytest.mark.both, pytest.mark.django_db]
NOVEMBER = Month(2026, 11)
FIRST = NOVEMBER.end + timedelta(hours=4)


def prepare(actor=None, at=FIRST) -> ClosePreparation:
    return close_preparation.prepare_close(actor=actor or people()[0], period=NOVEMBER, at=at)


def close(actor=None, at=FIRST) -> ClosedPeriod:
    return month_close.close_period(actor=actor or people()[1], period=NOVEMBER, at=at)


def item(**fields) -> ReconciliationItem:
    """Our balance, paid out to our bank, that nobody booked."""
    values = {
        "key": "po_1",
        "currency": "EUR",
        "kind": "payout",
        "provider_minor": -32372,
        "provider_at": NOVEMBER.end - timedelta(hours=5),
        "state": ItemState.MISSING_HERE,
        "opened_at": NOVEMBER.end - timedelta(hours=1),
        **fields,
    }
    ProviderMovement.objects.create(
        change_id="txn_1",
        kind="payout",
        source_id="po_1",
        currency="EUR",
        net_minor=-32372,
        moved_at=values["provider_at"],
        item_key="po_1",
    )
    return ReconciliationItem.objects.create(**values)


class TestTwoPeople:
    def test_one_prepares_another_closes(self):
        recorded_sale()
        compared(FIRST)
        prepare()
        closed = close()
        assert (closed.prepared_by, closed.closed_by) == people()

    def test_nobody_closes_what_nobody_prepared(self):
        compared(FIRST)
        with pytest.raises(CloseNotPrepared):
            close()

    def test_nobody_closes_what_they_prepared(self):
        recorded_sale()
        compared(FIRST)
        prepare()
        with pytest.raises(CloserIsPreparer):
            close(people()[0])

    def test_the_database_refuses_it_too(self):
        first, _ = people()
        facts = {"period": "2026-11", "closed_at": FIRST, "chain_position": 0}
        for who in ({"closed_by": first, "prepared_by": first}, {"closed_by": first}, {"prepared_by": first}, {}):
            with pytest.raises(IntegrityError), transaction.atomic():
                ClosedPeriod.objects.create(**facts, **who)

    def test_a_preparation_is_never_changed(self):
        prepare()
        with pytest.raises(IntegrityError), transaction.atomic():
            ClosePreparation.objects.update(prepared_by=people()[1])

    def test_only_for_finance(self):
        for step in (prepare, close):
            with pytest.raises(NotAllowed):
                step(user("Olga", is_operator=True))

    def test_a_closed_month_is_not_prepared_again(self):
        compared(FIRST)
        prepare()
        close()
        with pytest.raises(PeriodClosed):
            prepare()

    @pytest.mark.race
    def test_two_who_prepared_do_not_close_each_for_the_other(self, racing_db):
        """Whoever prepared last is the first person, whatever the other one had seen."""
        compared(FIRST)
        first, second = people()
        prepare(first)
        prepare(second)
        results = run_together(lambda: close(first), lambda: close(second))
        assert isinstance(results[0], ClosedPeriod)
        closed = ClosedPeriod.objects.get()
        assert (closed.prepared_by, closed.closed_by) == (second, first)

    @pytest.mark.race
    def test_an_entry_of_the_moment_is_not_closed_over(self, racing_db):
        """A sale that commits while the second person closes is in the month that was prepared, or the close is off."""
        recorded_sale()
        compared(FIRST)
        prepare()
        results = run_together(close, lambda: recorded_sale(sold_at=NOON))
        booked = Month.of(JournalEntry.objects.order_by("-pk").values_list("booked_at", flat=True)[0])
        if isinstance(results[0], CloseOutdated):
            assert not ClosedPeriod.objects.exists()
        else:
            assert (type(results[0]), booked) == (ClosedPeriod, NOVEMBER.next)


class TestComparison:
    def test_none_was_ever_made(self):
        recorded_sale()
        with pytest.raises(NotCompared) as refused:
            prepare()
        assert "Compare now" in refused.value.text

    def test_the_last_one_is_of_the_month_itself(self):
        recorded_sale()
        compared(NOVEMBER.end - timedelta(seconds=1))
        with pytest.raises(NotCompared):
            prepare()

    def test_at_the_first_moment_after_it(self):
        recorded_sale()
        compared(NOVEMBER.end)
        prepare()

    def test_a_shop_that_was_never_paid_has_nothing_to_compare(self):
        prepare()
        assert close().prepared_by == people()[0]


class TestOpenItems:
    @pytest.fixture(autouse=True)
    def _compared(self):
        recorded_sale()
        compared(FIRST)

    def test_one_of_the_last_evening_holds_the_month_up(self):
        """It is hours old. What is younger than three days passed before, which is when months are closed."""
        item()
        with pytest.raises(ItemsHoldMonth):
            prepare()

    def test_one_of_the_new_month_does_not(self):
        item(provider_at=FIRST, opened_at=FIRST)
        prepare()

    def test_one_of_the_new_month_that_waits_too_long_does(self):
        item(provider_at=FIRST, opened_at=FIRST)
        late = FIRST + timedelta(days=6)
        with pytest.raises(ItemsHoldMonth):
            prepare(at=late)

    def test_one_that_came_after_the_preparation(self):
        prepare()
        item()
        with pytest.raises(ItemsHoldMonth):
            close()

    def test_ages_count_up_to_now(self):
        """Six days later the comparison is as old as it was, and the item older."""
        item(provider_at=FIRST, opened_at=FIRST)
        prepare()
        with pytest.raises(ItemsHoldMonth):
            close(at=FIRST + timedelta(days=6))


class TestOutdated:
    def test_an_entry_was_booked_into_the_month(self):
        recorded_sale()
        compared(FIRST)
        prepare()
        recorded_sale(sold_at=NOON)
        with pytest.raises(CloseOutdated):
            close()
        prepare()
        assert close().period == "2026-11"

    def test_a_comparison_that_found_the_same_changes_nothing(self):
        recorded_sale()
        compared(FIRST)
        prepare()
        compared(FIRST + timedelta(days=1))
        close(at=FIRST + timedelta(days=1))


@pytest.mark.race
@pytest.mark.parametrize("is_locked", [True, False])
def test_no_comparison_comes_in_between(racing_db, monkeypatch, is_locked):
    """An item of the month that opens between the last look and the close would be closed over. Control: no lock."""
    recorded_sale()
    compared(FIRST)
    prepare()
    real, results = month_close._check, []

    def compare():
        with transaction.atomic():
            if connection.vendor == "postgresql":
                connection.cursor().execute("SET LOCAL lock_timeout = '500ms'")
            reconciliation.lock_reconciliation()
            return item()

    def check_while_somebody_compares(period, at):
        real(period, at)
        if connection.in_atomic_block:  # the second look, under the locks
            results.extend(run_together(compare))

    monkeypatch.setattr(month_close, "_check", check_while_somebody_compares)
    if not is_locked:
        monkeypatch.setattr(reconciliation, "lock_reconciliation", lambda: None)
    close()
    assert [isinstance(result, ReconciliationItem) for result in results] == [not is_locked]
