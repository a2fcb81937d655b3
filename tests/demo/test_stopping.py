"""The demonstration's web server stops although a browser holds a connection."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time

from demo.management.commands.demo import web_command

_STARTS_IN, _STOPS_IN = 60.0, 12.0


def test_does_not_wait_for_a_browser_that_says_nothing() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = subprocess.Popen(web_command(port), env={**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings.test"})
    try:
        with _connected(port) as browser:
            browser.sendall(b"GET / HT")
            time.sleep(0.5)
            server.send_signal(signal.SIGTERM)
            assert server.wait(_STOPS_IN) == 0
    finally:
        server.kill()
        server.wait()


def _connected(port: int) -> socket.socket:
    """A connection, as soon as somebody listens."""
    deadline = time.monotonic() + _STARTS_IN
    while True:
        try:
            return socket.create_connection(("127.0.0.1", port))
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.2)
