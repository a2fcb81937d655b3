"""The webhook addresses: what is refused, what is stored, and how often it has an effect."""

from __future__ import annotations

import itertools
import json
from datetime import timedelta

import pytest
from django.db import OperationalError
from stripe import WebhookSignature

from common import clock
from payments import services as payment_services
from payments.models import EventState, ProviderEvent
from payments.registry import NotYetKnown
from payments.stripe.configuration import API_VERSION, secrets_of

pytestmark = pytest.mark.django_db


def snapshot(event_id="evt_1", *, event_type="checkout.session.completed", **changes):
    found = {"id": "cs_1", "object": "checkout.session", "client_reference_id": "ord_1", "payment_status": "paid"}
    body = {
        "id": event_id,
        "object": "event",
        "api_version": API_VERSION,
        "created": int(clock.real_now().timestamp()),
        "livemode": False,
        "type": event_type,
        "data": {"object": found | {"customer_details": {"email": "reader@example.org"}}},
    }
    return body | changes


def thin(event_id="evt_test_1"):
    return {
        "id": event_id,
        "object": "v2.core.event",
        "type": "v2.core.account[configuration.recipient].capability_status_updated",
        "created": "2026-11-25T00:00:00.000Z",
        "livemode": False,
        "related_object": {"id": "acct_1", "type": "v2.core.account", "url": "/v2/core/accounts/acct_1"},
    }


@pytest.fixture
def post(client):
    def poster(body, *, endpoint="platform", secret="", at=None, sent=None):
        text = json.dumps(body)
        at = int((at or clock.real_now()).timestamp())
        signature = WebhookSignature.generate_signature_header(text, secret or secrets_of(endpoint)[0], at)
        return client.post(
            f"/payments/webhooks/{endpoint}/",
            sent or text,
            "application/json",
            headers={"Stripe-Signature": signature},
        )

    return poster


class TestRefusals:
    def test_w4_forged(self, post):
        assert post(snapshot(), secret="whsec_guess").status_code == 400
        assert not ProviderEvent.objects.exists()

    def test_w4_unsigned(self, client):
        answer = client.post("/payments/webhooks/platform/", json.dumps(snapshot()), "application/json")
        assert answer.status_code == 400

    @pytest.mark.parametrize("header", ["t=1", "v1=abc", "t=x,v1=abc", "nonsense", "t=1,v1="])
    def test_w4_malformed_signatures(self, client, header):
        answer = client.post(
            "/payments/webhooks/platform/",
            json.dumps(snapshot()),
            "application/json",
            headers={"Stripe-Signature": header},
        )
        assert answer.status_code == 400

    def test_w5_altered(self, post):
        altered = json.dumps(snapshot()).replace("ord_1", "ord_2")
        assert post(snapshot(), sent=altered).status_code == 400

    def test_w6_old(self, post):
        assert post(snapshot(), at=clock.real_now() - timedelta(minutes=6)).status_code == 400

    def test_w7_from_the_future(self, post):
        assert post(snapshot(), at=clock.real_now() + timedelta(minutes=6)).status_code == 400
        assert not ProviderEvent.objects.exists()

    def test_w8_thin_body_on_the_snapshot_address(self, post):
        assert post(thin(), endpoint="platform").status_code == 400

    def test_w8_snapshot_body_on_the_thin_address(self, post):
        assert post(snapshot(), endpoint="thin").status_code == 400

    def test_w11_livemode_mismatch(self, post):
        assert post(snapshot(livemode=True)).status_code == 400
        assert post(snapshot() | {"livemode": None}).status_code == 400

    def test_w11_test_event_with_a_live_key(self, post, settings):
        settings.PAYMENTS_SANDBOX, settings.STRIPE_SECRET_KEY = False, "sk_live_x"
        assert post(snapshot()).status_code == 400
        assert post(snapshot(livemode=True)).status_code == 200

    def test_w12_event_of_a_connected_account_on_the_platform_address(self, post):
        assert post(snapshot(account="acct_1")).status_code == 400

    def test_w12_event_of_the_platform_on_the_connect_address(self, post):
        assert post(snapshot(), endpoint="connect").status_code == 400
        assert post(snapshot(account="acct_1"), endpoint="connect").status_code == 200

    def test_secret_of_another_address(self, post):
        assert post(snapshot(), secret=secrets_of("thin")[0]).status_code == 400

    def test_w14_oversized(self, post):
        assert post(snapshot(filler="x" * 300_000)).status_code == 413

    def test_w14_oversized_beyond_what_is_read(self, post):
        assert post(snapshot(filler="x" * 3_000_000)).status_code == 413

    @pytest.mark.parametrize("body", [[], "text", 5, {}, {"id": 7}, {"id": "evt_1"}])
    def test_signed_nonsense(self, post, body):
        assert post(body).status_code == 400

    def test_no_secret_set(self, post, settings):
        settings.STRIPE_WEBHOOK_SECRET = ""
        assert post(snapshot(), secret="whsec_any").status_code == 400

    def test_other_methods_and_addresses(self, client):
        assert client.get("/payments/webhooks/platform/").status_code == 405
        assert client.post("/payments/webhooks/other/").status_code == 404

    def test_t12_database_gone_is_not_2xx(self, post, client, monkeypatch):
        def gone(**kwargs):
            raise OperationalError("server closed the connection")

        monkeypatch.setattr(payment_services, "receive_event", gone)
        client.raise_request_exception = False
        assert post(snapshot()).status_code == 500


class TestStoring:
    def test_w1_the_same_event_ten_times_is_stored_once(self, post):
        body = snapshot()
        assert {post(body).status_code for _ in range(10)} == {200}
        assert ProviderEvent.objects.count() == 1

    def test_w9_either_secret_while_rotating(self, post, settings):
        settings.STRIPE_WEBHOOK_SECRET = "whsec_old, whsec_new"
        assert post(snapshot("evt_1"), secret="whsec_old").status_code == 200
        assert post(snapshot("evt_2"), secret="whsec_new").status_code == 200

    def test_w13_other_api_version_is_stored(self, post):
        assert post(snapshot(api_version="2024-06-20")).status_code == 200
        assert ProviderEvent.objects.get().api_version == "2024-06-20"

    def test_keeps_no_details_of_the_buyer(self, post):
        post(snapshot())
        event = ProviderEvent.objects.get()
        assert (event.object_id, event.reference) == ("cs_1", "ord_1")
        assert "example.org" not in json.dumps(event.data)

    def test_thin_event_keeps_what_it_is_about(self, post):
        assert post(thin(), endpoint="thin").status_code == 200
        assert ProviderEvent.objects.get().object_id == "acct_1"


class TestProcessing:
    @pytest.fixture
    def calls(self, handlers):
        calls = []
        handlers["checkout.session.completed"] = [lambda notice: calls.append(notice.object_id)]
        return calls

    def test_w1_processed_once_however_often_it_comes(self, post, calls):
        for _ in range(10):
            post(snapshot())
            payment_services.process_event(event_id="evt_1")
        assert calls == ["cs_1"]

    def test_w3_an_event_three_days_late_is_processed(self, post, calls):
        three_days_ago = int((clock.real_now() - timedelta(days=3)).timestamp())
        post(snapshot(created=three_days_ago))
        assert payment_services.process_event(event_id="evt_1") == EventState.PROCESSED
        assert calls == ["cs_1"]

    def test_nobody_listens(self, post, handlers):
        post(snapshot())
        assert payment_services.process_event(event_id="evt_1") == EventState.PROCESSED

    def test_w10_unknown_object_is_parked_and_tried_again(self, post, handlers):
        known = []

        def handler(notice):
            if not known:
                raise NotYetKnown(notice.object_id)

        handlers["checkout.session.completed"] = [handler]
        post(snapshot())
        assert payment_services.process_event(event_id="evt_1") == EventState.PARKED
        # Not before its time: ...
        assert payment_services.process_event(event_id="evt_1") == EventState.PARKED
        assert ProviderEvent.objects.get().attempts == 1
        known.append(True)
        ProviderEvent.objects.update(next_attempt_at=clock.real_now())
        assert payment_services.process_event(event_id="evt_1") == EventState.PROCESSED

    def test_w15_handler_crash_leaves_it_to_be_tried_again(self, post, handlers, django_capture_on_commit_callbacks):
        outcomes = iter([RuntimeError("half-way"), None])

        def handler(notice):
            outcome = next(outcomes)
            if outcome:
                raise outcome

        handlers["checkout.session.completed"] = [handler]
        post(snapshot())
        assert payment_services.process_event(event_id="evt_1") == EventState.PENDING
        assert "half-way" in ProviderEvent.objects.get().last_error
        ProviderEvent.objects.update(next_attempt_at=clock.real_now())
        with django_capture_on_commit_callbacks(execute=True):
            payment_services.sweep()
        assert ProviderEvent.objects.get().state == EventState.PROCESSED

    def test_gives_up_at_last_and_says_so(self, post, handlers):
        def handler(notice):
            raise RuntimeError("always")

        handlers["checkout.session.completed"] = [handler]
        post(snapshot())
        ProviderEvent.objects.update(attempts=79)
        assert payment_services.process_event(event_id="evt_1") == EventState.GIVEN_UP
        assert not ProviderEvent.objects.due(clock.real_now() + timedelta(days=9)).exists()

    def test_two_workers_run_the_handler_once(self, post, calls):
        post(snapshot())
        ProviderEvent.objects.update(next_attempt_at=clock.real_now() + timedelta(seconds=60), attempts=1)
        assert payment_services.process_event(event_id="evt_1") == EventState.PENDING
        assert calls == []

    def test_w2_any_order_runs_every_handler(self, post, handlers):
        types = ("checkout.session.completed", "refund.created", "charge.refunded")
        for number, order in enumerate(itertools.permutations(types)):
            seen = set()
            for event_type in types:
                handlers[event_type] = [lambda notice, seen=seen: seen.add(notice.event_type)]
            for event_type in order:
                event_id = f"evt_{number}_{event_type}"
                post(snapshot(event_id, event_type=event_type))
                payment_services.process_event(event_id=event_id)
            assert seen == set(types)
