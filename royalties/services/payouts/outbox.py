"""The outbox of payouts through the provider: our row and its entry first, then the call, then the outcome.

Between the two transactions anything can crash or get lost. The payout then stays `sent`, its money in transit, and is
requested again with the same key and the same bytes, which the provider answers with the first outcome.
"""

from __future__ import annotations

from datetime import timedelta

import structlog
from django.db import transaction
from django.db.models import Q

from common import clock, jobs
from common.money import Money
from payments import event_time
from payments import services as payment_services
from payments.gateway import GatewayRefused, GatewayUnknown, TransferResult
from royalties import chart
from royalties.models import Payout, PayoutRail, PayoutRunState, PayoutState, PersonHold
from royalties.services.payouts import transitions

logger = structlog.stdlib.get_logger(__name__)

# The provider keeps a key for 24 hours; after this time we look for the transfer instead of asking again.
KEY_IS_GOOD_FOR = timedelta(hours=23)
# A call takes seconds; an answer that is missing for longer was lost.
ANSWER_IS_LATE_AFTER = timedelta(minutes=1)
_SWEEP_BATCH = 500


def send_payout(*, payout_id: int) -> Payout:
    """Request an approved payout from the provider and record the outcome. Safe to run twice and at the same time.

    An unknown outcome leaves it `sent`; the retry job asks again. Payouts through the bank are left alone.
    """
    payout = _ask(payout_id)
    if payout.state != PayoutState.SENT or payout.rail != PayoutRail.STRIPE:
        return payout
    rail = payment_services.direct_rail()
    try:
        if _key_is_old(payout):
            found = rail.find(reference=payout.public_id)
            return _confirm(payout_id, found) if found else _fail(payout_id, "no_transfer_found")
        transfer = rail.send(
            key=payout.key,
            destination=payout.destination,
            amount=Money(payout.amount_minor, payout.currency),
            reference=payout.public_id,
        )
    except GatewayRefused as refused:
        return _fail(payout_id, refused.code)
    except GatewayUnknown:
        logger.warning("payout.outcome_unknown", payout=payout.public_id)
        return payout
    return _confirm(payout_id, transfer)


def retry_stuck() -> int:
    """Retry payouts whose message or answer was lost, or whose owner's hold is over. Return how many."""
    _let_go()
    late = clock.database_real_now() - ANSWER_IS_LATE_AFTER
    forgotten = Payout.objects.filter(rail=PayoutRail.STRIPE).filter(
        Q(state=PayoutState.PENDING, run__state=PayoutRunState.APPROVED)
        | Q(state=PayoutState.SENT, first_call_at__lt=late)
    )
    found = list(forgotten.order_by("pk").values_list("pk", flat=True)[:_SWEEP_BATCH])
    for payout_id in found:
        jobs.enqueue("royalties.send_payout", payout_id=payout_id)
    return len(found)


def _let_go() -> None:
    """Release payouts that only waited for the end of a person's hold."""
    over = PersonHold.objects.exclude(pk__in=PersonHold.objects.in_force(clock.database_now()).values("pk"))
    Payout.objects.filter(state=PayoutState.HELD, person_hold__in=over).update(
        state=PayoutState.PENDING, reason="", person_hold=None
    )


@transaction.atomic
def _ask(payout_id: int) -> Payout:
    """Prepare the call: afterwards others find the payout `sent` or finished."""
    # Races with hold() and with the same task delivered twice.
    payout = Payout.objects.select_for_update().get(pk=payout_id)
    if payout.state != PayoutState.PENDING or payout.run.state != PayoutRunState.APPROVED:
        return payout
    at = clock.database_now()
    if payout.rail != PayoutRail.STRIPE or transitions.stop_if_it_may_not_go(payout, at):
        return payout
    payout.first_call_at = clock.database_real_now()
    transitions.ask(payout, destination=payout.account.provider_account_id, at=at)
    return payout


@transaction.atomic
def _confirm(payout_id: int, transfer: TransferResult) -> Payout:
    payout = Payout.objects.select_for_update().get(pk=payout_id)
    if payout.state == PayoutState.SENT:  # otherwise another worker got the same answer first
        at = event_time.happened_at(
            transfer.made_at, earliest=payout.asked_at or clock.database_now(), about=transfer.transfer_id
        )
        transitions.confirm(payout, transfer_id=transfer.transfer_id, paid_from=chart.STRIPE_BALANCE, at=at)
    return payout


@transaction.atomic
def _fail(payout_id: int, code: str) -> Payout:
    payout = Payout.objects.select_for_update().get(pk=payout_id)
    if payout.state == PayoutState.SENT:
        transitions.fail(payout, code=code, at=clock.database_now())
    return payout


def _key_is_old(payout: Payout) -> bool:
    return payout.first_call_at is not None and clock.database_real_now() - payout.first_call_at > KEY_IS_GOOD_FOR
