"""What claims leave of a person: one they made, one on a book of theirs, a suspension, and rows of the ledger."""

from __future__ import annotations

from datetime import timedelta

from accounts.models import User
from common import clock
from royalties.models import ClaimedShare, ClaimHold, ClaimOutcome, ClaimTaking, SaleRefund, SaleShare, TowardsSum
from storefront.claims.models import ConductNotice, NoticeKind, Reply, Side
from storefront.claims.services import answers, clock_runs, conduct, decisions
from tests.factories.claims import answer, decide, decide_appeal, file_found, make_copy


def leave_claims(person: User, *, name: str, words: str) -> None:
    """A claim of the person that was dismissed, one on a book of theirs that lapsed, and a suspension."""
    at = clock.now()
    theirs = file_found(make_copy(earlier=person), words=words, name=name, holder=name, original_place=words)
    answer(theirs)
    answers.uphold(claim=theirs, evidence=words, at=at)
    decide(theirs, won=())
    decisions.appeal(actor=person, claim=theirs, side=Side.CLAIMANT, words=words, at=at)
    decide_appeal(theirs, won=())
    on_theirs = file_found(make_copy(later=person))
    answers.answer(actor=person, claim=on_theirs, reply=Reply.LICENCE, words=words, at=at)
    clock_runs.run_due(at=at + timedelta(days=14))
    notice = ConductNotice.objects.create(
        kind=NoticeKind.SUSPENSION, user=person, made_at=at, ends_at=at + timedelta(days=90)
    )
    conduct.appeal(notice=notice, words=words, at=at)


def leave_claimed_shares(person: User, share: SaleShare) -> None:
    """What the ledger knows of a share that ends and of claims on works, won and lost."""
    now = clock.now()
    TowardsSum.objects.create(share=share, reference="ctr_hand", amount_minor=1)
    claimed = ClaimedShare.objects.create(
        claim="clm_hand",
        work=share.work,
        share_bps=1,
        held_from=now,
        ended_at=now,
        outcome=ClaimOutcome.UPHELD,
        winner=person,
    )
    hold = ClaimHold.objects.create(
        claimed=claimed,
        share=share,
        from_bps=0,
        share_bps=1,
        kept_minor=1,
        left_minor=0,
        paid_minor=1,
        taken_minor=1,
        payee=person,
        decided_at=now,
    )
    ClaimTaking.objects.create(hold=hold, refund=SaleRefund.objects.first(), amount_minor=1, fee_minor=0)
