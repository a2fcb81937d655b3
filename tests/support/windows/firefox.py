"""A window of Firefox, by WebDriver BiDi: commands and answers as JSON over a socket that Firefox itself opens."""

from __future__ import annotations

import base64
import itertools
import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import urlsplit

from websockets.sync.client import ClientConnection, connect

from tests.support.windows import ENTER, BrowserMissing, Window

_LISTENS = re.compile(r"WebDriver BiDi listening on (ws://\S+)")
_LARGEST = 64 * 1024 * 1024  # of an answer: a screenshot
# A button that has the focus hears the Enter of BiDi, but is not clicked by it, as a link is.
_WATCH_BUTTON = """(() => {
  const found = document.activeElement;
  window.pressedButton = found?.matches("button") ? found : null;
  found?.addEventListener("click", () => (window.pressedButton = null), { once: true });
})()"""
_PREFERENCES = {
    "app.normandy.enabled": False,
    "browser.shell.checkDefaultBrowser": False,
    "dom.w3c_touch_events.enabled": 1,
    "datareporting.policy.dataSubmissionEnabled": False,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "services.settings.server": "data:,",
    "toolkit.telemetry.enabled": False,
}


def find_firefox() -> str:
    """The path of Firefox. Raises BrowserMissing."""
    for name in ("firefox-esr", "firefox"):
        if found := shutil.which(name):
            return found
    raise BrowserMissing("no Firefox here; run script/bootstrap --tests")


class FirefoxWindow:
    def __init__(self, socket: ClientConnection) -> None:
        self._socket = socket
        self._numbers = itertools.count(1)
        self.is_closed = False
        self._ask("session.new", capabilities={})
        self._context = self._ask("browsingContext.getTree")["contexts"][0]["context"]

    def open(self, address: str) -> None:
        self._ask("browsingContext.navigate", context=self._context, url=address, wait="complete")

    def run(self, expression: str) -> Any:
        answer = self._ask(
            "script.evaluate",
            # As JSON, because BiDi would tell each value's type.
            expression=f"(async () => JSON.stringify((await ({expression})) ?? null))()",
            target={"context": self._context},
            awaitPromise=True,
            userActivation=True,
        )
        if answer["type"] != "success":
            raise RuntimeError(answer["exceptionDetails"]["text"])
        return json.loads(answer["result"]["value"])

    def press(self, *keys: str, pause_ms: int = 0) -> None:
        if keys == (ENTER,):
            self.run(_WATCH_BUTTON)
        self._press(*keys, pause_ms=pause_ms)
        if keys == (ENTER,):
            self.run("window.pressedButton?.click()")

    def _press(self, *keys: str, pause_ms: int) -> None:
        steps: list[dict[str, Any]] = []
        for key in keys:
            steps += [{"type": "keyDown", "value": key}, {"type": "keyUp", "value": key}]
            steps.append({"type": "pause", "duration": pause_ms})
        self._ask(
            "input.performActions", context=self._context, actions=[{"type": "key", "id": "keyboard", "actions": steps}]
        )

    def chord(self, *keys: str) -> None:
        steps = [{"type": "keyDown", "value": key} for key in keys]
        steps += [{"type": "keyUp", "value": key} for key in reversed(keys)]
        self._ask(
            "input.performActions", context=self._context, actions=[{"type": "key", "id": "keyboard", "actions": steps}]
        )

    def write(self, text: str) -> None:
        self.press(*text)

    def tap(self, x: float, y: float) -> None:
        steps = [
            {"type": "pointerMove", "x": round(x), "y": round(y)},
            {"type": "pointerDown", "button": 0},
            {"type": "pointerUp", "button": 0},
        ]
        finger = {"type": "pointer", "id": "finger", "parameters": {"pointerType": "touch"}, "actions": steps}
        self._ask("input.performActions", context=self._context, actions=[finger])

    def set_cookie(self, address: str, name: str, value: str) -> None:
        cookie = {"name": name, "value": {"type": "string", "value": value}, "domain": urlsplit(address).hostname}
        self._ask("storage.setCookie", cookie=cookie)

    def resize(self, width: int, height: int) -> None:
        self._ask("browsingContext.setViewport", context=self._context, viewport={"width": width, "height": height})

    def picture(self, file: Path) -> None:
        shot = self._ask("browsingContext.captureScreenshot", context=self._context)
        file.write_bytes(base64.b64decode(shot["data"]))

    def close(self) -> None:
        """End Firefox as a person does, so that it stores what it has."""
        self._ask("browser.close")
        self.is_closed = True

    def _ask(self, method: str, **params: Any) -> dict[str, Any]:
        number = next(self._numbers)
        self._socket.send(json.dumps({"id": number, "method": method, "params": params}))
        while True:  # events come between
            answer: dict[str, Any] = json.loads(self._socket.recv(timeout=30))
            if answer.get("id") == number:
                break
        if answer["type"] == "error":
            raise RuntimeError(f"{method}: {answer['message']}")
        found: dict[str, Any] = answer["result"]
        return found


@contextmanager
def firefox(profile: Path | None = None) -> Iterator[Window]:
    """A Firefox of its own, without a face; what it stores is in `profile`, if any. Raises BrowserMissing."""
    if profile is not None:
        with _started(profile) as window:
            yield window
            window.close()
        return
    with TemporaryDirectory(prefix="octavo-firefox-") as folder, _started(Path(folder)) as window:
        yield window


@contextmanager
def _started(profile: Path) -> Iterator[FirefoxWindow]:
    program = find_firefox()
    lines = (f"user_pref({json.dumps(name)}, {json.dumps(value)});\n" for name, value in _PREFERENCES.items())
    Path(profile, "user.js").write_text("".join(lines), encoding="utf-8")
    command = [program, "--headless", "--no-remote", "--profile", str(profile), "--remote-debugging-port", "0"]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as process:
        try:
            with connect(f"{_address(process)}/session", max_size=_LARGEST, proxy=None) as socket:
                window = FirefoxWindow(socket)
                yield window
                if window.is_closed:
                    process.wait(timeout=20)
        finally:
            process.kill()


def _address(process: subprocess.Popen[str]) -> str:
    assert process.stderr is not None
    for line in process.stderr:
        if found := _LISTENS.search(line):
            return found[1]
    raise RuntimeError("Firefox ended before it listened")
