"""Conversion of Stripe's objects to our results. Of an object that was not expanded, only the id is known."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, cast

from common.money import Money
from payments.gateway import (
    AccountPayout,
    BalanceChange,
    CheckoutSession,
    DisputeDetails,
    FraudWarning,
    PaymentDetails,
    ProviderAccount,
    RefundResult,
    ReversalResult,
    TransferResult,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    import stripe


def money(amount_minor: int, currency: str) -> Money:
    return Money(amount_minor, currency.upper())


def moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def id_of(linked: Any) -> str:
    """Return the id of a linked object that is given as an id, as the object itself, or not at all."""
    return str(getattr(linked, "id", linked) or "")


def reference_of(metadata: Any) -> str:
    """Return our public id from an object's metadata; objects made in Stripe's dashboard have none."""
    return str(metadata["reference"]) if metadata and "reference" in metadata else ""


def checkout_session(session: stripe.checkout.Session) -> CheckoutSession:
    intent = session.payment_intent
    details = session.customer_details
    address = details.address if details else None
    currency = session.currency or ""
    return CheckoutSession(
        session_id=session.id,
        url=session.url or "",
        status=session.status or "",
        payment_status=session.payment_status,
        reference=session.client_reference_id or "",
        subtotal=money(session.amount_subtotal or 0, currency),
        tax=money(session.total_details.amount_tax if session.total_details else 0, currency),
        total=money(session.amount_total or 0, currency),
        payment_id=id_of(intent),
        billing_country=(address.country or "") if address else "",
        card_country=_said_of_card(cast("Any", intent).latest_charge, "country")
        if intent and not isinstance(intent, str)
        else "",
        customer_id=id_of(session.customer),
    )


def payment(intent: stripe.PaymentIntent, dispute_id: str) -> PaymentDetails:
    charge = cast("stripe.Charge | None", intent.latest_charge)
    row = _expanded(charge.balance_transaction) if charge else None
    return PaymentDetails(
        payment_id=intent.id,
        charge_id=charge.id if charge else "",
        amount=money(intent.amount_received, intent.currency),
        succeeded=intent.status == "succeeded",
        settled=money(row.amount, row.currency) if row else None,
        processor_fee=money(row.fee, row.currency) if row else None,
        refunded=money(charge.amount_refunded if charge else 0, intent.currency),
        card_country=_said_of_card(charge, "country"),
        card_fingerprint=_said_of_card(charge, "fingerprint"),
        dispute_id=dispute_id,
        paid_at=moment(charge.created) if charge else None,
        fee_at=moment(row.created) if row else None,
    )


def refund(refund: stripe.Refund) -> RefundResult:
    taken, returned = _expanded(refund.balance_transaction), _expanded(_optional(refund, "failure_balance_transaction"))
    return RefundResult(
        refund_id=refund.id,
        status=_refund_status(refund.status),
        payment_id=id_of(refund.payment_intent),
        amount=money(refund.amount, refund.currency),
        reference=reference_of(refund.metadata),
        settled=money(-taken.net, taken.currency) if taken else None,
        failure_settled=money(returned.net, returned.currency) if returned else None,
        made_at=moment(taken.created if taken else refund.created),
        failed_at=moment(returned.created) if returned else None,
    )


def transfer(transfer: stripe.Transfer) -> TransferResult:
    return TransferResult(
        transfer_id=transfer.id,
        amount=money(transfer.amount, transfer.currency),
        reversed=money(transfer.amount_reversed, transfer.currency),
        made_at=moment(transfer.created),
    )


def reversal(reversal: stripe.TransferReversal) -> ReversalResult:
    return ReversalResult(reversal.id, money(reversal.amount, reversal.currency), moment(reversal.created))


def dispute(dispute: stripe.Dispute) -> DisputeDetails:
    rows = dispute.balance_transactions
    taken, given = [row for row in rows if row.amount < 0], [row for row in rows if row.amount > 0]
    details = dispute.evidence_details
    return DisputeDetails(
        dispute_id=dispute.id,
        payment_id=id_of(dispute.payment_intent),
        charge_id=id_of(dispute.charge),
        amount=money(dispute.amount, dispute.currency),
        status=dispute.status,
        reason=dispute.reason,
        evidence_due_at=moment(details.due_by) if details.due_by else None,
        has_evidence=details.has_evidence,
        submissions=details.submission_count,
        withdrawn=_sum([-row.amount for row in taken], rows),
        reinstated=_sum([row.amount for row in given], rows),
        fee=money(sum(row.fee for row in rows), rows[0].currency if rows else dispute.currency),
        opened_at=moment(dispute.created),
        withdrawn_at=moment(min(row.created for row in taken)) if taken else None,
        reinstated_at=moment(max(row.created for row in given)) if given else None,
    )


def _sum(amounts: Sequence[int], rows: Sequence[stripe.BalanceTransaction]) -> Money | None:
    return money(sum(amounts), rows[0].currency) if amounts else None


def fraud_warning(warning: stripe.radar.EarlyFraudWarning) -> FraudWarning:
    return FraudWarning(
        warning_id=warning.id,
        payment_id=id_of(_optional(warning, "payment_intent")),
        charge_id=id_of(warning.charge),
        kind=warning.fraud_type,
        is_actionable=warning.actionable,
    )


def account(account: Any, bank: Any) -> ProviderAccount:
    recipient = account.configuration.recipient if account.configuration else None
    transfers = recipient.capabilities.stripe_balance.stripe_transfers if recipient else None
    return ProviderAccount(
        account_id=account.id,
        is_ready=transfers is not None and transfers.status == "active",
        country=(account.identity.country or "") if account.identity else "",
        masked_bank=f"•••• {bank.last4}" if bank else "",
    )


def account_payout(payout: stripe.Payout, account_id: str) -> AccountPayout:
    return AccountPayout(
        payout_id=payout.id,
        account_id=account_id,
        amount=money(payout.amount, payout.currency),
        status=payout.status,
        arrives_at=moment(payout.arrival_date),
        failure_code=payout.failure_code or "",
    )


def balance_change(row: stripe.BalanceTransaction) -> BalanceChange:
    # Through text: the shortest decimal of the number as JSON wrote it.
    rate = None if row.exchange_rate is None else Decimal(str(row.exchange_rate))
    return BalanceChange(
        change_id=row.id,
        kind=row.type,
        reporting_category=row.reporting_category,
        source_id=id_of(row.source),
        amount=money(row.amount, row.currency),
        fee=money(row.fee, row.currency),
        exchange_rate=rate,
        at=moment(row.created),
        description=row.description or "",
    )


def _optional(found: Any, name: str) -> Any:
    """Return a field that Stripe omits from objects that have no value for it."""
    return getattr(found, name, None)


def _expanded(linked: str | stripe.BalanceTransaction | None) -> stripe.BalanceTransaction | None:
    return None if isinstance(linked, str) else linked


def _said_of_card(charge: Any, name: str) -> str:
    """Return a detail of the card or bank account that was charged; "" if there is none."""
    if not charge or isinstance(charge, str) or not charge.payment_method_details:
        return ""
    method = charge.payment_method_details
    details = getattr(method, method.type, None)
    return (getattr(details, name, None) or "") if details else ""


def _refund_status(status: str | None) -> str:
    if status in {"succeeded", "failed"}:
        return status
    return "failed" if status == "canceled" else "pending"
