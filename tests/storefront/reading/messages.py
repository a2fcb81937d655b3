"""A device of somebody who reads, as the server sees it: messages to /reading/sync/ and their answers."""

from __future__ import annotations

import json
from typing import Any
from uuid import uuid4

from django.test import Client

from accounts.models import User
from publishing.models import Edition
from storefront.checkout.models import Entitlement
from tests.conftest import NOON
from tests.factories.accounts import make_reader

type Json = dict[str, Any]
ADDRESS = "/reading/sync/"
NOW = int(NOON.timestamp() * 1000)


def stamp(later_ms: int = 0, device: str = "laptop") -> str:
    return f"{NOW + later_ms:013}-0000-{device}"


class Reader:
    """Somebody signed in, with a book of theirs, who sends messages of one device."""

    def __init__(self, client: Client, person: User, edition: Edition) -> None:
        self.client, self.person, self.edition, self.work = client, person, edition, edition.work.public_id

    def post(self, message: Any, **headers: str) -> Any:
        body = message if isinstance(message, str | bytes) else json.dumps(message)
        headers = {"sec-fetch-site": "same-origin", **headers}
        return self.client.post(ADDRESS, body, content_type="application/json", headers=headers)

    def message(self, *changes: Any, **more: Any) -> Json:
        device = {"id": "laptop", "name": "Firefox on Linux"}
        facts = {"person": self.person.public_id, "device": device, "cursor": 0, "now": NOW, "books": {}}
        return {**facts, "changes": list(changes), **more}

    def send(self, *changes: Any, **more: Any) -> Json:
        response = self.post(self.message(*changes, **more))
        assert response.status_code == 200, response.content
        answer: Json = response.json()
        return answer

    def note(self, uid: str = "", **more: Any) -> Json:
        target = {
            "edition": self.edition.public_id, "start": [2, 4], "end": [2, 13], "exact": "the boats",
            "prefix": "counted ", "suffix": " as", "chapter": "The Lamp",
        }  # fmt: skip
        fields = {"colour": ["green", stamp()]}
        facts = {"type": "note", "id": uid or str(uuid4()), "work": self.work, "kind": "highlight", "made_at": NOW}
        return {**facts, "target": target, "fields": fields, **more}

    def change(self, note: Json, **fields: Any) -> Json:
        return {"type": "note", "id": note["id"], "work": self.work, "fields": fields}

    def place(self, **more: Any) -> Json:
        facts = {"type": "place", "work": self.work, "edition": self.edition.public_id}
        return {**facts, "block": 120, "offset": 14, "page": "", "share_bps": 3120, "at": NOW, **more}


def reader_of(client: Client, edition: Edition, person: User | None = None) -> Reader:
    person = person or make_reader()
    Entitlement.objects.create(user=person, work=edition.work, edition=edition, granted_at=NOON)
    client.force_login(person)
    return Reader(client, person, edition)
