"""Hostile manuscripts of the shared set, made to tell what they do: they mark the page, or ask a server of ours.

A book for the reader is made of them by the engine, or raw: with their markup as it is, as if nothing rebuilt it.
"""

from __future__ import annotations

import io
import re
import tempfile
import threading
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from lxml import etree, html
from markdown_it import MarkdownIt

from conversion.engine.contract import ConversionRequest
from conversion.engine.errors import AuthorFixable
from conversion.engine.pipeline import convert
from tests.factories.conversion import web_zip

RAN = "ran_from_the_book"  # set on the window by what runs
_MARK = f"Object.assign(top,{{{RAN}:1}})"
_XLINK = 'xmlns:xlink="http://www.w3.org/1999/xlink"'
_CHAPTER = "chapters/c1.xhtml"


class Canary:
    """A server that remembers what it was asked for."""

    def __init__(self) -> None:
        self.hits: list[str] = []
        canary = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                canary.hits.append(self.path)
                self.send_response(200)
                self.send_header("Access-Control-Allow-Origin", "*")
                self.end_headers()
                self.wfile.write(f"{_MARK}".encode() if self.path.endswith(".js") else b"")

            do_POST = do_HEAD = do_OPTIONS = do_GET  # noqa: N815

            def log_message(self, *arguments: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


@contextmanager
def listening() -> Iterator[Canary]:
    canary = Canary()
    yield canary
    canary.server.shutdown()
    canary.server.server_close()


def armed(manuscript: Path, canary: Canary) -> bytes:
    """The manuscript with our mark for its alerts, and our server for the hosts it asks."""
    return _each_text(manuscript.read_bytes(), lambda text: _arm(text, canary))


def rebuilt(name: str, content: bytes) -> bytes | None:
    """The book for the reader as the engine makes it. None if the manuscript is refused."""
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder, name)
        source.write_bytes(content)
        out = Path(folder, "out")
        out.mkdir()
        try:
            convert(ConversionRequest(source, name, out, formats=("web",)), lambda progress: None)
        except AuthorFixable:
            return None
        return (out / "web.zip").read_bytes()


def raw(name: str, content: bytes) -> bytes | None:
    """The book with the manuscript's own markup. None where that is none that a browser shows."""
    pictures: dict[str, bytes] = {}
    if name.endswith(".epub"):
        chapter, pictures = _of_epub(content)
    elif name.endswith(".html"):
        chapter = _xhtml(content)
    elif name.endswith(".md"):
        chapter = _xhtml(_of_markdown(content.decode()))
    else:
        return None
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(web_zip(("Chapter One",)))) as old, zipfile.ZipFile(buffer, "w") as new:
        for entry in old.namelist():
            new.writestr(entry, chapter if entry == _CHAPTER else old.read(entry))
        for picture, data in pictures.items():
            new.writestr(f"assets/{picture}", data)
    return buffer.getvalue()


def _arm(text: bytes, canary: Canary) -> bytes:
    text = text.replace(b"alert(1)", _MARK.encode())
    return re.sub(rb"(https?:)?//(evil\.example|127\.0\.0\.1:18765)", f"http://{canary.address}".encode(), text)


def _each_text(content: bytes, change: Callable[[bytes], bytes]) -> bytes:
    """Change a text, or the texts in an archive."""
    if not content.startswith(b"PK"):
        return change(content)
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(buffer, "w") as new:
        for entry in old.infolist():
            is_text = entry.filename.endswith((".xhtml", ".html", ".svg", ".css", ".xml", ".rels", ".opf"))
            new.writestr(entry, change(old.read(entry)) if is_text else old.read(entry))
    return buffer.getvalue()


def _of_epub(content: bytes) -> tuple[bytes, dict[str, bytes]]:
    with zipfile.ZipFile(io.BytesIO(content)) as opened:
        names = [name for name in opened.namelist() if "nav" not in name]
        chapter = next(opened.read(name) for name in names if name.endswith(".xhtml"))
        pictures = {Path(name).name: opened.read(name) for name in names if name.endswith((".svg", ".png"))}
    for name in pictures:
        chapter = re.sub(rb'src="[^":]*' + re.escape(name.encode()), f'src="../assets/{name}'.encode(), chapter)
    return chapter, pictures


def _of_markdown(text: str) -> bytes:
    """Links of every kind and markup pass, unlike in any shop."""
    parser: Any = MarkdownIt("commonmark", {"html": True})
    parser.validateLink = lambda url: True
    return f"<html><body>{parser.render(text)}</body></html>".encode()


def _xhtml(content: bytes) -> bytes:
    root = html.document_fromstring(content.decode("utf-8", "replace"))
    text = etree.tostring(root, encoding="unicode")
    text = re.sub(r"^<html\b", f'<html xmlns="http://www.w3.org/1999/xhtml" {_XLINK}', text)
    etree.fromstring(text)  # or no browser would show any of it
    return text.encode()
