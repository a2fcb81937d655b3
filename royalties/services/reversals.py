"""The outbox of transfer reversals: money of an earlier transfer taken back from the payee's account.

Our row and its key exist before the call; after a lost answer we ask again with the same key and the same bytes, and
look for the reversal once the key is too old. Only what is left in the payee's account can be taken back: what the
provider refuses stays a debt, paid from later earnings. A debt waits for those earnings first
(`settings.DEBT_GRACE_PERIOD`), unless its owner has sold nothing for as long, so that none are to be expected.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import structlog
from django.conf import settings
from django.db import transaction
from django.db.models import Q, Sum

from accounts import services as account_services
from accounts.models import User
from common import clock, jobs
from common.money import Money
from payments import event_time
from payments import services as payment_services
from payments.gateway import GatewayRefused, GatewayUnknown, ReversalResult
from royalties import chart, entries
from royalties.chart import AccountKind
from royalties.models import (
    AccountBalance,
    Payout,
    PayoutRail,
    PayoutState,
    Posting,
    Reversal,
    ReversalPurpose,
    ReversalState,
    SaleShare,
)
from royalties.services import ledger

logger = structlog.stdlib.get_logger(__name__)

_KEY_IS_GOOD_FOR = timedelta(hours=23)
_ANSWER_IS_LATE_AFTER = timedelta(minutes=1)
_SWEEP_BATCH = 500
_OPEN = (ReversalState.PENDING, ReversalState.SENT)


def claw_back(*, owner: User, currency: str, cause: str, at: datetime) -> list[Reversal]:
    """Take a debt back from the owner's newest transfers, if it is time. Return the reversals requested.

    `cause` is the refund or dispute that left the debt: the same cause asks each transfer once. Called right after the
    debt arose and again daily; before the debt has waited long enough it does nothing.
    """
    if not _is_right(owner, currency, at):
        return []
    return _decide(owner, currency, cause, at)


def claw_back_old_debts(*, at: datetime) -> int:
    """Claw back every debt that has waited long enough. Return how many reversals were requested."""
    owing = AccountBalance.objects.filter(
        account__kind=AccountKind.CONTRIBUTOR_RECEIVABLE.value, balance_minor__gt=0
    ).select_related("account__owner")
    debts = [(row.account.owner, row.account.currency) for row in owing]
    return sum(
        len(claw_back(owner=owner, currency=currency, cause=f"debt-{at:%Y-%m-%d}", at=at))
        for owner, currency in debts
        if owner is not None
    )


def send_reversal(*, reversal_id: int) -> Reversal:
    """Request the reversal and record the outcome. Safe to run twice and at the same time; unknown stays `sent`."""
    reversal = _ask(reversal_id)
    if reversal.state != ReversalState.SENT:
        return reversal
    gateway = payment_services.gateway()
    transfer_id, reference = reversal.payout.transfer_id, str(reversal.public_id)
    try:
        if _key_is_old(reversal):
            found = gateway.find_reversal(transfer_id=transfer_id, reference=reference)
            return _done(reversal_id, found) if found else _refused(reversal_id, "no_reversal_found")
        result = gateway.reverse_transfer(
            key=reversal.key,
            transfer_id=transfer_id,
            amount=Money(reversal.amount_minor, reversal.payout.currency),
            reference=reference,
        )
    except GatewayRefused as refused:
        return _refused(reversal_id, refused.code)
    except GatewayUnknown:
        logger.warning("reversal.outcome_unknown", reversal=reversal.public_id)
        return reversal
    return _done(reversal_id, result)


def retry_stuck() -> int:
    """Retry reversals whose message or answer was lost. Return how many."""
    late = clock.database_real_now() - _ANSWER_IS_LATE_AFTER
    forgotten = Reversal.objects.filter(
        Q(state=ReversalState.PENDING) | Q(state=ReversalState.SENT, first_call_at__lt=late)
    )
    found = list(forgotten.order_by("pk").values_list("pk", flat=True)[:_SWEEP_BATCH])
    for reversal_id in found:
        jobs.enqueue("royalties.send_reversal", reversal_id=reversal_id)
    return len(found)


def _is_right(owner: User, currency: str, at: datetime) -> bool:
    """Return whether the debt has waited long enough for later earnings, or nothing was sold for as long."""
    since = _in_debt_since(owner, currency)
    if since is None:
        return False
    long_ago = at - settings.DEBT_GRACE_PERIOD
    sells = SaleShare.objects.filter(user=owner, sale__currency=currency, sale__sold_at__gt=long_ago).exists()
    return since <= long_ago or not sells


def _in_debt_since(owner: User, currency: str) -> datetime | None:
    """Return when the present debt began: its account was last at zero just before. None without a debt."""
    name = str(chart.of_contributor(AccountKind.CONTRIBUTOR_RECEIVABLE, owner.public_id))
    moves = Posting.objects.filter(account__name=name, currency=currency).order_by("pk")
    standing, since = 0, None
    for amount, moment in moves.values_list("amount_minor", "entry__occurred_at"):
        if standing == 0:
            since = moment
        standing += amount
    return since if standing > 0 else None


@transaction.atomic
def _decide(owner: User, currency: str, cause: str, at: datetime) -> list[Reversal]:
    # Lock payouts before balance rows; a second decision waits here and then finds the first one's reversals.
    payouts = list(
        Payout.objects.select_for_update()
        .filter(user=owner, currency=currency, rail=PayoutRail.STRIPE, state=PayoutState.PAID)
        .order_by("pk")
    )
    left_of = _left_of(payouts)
    debt = _debt(owner, currency) - _under_way(owner, currency)
    known = set(Reversal.objects.filter(payout__in=payouts, cause=cause).values_list("payout_id", flat=True))
    busy = set(Reversal.objects.filter(payout__in=payouts, state__in=_OPEN).values_list("payout_id", flat=True))
    made = []
    for payout in reversed(payouts):
        amount = min(debt, left_of[payout.pk])
        if amount > 0 and payout.pk not in known | busy:
            made.append(_reversal(payout, cause, amount, at))
            debt -= amount
    return made


def _reversal(payout: Payout, cause: str, amount: int, at: datetime) -> Reversal:
    reversal = Reversal.objects.create(
        payout=payout,
        purpose=ReversalPurpose.DEBT,
        cause=cause,
        amount_minor=amount,
        key=f"reversal:{cause}:{payout.transfer_id}",
        created_at=at,
    )
    facts: dict[str, str | int] = {"payout": payout.public_id, "amount_minor": amount, "cause": cause}
    account_services.record_audit(actor=None, verb="reversal.decided", subject=reversal, facts=facts)
    jobs.enqueue("royalties.send_reversal", reversal_id=reversal.pk)
    return reversal


def _left_of(payouts: list[Payout]) -> dict[int, int]:
    """Return how much of each transfer can still be reversed: reversals never exceed their transfer."""
    taken = dict(
        Reversal.objects.filter(payout__in=payouts, state__in=(*_OPEN, ReversalState.DONE))
        .order_by()
        .values_list("payout_id")
        .annotate(n=Sum("amount_minor"))
    )
    return {payout.pk: payout.amount_minor - taken.get(payout.pk, 0) for payout in payouts}


def _debt(owner: User, currency: str) -> int:
    name = (chart.of_contributor(AccountKind.CONTRIBUTOR_RECEIVABLE, owner.public_id), currency)
    return ledger.lock_balances([name])[name]


def _under_way(owner: User, currency: str) -> int:
    under_way = Reversal.objects.filter(
        payout__user=owner, payout__currency=currency, purpose=ReversalPurpose.DEBT, state__in=_OPEN
    )
    return int(under_way.aggregate(n=Sum("amount_minor"))["n"] or 0)


@transaction.atomic
def _ask(reversal_id: int) -> Reversal:
    reversal = Reversal.objects.select_for_update(of=("self",)).select_related("payout").get(pk=reversal_id)
    if reversal.state == ReversalState.PENDING:
        reversal.state, reversal.first_call_at = ReversalState.SENT, clock.database_real_now()
        reversal.save(update_fields=["state", "first_call_at"])
    return reversal


@transaction.atomic
def _done(reversal_id: int, result: ReversalResult) -> Reversal:
    reversal = Reversal.objects.select_for_update().get(pk=reversal_id)
    if reversal.state != ReversalState.SENT:
        return reversal  # another worker got the same answer first
    payout = Payout.objects.select_for_update().select_related("user").get(pk=reversal.payout_id)
    at = event_time.happened_at(result.made_at, earliest=reversal.created_at, about=result.reversal_id)
    build = _debt_paid if reversal.purpose == ReversalPurpose.DEBT else _returned
    draft = build(reversal, payout, at)
    reversal.entry_id = ledger.post_one(draft).entry_id
    if reversal.purpose == ReversalPurpose.RETURN:
        payout.returned_entry_id, payout.state = reversal.entry_id, PayoutState.RETURNED
        payout.save(update_fields=["returned_entry", "state"])
    reversal.state, reversal.reversal_id, reversal.finished_at = ReversalState.DONE, result.reversal_id, at
    reversal.save(update_fields=["entry", "state", "reversal_id", "finished_at"])
    return reversal


def _debt_paid(reversal: Reversal, payout: Payout, at: datetime) -> entries.Draft:
    """Build the entry for a reversal.

    Later earnings may have paid part of the debt before the answer came: that part is payable again.
    """
    owner = payout.user.public_id
    kinds = (AccountKind.CONTRIBUTOR_RECEIVABLE, AccountKind.CONTRIBUTOR_PAYABLE)
    names = [(chart.of_contributor(kind, owner), payout.currency) for kind in kinds]
    owed = ledger.lock_balances(names)[names[0]]
    return entries.transfer_reversed(
        external_id=str(reversal.public_id),
        owner=owner,
        currency=payout.currency,
        occurred_at=at,
        amount=reversal.amount_minor,
        to_payable=max(reversal.amount_minor - owed, 0),
    )


def _returned(reversal: Reversal, payout: Payout, at: datetime) -> entries.Draft:
    return entries.payout_returned(
        payout=payout.public_id,
        owner=payout.user.public_id,
        currency=payout.currency,
        occurred_at=at,
        amount=reversal.amount_minor,
    )


@transaction.atomic
def _refused(reversal_id: int, code: str) -> Reversal:
    """Record the refusal. Nothing moved; a debt stays a debt."""
    reversal = Reversal.objects.select_for_update().get(pk=reversal_id)
    if reversal.state == ReversalState.SENT:
        reversal.state, reversal.reason, reversal.finished_at = ReversalState.REFUSED, code[:200], clock.database_now()
        reversal.save(update_fields=["state", "reason", "finished_at"])
        logger.warning("reversal.refused", reversal=reversal.public_id, code=code)
    return reversal


def _key_is_old(reversal: Reversal) -> bool:
    return reversal.first_call_at is not None and clock.database_real_now() - reversal.first_call_at > _KEY_IS_GOOD_FOR
