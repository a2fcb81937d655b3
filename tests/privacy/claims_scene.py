"""What the ledger knows about somebody because of a share that ends and of claims on works, won and lost."""

from __future__ import annotations

from accounts.models import User
from common import clock
from royalties.models import ClaimedShare, ClaimHold, ClaimOutcome, ClaimTaking, SaleRefund, SaleShare, TowardsSum


def tell(person: User, share: SaleShare) -> None:
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
