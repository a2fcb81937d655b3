"""F15: the schedule stands still for a day, and then two of them run at once."""

from __future__ import annotations

from datetime import timedelta

import pytest

from common import clock
from royalties.models import JournalEntry, Payout, PayoutRun, SaleRecord, SaleState
from royalties.services import clearing, invariants, payouts, plans
from tests.royalties.database import run_together
from tests.royalties.factories import payable, payout_account, recorded_sale
from tests.royalties.test_plans import DECEMBER, choose
from tests.royalties.test_schedules import AT

DAY = timedelta(days=1)


@pytest.mark.django_db
class TestADayWithoutIt:
    def test_payouts_are_proposed_a_day_late_and_once(self) -> None:
        with clock.frozen(AT + DAY):
            payout_account(payable())
            (run,) = payouts.propose_due(at=AT + DAY)
            assert run.period.period == "2026-10"
            assert payouts.propose_due(at=AT + DAY) == []
        assert (PayoutRun.objects.count(), Payout.objects.count()) == (1, 1)

    def test_plans_are_charged_a_day_late_and_once(self) -> None:
        choose(payable())
        assert [plans.charge_due(at=DECEMBER + DAY) for _ in range(2)] == [1, 0]
        assert JournalEntry.objects.filter(kind="plan_fee").count() == 1

    def test_what_was_due_meanwhile_clears(self) -> None:
        sales = [recorded_sale() for _ in range(3)]
        assert [clearing.clear_due(at=AT + DAY) for _ in range(2)] == [len(sales), 0]
        assert invariants.check_invariants() == []


@pytest.mark.race
@pytest.mark.usefixtures("racing_db")
def test_four_that_run_at_once_clear_each_sale_once() -> None:
    sales = [recorded_sale() for _ in range(10)]
    cleared = run_together(*[lambda: clearing.clear_due(at=AT)] * 4)
    assert [one for one in cleared if isinstance(one, Exception)] == []
    assert SaleRecord.objects.filter(state=SaleState.CLEARED).count() == len(sales)
    assert JournalEntry.objects.filter(kind="clearing").count() == len(sales)
    assert invariants.check_invariants() == []
