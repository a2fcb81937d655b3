"""What every resource of the sandbox shares: stored objects, identifiers, errors, form decoding, expansion."""

from __future__ import annotations

import re
import secrets
import string
from collections.abc import Iterable
from typing import Any
from urllib.parse import parse_qsl

from common import clock
from payments.models import SandboxBalanceTransaction, SandboxObject

type Json = dict[str, Any]

_ALPHABET = string.ascii_letters + string.digits


class SandboxError(Exception):
    """An error answer as Stripe gives it. `is_kept`: repeated for the same idempotency key."""

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
        error: Json = {"type": kind, "code": code, "message": message}
        if param:
            error["param"] = param
        self.body: Json = {"error": error}
        super().__init__(message)


def invalid(code: str, message: str, param: str = "") -> SandboxError:
    """A request that fails validation; Stripe keeps no answer for those."""
    return SandboxError(code, message, param=param, is_kept=False)


def new_id(prefix: str) -> str:
    return f"{prefix}_{''.join(secrets.choice(_ALPHABET) for _ in range(24))}"


def now_seconds() -> int:
    return int(clock.now().timestamp())


def create(kind: str, data: Json, *, group: str = "") -> Json:
    """Store a new resource; `data` holds its id."""
    SandboxObject.objects.create(object_id=data["id"], kind=kind, group=group, data=data, created_at=clock.now())
    return data


def load(kind: str, object_id: str, *, lock: bool = False) -> SandboxObject:
    """The stored resource. Raises SandboxError 404 like Stripe's resource_missing."""
    rows = SandboxObject.objects.select_for_update() if lock else SandboxObject.objects
    row = rows.filter(object_id=object_id, kind=kind).first()
    if row is None:
        raise SandboxError("resource_missing", f"No such {kind}: '{object_id}'", status=404, is_kept=False)
    return row


def fetch(kind: str, object_id: str) -> Json:
    """The stored resource as it is. Raises SandboxError like `load`."""
    data: Json = load(kind, object_id).data
    return data


def save(row: SandboxObject, **changes: Any) -> Json:
    row.data.update(changes)
    row.save(update_fields=["data", "group"])
    data: Json = row.data
    return data


def visible(data: Json) -> Json:
    """The resource without the sandbox's own notes, whose names begin with an underscore."""
    return {name: value for name, value in data.items() if not name.startswith("_")}


def page(rows: Iterable[Json], url: str, limit: int) -> Json:
    """A list object; `rows` may hold one more than `limit`."""
    data = list(rows)
    return {"object": "list", "url": url, "has_more": len(data) > limit, "data": data[:limit]}


def decode_form(text: str) -> Json:
    """`a[b][0]=c` as nested dictionaries and lists, all leaves text."""
    root: Json = {}
    for name, value in parse_qsl(text, keep_blank_values=True):
        first, *rest = re.findall(r"[^\[\]]+", name)
        node, key = root, first
        for step in rest:
            node = node.setdefault(key, {})
            key = step
        node[key] = value
    return {name: _with_lists(value) for name, value in root.items()}


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
    """The balance transaction as Stripe shows it."""
    created = int(row.created_at.timestamp())
    return {
        "id": row.object_id,
        "object": "balance_transaction",
        "amount": row.amount_minor,
        "fee": row.fee_minor,
        "net": row.net_minor,
        "currency": row.currency.lower(),
        "exchange_rate": None,
        "type": row.kind,
        "reporting_category": row.kind,
        "source": row.source_id,
        "status": "available",
        "created": created,
        "available_on": created,
    }
