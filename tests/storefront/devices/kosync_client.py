"""KOReader's sync as its own source has it: plugins/kosync.koplugin (api.json, KOSyncClient.lua, main.lua).

KOReader itself was not run.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpResponse
from django.test import Client

# `expected_status` in api.json: anything else is an error there.
EXPECTED = {
    "register": {201, 402},
    "authorize": {200, 401},
    "update_progress": {200, 202, 401},
    "get_progress": {200, 401},
}


def md5(text: str) -> str:
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()


def partial_md5(content: bytes) -> str:
    """`util.partialMD5`, with LuaJIT's shifts: by the lowest five bits of the count, in 32 bits."""
    digest = hashlib.md5(usedforsecurity=False)
    for i in range(-1, 11):
        offset = (1024 << ((2 * i) & 31)) & 0xFFFFFFFF
        sample = content[offset : offset + 1024]
        if not sample:
            break
        digest.update(sample)
    return digest.hexdigest()


@dataclass
class KOSync:
    """One device with its own settings and its own queue."""

    username: str
    password: str
    device: str = "Kobo_nova"
    device_id: str = "2F2A4C3D9E1B4F6A8C7D5E3F1A2B4C6D"
    send_metadata: bool = False
    is_online: bool = True
    queue: list[dict[str, Any]] = field(default_factory=list)

    def ask(self, name: str, method: str, path: str, payload: dict[str, Any] | None = None) -> HttpResponse:
        headers = {"accept": "application/vnd.koreader.v1+json"}
        if name != "register":
            headers |= {"x-auth-user": self.username, "x-auth-key": md5(self.password)}
        body = json.dumps(payload) if payload is not None else ""
        response = Client().generic(method, f"/koreader{path}", body, content_type="application/json", headers=headers)
        assert response.status_code in EXPECTED[name], (name, response.status_code, response.content)
        assert response["Content-Type"] == "application/json"
        return response

    def register(self) -> tuple[bool, Any]:
        payload = {"username": self.username, "password": md5(self.password)}
        response = self.ask("register", "POST", "/users/create", payload)
        return response.status_code == 201, response.json()

    def authorize(self) -> tuple[bool, Any]:
        response = self.ask("authorize", "GET", "/users/auth")
        return response.status_code == 200, response.json()

    def push(self, document: str, progress: str, percentage: float, **metadata: str) -> dict[str, Any] | None:
        """`updateProgress`: what cannot be sent waits in the queue, without its time."""
        item: dict[str, Any] = {
            "document": document,
            "progress": progress,
            "percentage": percentage,
            "device": self.device,
            "device_id": self.device_id,
        }
        if self.send_metadata:
            item["metadata"] = metadata
        if not self.is_online:
            self.queue.append(item)
            return None
        return self._send(item)

    def drain(self) -> None:
        """`drainQueue`: in order, when the network is there again."""
        self.is_online = True
        while self.queue:
            self._send(self.queue.pop(0))

    def pull(self, document: str) -> dict[str, Any] | None:
        """`getProgress`: None where KOReader would say that there is no progress for the document."""
        response = self.ask("get_progress", "GET", f"/syncs/progress/{document}")
        assert response.status_code == 200, response.content
        body: dict[str, Any] = response.json()
        return body if "percentage" in body else None

    def is_own(self, body: dict[str, Any]) -> bool:
        """Whether KOReader would say that the latest progress is coming from this device."""
        return body["device"] == self.device and body["device_id"] == self.device_id

    def _send(self, item: dict[str, Any]) -> dict[str, Any] | None:
        response = self.ask("update_progress", "PUT", "/syncs/progress", item)
        return response.json() if response.status_code == 200 else None
