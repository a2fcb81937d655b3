"""HTTP/1.1 over TLS in one asyncio process, cheap enough to share two cores with the shop that it asks."""

from __future__ import annotations

import asyncio
import gzip
import ssl
import time
from dataclasses import dataclass, field
from urllib.parse import urlencode

PATIENCE_S = 30.0
_HOST = "localhost"


@dataclass(frozen=True)
class Answer:
    """What a request was answered; status 0 if the connection broke, -1 if there was no answer in time."""

    status: int
    headers: dict[str, str] = field(default_factory=dict)
    cookies: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    seconds: float = 0.0

    @property
    def text(self) -> str:
        return self.body.decode("utf-8", "replace")


class Connection:
    """A visitor's connection, which stays open as a browser's does. Each visitor has an address of their own."""

    def __init__(self, port: int, address: str, context: ssl.SSLContext | None) -> None:
        self._port, self._address, self._context = port, address, context
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def ask(self, path: str, cookies: dict[str, str], fields: dict[str, str] | None = None) -> Answer:
        """Get the page, or send it a form."""
        began = time.monotonic()
        try:
            async with asyncio.timeout(PATIENCE_S):
                answer = await self._exchange(_request(path, cookies, fields))
        except TimeoutError:
            self.close()
            return Answer(-1, seconds=time.monotonic() - began)
        except (OSError, EOFError, ValueError):
            self.close()
            return Answer(0, seconds=time.monotonic() - began)
        return Answer(answer.status, answer.headers, answer.cookies, answer.body, time.monotonic() - began)

    def close(self) -> None:
        if self._streams is not None:
            self._streams[1].transport.abort()
            self._streams = None

    async def _exchange(self, request: bytes) -> Answer:
        """Send the request; once again on a new connection where an idle one was closed under it, as browsers do."""
        was_open = self._streams is not None
        try:
            return await self._sent(request)
        except (ConnectionError, asyncio.IncompleteReadError) as error:
            if not was_open or getattr(error, "partial", b""):
                raise
            self.close()
            return await self._sent(request)

    async def _sent(self, request: bytes) -> Answer:
        if self._streams is None:
            self._streams = await asyncio.open_connection(
                "127.0.0.1",
                self._port,
                ssl=self._context,
                server_hostname=_HOST if self._context else None,
                local_addr=(self._address, 0),
            )
        reader, writer = self._streams
        writer.write(request)
        await writer.drain()
        return await self._answered(reader)

    async def _answered(self, reader: asyncio.StreamReader) -> Answer:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        headers, cookies = dict[str, str](), dict[str, str]()
        for line in filter(None, head[1:]):
            name, _colon, value = line.partition(": ")
            if name.lower() == "set-cookie":
                key, _equals, cookie = value.partition(";")[0].partition("=")
                cookies[key] = cookie
            headers[name.lower()] = value
        status = int(head[0].split(" ", 2)[1])
        body = b"" if status in {204, 304} else await _body(reader, headers)
        if headers.get("connection") == "close":
            self.close()
        return Answer(status, headers, cookies, body)


async def _body(reader: asyncio.StreamReader, headers: dict[str, str]) -> bytes:
    if headers.get("transfer-encoding") == "chunked":
        parts = []
        while size := int((await reader.readuntil(b"\r\n")).partition(b";")[0], 16):
            parts.append((await reader.readexactly(size + 2))[:-2])
        await reader.readuntil(b"\r\n")
        body = b"".join(parts)
    else:
        body = await reader.readexactly(int(headers.get("content-length", "0")))
    return gzip.decompress(body) if headers.get("content-encoding") == "gzip" else body


def _request(path: str, cookies: dict[str, str], fields: dict[str, str] | None) -> bytes:
    lines = [
        f"{'GET' if fields is None else 'POST'} {path} HTTP/1.1",
        f"Host: {_HOST}",
        "Accept-Encoding: gzip",
        "Accept-Language: en",
        "User-Agent: bench.load",
    ]
    if cookies:
        lines.append("Cookie: " + "; ".join(f"{name}={value}" for name, value in cookies.items()))
    body = b""
    if fields is not None:
        body = urlencode(fields).encode()
        lines += [f"Origin: https://{_HOST}", f"Referer: https://{_HOST}{path}", "Sec-Fetch-Site: same-origin"]
        lines += ["Content-Type: application/x-www-form-urlencoded", f"Content-Length: {len(body)}"]
    return "\r\n".join([*lines, "", ""]).encode() + body
