"""Where money comes from that a provider has to give back: what is held for it first, a debt last."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import F

from royalties import chart
from royalties.chart import AccountKind, AccountName
from royalties.entries import FeePart, ReturnSource
from royalties.models import DisputeState, MilestoneDisputeHold, MilestoneRecord, MilestoneSettlement, Reserve
from royalties.services import ledger

type Balances = dict[tuple[AccountName, str], int]

_TOUCHED = (
    AccountKind.CONTRIBUTOR_CLEARING,
    AccountKind.CONTRIBUTOR_PAYABLE,
    AccountKind.CONTRIBUTOR_RESERVE,
    AccountKind.CONTRIBUTOR_DISPUTED,
    AccountKind.CONTRIBUTOR_RECEIVABLE,
)


@dataclass(slots=True)
class Part:
    """What one release gives back: `gross`, of it our fee, and from where the provider's part comes."""

    settlement: MilestoneSettlement
    gross: int
    fee: FeePart
    sources: list[ReturnSource] = field(default_factory=list)
    of_clearing: int = 0  # of the provider's part, what had not cleared

    @property
    def share(self) -> int:
        """The provider's part."""
        return self.gross - self.fee.amount


def lock_accounts(milestone: MilestoneRecord, *, also: Iterable[AccountName] = ()) -> Balances:
    """Lock every guarded account that a return may touch, in one go, and return their balances."""
    names = {chart.milestone_held(milestone.reference), chart.REFUND_PENDING, *also}
    names |= {chart.of_contributor(kind, milestone.payee.public_id) for kind in _TOUCHED}
    if milestone.vat_country:
        names.add(chart.tax(milestone.vat_country))
    return ledger.lock_balances((name, milestone.currency) for name in names)


def take(part: Part, balances: Balances) -> None:
    """Find the sources of one part and lower what they take from: holds, clearing, the reserve, what is payable.

    The rest is a debt.
    """
    rest = part.share
    for hold in _holds(part.settlement):
        used = _add(part, AccountKind.CONTRIBUTOR_DISPUTED, min(hold.amount_minor, rest))
        if hold.kind == AccountKind.CONTRIBUTOR_CLEARING:
            part.of_clearing += used
        hold.amount_minor -= used
        hold.save(update_fields=["amount_minor"])
        rest -= used
    rest -= set_apart(part, balances, rest)
    _add(part, AccountKind.CONTRIBUTOR_RECEIVABLE, rest)
    left = part.of_clearing if part.settlement.cleared_at is None else part.share
    part.settlement.left_minor -= min(left, part.settlement.left_minor)
    part.settlement.save(update_fields=["left_minor"])


def set_apart(part: Part, balances: Balances, wanted: int) -> int:
    """Find what there is of `wanted` outside of disputes: in clearing, the reserve, or payable. Return how much."""
    settlement, rest = part.settlement, wanted
    if settlement.cleared_at is None:
        held = sum(hold.amount_minor for hold in _holds(settlement) if hold.kind == AccountKind.CONTRIBUTOR_CLEARING)
        used = _add(part, AccountKind.CONTRIBUTOR_CLEARING, min(settlement.left_minor - held - part.of_clearing, rest))
        part.of_clearing += used
    else:
        used = _add(part, AccountKind.CONTRIBUTOR_RESERVE, _from_reserve(settlement, rest))
    rest -= used
    owner = settlement.milestone.payee.public_id
    payable = (chart.of_contributor(AccountKind.CONTRIBUTOR_PAYABLE, owner), settlement.currency)
    paid = _add(part, AccountKind.CONTRIBUTOR_PAYABLE, min(balances[payable], rest))
    balances[payable] -= paid
    return wanted - rest + paid


def give_back(hold: MilestoneDisputeHold) -> ReturnSource:
    """Return where the rest of a hold goes: where it came from, or payable if its reserve was released meanwhile."""
    kind = AccountKind(hold.kind)
    if kind == AccountKind.CONTRIBUTOR_RESERVE and not Reserve.objects.filter(
        settlement=hold.settlement_id, released_at=None
    ).update(left_minor=F("left_minor") + hold.amount_minor):
        kind = AccountKind.CONTRIBUTOR_PAYABLE
    return ReturnSource(hold.settlement.milestone.payee.public_id, kind, hold.amount_minor)


def _add(part: Part, kind: AccountKind, amount: int) -> int:
    """Add a source, and return its amount; none below one."""
    if amount <= 0:
        return 0
    part.sources.append(ReturnSource(part.settlement.milestone.payee.public_id, kind, amount))
    return amount


def _holds(settlement: MilestoneSettlement) -> list[MilestoneDisputeHold]:
    return list(
        MilestoneDisputeHold.objects.select_for_update(of=("self",)).filter(
            settlement=settlement, amount_minor__gt=0, dispute__state=DisputeState.OPEN
        )
    )


def _from_reserve(settlement: MilestoneSettlement, wanted: int) -> int:
    reserve = (
        Reserve.objects.select_for_update(of=("self",))
        .filter(settlement=settlement, released_at=None, left_minor__gt=0)
        .first()
    )
    if reserve is None:
        return 0
    used = min(reserve.left_minor, wanted)
    reserve.left_minor -= used
    reserve.save(update_fields=["left_minor"])
    return used
