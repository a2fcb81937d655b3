"""The steps that every rail takes with one payout, under its lock: check again, request, confirm, fail."""

from __future__ import annotations

from datetime import datetime

import structlog

from common import clock, jobs
from royalties import chart, entries
from royalties.chart import AccountKind, AccountName
from royalties.models import AccountTrouble, PayeeDetails, Payout, PayoutAccount, PayoutState, PersonHold
from royalties.services import ledger

logger = structlog.stdlib.get_logger(__name__)

CHANGED = "The payout account changed; it can be used again after the hold."
UNKNOWN = "The payee’s details for tax are missing. The money is payable again."
LESS_PAYABLE = "Less was payable than proposed, after a refund."

# What a refusal code says about the payee's account; all other codes say nothing about it.
_TROUBLES = {
    "account_closed": AccountTrouble.CLOSED,
    "account_invalid": AccountTrouble.CLOSED,
    "resource_missing": AccountTrouble.CLOSED,
    "insufficient_capabilities_for_transfer": AccountTrouble.INACTIVE,
    "transfers_not_allowed": AccountTrouble.INACTIVE,
}


def stop_if_it_may_not_go(payout: Payout, at: datetime) -> bool:
    """Hold or cancel a pending payout whose account, owner or money is no longer as proposed; True if it stopped.

    Locks the balance rows of the entry that follows.
    """
    if not payout.account.is_usable(at):
        stop(payout, PayoutState.HELD, CHANGED)
        return True
    hold = PersonHold.objects.in_force(at).filter(user_id=payout.user_id).first()
    if hold is not None:
        payout.person_hold = hold
        stop(payout, PayoutState.HELD, hold.reason)
        return True
    if PayeeDetails.objects.missing().filter(user_id=payout.user_id).exists():
        stop(payout, PayoutState.CANCELED, UNKNOWN)
        return True
    if available(payout) < payout.amount_minor + payout.fee_minor:
        stop(payout, PayoutState.CANCELED, LESS_PAYABLE)
        return True
    return False


def available(payout: Payout) -> int:
    """Return what is payable, locked until this transaction ends (races with a refund)."""
    kinds = (AccountKind.CONTRIBUTOR_PAYABLE, AccountKind.CONTRIBUTOR_IN_TRANSIT)
    names = [(chart.of_contributor(kind, payout.user.public_id), payout.currency) for kind in kinds]
    return ledger.lock_balances(names)[names[0]]


def stop(payout: Payout, state: PayoutState, reason: str) -> None:
    """Cancel or hold a payout that was not requested yet."""
    payout.state, payout.reason, payout.bank_file = state, reason[:200], None
    if state == PayoutState.CANCELED:
        payout.finished_at = clock.database_now()
    payout.save(update_fields=["state", "reason", "finished_at", "person_hold", "bank_file"])


def ask(payout: Payout, *, destination: str, at: datetime) -> None:
    """Freeze where the payout goes and move its money in transit, before the call or the bank file."""
    draft = entries.transfer_asked(
        payout=payout.public_id,
        owner=payout.user.public_id,
        currency=payout.currency,
        occurred_at=at,
        amount=payout.amount_minor,
    )
    payout.asked_entry_id = ledger.post_one(draft).entry_id
    payout.state, payout.destination, payout.asked_at = PayoutState.SENT, destination, at
    payout.save(update_fields=["asked_entry", "state", "destination", "asked_at", "first_call_at"])


def confirm(payout: Payout, *, transfer_id: str, paid_from: AccountName, at: datetime) -> None:
    """Book that the money moved, and charge the payee's part of the cost, as far as it is still payable."""
    owner, currency = payout.user.public_id, payout.currency
    fee = min(payout.fee_minor, available(payout)) if payout.fee_minor else 0
    drafts = [
        entries.transfer_confirmed(
            payout=payout.public_id,
            owner=owner,
            currency=currency,
            occurred_at=at,
            amount=payout.amount_minor,
            paid_from=paid_from,
        )
    ]
    if fee:
        drafts.append(
            entries.payout_fee(payout=payout.public_id, owner=owner, currency=currency, occurred_at=at, amount=fee)
        )
    posted = ledger.post(drafts)
    payout.outcome_entry_id = posted[0].entry_id
    payout.fee_entry_id = posted[1].entry_id if fee else None
    payout.state, payout.transfer_id, payout.finished_at = PayoutState.PAID, transfer_id, at
    payout.save(update_fields=["outcome_entry", "fee_entry", "state", "transfer_id", "finished_at"])
    logger.info("payout.paid", payout=payout.public_id)


def fail(payout: Payout, *, code: str, at: datetime) -> None:
    """Book a refusal: the money is payable again, and a person is told. Call with `payout` sent and locked."""
    if payout.asked_entry_id is None:
        raise ValueError("nothing was asked for")
    draft = entries.transfer_failed(
        payout=payout.public_id,
        owner=payout.user.public_id,
        currency=payout.currency,
        occurred_at=at,
        amount=payout.amount_minor,
        asked_entry_id=payout.asked_entry_id,
    )
    payout.outcome_entry_id = ledger.post_one(draft).entry_id
    payout.state, payout.reason, payout.finished_at = PayoutState.FAILED, code[:200], at
    payout.save(update_fields=["outcome_entry", "state", "reason", "finished_at"])
    if code in _TROUBLES:
        mark_trouble(payout.account_id, _TROUBLES[code])
    jobs.enqueue("royalties.tell_payout_failed", payout_id=payout.pk)
    logger.error("payout.failed", payout=payout.public_id, code=code)


def mark_trouble(account_id: int, trouble: AccountTrouble) -> None:
    """Stop paying to the account until its owner acts; they are told once."""
    others = PayoutAccount.objects.filter(pk=account_id).exclude(trouble=trouble)
    changed = others.update(trouble=trouble, untold_trouble_at=clock.database_now())
    if changed:
        jobs.enqueue("royalties.tell_account_trouble", account_id=account_id)
