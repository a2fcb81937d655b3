"""Errors for Sentry, or a server that speaks its protocol. What could name a person is taken out before they are sent.

Of a request there are method and path, of a task its name; of the places in the code no values.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import sentry_sdk

from common.log_masks import mask_secrets

if TYPE_CHECKING:
    from sentry_sdk.types import Event, Hint

_ADDRESS = re.compile(r"[^\s\"'<>()=,;:]+@[^\s\"'<>()=,;:]+")
# PostgreSQL tells after this word which values broke a rule.
_VALUES = re.compile(r"\s*DETAIL:.*", re.DOTALL)
_OF_A_REQUEST = ("method", "url")
_OF_AN_EVENT = frozenset(
    {"event_id", "exception", "level", "logentry", "logger", "platform", "release", "request", "sdk", "server_name"}
    | {"threads", "timestamp", "transaction", "type", "tags", "environment", "modules", "fingerprint"}
)


def start(dsn: str) -> None:
    """Send errors from now on."""
    sentry_sdk.init(
        dsn=dsn,
        send_default_pii=False,
        max_request_body_size="never",
        include_local_variables=False,
        max_breadcrumbs=0,
        traces_sample_rate=0.0,
        before_send=_without_people,
    )


def _without_people(event: Event, hint: Hint) -> Event | None:
    """Return the event with known fields only, and with secrets, addresses and values masked in all of its texts."""
    kept: dict[str, Any] = {name: value for name, value in event.items() if name in _OF_AN_EVENT}
    if isinstance(request := kept.get("request"), dict):
        kept["request"] = {name: request[name] for name in _OF_A_REQUEST if name in request}
    return _masked(kept)  # type: ignore[no-any-return]


def _masked(value: Any) -> Any:
    if isinstance(value, str):
        return _VALUES.sub("", _ADDRESS.sub("[address]", mask_secrets(value)))
    if isinstance(value, dict):
        return {name: _masked(part) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [_masked(part) for part in value]
    return value
