"""Paying for a milestone: a page at the provider, and what arrived.

Our row and its key exist before the page is asked for. What the provider says is fetched outside any transaction, then
applied in one, together with the ledger and the features above. Safe to repeat, in any order.
"""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta

import structlog
from django.conf import settings
from django.db import transaction

from accounts.models import User
from common import clock
from common.errors import NotAllowed
from common.money import Money
from hiring.funding import hooks
from hiring.funding.errors import AlreadyPaid, PaymentPageRefused, ProviderUnavailable, TooManyUnpaidPages
from hiring.funding.models import ARRIVED, MilestonePayment, PaymentState
from hiring.funding.services import refunds
from payments import services as payment_services
from payments.event_time import happened_at
from payments.gateway import CheckoutLine, CheckoutSession, GatewayRefused, GatewayUnknown, PaymentDetails
from payments.registry import NotYetKnown
from royalties.models import ProviderKind
from royalties.services import duplicate_payments, provider_references, sales
from storefront.checkout.models import TraceKind
from storefront.checkout.orders.services import buyer_traces

logger = structlog.stdlib.get_logger(__name__)

_PAGE_LASTS = timedelta(hours=23)
# A page that is about to close is not offered again; the provider opens none for less than half an hour.
_PAGE_STILL_GOOD = timedelta(minutes=31)
_UNPAID_PERIOD = timedelta(days=1)
_PAID = "paid"
# Services can be disputed for up to 540 days.
_CARD_KEPT = timedelta(days=550)


def start_payment(
    *, actor: User, reference: str, payer: User, title: str, amount: Money, return_url: str, at: datetime
) -> str:
    """Return the URL where a milestone is paid; asked for twice it is the same page. Call outside any transaction.

    Raises NotAllowed for anybody but the payer, AlreadyPaid, TooManyUnpaidPages, PaymentPageRefused,
    ProviderUnavailable.
    """
    if actor.pk != payer.pk or not payer.is_active:
        raise NotAllowed
    payment = _payment_to_ask_for(reference, payer, title=title, amount=amount, return_url=return_url, at=at)
    if payment.page_url:
        return payment.page_url
    try:
        session = payment_services.gateway().open_checkout(
            key=payment.key,
            reference=reference,
            lines=[CheckoutLine(payment.title, amount, reference)],
            email=payer.mail_to,
            success_url=return_url,
            cancel_url=return_url,
            expires_at=payment.expires_at,
        )
    except GatewayRefused as refused:
        MilestonePayment.objects.filter(pk=payment.pk, state=PaymentState.PENDING).update(state=PaymentState.FAILED)
        raise PaymentPageRefused(reason=refused.code) from refused
    except GatewayUnknown as unknown:
        raise ProviderUnavailable from unknown
    MilestonePayment.objects.filter(pk=payment.pk).update(session_id=session.session_id, page_url=session.url)
    return session.url


def refresh_payment(*, reference: str) -> None:
    """Fetch the state of a milestone's waiting payment, for its payer who comes back from the page.

    If the provider does not answer, nothing changes: the webhook or the retry task will.
    """
    waiting = MilestonePayment.objects.filter(reference=reference, state=PaymentState.PENDING).exclude(session_id="")
    for payment in waiting:
        try:
            settle_session(session_id=payment.session_id)
        except (GatewayUnknown, GatewayRefused):
            return


def settle_session(*, session_id: str, reference: str = "", has_failed: bool = False) -> MilestonePayment:
    """Bring our payment in line with the provider's session.

    `reference` is the milestone's if the notice carried it, `has_failed` says that an asynchronous payment failed.
    Raises NotYetKnown for a session we did not open, GatewayUnknown, GatewayRefused.
    """
    payment = _payment_of(session_id, reference)
    gateway = payment_services.gateway()
    session = gateway.fetch_checkout(session_id=session_id)
    details = gateway.fetch_payment(payment_id=session.payment_id) if session.payment_id else None
    with transaction.atomic():
        return _settle(payment, session, details, has_failed=has_failed)


def record_processor_fee(*, payment_id: int) -> None:
    """Book the provider's fee for a payment once it is known. Safe to repeat."""
    payment = MilestonePayment.objects.get(pk=payment_id)
    if payment.processor_fee_minor is None and payment.provider_payment_id:
        details = payment_services.gateway().fetch_payment(payment_id=payment.provider_payment_id)
        with transaction.atomic():
            _book_fee(MilestonePayment.objects.select_for_update(no_key=True).get(pk=payment_id), details)


def forget_cards(at: datetime) -> None:
    """Forget which card paid, once no bank can dispute the payment any more. Runs each night."""
    old = MilestonePayment.objects.filter(created_at__lt=at - _CARD_KEPT).exclude(card_digest="")
    old.update(card_digest="")


@transaction.atomic
def _payment_to_ask_for(
    reference: str, payer: User, *, title: str, amount: Money, return_url: str, at: datetime
) -> MilestonePayment:
    """Return the payment whose page is open or can be asked for again under its key; make one if there is none.

    A page asked for with other parameters, whose answer was lost, stays behind: it expires, and if both are paid, one
    is refunded.
    """
    User.objects.select_for_update(no_key=True).get(pk=payer.pk)  # two clicks at once
    known = MilestonePayment.objects.filter(reference=reference)
    if known.filter(state=PaymentState.SUCCEEDED).exists():
        raise AlreadyPaid
    told = "\n".join((str(amount), payer.mail_to, return_url))
    digest = hashlib.sha256(told.encode()).hexdigest()[:24]
    waiting = known.filter(state=PaymentState.PENDING, amount_minor=amount.amount_minor, currency=amount.currency)
    for payment in waiting.filter(expires_at__gt=at + _PAGE_STILL_GOOD).order_by("-pk"):
        if payment.page_url or payment.key.endswith(digest):
            return payment
    _refuse_after_many(payer, at)
    return MilestonePayment.objects.create(
        reference=reference,
        payer=payer,
        title=title[:250],
        amount_minor=amount.amount_minor,
        currency=amount.currency,
        key=f"milestone:{reference}:{known.count() + 1}:{digest}",
        created_at=at,
        expires_at=at + _PAGE_LASTS,
    )


def _refuse_after_many(payer: User, at: datetime) -> None:
    """Refuse who opens page after page without paying, as people who test stolen cards do."""
    recent = MilestonePayment.objects.filter(payer=payer, created_at__gt=at - _UNPAID_PERIOD)
    paid = recent.filter(state__in=ARRIVED).order_by("-created_at").values_list("created_at", flat=True).first()
    if (recent.filter(created_at__gt=paid) if paid else recent).count() >= settings.MAX_UNPAID_CHECKOUTS:
        raise TooManyUnpaidPages(count=settings.MAX_UNPAID_CHECKOUTS)


def _payment_of(session_id: str, reference: str) -> MilestonePayment:
    """Return the payment of a session, even if the session's id was lost with the provider's answer."""
    payment = MilestonePayment.objects.filter(session_id=session_id).first()
    if payment is None and reference:
        unsaid = MilestonePayment.objects.filter(reference=reference, session_id="").order_by("-pk").first()
        if unsaid is not None and MilestonePayment.objects.filter(pk=unsaid.pk, session_id="").update(
            session_id=session_id
        ):
            payment = unsaid
    if payment is None:
        raise NotYetKnown(session_id)
    return payment


def _settle(
    known: MilestonePayment, session: CheckoutSession, details: PaymentDetails | None, *, has_failed: bool
) -> MilestonePayment:
    hooks.lock_above(known.reference)
    # All payments of the milestone, in order: two pages paid at the same moment wait here for each other.
    rows = MilestonePayment.objects.select_for_update(no_key=True).filter(reference=known.reference).order_by("pk")
    payments = list(rows)
    payment = next(each for each in payments if each.pk == known.pk)
    if payment.state in ARRIVED:
        return payment
    if session.payment_status == _PAID and details is not None and details.succeeded:
        is_first = all(each.state != PaymentState.SUCCEEDED for each in payments)
        _take_money(payment, session, details, is_first=is_first)
    elif session.status == "expired" or has_failed:
        payment.state = PaymentState.FAILED if has_failed else PaymentState.EXPIRED
        payment.save(update_fields=["state"])
    return payment


def _take_money(
    payment: MilestonePayment, session: CheckoutSession, details: PaymentDetails, *, is_first: bool
) -> None:
    """Apply an arrived payment: it pays the milestone, or is returned because it is one too many or another amount."""
    at = happened_at(details.paid_at, earliest=payment.created_at, about=details.charge_id or details.payment_id)
    is_wanted = is_first and session.subtotal == session.total == details.amount == payment.amount
    payment.state = PaymentState.SUCCEEDED if is_wanted else PaymentState.UNNEEDED
    payment.provider_payment_id, payment.charge_id, payment.paid_at = details.payment_id, details.charge_id, at
    if details.card_fingerprint:
        payment.card_digest = buyer_traces.digest_of(TraceKind.CARD, details.card_fingerprint)
    payment.save(update_fields=["state", "provider_payment_id", "charge_id", "paid_at", "card_digest"])
    for kind, object_id in ((ProviderKind.PAYMENT, details.payment_id), (ProviderKind.CHARGE, details.charge_id)):
        provider_references.note(reference=payment.books_reference, kind=kind, object_id=object_id)
    if is_wanted:
        hooks.announce_paid(payment.reference, details.charge_id, at)
    else:
        logger.warning("milestone.payment_unneeded", payment=payment.public_id, is_first=is_first)
        duplicate_payments.record_payment(
            payment=payment.public_id, order_reference=payment.public_id, amount=details.amount, at=at
        )
        refunds.return_unneeded(payment, details.amount, at=clock.database_now())
    _book_fee(payment, details)


def _book_fee(payment: MilestonePayment, details: PaymentDetails) -> None:
    """Book the fee, and what arrived where our balance has another currency, once the provider knows both."""
    if details.processor_fee is None or payment.processor_fee_minor is not None or payment.paid_at is None:
        return
    payment.processor_fee_minor = details.processor_fee.amount_minor
    payment.processor_fee_currency = details.processor_fee.currency
    payment.save(update_fields=["processor_fee_minor", "processor_fee_currency"])
    sales.record_processor_fee(
        order_reference=payment.books_reference,
        fee=details.processor_fee,
        external_id=details.charge_id,
        at=happened_at(details.fee_at, earliest=payment.paid_at, about=details.charge_id),
    )
    if details.settled is not None:
        sales.record_conversion(
            reference=payment.books_reference,
            external_id=details.charge_id,
            booked=details.amount,
            settled=details.settled,
            at=payment.paid_at,
        )
