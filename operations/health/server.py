"""The HTTP server of the health process: `/healthz`, `/readyz`, `/readyz/<dependency>` and `/metrics`."""

from __future__ import annotations

import json
from dataclasses import asdict
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socketserver import TCPServer
from typing import Any
from urllib.parse import urlsplit

from operations.health.figures import Figures
from operations.health.probes import Answer
from operations.health.state import Health, is_ready
from operations.metrics import exposition

_JSON = "application/json"


class HealthServer(ThreadingHTTPServer):
    """Answers probes by any name or address. It never asks who calls, so only the operator's network may reach it."""

    daemon_threads = True

    def __init__(self, address: tuple[str, int], health: Health) -> None:
        super().__init__(address, _Handler)
        self.health = health
        self.figures = Figures(health)

    def server_bind(self) -> None:
        """Listen without asking the name service for this machine's name, which may take long."""
        TCPServer.server_bind(self)


class _Handler(BaseHTTPRequestHandler):
    server: HealthServer
    timeout = 5  # of a caller that sends nothing
    server_version = "octavo"
    sys_version = ""

    def do_GET(self) -> None:
        self._answer(with_body=True)

    def do_HEAD(self) -> None:
        self._answer(with_body=False)

    def log_message(self, format: str, *args: Any) -> None:
        """Log no probes: there is one every few seconds."""

    def _answer(self, *, with_body: bool) -> None:
        status, kind, body = self._respond(urlsplit(self.path).path)
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        if with_body:
            self.wfile.write(body)

    def _respond(self, path: str) -> tuple[HTTPStatus, str, bytes]:
        if path == "/healthz":
            return self._alive()
        if path == "/readyz":
            return self._ready()
        if path.startswith("/readyz/"):
            return self._one(path.removeprefix("/readyz/"))
        if path == "/metrics":
            return HTTPStatus.OK, exposition.CONTENT_TYPE, self.server.figures.text()
        return _json(HTTPStatus.NOT_FOUND, {"pages": ["/healthz", "/readyz", "/readyz/<dependency>", "/metrics"]})

    def _alive(self) -> tuple[HTTPStatus, str, bytes]:
        """Say that this process lives, and at least one web process. Restarting them mends no dependency."""
        webs = self.server.health.web_processes()
        is_alive = not webs or any(web.ok for web in webs.values())
        shown = {name: asdict(web) for name, web in webs.items()}
        return _json(_status(is_alive), {"status": "alive" if is_alive else "dead", **shown})

    def _ready(self) -> tuple[HTTPStatus, str, bytes]:
        answers = self.server.health.all()
        ready = is_ready(answers)
        state = "unready" if not ready else "ready" if all(one.ok for one in answers.values()) else "degraded"
        return _json(
            _status(ready), {"status": state, "dependencies": {name: asdict(one) for name, one in answers.items()}}
        )

    def _one(self, name: str) -> tuple[HTTPStatus, str, bytes]:
        try:
            answer: Answer = self.server.health.one(name)
        except KeyError:
            return _json(HTTPStatus.NOT_FOUND, {"dependencies": sorted(self.server.health.names())})
        return _json(_status(answer.ok), asdict(answer))


def _status(ok: bool) -> HTTPStatus:
    return HTTPStatus.OK if ok else HTTPStatus.SERVICE_UNAVAILABLE


def _json(status: HTTPStatus, content: dict[str, Any]) -> tuple[HTTPStatus, str, bytes]:
    return status, _JSON, json.dumps(content, indent=1).encode() + b"\n"
