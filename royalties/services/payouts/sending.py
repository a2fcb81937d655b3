"""The outbox of payouts: our row and its entry first, then the call, then the outcome.

Between the two transactions anything may crash or get lost. The payout then stays `sent`, its money in transit, and
is asked for again with the same key and the same bytes, which the provider answers with the first outcome.
"""

from __future__ import annotations

import logging
from datetime import timedelta

from django.db import transaction
from django.db.models import Q

from common import clock, jobs
from common.money import Money
from payments import services as payment_services
from payments.gateway import GatewayRefused, GatewayUnknown
from royalties import chart, entries
from royalties.chart import AccountKind
from royalties.models import Payout, PayoutRunState, PayoutState
from royalties.services import ledger

logger = logging.getLogger(__name__)

# The provider keeps a key for 24 hours; past this we look for the transfer instead of asking again.
_KEY_IS_GOOD_FOR = timedelta(hours=23)
# A call takes seconds; an answer that is missing for longer was lost.
_ANSWER_IS_LATE_AFTER = timedelta(minutes=1)
_SWEEP_BATCH = 500


def send_payout(*, payout_id: int) -> Payout:
    """Ask the provider for an approved payout and record the outcome. Safe to run twice and at the same time.

    An unknown outcome leaves it `sent`; the sweeper asks again.
    """
    payout = _ask(payout_id)
    if payout.state != PayoutState.SENT:
        return payout
    gateway = payment_services.gateway()
    try:
        if _key_is_old(payout):
            found = gateway.find_transfer(group=payout.public_id)
            return _confirm(payout_id, found.transfer_id) if found else _fail(payout_id, "no_transfer_found")
        result = gateway.transfer(
            key=payout.key,
            account_id=payout.destination,
            amount=Money(payout.amount_minor, payout.currency),
            group=payout.public_id,
        )
    except GatewayRefused as refused:
        return _fail(payout_id, refused.code)
    except GatewayUnknown:
        logger.warning("payout.outcome_unknown payout=%s", payout.public_id)
        return payout
    return _confirm(payout_id, result.transfer_id)


def sweep() -> int:
    """Ask again for payouts whose message or answer was lost; returns how many."""
    late = clock.real_now() - _ANSWER_IS_LATE_AFTER
    forgotten = Payout.objects.filter(
        Q(state=PayoutState.PENDING, run__state=PayoutRunState.APPROVED)
        | Q(state=PayoutState.SENT, first_call_at__lt=late)
    )
    found = list(forgotten.order_by("pk").values_list("pk", flat=True)[:_SWEEP_BATCH])
    for payout_id in found:
        jobs.enqueue("royalties.send_payout", payout_id=payout_id)
    return len(found)


@transaction.atomic
def _ask(payout_id: int) -> Payout:
    """Before the call: freeze where it goes and move the money in transit. Others find it `sent` or finished."""
    # Races with hold() and with the same task delivered twice.
    payout = Payout.objects.select_for_update().get(pk=payout_id)
    if payout.state != PayoutState.PENDING or payout.run.state != PayoutRunState.APPROVED:
        return payout
    at = clock.now()
    if not payout.account.is_usable(at):
        return _stop(payout, PayoutState.HELD, "The payout account changed; it can be used again after the hold.")
    if _available(payout) < payout.amount_minor:
        return _stop(payout, PayoutState.CANCELED, "Less was payable than proposed, after a refund.")
    draft = entries.transfer_asked(
        payout=payout.public_id,
        owner=payout.user.public_id,
        currency=payout.currency,
        occurred_at=at,
        amount=payout.amount_minor,
    )
    payout.asked_entry_id = ledger.post_one(draft).entry_id
    payout.state, payout.destination = PayoutState.SENT, payout.account.provider_account_id
    payout.asked_at, payout.first_call_at = at, clock.real_now()
    payout.save(update_fields=["asked_entry", "state", "destination", "asked_at", "first_call_at"])
    return payout


def _available(payout: Payout) -> int:
    """What is payable, held still until this transaction ends (races with a refund)."""
    kinds = (AccountKind.CONTRIBUTOR_PAYABLE, AccountKind.CONTRIBUTOR_IN_TRANSIT)
    names = [(chart.of_contributor(kind, payout.user.public_id), payout.currency) for kind in kinds]
    return ledger.lock_balances(names)[names[0]]


def _stop(payout: Payout, state: PayoutState, reason: str) -> Payout:
    payout.state, payout.reason = state, reason
    if state == PayoutState.CANCELED:
        payout.finished_at = clock.now()
    payout.save(update_fields=["state", "reason", "finished_at"])
    return payout


@transaction.atomic
def _confirm(payout_id: int, transfer_id: str) -> Payout:
    payout = Payout.objects.select_for_update().get(pk=payout_id)
    if payout.state != PayoutState.SENT:
        return payout  # another worker heard the same answer first
    at = clock.now()
    draft = entries.transfer_confirmed(
        payout=payout.public_id,
        owner=payout.user.public_id,
        currency=payout.currency,
        occurred_at=at,
        amount=payout.amount_minor,
    )
    payout.outcome_entry_id = ledger.post_one(draft).entry_id
    payout.state, payout.transfer_id, payout.finished_at = PayoutState.PAID, transfer_id, at
    payout.save(update_fields=["outcome_entry", "state", "transfer_id", "finished_at"])
    logger.info("payout.paid payout=%s", payout.public_id)
    return payout


@transaction.atomic
def _fail(payout_id: int, code: str) -> Payout:
    payout = Payout.objects.select_for_update().get(pk=payout_id)
    if payout.state != PayoutState.SENT or payout.asked_entry_id is None:
        return payout
    at = clock.now()
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
    logger.error("payout.failed payout=%s code=%s", payout.public_id, code)
    return payout


def _key_is_old(payout: Payout) -> bool:
    return payout.first_call_at is not None and clock.real_now() - payout.first_call_at > _KEY_IS_GOOD_FOR
