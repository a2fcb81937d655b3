"""Which payouts of a run would be sent if it were approved now, and why the others would not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from django.utils.translation import gettext as _

from royalties.chart import AccountKind
from royalties.models import AccountBalance, PayeeDetails, Payout, PayoutRun, PayoutState, PersonHold


@dataclass(frozen=True, slots=True)
class Candidate:
    """One payout; `why_not` is empty when it would be sent."""

    payout: Payout
    why_not: str

    @property
    def goes(self) -> bool:
        return not self.why_not


@dataclass(frozen=True, slots=True)
class RunPreview:
    """What an approval would send and what it would leave out."""

    candidates: Sequence[Candidate]

    @property
    def payouts(self) -> int:
        return sum(1 for each in self.candidates if each.goes)

    @property
    def total_minor(self) -> int:
        return sum(each.payout.amount_minor for each in self.candidates if each.goes)

    @property
    def left_out(self) -> int:
        return len(self.candidates) - self.payouts

    @property
    def left_out_minor(self) -> int:
        return sum(each.payout.amount_minor for each in self.candidates if not each.goes)

    @property
    def seen(self) -> str:
        """A fingerprint of what the approver has seen: the payouts that would be sent, with their amounts."""
        text = ",".join(f"{each.payout.pk}:{each.payout.amount_minor}" for each in self.candidates if each.goes)
        return sha256(text.encode()).hexdigest()


def run_preview(run: PayoutRun, *, at: datetime) -> RunPreview:
    """Return the run's open payouts, judged by the rules for sending.

    One query each for payouts, holds, missing details and balances.
    """
    payouts = list(run.payouts.open().select_related("user", "account").order_by("pk"))
    people = [payout.user_id for payout in payouts]
    holds = {hold.user_id: hold for hold in PersonHold.objects.in_force(at).filter(user__in=people)}
    unknown = set(PayeeDetails.objects.missing().filter(user__in=people).values_list("user_id", flat=True))
    payable = dict(
        AccountBalance.objects.filter(
            account__kind=AccountKind.CONTRIBUTOR_PAYABLE.value,
            account__currency=run.currency,
            account__owner__in=people,
        ).values_list("account__owner", "balance_minor")
    )
    return RunPreview(
        [
            Candidate(
                payout,
                _("Their details for tax are missing.")
                if payout.user_id in unknown
                else _why_not(payout, holds.get(payout.user_id), -payable.get(payout.user_id, 0), at),
            )
            for payout in payouts
        ]
    )


def _why_not(payout: Payout, hold: PersonHold | None, payable_minor: int, at: datetime) -> str:
    if payout.state == PayoutState.HELD:
        return payout.reason or _("Held.")
    if not payout.account.is_usable(at):
        return _("The payout account cannot be used at the moment.")
    if hold is not None:
        return hold.reason
    if payable_minor < payout.amount_minor + payout.fee_minor:
        return _("Less is payable than was proposed, after a refund.")
    return ""
