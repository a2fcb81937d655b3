"""Sentry and OpenTelemetry: nothing is sent unless the environment says where, and nobody is in what is sent."""

from __future__ import annotations

import gzip
import os
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import brotli
import pytest
from django.conf import settings
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from operations.telemetry import apps, traces

SECRETS = re.compile(rb"[a-z]+-secret|row-data|ada@example|203\.0\.113")
UNPACKED_BY = {"": bytes, "gzip": gzip.decompress, "br": brotli.decompress}
ALLOWED = {"http.method", "http.route", "http.scheme", "http.status_code"}


@contextmanager
def receiver() -> Iterator[tuple[int, list[tuple[str, bytes]]]]:
    """A server that takes everything: its port, and the path and body of what came."""
    came: list[tuple[str, bytes]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            came.append((self.path, UNPACKED_BY[self.headers.get("Content-Encoding", "")](body)))
            self.send_response(200)
            self.send_header("Content-Length", "2")
            self.end_headers()
            self.wfile.write(b"{}")

        def log_message(self, format: str, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield server.server_address[1], came
    finally:
        server.shutdown()
        server.server_close()


def ask(folder: Path, **environment: str) -> None:
    """Run the failing shop with its own settings."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.support.telemetry_shop"],
        cwd=settings.BASE_DIR,
        env=os.environ
        | {
            "DJANGO_SETTINGS_MODULE": "config.settings.dev",
            "VAR_DIR": str(folder),
            "DATABASE_URL": f"sqlite:///{folder}/shop.sqlite3",
        }
        | environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (0, "asked\n"), done.stderr[-3000:]


def test_an_error_is_reported_without_people(tmp_path: Path) -> None:
    with receiver() as (port, came):
        ask(tmp_path, SENTRY_DSN=f"http://key@127.0.0.1:{port}/1")
    bodies = [body for path, body in came if path == "/api/1/envelope/"]
    (report,) = [body for body in bodies if b'"exception"' in body]
    assert b"ValueError" in report
    assert b"Key (email)=([address]) exists at /gifts/[hidden]/" in report
    assert b"/favicon.ico" in report
    assert b"telemetry_shop" in report, "where it happened"
    assert SECRETS.findall(b"".join(bodies)) == []
    assert b"cookie" not in report.lower()


def test_requests_are_traced_without_people(tmp_path: Path) -> None:
    with receiver() as (port, came):
        ask(tmp_path, OTEL_EXPORTER_OTLP_ENDPOINT=f"http://127.0.0.1:{port}")
    assert {path for path, _body in came} == {"/v1/traces"}
    spans = []
    for _path, body in came:
        sent = ExportTraceServiceRequest.FromString(body)
        spans += [span for part in sent.resource_spans for scope in part.scope_spans for span in scope.spans]
    statuses = {attribute.key: attribute for span in spans for attribute in span.attributes}
    assert len(spans) == 2
    assert set(statuses) <= ALLOWED
    assert {"http.method", "http.status_code"} <= set(statuses)
    assert not any(span.events for span in spans)
    assert SECRETS.findall(b"".join(body for _path, body in came)) == []


def test_nothing_is_sent_where_nobody_is_named(tmp_path: Path) -> None:
    with receiver() as (_port, came):
        ask(tmp_path)
    assert came == []


def test_a_receiver_that_is_away_harms_no_request(tmp_path: Path) -> None:
    with receiver() as (port, _came):
        pass
    ask(tmp_path, SENTRY_DSN=f"http://key@127.0.0.1:{port}/1", OTEL_EXPORTER_OTLP_ENDPOINT=f"http://127.0.0.1:{port}")


@pytest.mark.parametrize(
    ("start", "module", "extra"),
    [
        (apps._start_error_reports, "operations.telemetry.error_reports", "sentry"),
        (apps._start_traces, "operations.telemetry.traces", "tracing"),
    ],
)
def test_what_is_not_installed_is_named(monkeypatch: pytest.MonkeyPatch, start: Any, module: str, extra: str) -> None:
    import operations.telemetry

    monkeypatch.delattr(operations.telemetry, module.rpartition(".")[2], raising=False)
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(apps.ImproperlyConfigured, match=f"uv sync --extra {extra}"):
        start()


def test_only_listed_attributes_pass() -> None:
    assert not {name for name in traces._KEPT if "url" in name or "target" in name or "address" in name}
