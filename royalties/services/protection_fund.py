"""The protection fund: fed from the platform's own fees, it covers lost disputes whose delivery was proved."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import Max, Sum

from common.money import allocate, apply_bps
from royalties import chart, entries
from royalties.chart import AccountKind, AccountName
from royalties.entries import ReturnSource
from royalties.errors import DisputeUnknown
from royalties.models import (
    DisputeState,
    EntryKind,
    Posting,
    ProtectionTerms,
    SaleDispute,
    SaleRecord,
    SaleRefundShare,
    WithholdingReturn,
)
from royalties.services import ledger


def contribute(*, at: datetime) -> int:
    """Move the agreed part of new platform fees into each currency's fund, up to its cap. Return how many entries.

    It counts from the day the fund's terms began, so that the next run makes up for a missed day.
    """
    return sum(_feed(currency, at) for currency in settings.CURRENCIES)


@transaction.atomic
def cover(*, external_id: str, at: datetime) -> int:
    """Give contributors back what a lost dispute took from them, as far as the fund and its cap go.

    First their debt shrinks, the rest is payable. Returns the amount in minor units, 0 when nothing was taken, the fund
    is empty or it was covered before. Raises DisputeUnknown. The caller decides whether delivery was proved.
    """
    dispute = SaleDispute.objects.filter(external_id=external_id).first()
    if dispute is None:
        raise DisputeUnknown(dispute=external_id)
    list(SaleRecord.objects.select_for_update().filter(disputes__dispute=dispute).order_by("pk"))
    dispute = SaleDispute.objects.select_for_update(of=("self",)).get(pk=dispute.pk)
    terms = ProtectionTerms.objects.in_force(currency=dispute.currency, at=at)
    if dispute.state != DisputeState.LOST or dispute.fund_entry_id is not None or terms is None:
        return 0
    lost = _lost_by_contributor(dispute)
    balances = _lock([owner for owner, _ in lost], dispute.currency)
    wanted = sum(amount for _, amount in lost)
    borne = min(wanted, terms.dispute_cap_minor, balances[chart.PROTECTION_FUND, dispute.currency])
    if borne <= 0:
        return 0
    parts = allocate(borne, [amount for _, amount in lost])
    restored = [
        part
        for (owner, _), amount in zip(lost, parts, strict=True)
        for part in parts_restored(owner, amount, dispute.currency, balances)
    ]
    draft = entries.dispute_covered(
        reference=dispute.order_reference,
        external_id=external_id,
        currency=dispute.currency,
        occurred_at=at,
        restored=restored,
    )
    dispute.fund_entry_id = ledger.post_one(draft).entry_id
    dispute.save(update_fields=["fund_entry"])
    return borne


@transaction.atomic
def _feed(currency: str, at: datetime) -> int:
    terms = ProtectionTerms.objects.in_force(currency=currency, at=at)
    if terms is None:
        return 0
    # What was moved before is read under the fund's own lock, so that only one task feeds it at a time.
    fund = ledger.lock_balances([(chart.PROTECTION_FUND, currency)])[chart.PROTECTION_FUND, currency]
    fees = Posting.objects.filter(
        account__kind=AccountKind.PLATFORM_FEE.value, currency=currency, entry__booked_at__gte=terms.effective_at
    )
    earned = fees.exclude(entry__kind=EntryKind.FUND_FED).aggregate(
        total=Sum("amount_minor", default=0), last=Max("pk")
    )
    fed = fees.filter(entry__kind=EntryKind.FUND_FED).aggregate(total=Sum("amount_minor", default=0))["total"]
    due = apply_bps(-earned["total"], terms.feed_bps) - fed
    amount = min(due, terms.fund_cap_minor - fund)
    if amount <= 0:
        return 0
    draft = entries.fund_fed(
        external_id=f"{currency}:{earned['last']}", currency=currency, occurred_at=at, amount=amount
    )
    return int(ledger.post_one(draft).is_new)


def _lost_by_contributor(dispute: SaleDispute) -> list[tuple[str, int]]:
    """Return the losses by owner: what winners of claims bore is theirs, and withheld tax was given back already."""
    refunds = SaleRefundShare.objects.filter(refund__entry=dispute.outcome_entry_id, amount_minor__gt=0)
    lost = Counter(dict(refunds.order_by().values_list("user__public_id").annotate(total=Sum("amount_minor"))))
    borne = Posting.objects.filter(
        entry__claim_taking__refund__entry=dispute.outcome_entry_id, account__owner__isnull=False
    )
    lost.update(dict(borne.order_by().values_list("account__owner__public_id").annotate(total=Sum("amount_minor"))))
    untaxed = WithholdingReturn.objects.filter(refund__entry=dispute.outcome_entry_id).order_by()
    lost.subtract(dict(untaxed.values_list("withholding__user__public_id").annotate(total=Sum("amount_minor"))))
    return sorted((owner, amount) for owner, amount in lost.items() if amount > 0)


def _lock(owners: Sequence[str], currency: str) -> dict[tuple[AccountName, str], int]:
    names = [chart.PROTECTION_FUND]
    for owner in owners:
        names.append(chart.of_contributor(AccountKind.CONTRIBUTOR_PAYABLE, owner))
        names.append(chart.of_contributor(AccountKind.CONTRIBUTOR_RECEIVABLE, owner))
    return ledger.lock_balances((name, currency) for name in names)


def parts_restored(
    owner: str, amount: int, currency: str, balances: dict[tuple[AccountName, str], int]
) -> list[ReturnSource]:
    """Return where an amount goes that a lost dispute took: first the owner's debt shrinks, the rest is payable."""
    owed = balances[chart.of_contributor(AccountKind.CONTRIBUTOR_RECEIVABLE, owner), currency]
    forgiven = min(amount, owed)
    parts = [
        ReturnSource(owner, AccountKind.CONTRIBUTOR_RECEIVABLE, forgiven),
        ReturnSource(owner, AccountKind.CONTRIBUTOR_PAYABLE, amount - forgiven),
    ]
    return [part for part in parts if part.amount_minor]
