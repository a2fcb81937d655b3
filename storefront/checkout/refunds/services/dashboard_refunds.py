"""Refunds made in the provider's dashboard: they have already happened, so our own pending requests give way."""

from __future__ import annotations

from collections.abc import Iterable

import structlog
from django.db import transaction

from accounts import services as account_services
from common import clock
from common.money import Money, allocate
from payments.event_time import happened_at
from payments.gateway import RefundResult
from payments.registry import NotYetKnown
from royalties.services import returns
from storefront.checkout.entitlements.selectors import payments as order_selectors
from storefront.checkout.models import Order, OrderLine, OrderState, Payment, Refund, RefundOrigin, RefundState
from storefront.checkout.refunds.services.booking import (
    book_conversion,
    finish,
    left_in_books,
    made_at,
    owed_of_needless,
)
from storefront.checkout.refunds.services.requests import left_of, refund_owed

logger = structlog.stdlib.get_logger(__name__)


@transaction.atomic
def book_foreign_refund(payment_id: int, result: RefundResult) -> list[Refund]:
    """Book a refund that is not ours over what is left of the order's lines; skip refunds that are ours, known or
    undecided.

    It takes what no refund claims first, then what is only proposed: such a proposal is reduced, or ends. What the
    lines do not account for is the platform's loss; for an order still under review it waits, on record. Raises
    NotYetKnown while refunds of ours are on their way that cannot all succeed alongside this one.
    """
    payment = Payment.objects.select_related("order").get(pk=payment_id)
    order = Order.objects.select_for_update().get(pk=payment.order_id)
    if result.status != "succeeded" or _is_known(payment, result):
        return []
    if payment.refunds.filter(line=None).exists():
        return _adopt_of_needless(payment, result)
    lines = list(order.lines.select_related("edition", "order").order_by("pk"))
    is_bought = order.state == OrderState.PAID and order_selectors.payment_that_bought(order) == payment
    parts = _parts(lines, result) if is_bought else [0] * len(lines)
    rest = result.amount.amount_minor - sum(parts)
    if rest and payment.refunds.filter(state=RefundState.PENDING).exists():
        raise NotYetKnown(result.refund_id)
    refunds = [_book(line, payment, part, result) for line, part in zip(lines, parts, strict=True) if part]
    _note(payment, result, rest)
    if rest and is_bought:
        _book_rest(payment, result, rest)
    return refunds


def _adopt_of_needless(payment: Payment, result: RefundResult) -> list[Refund]:
    """Request the rest of an unneeded payment of which part was already refunded, since the provider would refuse the
    whole.

    The request gets its own row, and so its own key: another amount under the old key would be refused as well.
    """
    part = min(result.amount.amount_minor, owed_of_needless(payment))
    _note(payment, result, result.amount.amount_minor - part)
    if part < result.amount.amount_minor:
        _book_rest(payment, result, result.amount.amount_minor - part)
    refunds = [_book_part(None, payment, part, result)] if part else []
    ours = payment.refunds.select_for_update().filter(line=None).exclude(origin=RefundOrigin.PROVIDER)
    last = ours.order_by("-pk")[0]
    if last.state == RefundState.PENDING:
        last.state, last.finished_at = RefundState.FAILED, clock.database_now()
        last.save(update_fields=["state", "finished_at"])
    again = refund_owed(payment=payment, reason=last.reason, at=clock.database_now())
    if again is not None:
        facts: dict[str, str | int] = {"rest_minor": again.amount_minor}
        account_services.record_audit(actor=None, verb="refund.requested", subject=again, facts=facts)
    return refunds


def _note(payment: Payment, result: RefundResult, rest: int) -> None:
    facts: dict[str, str | int] = {
        "refund": result.refund_id,
        "amount": str(result.amount),
        "unassigned_minor": rest,
    }
    account_services.record_audit(actor=None, verb="refund.made_elsewhere", subject=payment, facts=facts)
    logger.warning("refund.made_elsewhere", payment=payment.public_id, refund=result.refund_id)


def _book_rest(payment: Payment, result: RefundResult, rest: int) -> None:
    """Book the rest at the platform's expense: a dispute had taken it before, or more was refunded than was paid."""
    order, amount = payment.order, Money(rest, result.amount.currency)
    at = happened_at(result.made_at, earliest=order.paid_at or order.created_at, about=result.refund_id)
    returns.record_loss(reference=order.public_id, external_id=result.refund_id, amount=amount, at=at)
    book_conversion(order.public_id, result, at)


def _is_known(payment: Payment, result: RefundResult) -> bool:
    of_payment = Refund.objects.filter(payment=payment)
    if of_payment.filter(provider_refund_id=result.refund_id).exists():
        return True
    return bool(result.reference) and of_payment.filter(public_id=result.reference).exists()


def _parts(lines: list[OrderLine], result: RefundResult) -> list[int]:
    """Return how much of the refund each line bears."""
    unclaimed = [min(left_of(line), left_in_books(line)) for line in lines]
    if result.amount.amount_minor <= sum(unclaimed):
        return allocate(result.amount.amount_minor, unclaimed)
    proposed = [
        min(sum(each.amount_minor for each in _proposals(line)), left_in_books(line) - part)
        for line, part in zip(lines, unclaimed, strict=True)
    ]
    rest = min(result.amount.amount_minor - sum(unclaimed), sum(proposed))
    more = allocate(rest, proposed) if rest else [0] * len(lines)
    return [one + other for one, other in zip(unclaimed, more, strict=True)]


def _proposals(line: OrderLine) -> Iterable[Refund]:
    return line.refunds.filter(state=RefundState.PROPOSED).order_by("-pk")


def _book(line: OrderLine, payment: Payment, part: int, result: RefundResult) -> Refund:
    _make_room(line, part - left_of(line))
    return _book_part(line, payment, part, result)


def _book_part(line: OrderLine | None, payment: Payment, part: int, result: RefundResult) -> Refund:
    refund = Refund(
        line=line,
        payment=payment,
        amount_minor=part,
        currency=result.amount.currency,
        reason="",
        origin=RefundOrigin.PROVIDER,
        provider_refund_id=result.refund_id,
        requested_at=clock.database_now(),
    )
    refund.requested_at = made_at(refund, result)
    refund.save()
    finish(refund, result)
    refund.save()
    return refund


def _make_room(line: OrderLine, missing: int) -> None:
    """Reduce proposals for the line; one of which nothing is left ends, and the reader is told about the other
    refund."""
    for proposal in _proposals(line):
        if missing <= 0:
            return
        less = min(missing, proposal.amount_minor)
        missing -= less
        if less < proposal.amount_minor:
            proposal.amount_minor -= less
        else:
            proposal.state = RefundState.DECLINED
            proposal.finished_at = proposal.mailed_at = clock.database_now()
        proposal.save(update_fields=["amount_minor", "state", "finished_at", "mailed_at"])
        account_services.record_audit(actor=None, verb="refund.gave_way", subject=proposal, facts={"less_minor": less})
