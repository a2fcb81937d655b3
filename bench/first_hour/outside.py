"""What a shop finds on the internet: a mail server, and an authority for certificates with its name server."""

from __future__ import annotations

import json
import os
import re
import socket
import socketserver
import ssl
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from pathlib import Path
from urllib.request import urlopen

_CODE = re.compile(r"\b[B-Z]{4}-[B-Z]{4}\b")


@dataclass(frozen=True, slots=True)
class Authority:
    address: str
    certificates: list[Path]
    root: Path


@contextmanager
def authority(folder: Path, *, http_port: int = 80) -> Iterator[Authority]:
    """Start pebble, which asks at that port whether a name is somebody's, and a name server that knows one address."""
    folder.mkdir(parents=True, exist_ok=True)
    _make_door(folder)
    acme, management, names = _free_port(), _free_port(), _free_port()
    settings = {
        "listenAddress": f"127.0.0.1:{acme}",
        "managementListenAddress": f"127.0.0.1:{management}",
        "certificate": str(folder / "door.crt"),
        "privateKey": str(folder / "door.key"),
        "httpPort": http_port,
        "tlsPort": 443,
        "ocspResponderURL": "",
        "externalAccountBindingRequired": False,
    }
    (folder / "pebble.json").write_text(json.dumps({"pebble": settings}), encoding="utf-8")
    off = [word for name in ("http01", "https01", "tlsalpn01", "doh", "defaultIPv6") for word in (f"-{name}", "")]
    name_server = ["pebble-challtestsrv", "-defaultIPv4", "127.0.0.1", "-dns01", f"127.0.0.1:{names}", *off]
    name_server += ["-management", f"127.0.0.1:{_free_port()}"]
    pebble = ["pebble", "-config", str(folder / "pebble.json"), "-dnsserver", f"127.0.0.1:{names}"]
    impatient = {"PEBBLE_VA_NOSLEEP": "1", "PEBBLE_WFE_NONCEREJECT": "0"}
    with (folder / "log").open("wb") as log, _started(name_server, log), _started(pebble, log, **impatient):
        root = folder / "root.crt"
        root.write_bytes(_fetched(f"https://localhost:{management}/roots/0", folder / "door-ca.crt"))
        yield Authority(f"https://localhost:{acme}/dir", [folder / "door-ca.crt", root], root)


def _make_door(folder: Path) -> None:
    """Make the certificate of pebble's own address, by an authority of its own."""

    def openssl(*words: str) -> None:
        subprocess.run(["openssl", *words], cwd=folder, check=True, capture_output=True)

    (folder / "names").write_text("subjectAltName=DNS:localhost,IP:127.0.0.1\n", encoding="utf-8")
    new = ("-newkey", "rsa:2048", "-nodes")
    of_authority = ("-subj", "/CN=Door", "-addext", "keyUsage=critical,keyCertSign,cRLSign")
    openssl("req", "-x509", *new, *of_authority, "-keyout", "door-ca.key", "-out", "door-ca.crt", "-days", "30")
    openssl("req", *new, "-keyout", "door.key", "-out", "door.csr", "-subj", "/CN=localhost")
    by = ("-CA", "door-ca.crt", "-CAkey", "door-ca.key", "-CAcreateserial", "-extfile", "names")
    openssl("x509", "-req", "-in", "door.csr", *by, "-days", "30", "-out", "door.crt")


@contextmanager
def _started(command: list[str], log: object, **variables: str) -> Iterator[None]:
    process = subprocess.Popen(command, stdout=log, stderr=log, env={**os.environ, **variables})  # type: ignore[call-overload]
    try:
        yield
    finally:
        process.terminate()
        process.wait(10)


def _fetched(address: str, trusted: Path) -> bytes:
    context = ssl.create_default_context(cafile=str(trusted))
    for _ in range(100):
        try:
            with urlopen(address, context=context, timeout=5) as answer:
                body: bytes = answer.read()
                return body
        except OSError:
            time.sleep(0.1)
    raise RuntimeError(f"{address} does not answer")


def certificate(domain: str, root: Path) -> str:
    """Who says that the shop is the shop, and until when. Raises ssl.SSLError if it is not the authority."""
    context = ssl.create_default_context(cafile=str(root))
    with (
        socket.create_connection(("127.0.0.1", 443), timeout=10) as plain,
        context.wrap_socket(plain, server_hostname=domain) as secured,
    ):
        found = secured.getpeercert() or {}
        issuer = dict(pair for part in found["issuer"] for pair in part)
        return f"{secured.version()}, {domain} by {issuer['commonName']} until {found['notAfter']}"


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@dataclass
class Mails:
    port: int = 0
    got: list[tuple[str, str]] = field(default_factory=list)

    def code_for(self, address: str) -> str:
        """The code in the newest email to the address, once it is there."""
        until = time.monotonic() + 60
        while time.monotonic() < until:
            for to, text in reversed(self.got):
                if to == address and (found := _CODE.search(text)):
                    return found[0]
            time.sleep(0.1)
        raise RuntimeError(f"no code came for {address}")

    def texts_to(self, address: str) -> list[str]:
        return [text for to, text in self.got if to == address]


@contextmanager
def mail_server() -> Iterator[Mails]:
    mails = Mails()

    class Visit(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            self._say("220 mail.example")
            while line := self.rfile.readline():
                word = line[:4].upper()
                if word == b"DATA":
                    self._say("354 go on")
                    self._take()
                    self._say("250 taken")
                elif word == b"QUIT":
                    self._say("221 bye")
                    return
                else:
                    self._say("250 mail.example")

        def _say(self, text: str) -> None:
            self.wfile.write(text.encode() + b"\r\n")

        def _take(self) -> None:
            body = b""
            while (line := self.rfile.readline()) not in {b".\r\n", b""}:
                body += line
            message = message_from_bytes(body, policy=policy.default)
            text = message.get_body(("plain",))
            mails.got.append((str(message["to"]), str(text.get_content()) if text else ""))

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Visit) as server:
        server.daemon_threads = True
        mails.port = server.server_address[1]
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield mails
        server.shutdown()
