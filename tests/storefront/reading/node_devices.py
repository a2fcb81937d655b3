"""Devices that run the reader's own modules (exchange.js, merge.js, store.js) in one process of Node."""

from __future__ import annotations

import json
import shutil
import subprocess
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from accounts.models import User
from publishing.models import Edition
from storefront.reading import stamps
from tests.storefront.reading.devices import FIELDS
from tests.support.node import READER

type Json = dict[str, Any]

_PROGRAM = """
import { createInterface } from "node:readline";
import { applyAnswer, dueMessage, keepNote, stampsOf } from "$/exchange.js";
import { madeNote, shown, withChanges } from "$/merge.js";
import { inMemory } from "$/store.js";

const devices = new Map();
const withStamps = (one, wall, act) =>
  one.store.transact(async (db) => {
    const stamps = await stampsOf(db, one.device.id, wall);
    await act(db, stamps);
    await stamps.done();
  });

const acts = {
  open: async ({ name, person }) => void devices.set(name, { store: inMemory(), person, device: { id: name, name } }),
  make: (one, { wall, note, values }) =>
    withStamps(one, wall, (db, stamps) => keepNote(db, madeNote({ ...note, madeAt: stamps.now }, values, stamps.next))),
  write: (one, { wall, id, values, settles }) =>
    withStamps(one, wall, async (db, stamps) =>
      keepNote(db, withChanges(await db.get("notes", id), values, stamps.next, { isSettled: settles }))),
  message: async (one, { wall }) => {
    const { person, device } = one;
    const due = (db) => dueMessage(db, { person, device, books: {}, wallNow: wall, maxBytes: 200000 });
    return (await one.store.transact(due)).message;
  },
  receive: (one, { wall, message, answer }) =>
    one.store.transact((db) => applyAnswer(db, message, answer, wall)),
  shown: async (one) => {
    const notes = await one.store.transact((db) => db.all("notes"));
    return notes.map((note) => ({ ...shown(note), waits: "body" in note.pending }));
  },
};

for await (const line of createInterface({ input: process.stdin })) {
  const { act, device, ...rest } = JSON.parse(line);
  const found = act === "open" ? await acts.open(rest) : await acts[act](devices.get(device), rest);
  console.log(JSON.stringify(found ?? null));
}
"""


class Node:
    """The process; `ask` is answered line by line."""

    def __init__(self) -> None:
        node = shutil.which("node")
        if node is None:
            pytest.skip("Node is not installed")
        program = _PROGRAM.replace("$/", f"file://{READER}/")
        self.process = subprocess.Popen(
            [node, "--no-warnings", "--input-type=module", "--eval", program],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def ask(self, act: str, device: str = "", **more: Any) -> Any:
        assert self.process.stdin is not None and self.process.stdout is not None
        self.process.stdin.write(json.dumps({"act": act, "device": device, **more}) + "\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())

    def close(self) -> None:
        self.process.communicate(timeout=30)


@dataclass(frozen=True)
class Known:
    """A note as the reader shows it."""

    facts: Json

    @property
    def pending(self) -> Json:
        return {"body": True} if self.facts["waits"] else {}

    def shown(self, name: str) -> Any:
        return self.facts[{"other_body": "otherBody", "deleted": "isDeleted"}.get(name, name)]


class NodeDevice:
    """As `devices.Device`, but with the reader's own code."""

    def __init__(self, node: Node, name: str, person: User, edition: Edition, ahead: timedelta) -> None:
        self.node, self.name, self.edition, self.ahead = node, name, edition, ahead
        node.ask("open", name=name, person=person.public_id)

    @property
    def notes(self) -> dict[str, Known]:
        return {one["id"]: Known(one) for one in self.node.ask("shown", self.name)}

    def make_note(self, at: datetime) -> str:
        uid = str(uuid4())
        target = {"edition": self.edition.public_id, "start": [1, 0], "end": [1, 9], "exact": "the boats"}
        note = {"id": uid, "work": self.edition.work.public_id, "kind": "highlight", "target": target}
        self._ask("make", at, note=note, values={"colour": "yellow"})
        return uid

    def write(self, uid: str, name: str, value: Any, at: datetime, *, settles: bool = False) -> None:
        self._ask("write", at, id=uid, values={name: value}, settles=settles)

    def message(self, at: datetime) -> str:
        return json.dumps(self._ask("message", at))

    def receive(self, sent: str, answer: Json, at: datetime) -> None:
        self._ask("receive", at, message=json.loads(sent), answer=answer)

    def shown(self) -> dict[str, Json]:
        return {
            uid: {name: note.shown(name) for name in FIELDS}
            for uid, note in self.notes.items()
            if not note.shown("deleted")
        }

    def _ask(self, act: str, at: datetime, **more: Any) -> Any:
        return self.node.ask(act, self.name, wall=stamps.to_ms(at + self.ahead), **more)
