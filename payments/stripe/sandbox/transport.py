"""The sandbox behind the SDK's own client: routes, faults, and idempotency as Stripe has it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import stripe
from django.db import transaction

from common import clock
from payments.models import FaultKind, SandboxRequest
from payments.stripe.sandbox import accounts, checkout, faults, funds
from payments.stripe.sandbox.wire import Json, SandboxError, decode_form, expand, new_id

_KEYS_LAST = timedelta(hours=24)

_ROUTES: list[tuple[str, re.Pattern[str], Callable[..., Json]]] = [
    (method, re.compile(path + "$"), resource)
    for method, path, resource in (
        ("post", r"/v1/checkout/sessions", checkout.create_session),
        ("get", r"/v1/checkout/sessions/(\w+)", checkout.retrieve_session),
        ("post", r"/v1/checkout/sessions/(\w+)/expire", checkout.expire_session),
        ("get", r"/v1/payment_intents/(\w+)", funds.retrieve_payment_intent),
        ("post", r"/v1/refunds", funds.create_refund),
        ("get", r"/v1/refunds", funds.list_refunds),
        ("post", r"/v1/transfers", funds.create_transfer),
        ("get", r"/v1/transfers", funds.list_transfers),
        ("post", r"/v1/transfers/(\w+)/reversals", funds.create_reversal),
        ("get", r"/v1/balance_transactions", funds.list_balance_transactions),
        ("post", r"/v2/core/accounts", accounts.create_account),
        ("get", r"/v2/core/accounts/(\w+)", accounts.retrieve_account),
        ("post", r"/v2/core/account_links", accounts.create_account_link),
    )
]


@dataclass(frozen=True, slots=True)
class Call:
    """One request, decoded."""

    method: str
    path: str
    params: Json
    key: str

    @property
    def is_v2(self) -> bool:
        return self.path.startswith("/v2/")


class SandboxTransport(stripe.HTTPClient):
    """Answers in this process. Refuses to be called inside a transaction: a rollback there would undo what a real
    provider keeps."""

    name = "sandbox"

    def request(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str] | None,
        post_data: Any = None,
        *,
        _usage: list[str] | None = None,
    ) -> tuple[str, int, Mapping[str, str]]:
        call = _decode(method, url, headers or {}, post_data)
        fault = faults.take(call.path)
        if fault == FaultKind.LOST_BEFORE:
            raise _lost("The connection was reset (simulated).")
        if fault == FaultKind.RATE_LIMITED:
            return _answer(429, _error("rate_limit", "Too many requests (simulated).", "invalid_request_error"))
        with transaction.atomic(durable=call.method == "post"):
            status, body, is_replayed = _once(call, fault)
        if fault == FaultKind.LOST_AFTER:
            raise _lost("The answer was lost (simulated).")
        return _answer(status, body, is_replayed=is_replayed)

    def close(self) -> None:
        """Nothing is held open."""

    def _sleep_time_seconds(self, num_retries: int) -> float:
        return 0  # nobody else is waiting for a simulated provider


def _lost(message: str) -> stripe.APIConnectionError:
    return stripe.APIConnectionError(message, should_retry=True)  # type: ignore[no-untyped-call]


def _decode(method: str, url: str, headers: Mapping[str, str], post_data: Any) -> Call:
    parts = urlsplit(url)
    if method == "get":
        params = decode_form(parts.query)
    elif parts.path.startswith("/v2/"):
        params = json.loads(post_data or "{}")
    else:
        params = decode_form(post_data or "")
    return Call(method, parts.path, params, headers.get("Idempotency-Key", ""))


def _once(call: Call, fault: FaultKind | None) -> tuple[int, Json, bool]:
    """Carry the call out, or repeat the answer kept under its key: status, body, whether it was repeated."""
    if call.method == "get" or not call.key:
        return *_run(call, fault)[:2], False
    kept = _kept_request(call)
    if (kept.path, kept.parameters) != (call.path, call.params):
        message = "Keys for idempotent requests can only be used with the same parameters they were first used with."
        return 400, _error("idempotency_key_in_use", message, "idempotency_error"), False
    if kept.status is not None and kept.body is not None:
        return kept.status, kept.body, True
    status, body, is_kept = _run(call, fault)
    if is_kept:
        kept.status, kept.body = status, body
        kept.save(update_fields=["status", "body"])
    else:
        kept.delete()
    return status, body, False


def _kept_request(call: Call) -> SandboxRequest:
    SandboxRequest.objects.filter(created_at__lt=clock.now() - _KEYS_LAST).delete()
    # Two requests with one key meet at the unique key: the second waits here until the first has committed.
    SandboxRequest.objects.get_or_create(
        key=call.key, defaults={"path": call.path, "parameters": call.params, "created_at": clock.now()}
    )
    return SandboxRequest.objects.select_for_update().get(key=call.key)


def _run(call: Call, fault: FaultKind | None) -> tuple[int, Json, bool]:
    """Status, body, and whether Stripe would keep the answer under the key."""
    if fault == FaultKind.SERVER_ERROR:
        return 500, _error("api_error", "Something went wrong (simulated).", "api_error"), True
    try:
        with transaction.atomic():
            return 200, expand(_resource(call), call.params.get("expand", [])), True
    except SandboxError as error:
        return error.status, error.body, error.is_kept and not call.is_v2


def _resource(call: Call) -> Json:
    for method, pattern, resource in _ROUTES:
        match = pattern.match(call.path)
        if method == call.method and match:
            return resource(call.params, *match.groups())
    raise SandboxError("url_invalid", f"The sandbox does not know {call.method} {call.path}.", status=404)


def _error(code: str, message: str, kind: str) -> Json:
    return {"error": {"type": kind, "code": code, "message": message}}


def _answer(status: int, body: Json, *, is_replayed: bool = False) -> tuple[str, int, Mapping[str, str]]:
    headers = {"Request-Id": new_id("req"), "Content-Type": "application/json"}
    if status >= 500:
        headers["stripe-should-retry"] = "false"
    if is_replayed:
        headers["Idempotent-Replayed"] = "true"
    return json.dumps(body), status, headers
