"""A mail server that takes every mail and keeps it as a file: python -m bench.faults.mail_server PORT FOLDER."""

from __future__ import annotations

import socketserver
import sys
from pathlib import Path
from uuid import uuid4


class _Dialogue(socketserver.StreamRequestHandler):
    """One connection, which may send several mails."""

    timeout = 60
    folder = Path()

    def handle(self) -> None:
        self._say("220 mail.example")
        while line := self.rfile.readline():
            verb = line.strip().upper().partition(b" ")[0]
            if verb == b"QUIT":
                self._say("221 bye")
                return
            if verb == b"DATA":
                self._say("354 go on")
                self._take()
            self._say("250 ok")

    def _take(self) -> None:
        """Keep the mail. It counts only once it is whole, as with a real server."""
        lines = []
        while (line := self.rfile.readline()) not in {b".\r\n", b""}:
            lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
        draft = self.folder / f"{uuid4()}.part"
        draft.write_bytes(b"".join(lines))
        draft.rename(draft.with_suffix(".eml"))

    def _say(self, text: str) -> None:
        self.wfile.write(f"{text}\r\n".encode())


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


def main() -> None:
    _Dialogue.folder = Path(sys.argv[2])
    _Dialogue.folder.mkdir(exist_ok=True)
    with _Server(("127.0.0.1", int(sys.argv[1])), _Dialogue) as server:
        server.serve_forever()


if __name__ == "__main__":
    main()
