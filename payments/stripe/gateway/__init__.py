"""`payments.gateway.Gateway` over the Stripe client: maps our terms to Stripe's, its objects to our results, and its
errors to the outcomes."""

from __future__ import annotations

from payments.stripe.gateway.accounts import AccountCalls
from payments.stripe.gateway.balance import BalanceCalls
from payments.stripe.gateway.checkout import CheckoutCalls
from payments.stripe.gateway.customers import CustomerCalls
from payments.stripe.gateway.disputes import DisputeCalls
from payments.stripe.gateway.refunds import RefundCalls
from payments.stripe.gateway.transfers import TransferCalls


class StripeGateway(CheckoutCalls, CustomerCalls, RefundCalls, TransferCalls, DisputeCalls, AccountCalls, BalanceCalls):
    """Everything the rest of Octavo needs from the provider."""
