"""Two decisions about one claim, returns and clearing at the same moment: one decision counts, and nothing is lost."""

from __future__ import annotations

import threading
from contextlib import suppress
from datetime import timedelta

from common.money import Money
from royalties.errors import ClaimRefused
from royalties.models import ClaimedShare, ClaimHold, JournalEntry
from royalties.services import claims, clearing, invariants, returns
from royalties.services.claims import deciding
from tests.royalties.books import balance
from tests.royalties.database import run_together
from tests.royalties.factories import NOON, WINDOW, edition, recorded_sale, user

CLEARS = NOON + WINDOW
DECIDED = CLEARS + timedelta(days=40)
ROUNDS = 8


def claimed(claim: str):
    """A book with two cleared sales under a claim."""
    book = edition()
    claims.hold(claim=claim, work=book.work, share_bps=4000, at=NOON)
    sold = [recorded_sale(of=book) for _ in range(2)]
    clearing.clear_due(at=CLEARS)
    return book, sold


def test_one_of_two_decisions_counts(racing_db):
    ben = user("Ben")
    for number in range(ROUNDS):
        claim = f"clm_{number}"
        claimed(claim)
        results = run_together(
            lambda claim=claim: claims.release(claim=claim, at=DECIDED),
            lambda claim=claim: claims.pay_winner(claim=claim, winner=ben, at=DECIDED),
            lambda: claims.settle_due(at=DECIDED),
        )
        assert sum(isinstance(result, ClaimRefused) for result in results) == 1, results
        assert sum(isinstance(result, Exception) for result in results) == 1, results
        claims.settle_due(at=DECIDED)
        assert claims_waiting(claim) == 0
    assert invariants.check_invariants() == []


def test_without_the_lock_both_decide_and_only_the_ledger_refuses(racing_db, monkeypatch):
    """The claim's lock makes the loser see the winner: without it both get as far as the ledger, which refuses one."""
    barrier, decided = threading.Barrier(2, timeout=60), []

    def end(claim: str, outcome: str, at) -> list[ClaimedShare]:
        shares = list(ClaimedShare.objects.filter(claim=claim))
        assert all(each.outcome == "" for each in shares)
        decided.append(outcome)
        with suppress(threading.BrokenBarrierError):
            barrier.wait()
        for each in shares:
            each.ended_at, each.outcome = at, outcome
            each.save(update_fields=["ended_at", "outcome"])
        return shares

    monkeypatch.setattr(deciding, "_end", end)
    ben = user("Ben")
    claimed("clm_1")
    results = run_together(
        lambda: claims.release(claim="clm_1", at=DECIDED),
        lambda: claims.pay_winner(claim="clm_1", winner=ben, at=DECIDED),
    )
    assert sorted(decided) == ["dismissed", "upheld"]
    assert not any(isinstance(result, ClaimRefused) for result in results), "nobody saw the other"
    claim = ClaimedShare.objects.get()
    is_overwritten = (claim.outcome == "upheld") != (JournalEntry.objects.filter(kind="claim_decided").exists())
    assert is_overwritten or any(isinstance(result, Exception) for result in results), results
    assert JournalEntry.objects.filter(external_id__startswith="claim_decided:clm_1:").count() == 2, "once a sale"


def test_returns_clearing_and_the_end_of_a_claim_at_once(racing_db):
    ben = user("Ben")
    for number in range(ROUNDS):
        book, sold = claimed(f"clm_{number}")
        later = recorded_sale(of=book, sold_at=NOON + timedelta(days=1))
        results = run_together(
            lambda n=number: claims.pay_winner(claim=f"clm_{n}", winner=ben, at=DECIDED),
            lambda n=number, s=sold[0]: returns.record_refund(reference=s.reference, external_id=f"re_{n}", at=DECIDED),
            lambda n=number, s=sold[1]: returns.record_refund(
                reference=s.reference, external_id=f"part_{n}", at=DECIDED, amount=Money(200, "USD")
            ),
            lambda: clearing.clear_due(at=DECIDED),
            lambda: claims.settle_due(at=DECIDED),
        )
        assert [result for result in results if isinstance(result, Exception)] == []
        clearing.clear_due(at=DECIDED)
        claims.settle_due(at=DECIDED)
        returns.record_refund(reference=later.reference, external_id=f"last_{number}", at=DECIDED)
        assert claims_waiting(f"clm_{number}") == 0
    assert balance("contributor_payable", ben) > 0
    assert invariants.check_invariants() == []


def claims_waiting(claim: str) -> int:
    return ClaimHold.objects.filter(claimed__claim=claim, decided_at=None).count()
