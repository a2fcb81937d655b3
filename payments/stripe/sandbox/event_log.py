"""Events of the sandbox as the API returns them, whether or not they were delivered."""

from __future__ import annotations

import json

from django.db.models import QuerySet

from payments.models import SandboxEvent
from payments.stripe.sandbox.resources import Json, missing, paged


def list_events(params: Json, account_id: str) -> Json:
    """Return the events, newest first; by `type`, `types` and `created`, for us or for a connected account."""
    rows = SandboxEvent.objects.exclude(endpoint="thin").filter(account_id=account_id)
    wanted = params.get("types") or [params[name] for name in ("type",) if name in params]
    if wanted:
        rows = rows.filter(event_type__in=wanted)
    return paged(rows, params, "/v1/events", show=lambda row: json.loads(row.body), id_field="event_id")


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
