"""What KOReader sends about a place, read and checked."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from common.text_cleaning import is_storable, one_line

MAX_BYTES = 16 * 1024
MAX_DOCUMENT = 64  # an MD5 has 32; other programs send other digests
MAX_PROGRESS = 1000
MAX_DEVICE = 80
MAX_DEVICE_ID = 100
_MAX_NAME = 300
_MAX_SHARE = 1000  # rounding may exceed 1; NaN and infinity are below nothing


class InvalidPush(Exception):
    """The message is not one that KOReader sends."""


@dataclass(frozen=True, slots=True)
class Push:
    """A place on a device, as it was sent. `file_name` and `title` are "" unless the reader chose to send them."""

    document: str
    progress: str
    percentage: float  # 0 to 1
    device: str
    device_id: str
    file_name: str = ""
    title: str = ""


def parse(body: bytes) -> Push:
    """Return the place. Raises InvalidPush."""
    try:
        message = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise InvalidPush from error
    if not isinstance(message, dict):
        raise InvalidPush
    metadata = message.get("metadata")
    told = metadata if isinstance(metadata, dict) else {}
    return Push(
        document=_text(message, "document", MAX_DOCUMENT),
        progress=_text(message, "progress", MAX_PROGRESS),
        percentage=_share(message.get("percentage")),
        device=one_line(_text(message, "device", MAX_DEVICE)),
        device_id=_text(message, "device_id", MAX_DEVICE_ID, may_miss=True),
        file_name=_words(told.get("filename")),
        title=_words(told.get("title")),
    )


def _text(message: dict[str, Any], name: str, most: int, *, may_miss: bool = False) -> str:
    value = message.get(name)
    if value is None and may_miss:
        return ""
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value) if abs(value) < 10**15 else None
    if not isinstance(value, str) or not value or len(value) > most or not is_storable(value):
        raise InvalidPush
    return value


def _share(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) <= _MAX_SHARE:
        raise InvalidPush
    return min(max(value, 0.0), 1.0)


def _words(value: object) -> str:
    """Return what is only compared; "" for what is no text."""
    return one_line(value)[:_MAX_NAME] if isinstance(value, str) and is_storable(value) else ""
