"""Appeals: a lost dispute is won after all. The money comes back, and with it what the loss had taken.

The sales stay returned, because what was said about them was true then; the money that comes back is an event of its
own. Contributors get back what they lost, except the part that the protection fund covered: it returns to the fund.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from royalties import chart, entries
from royalties.chart import AccountKind, AccountName
from royalties.entries import Line
from royalties.errors import DisputeUnknown
from royalties.models import DisputeState, JournalEntry, Posting, SaleDispute, SaleRecord
from royalties.services import ledger, lost_deferrals, protection_fund

type Balances = dict[tuple[AccountName, str], int]


@transaction.atomic
def win_on_appeal(*, external_id: str, at: datetime) -> SaleDispute:
    """Book that a lost dispute was won; do nothing for one that is not lost. Raises DisputeUnknown.

    The payment of a gift or pre-order that ended with the loss is owed to the reader: there is nothing left to supply.
    """
    found = SaleDispute.objects.filter(external_id=external_id).first()
    if found is None:
        raise DisputeUnknown(dispute=external_id)
    # The lock order of the decision: sales first, then the dispute.
    list(SaleRecord.objects.select_for_update().filter(order_reference=found.order_reference).order_by("pk"))
    dispute = SaleDispute.objects.select_for_update(of=("self",)).get(pk=found.pk)
    if dispute.state != DisputeState.LOST:
        return dispute
    draft = entries.appeal_won(
        reference=dispute.order_reference,
        external_id=external_id,
        currency=dispute.currency,
        occurred_at=at,
        amount=dispute.amount_minor,
        reinstated=_reinstated(dispute),
    )
    dispute.appeal_entry_id = ledger.post_one(draft).entry_id
    dispute.state = DisputeState.WON
    dispute.save(update_fields=["appeal_entry", "state"])
    return dispute


def _reinstated(dispute: SaleDispute) -> list[Line]:
    events = [f"dispute_lost:{dispute.external_id}", entries.dispute_owed_id(dispute.external_id)]
    of_claims = Q(entry__claim_taking__refund__entry=dispute.outcome_entry_id)  # what winners of claims gave back
    postings = list(Posting.objects.filter(Q(entry__external_id__in=events) | of_claims).select_related("account"))
    names = [(posting.account.as_name(), posting.amount_minor) for posting in postings]
    lines = [
        Line(name, -amount) for name, amount in names if not name.owner and name.kind != AccountKind.DISPUTE_IN_PROGRESS
    ]
    lost, covered = _by_owner(names), _covered(dispute)
    balances = _lock(dispute, [line.account for line in lines], lost)
    for owner, amount in sorted(lost.items()):
        borne = min(covered.get(owner, 0), amount)
        lines.append(Line(chart.PROTECTION_FUND, -borne))
        lines += [
            Line(chart.of_contributor(part.kind, part.owner), -part.amount_minor)
            for part in protection_fund.parts_restored(owner, amount - borne, dispute.currency, balances)
        ]
    lines.append(Line(chart.REFUND_PENDING, -_of_deferrals(dispute)))
    return lines


def _by_owner(postings: Iterable[tuple[AccountName, int]]) -> dict[str, int]:
    """Return what an entry took from each contributor, all of their accounts together."""
    taken: dict[str, int] = {}
    for name, amount in postings:
        if name.owner:
            taken[name.owner] = taken.get(name.owner, 0) + amount
    return {owner: amount for owner, amount in taken.items() if amount}


def _covered(dispute: SaleDispute) -> dict[str, int]:
    """Return what the fund covered for each contributor."""
    postings = Posting.objects.filter(entry=dispute.fund_entry_id).select_related("account")
    given = _by_owner((posting.account.as_name(), posting.amount_minor) for posting in postings)
    return {owner: -amount for owner, amount in given.items()}


def _of_deferrals(dispute: SaleDispute) -> int:
    """Return the sum of the payments that ended with the loss."""
    ended = lost_deferrals.ended_by(dispute.external_id)
    reversals = JournalEntry.objects.filter(
        external_id__in=[f"dispute_lost:{dispute.external_id}:{line}" for line in ended]
    )
    taken = Posting.objects.filter(entry__in=reversals, account__kind=AccountKind.DISPUTE_IN_PROGRESS.value)
    return -sum(taken.values_list("amount_minor", flat=True))


def _lock(dispute: SaleDispute, names: Iterable[AccountName], owners: Mapping[str, int]) -> Balances:
    """Lock every guarded account of the entry in one go, whether or not its balance will be needed."""
    kinds = (AccountKind.CONTRIBUTOR_PAYABLE, AccountKind.CONTRIBUTOR_RECEIVABLE)
    touched = {*names, chart.PROTECTION_FUND, chart.REFUND_PENDING}
    touched |= {chart.of_contributor(kind, owner) for kind in kinds for owner in owners}
    return ledger.lock_balances((name, dispute.currency) for name in touched)
