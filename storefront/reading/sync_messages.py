"""The message of a device that synchronises, as JSON: what of it is valid, with corrected times (docs/reading.md)."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from common import text_cleaning
from common.money import BPS
from storefront.reading import stamps
from storefront.reading.changes import (
    Change,
    ChangeError,
    NoteChange,
    PlaceChange,
    Point,
    SettingChange,
    SyncMessage,
    Target,
    Written,
)
from storefront.reading.models import BodyVersion, NoteColour, NoteKind, Spot
from storefront.reading.stamps import DeviceClock

MAX_BYTES = 256 * 1024
MAX_BODY = 10_000  # characters
MAX_EXACT = 5000
MAX_SETTING = 400
_MAX_ID = 64
_MAX_PAGE_ID = 120
_MAX_CHAPTER = 300
_MAX_CONTEXT = 64
_MAX_DEVICE_NAME = 80
_MAX_SETTING_NAME = 40
_MAX_BOOKS = 200
_MAX_BASES = 20
_MAX_NUMBER = 2**31 - 1

type Json = dict[str, Any]


class InvalidMessage(ValueError):
    """The message, or one of its changes, is not as docs/reading.md describes it."""


def parse(body: bytes, *, at: datetime) -> SyncMessage:
    """Return the message of a device. Raises InvalidMessage if it is none; invalid changes are among its errors."""
    told = _object(_loaded(body))
    device = _object(told.get("device"))
    key = _identifier(device.get("id"))
    clock = DeviceClock.of(key, device_ms=_number(told.get("now"), most=10**14), server_ms=stamps.to_ms(at))
    changes: dict[int, Change] = {}
    errors: list[ChangeError] = []
    for index, change in enumerate(_list(told.get("changes", []))):
        try:
            changes[index] = _change(_object(change), clock)
        except InvalidMessage:
            errors.append(ChangeError(index, "invalid"))
    return SyncMessage(
        person=_identifier(told.get("person")),
        device=key,
        device_name=text_cleaning.one_line(_text(device.get("name", ""), 4 * _MAX_DEVICE_NAME))[:_MAX_DEVICE_NAME],
        cursor=_number(told.get("cursor", 0), most=2**62),
        books=_books(told.get("books", {})),
        changes=changes,
        errors=tuple(errors),
    )


def _loaded(body: bytes) -> Any:
    if len(body) > MAX_BYTES:
        raise InvalidMessage("too long")
    try:
        return json.loads(body)
    except (ValueError, RecursionError) as error:
        raise InvalidMessage("no JSON") from error


def _books(told: object) -> dict[str, str]:
    books = _object(told)
    if len(books) > _MAX_BOOKS:
        raise InvalidMessage("books")
    return {_identifier(work): _identifier(edition) for work, edition in books.items()}


def _change(told: Json, clock: DeviceClock) -> Change:
    kinds: dict[object, Callable[[Json, DeviceClock], Change]] = {"note": _note, "place": _place, "setting": _setting}
    kind = told.get("type")
    if not isinstance(kind, str) or kind not in kinds:
        raise InvalidMessage("type")
    return kinds[kind](told, clock)


# ---------------------------------------------------------------- notes


def _note(told: Json, clock: DeviceClock) -> NoteChange:
    fields = _object(told.get("fields", {}))
    target = _target(_object(told["target"])) if "target" in told else None
    return NoteChange(
        uid=_uid(told.get("id")),
        work=_identifier(told.get("work")),
        kind=_choice(NoteKind, told.get("kind", NoteKind.HIGHLIGHT.value)),
        target=target,
        made_at=_moment(told["made_at"], clock) if "made_at" in told else None,
        colour=_written(fields.get("colour"), lambda value: _choice(NoteColour, value), clock),
        body=_body(fields["body"], clock) if "body" in fields else None,
        deleted=_written(fields.get("deleted"), _flag, clock),
        placed=_written(fields.get("placed"), _spot, clock),
    )


def _target(told: Json) -> Target:
    start, end = _range(told)
    return Target(
        edition=_identifier(told.get("edition")),
        start=start,
        end=end,
        page=_text(told.get("page", ""), _MAX_PAGE_ID),
        exact=_text(told.get("exact", ""), MAX_EXACT),
        prefix=_text(told.get("prefix", ""), _MAX_CONTEXT),
        suffix=_text(told.get("suffix", ""), _MAX_CONTEXT),
        chapter=_text(told.get("chapter", ""), _MAX_CHAPTER),
    )


def _written[Value](told: object, read: Callable[[object], Value], clock: DeviceClock) -> Written[Value] | None:
    if told is None:
        return None
    value, stamp = _several(told, 2, 2)
    return Written(read(value), _stamp(stamp, clock))


def _body(told: object, clock: DeviceClock) -> BodyVersion:
    text, stamp, *bases = _several(told, 2, 2 + _MAX_BASES)
    known = tuple(_stamp(base, clock) for base in bases if base != "")
    return BodyVersion(_stamp(stamp, clock), _text(text, MAX_BODY), known)


def _spot(told: object) -> Spot | None:
    if told is None:
        return None
    spot = _object(told)
    start, end = _range(spot)
    return Spot(_identifier(spot.get("edition")), start, end)


def _range(told: Json) -> tuple[Point, Point]:
    start, end = _point(told.get("start")), _point(told.get("end"))
    if start > end:
        raise InvalidMessage("range")
    return start, end


def _point(told: object) -> Point:
    block, offset = _several(told, 2, 2)
    return _number(block), _number(offset)


# ---------------------------------------------------------------- places and settings


def _place(told: Json, clock: DeviceClock) -> PlaceChange:
    return PlaceChange(
        work=_identifier(told.get("work")),
        edition=_identifier(told.get("edition")),
        block=None if told.get("block") is None else _number(told["block"]),
        offset=_number(told.get("offset", 0)),
        page=_text(told.get("page", ""), _MAX_PAGE_ID),
        share_bps=_number(told.get("share_bps"), most=BPS),
        at=_moment(told.get("at"), clock),
        furthest=_furthest(told.get("furthest")),
    )


def _furthest(told: object) -> tuple[int, int, int] | None:
    if told is None:
        return None
    block, offset, share_bps = _several(told, 3, 3)
    return _number(block), _number(offset), _number(share_bps, most=BPS)


def _setting(told: Json, clock: DeviceClock) -> SettingChange:
    value = told.get("value")
    is_plain = isinstance(value, str | bool | int) or (isinstance(value, float) and math.isfinite(value))
    if not is_plain:
        raise InvalidMessage("value")
    name = _text(told.get("name"), _MAX_SETTING_NAME)
    if not name:
        raise InvalidMessage("name")
    return SettingChange(
        name, _text(json.dumps(value, ensure_ascii=False), MAX_SETTING), _stamp(told.get("stamp"), clock)
    )


# ---------------------------------------------------------------- values


def _object(told: object) -> Json:
    if not isinstance(told, dict):
        raise InvalidMessage("object")
    return told


def _list(told: object) -> list[Any]:
    if not isinstance(told, list):
        raise InvalidMessage("list")
    return told


def _several(told: object, least: int, most: int) -> list[Any]:
    if not least <= len(_list(told)) <= most:
        raise InvalidMessage("length")
    return _list(told)


def _text(told: object, most: int) -> str:
    if not isinstance(told, str) or len(told) > most or not text_cleaning.is_storable(told):
        raise InvalidMessage("text")
    return told


def _identifier(told: object) -> str:
    text = _text(told, _MAX_ID)
    if not text or not text.isascii() or not text.isprintable():
        raise InvalidMessage("identifier")
    return text


def _number(told: object, *, most: int = _MAX_NUMBER) -> int:
    if type(told) is not int or not 0 <= told <= most:
        raise InvalidMessage("number")
    return told


def _flag(told: object) -> bool:
    if not isinstance(told, bool):
        raise InvalidMessage("flag")
    return told


def _choice[Choice: (NoteKind, NoteColour)](choices: type[Choice], told: object) -> Choice:
    if not isinstance(told, str) or told not in choices.values:
        raise InvalidMessage("choice")
    return choices(told)


def _uid(told: object) -> UUID:
    try:
        return UUID(_identifier(told))
    except ValueError as error:
        raise InvalidMessage("id") from error


def _stamp(told: object, clock: DeviceClock) -> str:
    try:
        return clock.stamp(_text(told, 100))
    except ValueError as error:
        raise InvalidMessage("stamp") from error


def _moment(told: object, clock: DeviceClock) -> datetime:
    return clock.moment(_number(told, most=10**14))
