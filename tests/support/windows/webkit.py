"""A window of WebKitGTK's MiniBrowser, by WebDriver: plain requests to the driver that Debian packages with it."""

from __future__ import annotations

import base64
import json
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

from tests.support.windows import BrowserMissing, Window

_START_S = 20.0
_COOKIE_SECONDS = 10.0
_NO_WIDTH = "headerbar *, toolbar *, entry, button, button * { min-width: 0; padding: 0; margin: 0; font-size: 1px; }"
# Run in a frame of its own, an answer comes by a callback; the expression may be a promise.
_ASYNC = """const [done] = arguments;
Promise.resolve().then(async () => (%s)).then(
  (value) => done({value: JSON.stringify(value ?? null)}), (error) => done({error: String(error)}))"""


class WebKitWindow:
    def __init__(self, driver: str) -> None:
        self._driver = driver
        session = self._ask("POST", "/session", {"capabilities": {"alwaysMatch": {}}})
        self._home = f"/session/{session['sessionId']}"
        self._ask("POST", f"{self._home}/timeouts", {"script": 30_000, "pageLoad": 30_000})

    def open(self, address: str) -> None:
        self._ask("POST", f"{self._home}/url", {"url": address})

    def run(self, expression: str) -> Any:
        told = self._ask("POST", f"{self._home}/execute/async", {"script": _ASYNC % expression, "args": []})
        if "error" in told:
            raise RuntimeError(told["error"])
        return json.loads(told["value"])

    def press(self, *keys: str, pause_ms: int = 0) -> None:
        steps: list[dict[str, Any]] = []
        for key in keys:
            steps += [{"type": "keyDown", "value": key}, {"type": "keyUp", "value": key}]
            steps.append({"type": "pause", "duration": pause_ms})
        self._ask("POST", f"{self._home}/actions", {"actions": [{"type": "key", "id": "keyboard", "actions": steps}]})

    def chord(self, *keys: str) -> None:
        steps = [{"type": "keyDown", "value": key} for key in keys]
        steps += [{"type": "keyUp", "value": key} for key in reversed(keys)]
        self._ask("POST", f"{self._home}/actions", {"actions": [{"type": "key", "id": "keyboard", "actions": steps}]})

    def write(self, text: str) -> None:
        self.press(*text)

    def tap(self, x: float, y: float) -> None:
        steps = [
            {"type": "pointerMove", "duration": 0, "x": round(x), "y": round(y)},
            {"type": "pointerDown", "button": 0},
            {"type": "pointerUp", "button": 0},
        ]
        hand = {"type": "pointer", "id": "hand", "parameters": {"pointerType": "mouse"}, "actions": steps}
        self._ask("POST", f"{self._home}/actions", {"actions": [hand]})

    def set_cookie(self, address: str, name: str, value: str) -> None:
        self.open(f"{address}/robots.txt")  # a cookie is set from a page of its site only
        # The driver's own command for it does nothing where the site is called localhost. An answer that is still on
        # its way to a page that was left may take the cookie away again.
        deadline = time.monotonic() + _COOKIE_SECONDS
        while f"{name}={value}" not in self.run("document.cookie"):
            if time.monotonic() > deadline:
                raise RuntimeError(f"WebKit does not keep the cookie {name}")
            self._ask("DELETE", f"{self._home}/cookie/{name}")
            self.run(f"document.cookie = {json.dumps(f'{name}={value}; path=/')}")
            time.sleep(0.1)

    def resize(self, width: int, height: int) -> None:
        self._ask("POST", f"{self._home}/window/rect", {"width": width, "height": height})

    def picture(self, file: Path) -> None:
        file.write_bytes(base64.b64decode(self._ask("GET", f"{self._home}/screenshot")))

    def close(self) -> None:
        self._ask("DELETE", self._home)

    def _ask(self, method: str, path: str, body: object = None) -> Any:
        data = None if body is None else json.dumps(body).encode()
        request = Request(f"{self._driver}{path}", data, {"Content-Type": "application/json"}, method=method)
        try:
            with urlopen(request, timeout=60) as answer:
                return json.load(answer)["value"]
        except HTTPError as refused:
            raise RuntimeError(f"{path}: {refused.read().decode()}") from refused


@contextmanager
def webkit() -> Iterator[Window]:
    """A MiniBrowser on a screen of its own. Raises BrowserMissing."""
    for program in ("WebKitWebDriver", "Xvfb"):
        if not shutil.which(program):
            raise BrowserMissing(f"no {program} here; run script/bootstrap --tests")
    with _screen() as display, _narrow() as config, socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
        probe.close()
        command = ["WebKitWebDriver", "--host=127.0.0.1", f"--port={port}"]
        environment = {**os.environ, "DISPLAY": display, "GDK_BACKEND": "x11", "LIBGL_ALWAYS_SOFTWARE": "1"}
        environment["XDG_CONFIG_HOME"] = config
        with subprocess.Popen(
            command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        ) as process:
            try:
                _wait_until_ready(f"http://127.0.0.1:{port}")
                window = WebKitWindow(f"http://127.0.0.1:{port}")
                yield window
                window.close()
            finally:
                process.terminate()


@contextmanager
def _narrow() -> Iterator[str]:
    """A folder of settings by which MiniBrowser's own buttons let its window be as narrow as a phone."""
    with TemporaryDirectory(prefix="octavo-gtk-") as folder:
        for version in ("gtk-3.0", "gtk-4.0"):
            Path(folder, version).mkdir()
            Path(folder, version, "gtk.css").write_text(_NO_WIDTH, encoding="utf-8")
        yield folder


@contextmanager
def _screen() -> Iterator[str]:
    """An X server without a screen, on the first number that is free."""
    reading, writing = os.pipe()
    command = ["Xvfb", "-displayfd", str(writing), "-screen", "0", "1600x1200x24", "-nolisten", "tcp"]
    with (
        os.fdopen(reading) as told,
        subprocess.Popen(command, pass_fds=[writing], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process,
    ):
        os.close(writing)
        try:
            yield f":{told.readline().strip()}"
        finally:
            process.terminate()


def _wait_until_ready(driver: str) -> None:
    deadline = time.monotonic() + _START_S
    while True:
        try:
            with urlopen(f"{driver}/status", timeout=5):
                return
        except URLError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)
