"""`manage.py check_provider`, over the sandbox and over a sandbox that is set up wrongly."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import call_command

from payments.models import FaultKind
from payments.stripe.configuration import API_VERSION, secrets_of
from payments.stripe.sandbox import faults, platform

pytestmark = pytest.mark.django_db(transaction=True)


def run():
    """Exit code and lines."""
    out = StringIO()
    try:
        call_command("check_provider", stdout=out)
    except SystemExit as stopped:
        return stopped.code, out.getvalue().splitlines()
    return 0, out.getvalue().splitlines()


def wrong():
    code, lines = run()
    assert code == 1
    return [line.removeprefix("WRONG  ") for line in lines if line.startswith("WRONG")]


@pytest.fixture
def change(monkeypatch):
    """Replace fields of what the provider tells about its addresses."""

    def changer(number, kind="list_webhook_endpoints", **fields):
        tell = getattr(platform, kind)

        def told(params):
            listing = tell(params)
            listing["data"][number] |= fields
            return listing

        from payments.stripe.sandbox import routes

        monkeypatch.setattr(
            routes, "_ROUTES", [(m, p, told if resource is tell else resource) for m, p, resource in routes._ROUTES]
        )

    return changer


def test_everything_is_as_it_has_to_be():
    code, lines = run()
    assert (code, lines[-1]) == (0, "The provider is set up.")
    assert any(line.endswith(API_VERSION) for line in lines)
    assert "ok     mode                  test: no real money moves" in lines
    assert "ok     thin events           http://testserver/payments/webhooks/thin/" in lines


def test_shows_no_secret():
    _, lines = run()
    text = "\n".join(lines)
    for secret in (*secrets_of("platform"), *secrets_of("thin"), "sk_test"):
        assert secret not in text


def test_an_address_elsewhere(change):
    change(0, url="https://old.example/payments/webhooks/platform/")
    (line,) = wrong()
    assert "nothing is sent to http://testserver/payments/webhooks/platform/" in line


def test_missing_events(change):
    change(0, enabled_events=["checkout.session.completed"])
    (line,) = wrong()
    assert line.startswith("platform events")
    assert "charge.dispute.created" in line
    assert "checkout.session.completed" not in line


def test_every_event_is_enough(change):
    change(0, enabled_events=["*"])
    assert run()[0] == 0


def test_another_version(change):
    change(1, api_version="2024-06-20")
    (line,) = wrong()
    assert line == f"connect events        sends version 2024-06-20 instead of {API_VERSION}"


@pytest.mark.parametrize(("number", "application"), [(0, "ca_1"), (1, None)])
def test_platform_and_connect_mixed_up(change, number, application):
    change(number, application=application)
    (line,) = wrong()
    assert "must be for" in line


def test_switched_off(change):
    change(0, "list_event_destinations", status="disabled")
    assert wrong() == ["thin events           switched off"]


def test_a_live_key_that_answers_with_test_data(settings, monkeypatch):
    monkeypatch.setattr("payments.stripe.setup_check.is_live", lambda: True)
    assert wrong() == ["mode                  test: no real money moves"]


def test_no_secret_here(monkeypatch):
    monkeypatch.setattr(
        "payments.stripe.setup_check.secrets_of", lambda endpoint: [] if endpoint == "connect" else ["s"]
    )
    assert wrong() == ["connect secret        no: not set here"]


def test_connect_is_not_enabled():
    faults.arm(FaultKind.RATE_LIMITED, "/v2/core/accounts")
    (line,) = wrong()
    assert line.startswith("Connect               RateLimitError")
