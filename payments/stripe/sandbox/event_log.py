"""Events of the sandbox as the API tells them, whether they were delivered or not."""

from __future__ import annotations

import json

from django.db.models import QuerySet

from payments.models import SandboxEvent
from payments.stripe.sandbox.wire import Json, created_within, missing, page


def list_events(params: Json, account_id: str) -> Json:
    """Newest first; by `type`, `types` and `created`, of ourselves or of a connected account."""
    rows = created_within(SandboxEvent.objects.order_by("-id"), params).exclude(endpoint="thin")
    rows = rows.filter(account_id=account_id)
    wanted = params.get("types") or [params[name] for name in ("type",) if name in params]
    if wanted:
        rows = rows.filter(event_type__in=wanted)
    if "starting_after" in params:
        rows = rows.filter(pk__lt=SandboxEvent.objects.get(event_id=params["starting_after"]).pk)
    limit = int(params.get("limit", 10))
    return page((json.loads(row.body) for row in rows[: limit + 1]), "/v1/events", limit)


def retrieve_event(params: Json, account_id: str, event_id: str) -> Json:
    return _body(SandboxEvent.objects.exclude(endpoint="thin").filter(account_id=account_id), event_id)


def retrieve_thin_event(params: Json, event_id: str) -> Json:
    return _body(SandboxEvent.objects.filter(endpoint="thin"), event_id)


def _body(rows: QuerySet[SandboxEvent], event_id: str) -> Json:
    row = rows.filter(event_id=event_id).first()
    if row is None:
        raise missing("event", event_id)
    body: Json = json.loads(row.body)
    return body
