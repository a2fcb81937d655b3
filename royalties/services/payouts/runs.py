"""Payout runs: proposed by one person, approved by another."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from accounts import services as account_services
from accounts.models import User
from common import ids, jobs
from common.errors import NotAllowed
from royalties import chart, permissions
from royalties.chart import AccountKind, AccountName
from royalties.errors import (
    ApproverIsProposer,
    NothingToPayOut,
    PayoutNotHoldable,
    PayoutNotReleasable,
    PayoutRunNotApprovable,
)
from royalties.models import AccountBalance, Payout, PayoutAccount, PayoutRun, PayoutRunState, PayoutState
from royalties.services import clearing, ledger


def propose_run(*, actor: User, currency: str, at: datetime) -> PayoutRun:
    """Propose a payout of everything payable in the currency to everybody who can be paid and reached their minimum.

    Debts are recovered first. Raises NotAllowed, NothingToPayOut.
    """
    if not permissions.may_propose_payouts(actor):
        raise NotAllowed
    clearing.recover_debts(at=at)
    return _propose(actor, currency, at)


@transaction.atomic
def approve_run(*, actor: User, run: PayoutRun, at: datetime) -> PayoutRun:
    """Approve somebody else's run and have its payouts sent. Raises NotAllowed, ApproverIsProposer,
    PayoutRunNotApprovable.
    """
    if not permissions.may_approve_payouts(actor):
        raise NotAllowed
    run = PayoutRun.objects.select_for_update().get(pk=run.pk)  # races with a second approver
    if run.proposed_by_id == actor.pk:
        raise ApproverIsProposer
    if run.state != PayoutRunState.PROPOSED:
        raise PayoutRunNotApprovable(state=run.get_state_display().lower())
    run.state, run.approved_by, run.approved_at = PayoutRunState.APPROVED, actor, at
    run.save(update_fields=["state", "approved_by", "approved_at"])
    account_services.record_audit(actor=actor, verb="payout_run.approved", subject=run)
    for payout_id in run.payouts.filter(state=PayoutState.PENDING).values_list("pk", flat=True):
        jobs.enqueue("royalties.send_payout", payout_id=payout_id)
    return run


@transaction.atomic
def cancel_run(*, actor: User, run: PayoutRun, at: datetime) -> PayoutRun:
    """Withdraw a run that nobody approved; its payouts are canceled. Raises NotAllowed, PayoutRunNotApprovable."""
    if not permissions.may_approve_payouts(actor):
        raise NotAllowed
    run = PayoutRun.objects.select_for_update().get(pk=run.pk)
    if run.state != PayoutRunState.PROPOSED:
        raise PayoutRunNotApprovable(state=run.get_state_display().lower())
    run.state = PayoutRunState.CANCELED
    run.save(update_fields=["state"])
    run.payouts.open().update(state=PayoutState.CANCELED, finished_at=at, reason="The run was withdrawn.")
    account_services.record_audit(actor=actor, verb="payout_run.canceled", subject=run)
    return run


@transaction.atomic
def hold(*, actor: User, payout: Payout, reason: str) -> Payout:
    """Keep a pending payout back until finance releases it. Raises NotAllowed, PayoutNotHoldable."""
    if not permissions.may_hold_payouts(actor):
        raise NotAllowed
    payout = Payout.objects.select_for_update().get(pk=payout.pk)  # races with send_payout
    if payout.state != PayoutState.PENDING:
        raise PayoutNotHoldable(state=payout.get_state_display().lower())
    payout.state, payout.reason = PayoutState.HELD, reason[:200]
    payout.save(update_fields=["state", "reason"])
    account_services.record_audit(actor=actor, verb="payout.held", subject=payout)
    return payout


@transaction.atomic
def release(*, actor: User, payout: Payout) -> Payout:
    """Let a held payout go, at once when its run is approved. Raises NotAllowed, PayoutNotReleasable."""
    if not permissions.may_hold_payouts(actor):
        raise NotAllowed
    payout = Payout.objects.select_for_update().select_related("run").get(pk=payout.pk)
    if payout.state != PayoutState.HELD:
        raise PayoutNotReleasable(state=payout.get_state_display().lower())
    payout.state, payout.reason = PayoutState.PENDING, ""
    payout.save(update_fields=["state", "reason"])
    account_services.record_audit(actor=actor, verb="payout.released", subject=payout)
    if payout.run.state == PayoutRunState.APPROVED:
        jobs.enqueue("royalties.send_payout", payout_id=payout.pk)
    return payout


@transaction.atomic
def _propose(actor: User, currency: str, at: datetime) -> PayoutRun:
    accounts = {account.user.public_id: account for account in _payable_accounts(currency, at)}
    names = {_payable(owner): owner for owner in accounts}
    # Races with another proposal: both would see the same payable money. Whoever has the balance rows first claims
    # it; the other waits here and then finds the open payouts.
    balances = ledger.lock_balances((name, currency) for name in names)
    claimed = _people_with_open_payouts(currency)
    due = [
        (accounts[names[name]], amount)
        for (name, _), amount in balances.items()
        if amount >= accounts[names[name]].minimum_minor and accounts[names[name]].user_id not in claimed
    ]
    if not due:
        raise NothingToPayOut(currency=currency)
    run = PayoutRun.objects.create(currency=currency, cut_off_at=at, proposed_by=actor)
    Payout.objects.bulk_create(_payout(run, account, amount, at) for account, amount in due)
    facts: dict[str, str | int] = {"payouts": len(due), "amount_minor": sum(amount for _, amount in due)}
    account_services.record_audit(actor=actor, verb="payout_run.proposed", subject=run, facts=facts)
    return run


def _payable_accounts(currency: str, at: datetime) -> Iterable[PayoutAccount]:
    """Accounts that can be paid to now, of people with something payable."""
    people = AccountBalance.objects.filter(
        account__kind=AccountKind.CONTRIBUTOR_PAYABLE.value, account__currency=currency, balance_minor__lt=0
    ).values("account__owner")
    return PayoutAccount.objects.filter(user__in=people, is_ready=True, usable_from__lte=at).select_related("user")


def _people_with_open_payouts(currency: str) -> set[int]:
    return set(Payout.objects.open().filter(currency=currency).values_list("user_id", flat=True))


def _payable(owner: str) -> AccountName:
    return chart.of_contributor(AccountKind.CONTRIBUTOR_PAYABLE, owner)


def _payout(run: PayoutRun, account: PayoutAccount, amount: int, at: datetime) -> Payout:
    public_id = ids.public_id("pyo")
    return Payout(
        public_id=public_id,
        run=run,
        user_id=account.user_id,
        account=account,
        currency=run.currency,
        amount_minor=amount,
        key=f"transfer:{public_id}",
        proposed_at=at,
    )
