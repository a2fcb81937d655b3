"""The sandbox's answers beside Stripe's own example objects: the same fields, but for those left out on purpose."""

from __future__ import annotations

import ast
import json
import typing
from pathlib import Path

import pytest
import stripe

from payments.models import SandboxEvent
from tests.conftest import SHARED
from tests.payments.test_stripe_contract import OPERATIONS, world  # noqa: F401 - a fixture

FIXTURES = SHARED / "oracles" / "stripe_fixtures3.json"

# The simulated page has no customers, invoices, shipping and no saved cards; accounts are v2's.
LEFT_OUT = {
    "checkout.session": {"managed_payments"},
    "payment_intent": {"managed_payments"},
    "charge": {"refunds"},
    "account": {"external_accounts", "future_requirements", "requirements", "tos_acceptance"},
    "balance": set(),
}
ASKED = {
    "checkout.session": "checkout.sessions.retrieve",
    "payment_intent": "payment_intents.retrieve",
    "charge": "charges.retrieve",
    "refund": "refunds.retrieve",
    "transfer": "transfers.retrieve",
    "transfer_reversal": "transfers.reversals.retrieve",
    "dispute": "disputes.retrieve",
    "file": "files.retrieve",
    "radar.early_fraud_warning": "radar.early_fraud_warnings.retrieve",
    "balance": "balance.retrieve",
    "balance_transaction": "balance_transactions.retrieve",
    "payout": "payouts.retrieve",
    "bank_account": "accounts.external_accounts.retrieve",
    "account": "accounts.retrieve_current",
    "event": "events.retrieve",
}
# Stripe's examples are of an older version than ours, or leave these out when they say nothing.
OURS_ONLY = {
    "refund": set(),
    "dispute": {"network_reason_code"},
    "radar.early_fraud_warning": {"payment_intent"},
    "bank_account": {"account", "available_payout_methods", "default_for_currency"},
}


@pytest.fixture(scope="module")
def examples():
    if not FIXTURES.is_file():
        pytest.skip("Stripe's example objects are not here")
    return json.loads(FIXTURES.read_text())["resources"]


@pytest.mark.parametrize("kind", ASKED)
def test_has_the_fields_of_stripe_s_example(examples, world, kind):  # noqa: F811
    answer = set(OPERATIONS[ASKED[kind]][1](world).to_dict())
    wanted = set(examples[kind])
    assert wanted - answer == LEFT_OUT.get(kind, set())
    assert answer - wanted == OURS_ONLY.get(kind, set())


def test_lines_of_a_page(examples, world):  # noqa: F811
    (line,) = OPERATIONS["checkout.sessions.line_items.list"][1](world).data
    assert set(examples["item"]) - set(line.to_dict()) == set()


def test_webhook_endpoints(examples, world):  # noqa: F811
    for endpoint in OPERATIONS["webhook_endpoints.list"][1](world).data:
        assert set(endpoint.to_dict()) == set(examples["webhook_endpoint"])


def test_evidence(examples, world):  # noqa: F811
    dispute = OPERATIONS["disputes.retrieve"][1](world).to_dict()
    for part in ("evidence", "evidence_details"):
        assert set(dispute[part]) == set(examples["dispute"][part])


def test_events_carry_whole_objects(examples, world):  # noqa: F811
    body = json.loads(SandboxEvent.objects.get(event_type="charge.dispute.created").body)
    assert set(examples["event"]) <= set(body)
    assert set(examples["dispute"]) <= set(body["data"]["object"])


# Stripe answers these too, though the SDK does not list them.
UNLISTED_CODES = {"insufficient_capabilities_for_transfer"}


def codes_in(source):
    """The code of every SandboxError that is raised there."""
    for node in ast.walk(ast.parse(source)):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and node.func.id in {"SandboxError", "invalid"}
        ):
            first = node.args[0]
            if isinstance(first, ast.Constant):
                yield first.value


def codes_of_the_sdk():
    hint = stripe.PaymentIntent.LastPaymentError.__annotations__["code"]
    return {code for option in typing.get_args(hint) for code in typing.get_args(option)}


def test_error_codes_are_stripe_s():
    from payments.stripe import sandbox

    used = {code for path in Path(sandbox.__path__[0]).glob("*.py") for code in codes_in(path.read_text())} - {""}
    assert len(used) > 10
    assert used - codes_of_the_sdk() == UNLISTED_CODES


class TestErrors:
    def ask(self, sdk, **params):
        with pytest.raises(stripe.StripeError) as refused:
            sdk.v1.refunds.create(params)
        return refused.value

    def test_a_refusal_names_type_code_and_parameter(self, db, sdk):
        error = self.ask(sdk, amount=1)
        assert isinstance(error, stripe.InvalidRequestError)
        assert error.json_body["error"] == {
            "type": "invalid_request_error",
            "code": "parameter_missing",
            "message": "One of charge or payment_intent must be provided.",
            "param": "payment_intent",
        }

    def test_what_is_not_there(self, db, sdk):
        error = self.ask(sdk, charge="ch_none")
        assert (error.http_status, error.code, error.param) == (404, "resource_missing", "id")
        with pytest.raises(stripe.InvalidRequestError) as refused:
            sdk.v2.core.accounts.retrieve("acct_none")
        assert (refused.value.http_status, refused.value.code) == (404, "not_found")

    def test_another_account_s_things_are_forbidden(self, db, sdk):
        with pytest.raises(stripe.PermissionError) as refused:
            sdk.v1.payouts.list({}, {"stripe_account": "acct_none"})
        assert refused.value.json_body["error"]["code"] == "account_invalid"
        assert refused.value.request_id.startswith("req_")
