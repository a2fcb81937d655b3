"""The end of the refund window: earnings move from clearing to payable, and debts are paid from what is payable."""

from __future__ import annotations

from collections import Counter
from datetime import datetime

from django.db import transaction

from royalties import chart, entries
from royalties.chart import AccountKind
from royalties.entries import ContributorShare
from royalties.models import AccountBalance, Posting, Reserve, SaleRecord, SaleState
from royalties.services import claims, ledger, milestones, reserves, withholding

_BATCH = 500


def clear_due(*, at: datetime) -> int:
    """Make payable what every sale and every release of a milestone due by `at` earned. Return how many.

    In batches of one transaction each. Safe to run twice and beside refunds: a sale is either cleared or refunded
    first, never both at once.
    """
    cleared = milestones.clear_due(at=at)
    while batch := _clear_batch(at):
        cleared += batch
    return cleared


@transaction.atomic
def _clear_batch(at: datetime) -> int:
    # Sales that a refund has locked are skipped: they will be refunded, or due again at the next run.
    due = SaleRecord.objects.due(at).select_for_update(skip_locked=True).order_by("pk")[:_BATCH]
    sales = list(due.prefetch_related("shares__user"))
    drafts = [
        entries.clearing(
            reference=sale.reference,
            currency=sale.currency,
            occurred_at=sale.clears_at,
            shares=[ContributorShare(share.user.public_id, share.kept_minor) for share in sale.shares.all()],
        )
        for sale in sales
    ]
    rules = reserves.rules_for((share.user_id for sale in sales for share in sale.shares.all()), at)
    withheld = withholding.to_withhold(sales)
    taxes = {each.row.share_id: each.row.amount_minor for each in withheld}
    claimed = claims.to_keep(sales, taxes)
    apart = Counter(taxes)
    apart.update({each.share_id: each.amount for each in claimed})
    kept = reserves.to_keep(sales, rules, at, apart=apart)
    # Posted in one call, so that balance rows are locked in one order.
    made = [
        *drafts,
        *(each.draft for each in kept),
        *(each.draft for each in withheld),
        *(each.draft for each in claimed),
    ]
    moving = [draft for draft in made if not draft.is_empty]
    posted = {draft.external_id: result for draft, result in zip(moving, ledger.post(moving), strict=True)}
    withholding.store(withheld, posted)
    claims.store(claimed)
    Reserve.objects.bulk_create(each.reserve for each in kept)
    SaleRecord.objects.filter(pk__in=[sale.pk for sale in sales]).update(state=SaleState.CLEARED, cleared_at=at)
    return len(sales)


def recover_debts(*, at: datetime) -> int:
    """Pay each contributor's debt from what is payable to them. Return how many entries that took."""
    owing = AccountBalance.objects.filter(
        account__kind=AccountKind.CONTRIBUTOR_RECEIVABLE.value, balance_minor__gt=0
    ).select_related("account__owner")
    debts = [(row.account.owner.public_id, row.account.currency) for row in owing if row.account.owner is not None]
    return sum(_recover(owner, currency, at) for owner, currency in debts)


@transaction.atomic
def _recover(owner: str, currency: str, at: datetime) -> int:
    payable = (chart.of_contributor(AccountKind.CONTRIBUTOR_PAYABLE, owner), currency)
    receivable = (chart.of_contributor(AccountKind.CONTRIBUTOR_RECEIVABLE, owner), currency)
    balances = ledger.lock_balances([payable, receivable])
    amount = min(balances[payable], balances[receivable])
    if amount <= 0:
        return 0
    # Named after the debt's last movement, which under its lock makes each recovery one event.
    last = Posting.objects.filter(account__name=str(receivable[0]), currency=currency).latest("pk")
    draft = entries.recovery(
        external_id=f"{owner}:{last.pk}", owner=owner, currency=currency, occurred_at=at, amount=amount
    )
    ledger.post_one(draft)
    return 1
