"""The webhook addresses and the inbox behind them; tests/payments/faults has everything that can be wrong."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from common import clock
from payments import services as payment_services
from payments.models import EventState, ProviderEvent
from payments.stripe.configuration import ENDPOINTS, secrets_of
from tests.payments.webhooks import COMPLETED, snapshot, thin

pytestmark = pytest.mark.django_db


class TestWebhook:
    def test_refuses_signed_nonsense(self, post):
        without_object = snapshot(data=None)
        bodies = [[], "text", 5, {}, {"id": 7}, {"id": "evt_1"}, without_object, snapshot(created="soon")]
        assert {post(body) for body in bodies} == {400}

    def test_refuses_thin_nonsense(self, post):
        bodies = [thin() | {"created": "soon"}, thin() | {"created": 5}, thin() | {"related_object": "acct_1"}]
        assert {post(body, endpoint="thin") for body in bodies} == {400}

    @pytest.mark.parametrize("guess", ["whsec_embedded_sandbox", "whsec_embedded_sandbox_connect", ""])
    def test_the_simulated_providers_secret_is_this_installations_own(self, post, settings, guess):
        assert post(snapshot(), secret=guess or "whsec_guess") == 400
        settings.SECRET_KEY = "another installation's"
        of_another = secrets_of("platform")[0]
        settings.SECRET_KEY = "ours"
        assert post(snapshot(), secret=of_another) == 400
        assert post(snapshot(), secret=secrets_of("platform")[0]) == 200

    def test_each_address_of_the_simulated_provider_has_its_own(self):
        assert len({secrets_of(endpoint)[0] for endpoint in ENDPOINTS}) == len(ENDPOINTS)

    def test_refuses_everything_without_a_secret(self, post, settings):
        settings.PAYMENTS_SANDBOX = False
        settings.STRIPE_WEBHOOK_SECRET = ""
        assert post(snapshot(), secret="whsec_any") == 400

    def test_other_methods_and_addresses(self, client):
        assert client.get("/payments/webhooks/platform/").status_code == 405
        assert client.post("/payments/webhooks/other/").status_code == 404

    def test_keeps_no_details_of_the_buyer(self, post):
        post(snapshot())
        event = ProviderEvent.objects.get()
        assert (event.object_id, event.reference) == ("cs_1", "ord_1")
        assert "example.org" not in json.dumps(event.data)

    def test_a_thin_event_keeps_what_it_is_about(self, post):
        assert post(thin(), endpoint="thin") == 200
        assert ProviderEvent.objects.get().object_id == "acct_1"


class TestProcessing:
    def test_nobody_listens(self, post, handlers):
        post(snapshot())
        assert payment_services.process_event(event_id="evt_1") == EventState.PROCESSED

    def test_the_notice_names_object_reference_and_account(self, post, handlers):
        notices = []
        handlers[COMPLETED] = [notices.append]
        post(snapshot(account="acct_1"), endpoint="connect")
        payment_services.process_event(event_id="evt_1")
        (notice,) = notices
        assert (notice.object_id, notice.reference, notice.account_id) == ("cs_1", "ord_1", "acct_1")

    def test_gives_up_at_last_and_says_so(self, post, handlers):
        def handler(notice):
            raise RuntimeError("always")

        handlers[COMPLETED] = [handler]
        post(snapshot())
        ProviderEvent.objects.update(attempts=79)
        assert payment_services.process_event(event_id="evt_1") == EventState.GIVEN_UP
        assert not ProviderEvent.objects.due(clock.real_now() + timedelta(days=9)).exists()
