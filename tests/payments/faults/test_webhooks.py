"""W1 to W15 and T12 of the list of faults: what can be wrong with an event, and what it may never do."""

from __future__ import annotations

import itertools
import json
from datetime import timedelta

import pytest
from django.db import OperationalError, connections

from common import clock
from payments import services as payment_services
from payments.models import EventState, ProviderEvent
from payments.registry import NotYetKnown
from payments.stripe.configuration import secrets_of
from tests.payments.webhooks import COMPLETED, snapshot, thin

pytestmark = pytest.mark.django_db


@pytest.fixture
def calls(handlers):
    """Ids of the objects that the handler was called about."""
    calls = []
    handlers[COMPLETED] = [lambda notice: calls.append(notice.object_id)]
    return calls


def process(event_id="evt_1"):
    return payment_services.process_event(event_id=event_id)


def make_due():
    ProviderEvent.objects.update(next_attempt_at=clock.real_now())


def test_w01_same_event_ten_times(post, calls):
    body = snapshot()
    for _ in range(10):
        assert post(body) == 200
        assert process() == EventState.PROCESSED
    assert ProviderEvent.objects.count() == 1
    assert calls == ["cs_1"]


def test_w02_any_order(post, handlers):
    types = (COMPLETED, "refund.created", "charge.dispute.created", "charge.refunded")
    for number, order in enumerate(itertools.permutations(types)):
        seen = set()
        for event_type in types:
            handlers[event_type] = [lambda notice, seen=seen: seen.add(notice.event_type)]
        for event_type in order:
            post(snapshot(f"evt_{number}_{event_type}", event_type=event_type))
            process(f"evt_{number}_{event_type}")
        assert seen == set(types)


def test_w03_three_days_late(post, calls):
    """Signed anew at each attempt; only what it tells is old."""
    three_days_ago = clock.real_now() - timedelta(days=3)
    assert post(snapshot(created=int(three_days_ago.timestamp()))) == 200
    assert process() == EventState.PROCESSED
    assert calls == ["cs_1"]
    assert abs(ProviderEvent.objects.get().occurred_at - three_days_ago) < timedelta(seconds=2)


def test_w04_forged(post):
    assert post(snapshot(), secret="whsec_guess") == 400
    assert post(snapshot(), secret=secrets_of("thin")[0]) == 400
    for header in (None, "", "t=1", "v1=abc", "t=x,v1=abc", "nonsense", "t=1,v1=", "t=1,v0=abc"):
        assert post.raw(json.dumps(snapshot()), header) == 400
    assert not ProviderEvent.objects.exists()


def test_w05_altered(post):
    altered = json.dumps(snapshot()).replace("ord_1", "ord_2")
    assert post(snapshot(), sent=altered) == 400
    assert post(snapshot(), sent=json.dumps(snapshot()) + " ") == 400
    assert not ProviderEvent.objects.exists()


def test_w06_old(post):
    """A true event that somebody recorded and plays again."""
    assert post(snapshot(), at=clock.real_now() - timedelta(minutes=6)) == 400
    assert not ProviderEvent.objects.exists()
    assert post(snapshot(), at=clock.real_now() - timedelta(minutes=4)) == 200


def test_w07_from_the_future(post):
    assert post(snapshot(), at=clock.real_now() + timedelta(minutes=6)) == 400
    assert not ProviderEvent.objects.exists()
    assert post(snapshot(), at=clock.real_now() + timedelta(seconds=20)) == 200


def test_w08_thin_body_on_the_snapshot_url(post):
    assert post(thin(), endpoint="platform") == 400
    assert post(thin(), endpoint="connect") == 400
    assert post(snapshot(), endpoint="thin") == 400
    assert not ProviderEvent.objects.exists()


def test_w09_rotating_secrets(post, settings):
    settings.STRIPE_WEBHOOK_SECRET = "whsec_old, whsec_new"
    assert post(snapshot("evt_1"), secret="whsec_old") == 200
    assert post(snapshot("evt_2"), secret="whsec_new") == 200
    settings.STRIPE_WEBHOOK_SECRET = "whsec_new"
    assert post(snapshot("evt_3"), secret="whsec_old") == 400


def test_w10_unknown_object(post, handlers):
    """Parked, not lost and not counted as done, until the object is known."""
    known = []

    def handler(notice):
        if not known:
            raise NotYetKnown(notice.object_id)

    handlers[COMPLETED] = [handler]
    assert post(snapshot()) == 200
    assert process() == EventState.PARKED
    assert process() == EventState.PARKED  # not before its time
    assert ProviderEvent.objects.get().attempts == 1
    known.append(True)
    make_due()
    assert process() == EventState.PROCESSED


def test_w11_livemode_mismatch(post, settings):
    assert post(snapshot(livemode=True)) == 400
    assert post(snapshot(livemode=None)) == 400
    assert post(snapshot(livemode="false")) == 400
    settings.PAYMENTS_SANDBOX, settings.STRIPE_SECRET_KEY = False, "sk_live_x"
    settings.STRIPE_WEBHOOK_SECRET = "whsec_live"
    assert post(snapshot()) == 400
    assert not ProviderEvent.objects.exists()
    assert post(snapshot(livemode=True)) == 200


def test_w12_wrong_account(post):
    """Events of connected accounts and our own have an address each, and neither passes at the other's."""
    assert post(snapshot(account="acct_1")) == 400
    assert post(snapshot(), endpoint="connect") == 400
    assert not ProviderEvent.objects.exists()
    assert post(snapshot(account="acct_1"), endpoint="connect") == 200
    assert ProviderEvent.objects.get().account_id == "acct_1"


def test_w13_other_api_version(post, calls):
    """Stored and processed: handlers fetch the object in our own version."""
    assert post(snapshot(api_version="2024-06-20")) == 200
    assert ProviderEvent.objects.get().api_version == "2024-06-20"
    assert process() == EventState.PROCESSED
    assert calls == ["cs_1"]


def test_w14_oversized(post):
    assert post(snapshot(filler="x" * 300_000)) == 413
    assert post(snapshot(filler="x" * 3_000_000)) == 413
    assert not ProviderEvent.objects.exists()


def test_w15_handler_crash_after_insert(post, handlers, django_capture_on_commit_callbacks):
    outcomes = iter([RuntimeError("half-way"), None])

    def handler(notice):
        outcome = next(outcomes)
        if outcome:
            raise outcome

    handlers[COMPLETED] = [handler]
    assert post(snapshot()) == 200
    assert process() == EventState.PENDING
    assert "half-way" in ProviderEvent.objects.get().last_error
    make_due()
    with django_capture_on_commit_callbacks(execute=True):
        payment_services.retry_stuck()
    assert ProviderEvent.objects.get().state == EventState.PROCESSED


def test_w15_worker_killed_in_the_handler(post, calls, django_capture_on_commit_callbacks):
    """Nothing is noted by a process that is gone: its claim runs out, and the sweeper gives the event to another."""
    assert post(snapshot()) == 200
    ProviderEvent.objects.update(attempts=1, next_attempt_at=clock.real_now() + timedelta(seconds=60))
    assert process() == EventState.PENDING  # still somebody else's
    assert calls == []
    make_due()
    with django_capture_on_commit_callbacks(execute=True):
        payment_services.retry_stuck()
    assert calls == ["cs_1"]


def test_t12_database_gone_during_a_webhook(post, monkeypatch):
    """Not 2xx, or the provider would take the event for stored; and it comes again when the database is back."""

    def gone(*args, **kwargs):
        raise OperationalError("server closed the connection unexpectedly")

    with monkeypatch.context() as patch:
        patch.setattr(connections["default"], "cursor", gone)
        assert post(snapshot()) == 503
    assert not ProviderEvent.objects.exists()
    assert post(snapshot()) == 200
