"""`payments.gateway.Gateway` over the Stripe client: our words in, our results out, errors in three outcomes."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, cast

import stripe

from common.money import Money
from payments.gateway import (
    BalanceChange,
    CheckoutLine,
    CheckoutSession,
    GatewayRefused,
    GatewayUnknown,
    PaymentDetails,
    ProviderAccount,
    RefundResult,
    TransferResult,
)

if TYPE_CHECKING:
    from stripe.params._balance_transaction_list_params import BalanceTransactionListParams
    from stripe.params._refund_create_params import RefundCreateParams
    from stripe.params._transfer_create_params import TransferCreateParams
    from stripe.params.checkout._session_create_params import SessionCreateParams
    from stripe.params.v2.core._account_create_params import AccountCreateParams

logger = logging.getLogger(__name__)

_E_BOOK_TAX_CODE = "txcd_10302000"
_SESSION_EXPAND = ["payment_intent.latest_charge"]
_CONFLICT = 409  # the same key is being worked on

# Nothing was decided about the request itself: a network, a busy or broken provider, or our own configuration.
# A key used before with other parameters belongs here as well: the earlier request may have been carried out.
_UNDECIDED = (
    stripe.APIConnectionError,
    stripe.RateLimitError,
    stripe.AuthenticationError,
    stripe.PermissionError,
    stripe.IdempotencyError,
)


@contextmanager
def _outcomes() -> Iterator[None]:
    """Turn the SDK's errors into GatewayRefused or GatewayUnknown."""
    try:
        yield
    except _UNDECIDED as error:
        logger.warning("gateway.undecided kind=%s", type(error).__name__)
        raise GatewayUnknown(str(error)) from error
    except stripe.StripeError as error:
        status = error.http_status or 0
        if 400 <= status < 500 and status != _CONFLICT:
            logger.info("gateway.refused code=%s", error.code)
            raise GatewayRefused(error.code or "invalid_request", str(error.user_message or error)) from error
        logger.warning("gateway.fault kind=%s status=%s", type(error).__name__, status)
        raise GatewayUnknown(str(error)) from error


class StripeGateway:
    def __init__(self, client: stripe.StripeClient) -> None:
        self.client = client

    def open_checkout(
        self,
        *,
        key: str,
        reference: str,
        lines: Sequence[CheckoutLine],
        email: str,
        success_url: str,
        cancel_url: str,
        expires_at: datetime,
    ) -> CheckoutSession:
        params: SessionCreateParams = {
            "mode": "payment",
            "ui_mode": "hosted_page",
            "line_items": [
                {
                    "quantity": 1,
                    "price_data": {
                        "currency": line.price.currency.lower(),
                        "unit_amount": line.price.amount_minor,
                        "tax_behavior": "inclusive",
                        "product_data": {
                            "name": line.name,
                            "tax_code": _E_BOOK_TAX_CODE,
                            "metadata": {"reference": line.reference},
                        },
                    },
                }
                for line in lines
            ],
            "client_reference_id": reference,
            "metadata": {"reference": reference},
            "customer_email": email,
            "billing_address_collection": "required",
            "success_url": success_url,
            "cancel_url": cancel_url,
            "expires_at": int(expires_at.timestamp()),
            "payment_intent_data": {"transfer_group": reference, "metadata": {"reference": reference}},
        }
        with _outcomes():
            session = self.client.v1.checkout.sessions.create(params, {"idempotency_key": key})
        return _session(session)

    def fetch_checkout(self, *, session_id: str) -> CheckoutSession:
        with _outcomes():
            session = self.client.v1.checkout.sessions.retrieve(session_id, {"expand": _SESSION_EXPAND})
        return _session(session)

    def expire_checkout(self, *, key: str, session_id: str) -> None:
        with _outcomes():
            self.client.v1.checkout.sessions.expire(session_id, {}, {"idempotency_key": key})

    def fetch_payment(self, *, payment_id: str) -> PaymentDetails:
        with _outcomes():
            intent = self.client.v1.payment_intents.retrieve(
                payment_id, {"expand": ["latest_charge.balance_transaction"]}
            )
        charge = cast("stripe.Charge | None", intent.latest_charge)
        return PaymentDetails(
            payment_id=intent.id,
            charge_id=charge.id if charge else "",
            amount=_money(intent.amount_received, intent.currency),
            succeeded=intent.status == "succeeded",
            processor_fee=_fee(charge),
            card_country=_card_country(charge),
        )

    def refund(self, *, key: str, payment_id: str, amount: Money) -> RefundResult:
        params: RefundCreateParams = {
            "payment_intent": payment_id,
            "amount": amount.amount_minor,
            "reason": "requested_by_customer",
            "metadata": {"reference": _reference(key)},
        }
        with _outcomes():
            refund = self.client.v1.refunds.create(params, {"idempotency_key": key})
        return RefundResult(refund.id, _refund_status(refund.status))

    def find_refund(self, *, key: str, payment_id: str) -> RefundResult | None:
        """The refund asked for under the key, as it stands now: a repeated request would repeat the first answer."""
        with _outcomes():
            listing = self.client.v1.refunds.list({"payment_intent": payment_id, "limit": 100})
            for refund in listing.auto_paging_iter():
                # One made in the provider's own pages carries no reference of ours.
                known = refund.metadata.to_dict() if refund.metadata else {}
                if known.get("reference") == _reference(key):
                    return RefundResult(refund.id, _refund_status(refund.status))
        return None

    def open_account(self, *, key: str, reference: str, email: str, country: str) -> ProviderAccount:
        params: AccountCreateParams = {
            "contact_email": email,
            "dashboard": "express",
            "identity": {"country": country},
            "configuration": {
                "recipient": {"capabilities": {"stripe_balance": {"stripe_transfers": {"requested": True}}}}
            },
            "defaults": {"responsibilities": {"fees_collector": "application", "losses_collector": "application"}},
            "metadata": {"reference": reference},
            "include": ["configuration.recipient", "identity"],
        }
        with _outcomes():
            account = self.client.v2.core.accounts.create(params, {"idempotency_key": key})
        return _account(account)

    def fetch_account(self, *, account_id: str) -> ProviderAccount:
        with _outcomes():
            account = self.client.v2.core.accounts.retrieve(
                account_id, {"include": ["configuration.recipient", "identity"]}
            )
        return _account(account)

    def onboarding_url(self, *, account_id: str, return_url: str, refresh_url: str) -> str:
        with _outcomes():
            link = self.client.v2.core.account_links.create(
                {
                    "account": account_id,
                    "use_case": {
                        "type": "account_onboarding",
                        "account_onboarding": {
                            "refresh_url": refresh_url,
                            "return_url": return_url,
                        },
                    },
                }
            )
        return link.url

    def transfer(self, *, key: str, account_id: str, amount: Money, group: str) -> TransferResult:
        params: TransferCreateParams = {
            "amount": amount.amount_minor,
            "currency": amount.currency.lower(),
            "destination": account_id,
            "transfer_group": group,
        }
        with _outcomes():
            transfer = self.client.v1.transfers.create(params, {"idempotency_key": key})
        return TransferResult(transfer.id)

    def find_transfer(self, *, group: str) -> TransferResult | None:
        with _outcomes():
            found = self.client.v1.transfers.list({"transfer_group": group, "limit": 1}).data
        return TransferResult(found[0].id) if found else None

    def balance_changes(self, *, since: datetime, until: datetime) -> Iterator[BalanceChange]:
        params: BalanceTransactionListParams = {
            "created": {"gte": int(since.timestamp()), "lt": int(until.timestamp())},
            "limit": 100,
        }
        with _outcomes():
            listing = self.client.v1.balance_transactions.list(params)
            for row in listing.auto_paging_iter():
                yield BalanceChange(
                    change_id=row.id,
                    kind=row.type,
                    source_id=str(row.source or ""),
                    amount=_money(row.amount, row.currency),
                    fee=_money(row.fee, row.currency),
                    at=datetime.fromtimestamp(row.created, UTC),
                )


def _reference(key: str) -> str:
    """Our public id at the end of a key such as `refund:rfd_…`."""
    return key.rpartition(":")[2]


def _money(amount_minor: int, currency: str) -> Money:
    return Money(amount_minor, currency.upper())


def _session(session: stripe.checkout.Session) -> CheckoutSession:
    intent = session.payment_intent
    details = session.customer_details
    address = details.address if details else None
    return CheckoutSession(
        session_id=session.id,
        url=session.url or "",
        status=session.status or "",
        payment_status=session.payment_status,
        reference=session.client_reference_id or "",
        total=_money(session.amount_total or 0, session.currency or ""),
        payment_id=(intent if isinstance(intent, str) else intent.id) if intent else "",
        billing_country=(address.country or "") if address else "",
        card_country=_card_country(cast("Any", intent).latest_charge) if intent and not isinstance(intent, str) else "",
    )


def _card_country(charge: Any) -> str:
    if not charge or isinstance(charge, str) or not charge.payment_method_details:
        return ""
    method = charge.payment_method_details
    details = getattr(method, method.type, None)
    return (getattr(details, "country", None) or "") if details else ""


def _fee(charge: stripe.Charge | None) -> Money | None:
    """The provider's cut, in the currency of our balance, once the balance transaction is known."""
    row = charge.balance_transaction if charge else None
    return _money(row.fee, row.currency) if row and not isinstance(row, str) else None


def _refund_status(status: str | None) -> str:
    if status in {"succeeded", "failed"}:
        return status
    return "failed" if status == "canceled" else "pending"


def _account(account: Any) -> ProviderAccount:
    recipient = account.configuration.recipient if account.configuration else None
    transfers = recipient.capabilities.stripe_balance.stripe_transfers if recipient else None
    return ProviderAccount(
        account_id=account.id,
        is_ready=transfers is not None and transfers.status == "active",
        country=(account.identity.country or "") if account.identity else "",
        masked_bank="",  # v2 accounts do not show where their balance is paid out to
    )
