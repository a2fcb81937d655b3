"""What a device sends: the changes of one message, cleaned, with corrected times and stamps (docs/reading.md)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from storefront.reading.models import BodyVersion, NoteColour, NoteKind, Spot

type Point = tuple[int, int]  # a block and an offset in it


@dataclass(frozen=True, slots=True)
class Written[Value]:
    """A value of a last-writer register, with its stamp."""

    value: Value
    stamp: str


@dataclass(frozen=True, slots=True)
class Target:
    """What a note is on, as it was made. `edition` is a public id."""

    edition: str
    start: Point
    end: Point
    page: str
    exact: str
    prefix: str
    suffix: str
    chapter: str


@dataclass(frozen=True, slots=True)
class NoteChange:
    """A new note, or changed fields of a known one, which may come without target."""

    uid: UUID
    work: str
    kind: NoteKind
    target: Target | None
    made_at: datetime | None
    colour: Written[NoteColour] | None = None
    body: BodyVersion | None = None
    deleted: Written[bool] | None = None
    placed: Written[Spot | None] | None = None


@dataclass(frozen=True, slots=True)
class PlaceChange:
    """Where the device is in a book; `furthest` is how far its reader has turned pages, with the share of the whole."""

    work: str
    edition: str
    block: int | None
    offset: int
    page: str
    share_bps: int
    at: datetime
    furthest: tuple[int, int, int] | None = None


@dataclass(frozen=True, slots=True)
class SettingChange:
    """A setting; `value` is JSON."""

    name: str
    value: str
    stamp: str


type Change = NoteChange | PlaceChange | SettingChange


@dataclass(frozen=True, slots=True)
class ChangeError:
    """Why the change at that index of the message was skipped."""

    index: int
    error: str


@dataclass(frozen=True, slots=True)
class SyncMessage:
    """A message of a device. `changes` are the valid ones, by index; `books` has the device's edition of each work."""

    person: str
    device: str
    device_name: str
    cursor: int
    books: dict[str, str]
    changes: dict[int, Change] = field(default_factory=dict)
    errors: tuple[ChangeError, ...] = ()
