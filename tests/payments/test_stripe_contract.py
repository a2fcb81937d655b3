from __future__ import annotations

import pytest
from stripe._api_version import _ApiVersion

from payments.stripe import contract
from payments.stripe.client import stripe_client
from payments.stripe.configuration import API_VERSION
from payments.stripe.contract import ContractBroken


class TestCheck:
    def test_reads_the_whole_sdk(self):
        assert contract.operations() > 600

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
            contract.check("post", path, params)

    def test_holds_json_bodies_of_v2_against_their_types(self):
        body = {"account": "acct_1", "use_case": {"type": "account_onboarding", "account_onboarding": {}}}
        with pytest.raises(ContractBroken, match="refresh_url is missing"):
            contract.check("post", "/v2/core/account_links", body, is_json=True)

    def test_lets_a_correct_request_pass(self):
        contract.check("post", "/v1/refunds", {"payment_intent": "pi_1", "amount": "499", "metadata": {"a": "b"}})


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
