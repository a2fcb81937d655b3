"""A chapter to edit and a server that keeps it: the editor's page and its two addresses, without a database.

It answers as the desk does: a save with an old revision is merged block by block, or refused with both versions. It
stands in for the desk for the browser's sake; what a real save does is tested with the services that do it.
"""

from __future__ import annotations

import copy
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from django.conf import settings

from publishing.editing.editor_words import editor_words

type Json = dict[str, Any]

STYLES = ("vendor/octavo.css", "css/areas/desk.css", "css/areas/editor.css")
# What the desk's pages have, and what a page may add that wants no text to become markup.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; base-uri 'none'; require-trusted-types-for 'script'; trusted-types ProseMirrorClipboard"
)
_TYPES = {"css": "text/css", "js": "text/javascript", "woff2": "font/woff2", "png": "image/png"}


def paragraph(block: str, *text: Any, **attributes: Any) -> Json:
    return {"id": block, "kind": "paragraph", "attributes": attributes, "text": list(text)}


def chapter(*blocks: Json, **more: Any) -> Json:
    return {
        "version": 1,
        "base": "0" * 32,
        "revision": 1,
        "chapter": "c1",
        "attributes": {"title": "The Harbour", "division": "bodymatter", "role": "chapter"},
        "blocks": list(blocks),
        "notes": [],
        "objects": {},
        **more,
    }


@dataclass
class ChapterServer:
    """What the server has. `answers` are given to the next saves instead of its own; `saves` are those that came."""

    document: Json
    address: str = ""
    answers: list[tuple[int, Json]] = field(default_factory=list)
    saves: list[Json] = field(default_factory=list)
    posts: list[str] = field(default_factory=list)
    _before: dict[int, Json] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _given: int = 0

    @property
    def texts(self) -> list[str]:
        return [plain(block) for block in self.document["blocks"]]

    def change(self, block: str, *text: Any) -> None:
        """Change a paragraph as another tab would."""
        with self._lock:
            changed = copy.deepcopy(self.document)
            next(one for one in changed["blocks"] if one["id"] == block)["text"] = list(text)
            self._put(changed)

    def save(self, sent: Json) -> tuple[int, Json]:
        with self._lock:
            self.saves.append(copy.deepcopy(sent))
            if self.answers:
                return self.answers.pop(0)
            document = sent["document"]
            if sent["revision"] == self.document["revision"]:
                is_same = not self._give_ids(document["blocks"])
                self._put(document)
                return 200, {"revision": self.document["revision"], "document": None if is_same else self.document}
            return self._merge(self._before[sent["revision"]], document)

    def _merge(self, ancestor: Json, mine: Json) -> tuple[int, Json]:
        was = {block["id"]: block for block in ancestor["blocks"]}
        theirs = {block["id"]: block for block in self.document["blocks"]}
        both = [
            block["id"]
            for block in mine["blocks"]
            if block["id"] in was
            and was[block["id"]] not in (block, theirs[block["id"]])
            and theirs[block["id"]] != block
        ]
        if both:
            conflicts = [{"block": one, "base": was[one]["text"], "theirs": theirs[one]["text"]} for one in both]
            return 409, {
                "code": "conflict",
                "revision": self.document["revision"],
                "document": self.document,
                "conflicts": conflicts,
            }
        merged = [theirs[one["id"]] if was.get(one["id"]) == one else one for one in mine["blocks"]]
        self._give_ids(merged)
        self._put({**mine, "blocks": merged})
        return 200, {"revision": self.document["revision"], "document": self.document}

    def _put(self, document: Json) -> None:
        self._before[self.document["revision"]] = self.document
        self.document = {**document, "revision": self.document["revision"] + 1}

    def _give_ids(self, blocks: list[Json]) -> bool:
        """Give new blocks ids of the server's own. Returns whether there were any."""
        found = False
        for block in blocks:
            block.pop("from", None)
            if block["id"].startswith("new-"):
                self._given += 1
                block["id"] = f"p{self._given:012d}.0"
                found = True
            found |= self._give_ids(block.get("blocks", []))
        return found


def plain(block: Json) -> str:
    own = "".join(row if isinstance(row, str) else row[0] for row in block.get("text", []))
    return own + "".join(plain(inner) for inner in block.get("blocks", []))


def _page() -> bytes:
    data = {
        "person": "usr_1",
        "work": "wrk_1",
        "chapter": "c1",
        "language": "en",
        "pictures": "/pictures/{asset}",
        "putPicture": "/picture",
        "pictureTypes": "image/png",
        "words": editor_words(),
    }
    styles = "".join(f'<link rel="stylesheet" href="/static/{name}">' for name in STYLES)
    return f"""<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>The Harbour</title>
<meta name="viewport" content="width=device-width, initial-scale=1">{styles}
<script type="module" src="/static/vendor/editor.js"></script></head>
<body><main class="frame site-main"><h1>The Harbour</h1>
<div data-editor data-token="token" data-document-url="/document" data-save-url="/document">
<p>A form for each block.</p></div>
<script type="application/json" id="editor-data">{json.dumps(data).replace("<", "\\u003c")}</script>
</main></body></html>""".encode()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    chapter: ChapterServer

    def log_message(self, *_: object) -> None:
        pass

    def do_GET(self) -> None:
        path = self.path.partition("?")[0]
        if path == "/document":
            self._json(200, self.chapter.document)
        elif path.startswith("/static/"):
            self._file(path.removeprefix("/static/"))
        elif path == "/pictures/" + "a" * 64:
            self._send(200, "image/svg+xml", b'<svg xmlns="http://www.w3.org/2000/svg" width="320" height="180"/>')
        else:
            self._send(200, "text/html; charset=utf-8", _page() if path == "/" else b"<!DOCTYPE html><title>-</title>")

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.headers["X-CSRFToken"] != "token":
            self._json(403, {"code": "token", "message": "No token."})
        elif self.path == "/document":
            self._json(*self.chapter.save(json.loads(body)))
        else:
            self.chapter.posts.append(self.path)
            self._json(200, {})

    def _file(self, name: str) -> None:
        file = settings.BASE_DIR / "static" / name
        if not file.is_file():
            self._send(404, "text/plain", b"")
            return
        self._send(200, _TYPES.get(file.suffix[1:], "application/octet-stream"), file.read_bytes())

    def _json(self, status: int, value: Json) -> None:
        self._send(status, "application/json", json.dumps(value).encode())

    def _send(self, status: int, kind: str, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Content-Security-Policy", POLICY)
        self.end_headers()
        self.wfile.write(body)


@contextmanager
def chapter_server(document: Json) -> Iterator[ChapterServer]:
    """Serve a chapter on a port of this machine until the block ends."""
    kept = ChapterServer(document)
    handler = type("Handler", (_Handler,), {"chapter": kept})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        server.daemon_threads = True
        kept.address = f"http://127.0.0.1:{server.server_port}"
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield kept
        server.shutdown()
