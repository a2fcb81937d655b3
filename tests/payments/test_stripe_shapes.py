"""The sandbox's answers beside Stripe's own example objects: the same fields, but for those left out on purpose."""

from __future__ import annotations

import json

import pytest

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
