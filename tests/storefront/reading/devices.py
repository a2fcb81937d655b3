"""A device as the reader's script is one: what it knows, what waits to be sent, and a clock that may be wrong.

`Shop` is the server's part as the view calls it, without HTTP, and can be cut off.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from accounts.models import User
from publishing.models import Edition
from storefront.reading import stamps
from storefront.reading.changes import SyncMessage
from storefront.reading.selectors import sync_answers
from storefront.reading.selectors.mentioned import mentioned_in
from storefront.reading.services import sync as sync_services
from storefront.reading.sync_messages import parse
from storefront.reading.views import sync as sync_views

type Json = dict[str, Any]

FIELDS = ("colour", "body", "other_body", "deleted", "placed")


@dataclass
class Shop:
    """Applies messages of a person's devices; `heard` are those that it understood, in order."""

    person: User
    heard: list[SyncMessage] = field(default_factory=list)

    def answer(self, sent: str, at: datetime) -> Json:
        message = parse(sent.encode(), at=at)
        self.heard.append(message)
        errors = self.apply(message, at)
        answer = sync_answers.answer(actor=self.person, message=message, mentioned=mentioned_in(message, self.person))
        facts = {**sync_views._answer(answer), "now": stamps.to_ms(at), "errors": errors}
        found: Json = json.loads(json.dumps(facts))
        return found

    def apply(self, message: SyncMessage, at: datetime) -> list[Json]:
        mentioned = mentioned_in(message, self.person)
        errors = sync_services.apply(actor=self.person, message=message, mentioned=mentioned, at=at, address=None)
        return [sync_views._error(error) for error in errors]


@dataclass
class Note:
    """`fields` are the server's, `pending` are this device's that wait."""

    target: Json
    fields: dict[str, list[Any]] = field(default_factory=dict)
    pending: dict[str, list[Any]] = field(default_factory=dict)

    def shown(self, name: str) -> Any:
        return (self.pending.get(name) or self.fields.get(name) or [None])[0]


class Device:
    """Writes notes and exchanges messages; `ahead` is by how much its clock is wrong."""

    def __init__(self, name: str, person: User, edition: Edition, ahead: timedelta = timedelta()) -> None:
        self.name, self.person, self.edition, self.ahead = name, person.public_id, edition, ahead
        self.work = edition.work.public_id
        self.notes: dict[str, Note] = {}
        self.cursor = 0
        self.corrected_ms = 0
        self.highest = ""

    # ------------------------------------------------------------ writing

    def make_note(self, at: datetime, body: str = "") -> str:
        uid = str(uuid4())
        block = len(self.notes)
        quoted = {"exact": "the boats", "prefix": "", "suffix": "", "chapter": "The Lamp"}
        span = {"start": [block, 0], "end": [block, 9]}
        self.notes[uid] = Note({"edition": self.edition.public_id, **span, **quoted})
        self.write(uid, "colour", "yellow", at)
        if body:
            self.write(uid, "body", body, at)
        return uid

    def write(self, uid: str, name: str, value: Any, at: datetime, *, settles: bool = False) -> None:
        note = self.notes[uid]
        bases: list[str] = []
        if name == "body":
            waiting = note.pending.get("body")
            bases = waiting[2:] if waiting else [note.fields.get("body", ["", ""])[1]]
            if settles and not waiting:
                bases = [*bases, note.fields["other_body"][1]]
        note.pending[name] = [value, self._stamp(at), *bases]

    def _stamp(self, at: datetime) -> str:
        now = f"{self._now(at):013}-0000-{self.name}"
        if now <= self.highest:
            counter = int(self.highest[14:18], 16) + 1
            now = f"{self.highest[:13]}-{counter:04x}-{self.name}"
        self.highest = now
        return now

    def _now(self, at: datetime) -> int:
        return stamps.to_ms(at + self.ahead) + self.corrected_ms

    # ------------------------------------------------------------ exchanging

    def message(self, at: datetime) -> str:
        """What is due now, as it is sent."""
        changes = [
            {
                "type": "note",
                "id": uid,
                "work": self.work,
                "kind": "highlight",
                "target": note.target,
                "made_at": self._now(at),
                "fields": note.pending,
            }
            for uid, note in self.notes.items()
            if note.pending
        ]
        return json.dumps(
            {
                "person": self.person,
                "device": {"id": self.name, "name": self.name},
                "cursor": self.cursor,
                "now": self._now(at),
                "books": {},
                "changes": changes,
            }
        )

    def receive(self, sent: str, answer: Json, at: datetime) -> None:
        """Take the answer to a message, unless another came first."""
        message = json.loads(sent)
        if message["cursor"] != self.cursor:
            return
        self._drop_sent(message["changes"])
        if answer["full"]:
            named = {change["id"] for change in answer["changes"] if change["type"] == "note"}
            self.notes = {uid: note for uid, note in self.notes.items() if uid in named or note.pending}
        for change in answer["changes"]:
            note = self.notes.setdefault(change["id"], Note(change["target"]))
            note.fields = change["fields"]
            self.highest = max(self.highest, *(stamp for _value, stamp in note.fields.values()))
        self.cursor = answer["cursor"]
        self._correct_clock(answer["now"], at)

    def _drop_sent(self, changes: list[Json]) -> None:
        for change in changes:
            note = self.notes[change["id"]]
            for name, sent in change["fields"].items():
                waiting = note.pending.get(name)
                if waiting and waiting[1] == sent[1]:
                    del note.pending[name]
                elif waiting and name == "body":  # written on meanwhile, over what has arrived
                    waiting[2:] = [sent[1]]

    def _correct_clock(self, server_ms: int, at: datetime) -> None:
        corrected = server_ms - stamps.to_ms(at + self.ahead)
        if abs(corrected - self.corrected_ms) <= 60_000:
            return
        self.corrected_ms = corrected
        known = [stamp for note in self.notes.values() for _value, stamp in note.fields.values()]
        self.highest = max(known, default="")
        for note in self.notes.values():
            for written in note.pending.values():
                written[1] = self._stamp(at)

    def shown(self) -> dict[str, Json]:
        """The notes as the person sees them."""
        return {
            uid: {name: note.shown(name) for name in FIELDS}
            for uid, note in self.notes.items()
            if not note.shown("deleted")
        }
