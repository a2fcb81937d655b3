"""A shop whose page fails, with personal data wherever a request or an error can carry it. Run by test_telemetry.py."""

from __future__ import annotations

import os
import sys

import django


def ask() -> None:
    """Ask for a page that fails and for one that does not, and send what was noted."""
    django.setup()
    from django.test import Client
    from django.views.decorators.csrf import csrf_exempt

    from common import urls

    @csrf_exempt
    def fail(request: object) -> None:
        password = "-".join(("local", "secret"))
        raise ValueError(
            f"Key (email)=(ada@example.org) exists at /gifts/gift-secret/ {len(password)}\nDETAIL:  row-data"
        )

    next(route for route in urls.urlpatterns if route.name == "favicon").callback = fail
    client = Client(
        raise_request_exception=False,
        headers={
            "host": "localhost",
            "user-agent": "agent-secret",
            "referer": "http://localhost/gifts/referer-secret/",
        },
    )
    client.cookies["anything"] = "cookie-secret"
    response = client.post("/favicon.ico?q=query-secret", {"iban": "body-secret"}, REMOTE_ADDR="203.0.113.7")
    assert response.status_code == 500, response
    assert client.get("/apple-touch-icon.png?q=query-secret").status_code == 200
    _send()


def _send() -> None:
    if os.environ.get("SENTRY_DSN"):
        import sentry_sdk

        sentry_sdk.flush(20)
    if os.environ.get("OTEL_EXPORTER_OTLP_ENDPOINT"):
        from opentelemetry import trace

        trace.get_tracer_provider().shutdown()  # type: ignore[attr-defined]


if __name__ == "__main__":
    ask()
    sys.stdout.write("asked\n")
