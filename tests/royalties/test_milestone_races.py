"""An acceptance, the clock and a return of one milestone at the same moment: exactly one of them wins."""

from __future__ import annotations

import threading
from contextlib import suppress

from common.errors import DomainError
from royalties.errors import MilestoneTooLittle
from royalties.models import MilestoneRecord, MilestoneSettlement
from royalties.services import clearing, invariants
from royalties.services.milestones import locking
from tests.royalties.database import run_together
from tests.royalties.factories import NOON
from tests.royalties.milestones import DAY, accept, dispute, paid

ROUNDS = 15


def at_once(milestone: MilestoneRecord) -> list[object]:
    return run_together(
        lambda: accept(milestone, 50_000),
        lambda: accept(milestone, 50_000, by_silence=True),
        lambda: accept(milestone, 0, returned=50_000),
    )


def test_one_of_three_decisions_wins(racing_db):
    for _ in range(ROUNDS):
        milestone = paid(50_000)
        results = at_once(milestone)
        lost = [result for result in results if isinstance(result, MilestoneTooLittle)]
        assert len(lost) == 2, results
        assert MilestoneSettlement.objects.filter(milestone=milestone).count() == 1
    assert invariants.check_invariants() == []


def test_without_the_lock_all_three_decide_and_only_the_ledger_refuses(racing_db, monkeypatch):
    """The lock is what makes the losers see the winner: without it they get as far as the ledger, which refuses."""
    barrier, decided = threading.Barrier(3, timeout=60), []
    check = locking.refuse_beyond

    def read(reference: str) -> MilestoneRecord:
        return MilestoneRecord.objects.select_related("payee").get(reference=reference)

    def check_and_meet(milestone: MilestoneRecord, wanted: int, left: int) -> None:
        check(milestone, wanted, left)
        decided.append(wanted)
        with suppress(threading.BrokenBarrierError):
            barrier.wait()

    monkeypatch.setattr(locking, "lock", read)
    monkeypatch.setattr(locking, "refuse_beyond", check_and_meet)
    milestone = paid(50_000)
    results = at_once(milestone)
    assert len(decided) == 3
    assert not any(isinstance(result, MilestoneTooLittle) for result in results)
    assert sum(isinstance(result, DomainError | Exception) for result in results) == 2


def test_a_dispute_beside_an_acceptance_and_a_clearing_run(racing_db):
    for number in range(ROUNDS):
        milestone = paid(50_000)
        run_together(
            lambda m=milestone: accept(m, 50_000),
            lambda m=milestone, n=number: dispute(m, 50_000, f"du_{n}"),
            lambda: clearing.clear_due(at=NOON + DAY),
        )
        assert invariants.check_invariants() == []
