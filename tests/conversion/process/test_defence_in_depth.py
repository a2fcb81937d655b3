"""Either defence alone holds: the sandbox without rebuilding, rebuilding without the sandbox.

The attacks are pages that load from a server of ours on this machine and from its files. Each test has its
control, which shows that the attack works where nothing stops it.
"""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from conversion.engine.contract import ConversionRequest
from conversion.engine.errors import AuthorFixable
from conversion.engine.process import runner
from conversion.engine.process.launch import CHILD, Spawn
from conversion.engine.process.sandbox import SandboxPolicy

RAW = "tests.conversion.process.children.raw"
SECRET = "SECRET-OF-THE-HOST-4711"


class _Server:
    """Counts the requests it gets."""

    def __init__(self) -> None:
        self.hits: list[str] = []
        server = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                server.hits.append(self.path)
                self.send_response(200)
                self.end_headers()

            def log_message(self, *arguments: object) -> None:
                pass

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self.http.server_address[1]
        threading.Thread(target=self.http.serve_forever, daemon=True).start()


@pytest.fixture
def server() -> Iterator[_Server]:
    running = _Server()
    yield running
    running.http.shutdown()
    running.http.server_close()


@pytest.fixture
def page(tmp_path: Path, server: _Server) -> Path:
    """A page that loads pictures and styles from the server and attaches a file of this machine."""
    (tmp_path / "secret.txt").write_text(SECRET)
    (tmp_path / "out").mkdir()
    source = tmp_path / "page.html"
    address = f"http://127.0.0.1:{server.port}"
    source.write_text(
        f"""<html><head><title>Salt</title><link rel="stylesheet" href="{address}/a.css">
        <style>@import url({address}/b.css); p {{ background: url({address}/c.png) }}
        @font-face {{ font-family: x; src: url({address}/d.woff) }}</style>
        <link rel="attachment" href="file://{tmp_path}/secret.txt"></head>
        <body><h1>One</h1><p>BENIGN words stand here.</p><img src="{address}/e.png">
        <iframe src="{address}/f.html"></iframe><script src="{address}/g.js"></script>
        <object data="file://{tmp_path}/secret.txt"></object></body></html>"""
    )
    return source


def _convert(page: Path, module: str, policy: SandboxPolicy, formats: tuple[str, ...]) -> dict[str, bytes]:
    out = page.parent / "out"
    request = ConversionRequest(source=page, name="page.html", out=out, formats=formats)
    runner.run(request, lambda progress: None, sandbox=policy, launch=Spawn(module))
    return {path.name: path.read_bytes() for path in out.iterdir()}


class TestSandboxAlone:
    def test_raw_pages_reach_nothing(self, page: Path, server: _Server) -> None:
        files = _convert(page, RAW, SandboxPolicy(require=True), ())
        assert server.hits == []
        assert SECRET.encode() not in files["book.pdf"]

    def test_control_without_it_they_do(self, page: Path, server: _Server) -> None:
        files = _convert(page, RAW, SandboxPolicy(enabled=False), ())
        assert server.hits != []
        assert SECRET.encode() in files["book.pdf"]


class TestRebuildingAlone:
    def test_pages_are_rebuilt_without_loads(self, page: Path, server: _Server) -> None:
        try:
            files = _convert(page, CHILD, SandboxPolicy(enabled=False), ("epub", "web", "pdf"))
        except AuthorFixable as refused:
            pytest.skip(f"HTML is not read yet: {refused.code}")
        assert server.hits == []
        assert set(files) >= {"book.epub", "web.zip"}
        assert all(SECRET.encode() not in data and b"127.0.0.1" not in data for data in files.values())


def test_loopback_is_reachable_at_all(server: _Server) -> None:
    """Else every count of zero above would mean nothing."""
    with socket.create_connection(("127.0.0.1", server.port)) as connection:
        connection.sendall(b"GET /x HTTP/1.0\r\n\r\n")
        connection.recv(100)
    assert server.hits == ["/x"]
