from __future__ import annotations

import io
import json
from datetime import timedelta

import pytest
import stripe
from stripe._api_version import _ApiVersion

from common import clock
from common.money import Money
from payments import sandbox_events
from payments.gateway import CheckoutLine
from payments.models import SandboxEvent, SandboxObject
from payments.stripe import schema_check
from payments.stripe.client import stripe_client
from payments.stripe.configuration import API_VERSION
from payments.stripe.sandbox import payment_page
from payments.stripe.sandbox.cards import CARDS
from payments.stripe.schema_check import ContractBroken


class TestCheck:
    def test_reads_the_whole_sdk(self):
        assert schema_check.operations() > 600

    @pytest.mark.parametrize(
        ("path", "params", "complaint"),
        [
            ("/v1/refunds", {"payment": "pi_1"}, "payment is not a parameter"),
            ("/v1/refunds", {"payment_intent": "pi_1", "amount": "4.99"}, "amount must be"),
            ("/v1/transfers", {"amount": "5", "currency": "usd"}, "destination is missing"),
            ("/v1/checkout/sessions", {"line_items": "book"}, "line_items must be"),
            ("/v1/checkout/sessions", {"line_items": [{"quantiy": "1"}]}, "quantiy is not a parameter"),
            ("/v1/books", {}, "knows no such operation"),
        ],
    )
    def test_refuses(self, path, params, complaint):
        with pytest.raises(ContractBroken, match=complaint):
            schema_check.check("post", path, params)

    def test_holds_json_bodies_of_v2_against_their_types(self):
        body = {"account": "acct_1", "use_case": {"type": "account_onboarding", "account_onboarding": {}}}
        with pytest.raises(ContractBroken, match="refresh_url is missing"):
            schema_check.check("post", "/v2/core/account_links", body, is_json=True)

    def test_lets_a_correct_request_pass(self):
        schema_check.check("post", "/v1/refunds", {"payment_intent": "pi_1", "amount": "499", "metadata": {"a": "b"}})


class TestClient:
    def test_the_installed_sdk_speaks_our_version(self):
        assert _ApiVersion.CURRENT == API_VERSION

    def test_retries_and_times_out(self, settings):
        settings.PAYMENTS_SANDBOX = False
        settings.STRIPE_SECRET_KEY = "sk_test_x"
        requestor = stripe_client()._requestor
        assert requestor._options.max_network_retries == 2
        assert requestor._client._timeout == (5, 20)
        assert requestor._options.stripe_version == API_VERSION


def make_customer(gateway):
    """A buyer who let the payment page keep the card; the provider's id."""
    session = gateway.open_checkout(
        key="checkout:ord_9:saved",
        reference="ord_9",
        lines=[CheckoutLine("A Book", Money(499, "USD"), "lin_9")],
        email="reader@example.org",
        success_url="http://testserver/orders/ord_9/",
        cancel_url="http://testserver/cart/",
        expires_at=clock.now() + timedelta(hours=1),
        may_save=True,
    )
    payment_page.pay(session_id=session.session_id, card=CARDS["us"], country="US", is_saved=True)
    return gateway.fetch_checkout(session_id=session.session_id).customer_id


class World:
    """One of everything, to ask the provider about."""

    def __init__(self, gateway, sdk, paid_payment, account_id):
        self.sdk, self.account_id = sdk, account_id
        self.payment_id = paid_payment(amount_minor=10_000)
        self.charge_id = gateway.fetch_payment(payment_id=self.payment_id).charge_id
        self.session_id = SandboxObject.objects.get(kind="checkout.session").object_id
        self.refund_id = sandbox_events.refund_in_dashboard(charge_id=self.charge_id, amount_minor=100)
        transfer = {"amount": 500, "currency": "usd", "destination": account_id, "transfer_group": "pot_1"}
        self.transfer_id = sdk.v1.transfers.create(transfer).id
        self.reversal_id = sdk.v1.transfers.reversals.create(self.transfer_id, {"amount": 100}).id
        sandbox_events.pay_out_accounts()
        self.payout_id = SandboxObject.objects.get(kind="payout").object_id
        self.warning_id = sandbox_events.warn_of_fraud(charge_id=self.charge_id)
        self.dispute_id = sandbox_events.open_dispute(charge_id=self.charge_id, is_inquiry=True)
        self.file_id = sdk.v1.files.create({"purpose": "dispute_evidence", "file": pdf()}).id
        self.change_id = sdk.v1.balance_transactions.list({"limit": 1}).data[0].id
        self.bank_id = SandboxObject.objects.get(kind="bank_account").object_id
        self.customer_id = make_customer(gateway)
        self.event_id = SandboxEvent.objects.filter(endpoint="platform").first().event_id
        self.thin_event_id = SandboxEvent.objects.filter(endpoint="thin").first().event_id


def pdf():
    file = io.BytesIO(b"%PDF-1.7")
    file.name = "log.pdf"
    return file


ONBOARDING = {"type": "account_onboarding", "account_onboarding": {"refresh_url": "http://testserver/again/"}}
RECIPIENT = {"capabilities": {"stripe_balance": {"stripe_transfers": {"requested": True}}}}

# Every operation the sandbox answers, asked as the SDK's own services ask, and the object that comes back.
OPERATIONS = {
    "checkout.sessions.list": ("list", lambda w: w.sdk.v1.checkout.sessions.list({"payment_intent": w.payment_id})),
    "checkout.sessions.retrieve": ("checkout.session", lambda w: w.sdk.v1.checkout.sessions.retrieve(w.session_id)),
    "checkout.sessions.line_items.list": ("list", lambda w: w.sdk.v1.checkout.sessions.line_items.list(w.session_id)),
    "customers.payment_methods.list": (
        "list",
        lambda w: w.sdk.v1.customers.payment_methods.list(w.customer_id, {"allow_redisplay": "always"}),
    ),
    "customers.delete": ("customer", lambda w: w.sdk.v1.customers.delete(w.customer_id)),
    "payment_method_configurations.list": ("list", lambda w: w.sdk.v1.payment_method_configurations.list({"limit": 9})),
    "payment_intents.retrieve": ("payment_intent", lambda w: w.sdk.v1.payment_intents.retrieve(w.payment_id)),
    "charges.list": ("list", lambda w: w.sdk.v1.charges.list({"payment_intent": w.payment_id})),
    "charges.retrieve": ("charge", lambda w: w.sdk.v1.charges.retrieve(w.charge_id)),
    "refunds.create": ("refund", lambda w: w.sdk.v1.refunds.create({"charge": w.charge_id, "amount": 1})),
    "refunds.list": ("list", lambda w: w.sdk.v1.refunds.list({"charge": w.charge_id})),
    "refunds.retrieve": ("refund", lambda w: w.sdk.v1.refunds.retrieve(w.refund_id)),
    "refunds.update": ("refund", lambda w: w.sdk.v1.refunds.update(w.refund_id, {"metadata": {"reference": "rfd_1"}})),
    "transfers.list": ("list", lambda w: w.sdk.v1.transfers.list({"destination": w.account_id})),
    "transfers.retrieve": ("transfer", lambda w: w.sdk.v1.transfers.retrieve(w.transfer_id)),
    "transfers.update": ("transfer", lambda w: w.sdk.v1.transfers.update(w.transfer_id, {"description": "November"})),
    "transfers.reversals.list": ("list", lambda w: w.sdk.v1.transfers.reversals.list(w.transfer_id)),
    "transfers.reversals.retrieve": (
        "transfer_reversal",
        lambda w: w.sdk.v1.transfers.reversals.retrieve(w.transfer_id, w.reversal_id),
    ),
    "disputes.list": ("list", lambda w: w.sdk.v1.disputes.list({"payment_intent": w.payment_id})),
    "disputes.retrieve": ("dispute", lambda w: w.sdk.v1.disputes.retrieve(w.dispute_id)),
    "disputes.update": (
        "dispute",
        lambda w: w.sdk.v1.disputes.update(w.dispute_id, {"evidence": {"receipt": w.file_id}, "submit": False}),
    ),
    "disputes.close": ("dispute", lambda w: w.sdk.v1.disputes.close(w.dispute_id)),
    "files.create": ("file", lambda w: w.sdk.v1.files.create({"purpose": "dispute_evidence", "file": pdf()})),
    "files.retrieve": ("file", lambda w: w.sdk.v1.files.retrieve(w.file_id)),
    "radar.early_fraud_warnings.list": (
        "list",
        lambda w: w.sdk.v1.radar.early_fraud_warnings.list({"charge": w.charge_id}),
    ),
    "radar.early_fraud_warnings.retrieve": (
        "radar.early_fraud_warning",
        lambda w: w.sdk.v1.radar.early_fraud_warnings.retrieve(w.warning_id),
    ),
    "balance.retrieve": ("balance", lambda w: w.sdk.v1.balance.retrieve()),
    "balance.retrieve of an account": (
        "balance",
        lambda w: w.sdk.v1.balance.retrieve(options={"stripe_account": w.account_id}),
    ),
    "balance_transactions.list": ("list", lambda w: w.sdk.v1.balance_transactions.list({"type": "charge"})),
    "balance_transactions.retrieve": (
        "balance_transaction",
        lambda w: w.sdk.v1.balance_transactions.retrieve(w.change_id),
    ),
    "payouts.list": (
        "list",
        lambda w: w.sdk.v1.payouts.list({"status": "in_transit"}, {"stripe_account": w.account_id}),
    ),
    "payouts.retrieve": (
        "payout",
        lambda w: w.sdk.v1.payouts.retrieve(w.payout_id, options={"stripe_account": w.account_id}),
    ),
    "events.list": ("list", lambda w: w.sdk.v1.events.list({"type": "checkout.session.completed"})),
    "events.retrieve": ("event", lambda w: w.sdk.v1.events.retrieve(w.event_id)),
    "accounts.retrieve_current": ("account", lambda w: w.sdk.v1.accounts.retrieve_current()),
    "accounts.external_accounts.list": ("list", lambda w: w.sdk.v1.accounts.external_accounts.list(w.account_id)),
    "accounts.external_accounts.retrieve": (
        "bank_account",
        lambda w: w.sdk.v1.accounts.external_accounts.retrieve(w.account_id, w.bank_id),
    ),
    "webhook_endpoints.list": ("list", lambda w: w.sdk.v1.webhook_endpoints.list()),
    "v2.core.accounts.create": (
        "v2.core.account",
        lambda w: w.sdk.v2.core.accounts.create(
            {"identity": {"country": "US"}, "configuration": {"recipient": RECIPIENT}, "include": ["identity"]}
        ),
    ),
    "v2.core.accounts.list": ("", lambda w: w.sdk.v2.core.accounts.list({"limit": 1})),
    "v2.core.accounts.retrieve": ("v2.core.account", lambda w: w.sdk.v2.core.accounts.retrieve(w.account_id)),
    "v2.core.accounts.update": (
        "v2.core.account",
        lambda w: w.sdk.v2.core.accounts.update(w.account_id, {"display_name": "Ann Author"}),
    ),
    "v2.core.accounts.close": ("v2.core.account", lambda w: w.sdk.v2.core.accounts.close(w.account_id)),
    "v2.core.account_links.create": (
        "v2.core.account_link",
        lambda w: w.sdk.v2.core.account_links.create({"account": w.account_id, "use_case": ONBOARDING}),
    ),
    "v2.core.events.retrieve": ("v2.core.event", lambda w: w.sdk.v2.core.events.retrieve(w.thin_event_id)),
    "v2.core.event_destinations.list": ("", lambda w: w.sdk.v2.core.event_destinations.list()),
}


@pytest.fixture
def world(gateway, sdk, paid_payment, ready_account):
    return World(gateway, sdk, paid_payment, ready_account)


class TestOperations:
    @pytest.mark.parametrize("name", OPERATIONS)
    def test_the_sandbox_answers(self, world, name):
        kind, ask = OPERATIONS[name]
        answer = ask(world)
        if kind:
            assert answer.object == kind
        assert json.loads(str(answer))
        if kind == "list" or not kind:
            assert answer.data

    def test_are_held_against_the_sdk(self, world):
        """What the suite's transport saw while one of everything was made."""
        with pytest.raises(ContractBroken, match="chrge is not a parameter"):
            world.sdk.v1.disputes.list({"chrge": world.charge_id})
        with pytest.raises(ContractBroken, match="file is missing"):
            world.sdk.v1.files.create({"purpose": "dispute_evidence"})

    def test_what_is_not_an_account_s_own_is_not_asked_for_it(self, world):
        with pytest.raises(stripe.InvalidRequestError, match="Unrecognized request URL"):
            world.sdk.v1.charges.retrieve(world.charge_id, options={"stripe_account": world.account_id})
