"""The sandbox behind the SDK's own client: routes, faults, and idempotency as Stripe implements it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import stripe
from django.db import transaction
from requests.structures import CaseInsensitiveDict

from common import clock
from payments.models import FaultKind, SandboxRequest
from payments.stripe.sandbox import faults, routes
from payments.stripe.sandbox.resources import Json, SandboxError, decode, error_body, expand, new_id

_KEYS_LAST = timedelta(hours=24)
_IN_USE = "There is currently another in-progress request using this Idempotent Key (simulated)."


@dataclass(frozen=True, slots=True)
class Call:
    """One decoded request."""

    method: str
    path: str
    params: Json
    key: str
    account_id: str  # "" for the platform itself
    version: str

    @property
    def is_v2(self) -> bool:
        return self.path.startswith("/v2/")


class SandboxTransport(stripe.HTTPClient):
    """Answers in this process. Refuses to be called inside a transaction, where a rollback would undo what a real
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
        status, body, more = self._answer(call)
        about = {"Request-Id": new_id("req"), "Content-Type": "application/json", "Stripe-Version": call.version}
        return json.dumps(body), status, CaseInsensitiveDict(about | more)

    def _answer(self, call: Call) -> tuple[int, Json, dict[str, str]]:
        """Return the status, the body, and headers that describe how the answer came about."""
        fault = faults.take(call.path)
        if fault == FaultKind.LOST_BEFORE:
            raise _lost("The connection was reset (simulated).")
        if fault == FaultKind.RATE_LIMITED:
            return 429, error_body("invalid_request_error", "rate_limit", "Too many requests (simulated)."), {}
        if fault == FaultKind.IN_USE:
            return 409, error_body("idempotency_error", "idempotency_key_in_use", _IN_USE), {}
        with transaction.atomic(durable=call.method == "post"):
            status, body, is_replayed = _once(call, fault)
        if fault == FaultKind.LOST_AFTER:
            raise _lost("The answer was lost (simulated).")
        more = {"Idempotent-Replayed": "true"} if is_replayed else {}
        return status, body, more | ({"stripe-should-retry": "false"} if status >= 500 else {})

    def close(self) -> None:
        """Do nothing: no connection is open."""

    def _sleep_time_seconds(self, num_retries: int) -> float:
        return 0  # nobody else is waiting for a simulated provider


def _lost(message: str) -> stripe.APIConnectionError:
    return stripe.APIConnectionError(message, should_retry=True)  # type: ignore[no-untyped-call]


def _decode(method: str, url: str, headers: Mapping[str, str], post_data: Any) -> Call:
    parts = urlsplit(url)
    params = decode(method, url, headers, post_data)
    return Call(
        method=method,
        path=parts.path,
        params=params,
        key=headers.get("Idempotency-Key", ""),
        account_id=headers.get("Stripe-Account", ""),
        version=headers.get("Stripe-Version", ""),
    )


def _once(call: Call, fault: FaultKind | None) -> tuple[int, Json, bool]:
    """Carry the call out, or repeat the answer stored under its key; return status, body, and whether it was
    repeated."""
    if call.method == "get" or not call.key:
        return *_run(call, fault)[:2], False
    kept = _kept_request(call)
    if (kept.path, kept.parameters) != (call.path, call.params):
        message = "Keys for idempotent requests can only be used with the same parameters they were first used with."
        return 400, error_body("idempotency_error", "", message), False
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
    """Return the status, the body, and whether Stripe would store the answer under the key."""
    if fault == FaultKind.SERVER_ERROR:
        return 500, error_body("api_error", "", "Something went wrong (simulated)."), True
    try:
        with transaction.atomic():
            if fault == FaultKind.BALANCE_INSUFFICIENT:
                raise SandboxError("balance_insufficient", "You have insufficient available funds (simulated).")
            resource = routes.answer(call.method, call.path, call.params, call.account_id)
            return 200, expand(resource, call.params.get("expand", [])), True
    except SandboxError as error:
        return error.status, _in_v2(error.body) if call.is_v2 else error.body, error.is_kept and not call.is_v2


def _in_v2(body: Json) -> Json:
    """Translate the error for a missing resource to v2, which has its own code for it."""
    error = body["error"]
    return {"error": error | {"code": "not_found"}} if error.get("code") == "resource_missing" else body
