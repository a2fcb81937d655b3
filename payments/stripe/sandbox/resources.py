"""What all resources of the sandbox share: stored objects, identifiers, errors, form decoding, expansion."""

from __future__ import annotations

import json
import re
import secrets
import string
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import HTTP
from hashlib import sha256
from itertools import islice
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from django.db.models import Model, QuerySet

from common import clock
from payments.models import SandboxBalanceTransaction, SandboxObject
from payments.stripe.sandbox.null_fields import filled

type Json = dict[str, Any]

_FIRST_BYTES = {"pdf": b"%PDF-", "png": b"\x89PNG\r\n", "jpg": b"\xff\xd8\xff"}
_USUAL_LIMIT, _LARGEST_LIMIT = 10, 100
_ALPHABET = string.ascii_letters + string.digits


class SandboxError(Exception):
    """An error response as Stripe gives it. `is_kept`: it is repeated for the same idempotency key."""

    def __init__(
        self,
        code: str,
        message: str,
        *,
        status: int = 400,
        kind: str = "invalid_request_error",
        param: str = "",
        is_kept: bool = True,
    ) -> None:
        self.status = status
        self.is_kept = is_kept
        self.body = error_body(kind, code, message, param)
        super().__init__(message)


def error_body(kind: str, code: str, message: str, param: str = "") -> Json:
    """Return an error in Stripe's format; code and param are present if they have a value."""
    error = {"type": kind, "message": message}
    error |= {name: value for name, value in (("code", code), ("param", param)) if value}
    return {"error": error}


def missing(what: str, object_id: str) -> SandboxError:
    """Return Stripe's error for a resource that does not exist."""
    return SandboxError("resource_missing", f"No such {what}: '{object_id}'", status=404, param="id", is_kept=False)


def invalid(code: str, message: str, param: str = "") -> SandboxError:
    """Return the error for a request that fails validation; Stripe stores no answer for those."""
    return SandboxError(code, message, param=param, is_kept=False)


def new_id(prefix: str) -> str:
    return f"{prefix}_{''.join(secrets.choice(_ALPHABET) for _ in range(24))}"


def now_seconds() -> int:
    return int(clock.now().timestamp())


def create(kind: str, data: Json, *, group: str = "") -> Json:
    """Store a new resource with every field of its kind; `data` holds its id."""
    data = filled(kind, data)
    SandboxObject.objects.create(object_id=data["id"], kind=kind, group=group, data=data, created_at=clock.now())
    return data


def load(kind: str, object_id: str, *, lock: bool = False) -> SandboxObject:
    """Return the stored resource. Raises SandboxError 404 like Stripe's resource_missing."""
    rows = SandboxObject.objects.select_for_update() if lock else SandboxObject.objects
    row = rows.filter(object_id=object_id, kind=kind).first() if object_id else None
    if row is None:
        raise missing(kind, object_id)
    return row


def fetch(kind: str, object_id: str) -> Json:
    """Return the stored resource's data. Raises SandboxError like `load`."""
    data: Json = load(kind, object_id).data
    return data


def save(row: SandboxObject, **changes: Any) -> Json:
    row.data.update(changes)
    row.save(update_fields=["data", "group"])
    data: Json = row.data
    return data


def visible(data: Json) -> Json:
    """Return the resource without the sandbox's own notes, whose names begin with an underscore."""
    return {name: value for name, value in data.items() if not name.startswith("_")}


def page(rows: Iterable[Json], url: str, params: Json) -> Json:
    """Return a list object of the first `limit` rows."""
    limit = int(params.get("limit", _USUAL_LIMIT))
    if not 1 <= limit <= _LARGEST_LIMIT:
        raise invalid("parameter_invalid_integer", f"limit must be between 1 and {_LARGEST_LIMIT}.", "limit")
    data = list(islice(rows, limit + 1))
    return {"object": "list", "url": url, "has_more": len(data) > limit, "data": data[:limit]}


def listed(rows: QuerySet[SandboxObject], params: Json, url: str) -> Json:
    """Return a page of resources."""
    return paged(rows, params, url, show=lambda row: visible(row.data))


def paged[M: Model](
    rows: QuerySet[M], params: Json, url: str, *, show: Callable[[M], Json], id_field: str = "object_id"
) -> Json:
    """Return a page of rows, newest first, by `created`, `limit` and `starting_after`."""
    found = created_within(rows, params).order_by("-pk")
    if "starting_after" in params:
        last = rows.model._default_manager.filter(**{id_field: params["starting_after"]}).first()
        if last is None:
            raise missing("object", params["starting_after"])
        found = found.filter(pk__lt=last.pk)
    return page((show(row) for row in found.iterator(chunk_size=_LARGEST_LIMIT + 1)), url, params)


def created_within[M: Model](rows: QuerySet[M], params: Json) -> QuerySet[M]:
    """Return the rows created within `created`: gt, gte, lt, lte, in seconds."""
    created = params.get("created", {})
    for name in ("gt", "gte", "lt", "lte"):
        if name in created:
            rows = rows.filter(**{f"created_at__{name}": datetime.fromtimestamp(int(created[name]), UTC)})
    return rows


def decode(method: str, url: str, headers: Mapping[str, str], body: Any) -> Json:
    """Return a request's parameters, wherever they travel: in the URL, as a form, as JSON or with a file."""
    parts = urlsplit(url)
    content_type = headers.get("Content-Type", "")
    if method == "get":
        return decode_form(parts.query)
    if content_type.startswith("multipart/form-data"):
        return decode_multipart(body, content_type)
    if parts.path.startswith("/v2/"):
        params: Json = json.loads(body or "{}")
        return params
    return decode_form(body or "")


def decode_form(text: str) -> Json:
    """Parse `a[b][0]=c` into nested dictionaries and lists; all leaves are text."""
    root: Json = {}
    for name, value in parse_qsl(text, keep_blank_values=True):
        first, *rest = re.findall(r"[^\[\]]+", name)
        node, key = root, first
        for step in rest:
            node = node.setdefault(key, {})
            key = step
        node[key] = value
    return {name: _with_lists(value) for name, value in root.items()}


def decode_multipart(body: bytes, content_type: str) -> Json:
    """Parse `multipart/form-data` as the SDK builds it; of a file, keep what is needed to identify it."""
    message = message_from_bytes(b"Content-Type: " + content_type.encode() + b"\r\n\r\n" + body, policy=HTTP)
    params: Json = {}
    for part in message.iter_parts():
        name, filename = str(part.get_param("name", header="content-disposition")), part.get_filename()
        content: bytes = part.get_payload(decode=True)  # type: ignore[assignment]
        params[name] = _upload(filename, content) if filename else content.decode()
    return params


def _upload(filename: str, content: bytes) -> Json:
    kind = next((kind for kind, start in _FIRST_BYTES.items() if content.startswith(start)), "unknown")
    return {"filename": filename, "type": kind, "size": len(content), "sha256": sha256(content).hexdigest()}


def _with_lists(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    inner = {name: _with_lists(item) for name, item in value.items()}
    if inner and all(name.isdigit() for name in inner):
        return [inner[name] for name in sorted(inner, key=int)]
    return inner


def expand(data: Json, paths: Iterable[str]) -> Json:
    """Replace ids by their resources along dotted paths such as `latest_charge.balance_transaction`."""
    result = visible(data)
    for path in paths:
        _expand_along(result, path.split("."))
    return result


def _expand_along(node: Any, steps: list[str]) -> None:
    if isinstance(node, list):
        for item in node:
            _expand_along(item, steps)
    elif isinstance(node, dict) and steps:
        if isinstance(node.get(steps[0]), str):
            node[steps[0]] = _resource(node[steps[0]])
        _expand_along(node.get(steps[0]), steps[1:])


def _resource(object_id: str) -> Json:
    if object_id.startswith("txn_"):
        return balance_transaction(SandboxBalanceTransaction.objects.get(object_id=object_id))
    return visible(SandboxObject.objects.get(object_id=object_id).data)


def balance_transaction(row: SandboxBalanceTransaction) -> Json:
    """Return the balance transaction as Stripe shows it."""
    created = int(row.created_at.timestamp())
    fee = {"amount": row.fee_minor, "application": None, "currency": row.currency.lower(), "type": "stripe_fee"}
    return {
        "id": row.object_id,
        "object": "balance_transaction",
        "amount": row.amount_minor,
        "available_on": created,
        "balance_type": "payments",
        "created": created,
        "currency": row.currency.lower(),
        "description": row.description or None,
        # Stripe writes it as a JSON number.
        "exchange_rate": row.exchange_rate and json.loads(str(row.exchange_rate.normalize())),
        "fee": row.fee_minor,
        "fee_details": [fee | {"description": "Stripe processing fees"}] if row.fee_minor else [],
        "net": row.net_minor,
        "reporting_category": row.category,
        "source": row.source_id or None,
        "status": "available",
        "type": row.kind,
    }
