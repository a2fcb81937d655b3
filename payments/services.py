"""The gateway of this installation, and the inbox of the provider's events."""

from __future__ import annotations

from datetime import timedelta

import structlog
from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F

from common import clock, jobs
from payments import pay_methods, registry
from payments.gateway import Gateway, GatewayRefused, GatewayUnknown
from payments.models import EventState, ProviderEvent
from payments.rails import DirectRail, FileRail
from payments.rails.bank import BankRail
from payments.rails.provider import StripeRail
from payments.stripe import setup_check, webhooks
from payments.stripe.client import stripe_client
from payments.stripe.configuration import API_VERSION
from payments.stripe.gateway import StripeGateway
from payments.stripe.sandbox import due as settling
from payments.stripe.sandbox import events

logger = structlog.stdlib.get_logger(__name__)

# How long a worker has an event to itself; afterwards another may try again.
_LEASE = timedelta(seconds=60)
_PARKED_PAUSE = timedelta(seconds=30)
_MAX_PAUSE_LENGTH = timedelta(hours=1)
_ATTEMPTS = 80  # with the pauses: about three days
_SWEEP_BATCH = 200


def gateway() -> Gateway:
    """Return the gateway of this installation: live if there is a key, otherwise simulated."""
    return StripeGateway(stripe_client())


def probe_provider() -> list[setup_check.Finding]:
    """Return findings about our key, our webhook endpoints and Connect at the provider, each with whether it is
    correct."""
    return setup_check.probe(stripe_client())


def direct_rail() -> DirectRail:
    """Return the rail that pays on request."""
    return StripeRail(gateway())


def file_rail() -> FileRail:
    """Return the rail that pays through files for a bank."""
    return BankRail()


def refresh_methods() -> None:
    """Ask the provider which payment methods it offers, for the pages before the payment page. If it does not answer,
    what is known stays for a day."""
    try:
        offered = gateway().offered_methods()
    except (GatewayRefused, GatewayUnknown) as reason:
        logger.warning("payments.methods_unknown", reason=type(reason).__name__)
        return
    pay_methods.remember(offered, at=clock.real_now().timestamp())


def receive_event(*, endpoint: str, body: bytes, signature: str) -> ProviderEvent:
    """Store a webhook's event once and enqueue its processing. Raises EventRejected."""
    event = webhooks.read(endpoint=endpoint, body=body, signature=signature)
    row = ProviderEvent(
        event_id=event.event_id,
        endpoint=endpoint,
        event_type=event.event_type,
        account_id=event.account_id,
        api_version=event.api_version,
        object_id=event.object_id,
        reference=event.reference,
        data=event.data,
        occurred_at=event.occurred_at,
        received_at=clock.now(),
        next_attempt_at=clock.real_now(),
    )
    # Nearly every event is new, so insert it without looking it up first.
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        return ProviderEvent.objects.get(event_id=event.event_id)
    if event.api_version not in {"", API_VERSION}:
        # Harmless, since handlers fetch the object in our version, but the endpoint should be updated.
        logger.warning("webhook.other_version", provider_event=event.event_id, version=event.api_version)
    jobs.enqueue("payments.process", event_id=row.event_id)
    return row


def process_event(*, event_id: str) -> EventState:
    """Run the handlers of one stored event and record the result. Safe to run twice and at the same time.

    A handler's crash is recorded on the event, which is tried again later; nothing is raised.
    """
    event = _claim(event_id)
    if event is None:
        return EventState(ProviderEvent.objects.get(event_id=event_id).state)
    notice = registry.ProviderNotice(
        event_id=event.event_id,
        event_type=event.event_type,
        object_id=event.object_id,
        reference=event.reference,
        data=event.data,
        account_id=event.account_id,
    )
    try:
        _handle(notice)
    except (registry.NotYetKnown, GatewayUnknown) as reason:
        return _try_later(event, EventState.PARKED, reason)
    except Exception as error:
        logger.exception("webhook.handler_failed", provider_event=event.event_id, type=event.event_type)
        return _try_later(event, EventState.PENDING, error)
    ProviderEvent.objects.filter(pk=event.pk).update(
        state=EventState.PROCESSED, processed_at=clock.now(), last_error=""
    )
    return EventState.PROCESSED


def _handle(notice: registry.ProviderNotice) -> None:
    """Run every handler of the event. Raises NotYetKnown only when none of them knows what it names.

    Apps know the payments that they opened, and no others.
    """
    unknown: list[registry.NotYetKnown] = []
    handlers = registry.handlers_for(notice.event_type)
    for handler in handlers:
        try:
            handler(notice)
        except registry.NotYetKnown as reason:
            unknown.append(reason)
    if unknown and len(unknown) == len(handlers):
        raise unknown[0]


def retry_stuck() -> None:
    """Enqueue again everything that a lost message or a crash left behind, and process what is due in the sandbox."""
    if pay_methods.is_due(at=clock.real_now().timestamp()):
        jobs.enqueue("payments.refresh_methods")
    due = ProviderEvent.objects.due(clock.real_now()).order_by("next_attempt_at")
    for event_id in due.values_list("event_id", flat=True)[:_SWEEP_BATCH]:
        jobs.enqueue("payments.process", event_id=event_id)
    if not settings.PAYMENTS_SANDBOX:
        return
    with transaction.atomic():
        settling.process_due()
    for event_id in events.undelivered():
        jobs.enqueue("payments.deliver", event_id=event_id)


def _claim(event_id: str) -> ProviderEvent | None:
    """Lease the event for a while; return None if it is done or another worker has it."""
    now = clock.real_now()
    claimed = (
        ProviderEvent.objects.due(now)
        .filter(event_id=event_id)
        .update(attempts=F("attempts") + 1, next_attempt_at=now + _LEASE)
    )
    return ProviderEvent.objects.get(event_id=event_id) if claimed else None


def _try_later(event: ProviderEvent, state: EventState, reason: Exception) -> EventState:
    if event.attempts >= _ATTEMPTS:
        state = EventState.GIVEN_UP
        logger.error("webhook.given_up", provider_event=event.event_id, type=event.event_type)
    pause = min(_PARKED_PAUSE * 2 ** min(event.attempts - 1, 10), _MAX_PAUSE_LENGTH)
    ProviderEvent.objects.filter(pk=event.pk).update(
        state=state, next_attempt_at=clock.real_now() + pause, last_error=f"{type(reason).__name__}: {reason}"[:300]
    )
    return state
