"""Corrections by hand: one person proposes, another approves, and only then is anything booked."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from accounts import services as account_services
from accounts.models import User
from common.errors import NotAllowed
from common.money import Money
from royalties import chart, entries, permissions
from royalties.chart import AccountKind, AccountName
from royalties.errors import ApproverIsProposer, ItemChanged, ManualEntryDecided, ManualEntryRefused
from royalties.models import ManualEntry, ManualKind, ManualState, ReconciliationItem
from royalties.services import ledger


@transaction.atomic
def propose(*, actor: User, kind: ManualKind, user: User, amount: Money, reason: str, at: datetime) -> ManualEntry:
    """Propose an adjustment of what is payable to a person, or a write-off of what they owe.

    A write-off is a positive amount in their favour. Raises NotAllowed, ManualEntryRefused.
    """
    if not permissions.may_propose_payouts(actor):
        raise NotAllowed
    if kind == ManualKind.PROVIDER:  # proposed under its item's lock: `reconciliation_items.propose_correction`
        raise ManualEntryRefused
    if not reason.strip() or not amount or (kind == ManualKind.WRITE_OFF and amount.amount_minor < 0):
        raise ManualEntryRefused
    if user.pk == actor.pk:
        raise NotAllowed
    manual = ManualEntry.objects.create(
        kind=kind,
        user=user,
        currency=amount.currency,
        amount_minor=amount.amount_minor,
        reason=reason.strip()[:300],
        proposed_by=actor,
        proposed_at=at,
    )
    account_services.record_audit(actor=actor, verb="manual.proposed", subject=manual, facts={"amount": str(amount)})
    return manual


@transaction.atomic
def approve(*, actor: User, manual: ManualEntry, at: datetime) -> ManualEntry:
    """Book somebody else's proposal.

    Raises NotAllowed, ApproverIsProposer, ManualEntryDecided, LedgerError if it takes more than there is, and
    ItemChanged if the difference of the item it corrects has changed.
    """
    manual = _undecided(actor, manual)
    if actor.pk in {manual.proposed_by_id, manual.user_id}:
        raise ApproverIsProposer
    manual.entry_id = ledger.post_one(_draft(manual, at)).entry_id
    return _decide(actor, manual, ManualState.APPROVED, at)


@transaction.atomic
def decline(*, actor: User, manual: ManualEntry, at: datetime) -> ManualEntry:
    """Decline a proposal; one's own, too. Raises NotAllowed, ManualEntryDecided."""
    return _decide(actor, _undecided(actor, manual), ManualState.DECLINED, at)


def _undecided(actor: User, manual: ManualEntry) -> ManualEntry:
    if not permissions.may_approve_payouts(actor):
        raise NotAllowed
    manual = ManualEntry.objects.select_for_update(of=("self",)).select_related("user").get(pk=manual.pk)
    if manual.state != ManualState.PROPOSED:
        raise ManualEntryDecided(state=manual.get_state_display().lower())
    return manual


def _draft(manual: ManualEntry, at: datetime) -> entries.Draft:
    if manual.item_id is not None:
        return _of_provider(manual, manual.item_id, at)
    if manual.user is None:
        raise ManualEntryRefused  # a database constraint requires a person or an item
    owner = manual.user.public_id
    if manual.kind == ManualKind.WRITE_OFF:
        return entries.bad_debt(
            external_id=manual.public_id,
            owner=owner,
            currency=manual.currency,
            occurred_at=at,
            amount=manual.amount_minor,
        )
    # Under the lock a negative adjustment beyond what is payable fails before anything is written.
    ledger.lock_balances([(chart.of_contributor(AccountKind.CONTRIBUTOR_PAYABLE, owner), manual.currency)])
    return entries.adjustment(
        external_id=manual.public_id,
        owner=owner,
        currency=manual.currency,
        occurred_at=at,
        amount=manual.amount_minor,
        against=chart.PROMOTION,
    )


def _of_provider(manual: ManualEntry, item_id: int, at: datetime) -> entries.Draft:
    # Races with a match by hand, which would make up the difference a second time.
    item = ReconciliationItem.objects.select_for_update().get(pk=item_id)
    if item.difference_minor != manual.amount_minor:
        raise ItemChanged(item=item.key)
    return entries.balance_corrected(
        external_id=manual.public_id,
        reference=item.key[:80],
        currency=manual.currency,
        occurred_at=at,
        amount=manual.amount_minor,
        against=AccountName(AccountKind(manual.against)),
    )


def _decide(actor: User, manual: ManualEntry, state: ManualState, at: datetime) -> ManualEntry:
    manual.state, manual.decided_by, manual.decided_at = state, actor, at
    manual.save(update_fields=["state", "decided_by", "decided_at", "entry"])
    account_services.record_audit(actor=actor, verb=f"manual.{state.value}", subject=manual)
    return manual
