"""A window of Chromium, by Playwright."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.db import connections
from playwright.sync_api import CDPSession, Error, Page, ViewportSize, sync_playwright

from tests.support.browser import FLAGS, find_browser
from tests.support.windows import (
    ALT,
    ARROW_DOWN,
    ARROW_LEFT,
    ARROW_RIGHT,
    ARROW_UP,
    BACKSPACE,
    CONTROL,
    DELETE,
    END,
    ENTER,
    ESCAPE,
    F10,
    HOME,
    PAGE_DOWN,
    SHIFT,
    TAB,
    BrowserMissing,
    Window,
)

_KEYS = {
    ARROW_DOWN: "ArrowDown",
    PAGE_DOWN: "PageDown",
    ARROW_LEFT: "ArrowLeft",
    ARROW_RIGHT: "ArrowRight",
    ESCAPE: "Escape",
    ENTER: "Enter",
    TAB: "Tab",
    ARROW_UP: "ArrowUp",
    HOME: "Home",
    END: "End",
    BACKSPACE: "Backspace",
    DELETE: "Delete",
    F10: "F10",
    CONTROL: "ControlOrMeta",
    SHIFT: "Shift",
    ALT: "Alt",
}
_SIZE = ViewportSize(width=1200, height=800)


class ChromiumWindow:
    def __init__(self, page: Page) -> None:
        self._page = page
        self._touch: CDPSession | None = None

    def open(self, address: str) -> None:
        self._page.goto(address)

    def anew(self) -> ChromiumWindow:
        """A window of the same browser that shares nothing with this one: no cookies, no storage, no workers."""
        browser = self._page.context.browser
        assert browser is not None
        return ChromiumWindow(browser.new_page(viewport=_SIZE))

    def close(self) -> None:
        self._page.context.close()

    def run(self, expression: str) -> Any:
        source = f"(async () => JSON.stringify((await ({expression})) ?? null))()"
        try:
            return json.loads(self._page.evaluate(source))
        except Error as gone:
            if "Execution context was destroyed" not in gone.message:
                raise
            self._page.wait_for_load_state("domcontentloaded")  # a link was followed meanwhile
            return json.loads(self._page.evaluate(source))

    def press(self, *keys: str, pause_ms: int = 0) -> None:
        for key in keys:
            self._page.keyboard.press(_KEYS.get(key, key))
            self._page.wait_for_timeout(pause_ms)

    def chord(self, *keys: str) -> None:
        self._page.keyboard.press("+".join(_KEYS.get(key, key) for key in keys))

    def write(self, text: str) -> None:
        self._page.keyboard.type(text)

    def tap(self, x: float, y: float) -> None:
        if self._touch is None:  # as long as it is on, the pointer is coarse
            self._touch = self._page.context.new_cdp_session(self._page)
            self._touch.send("Emulation.setTouchEmulationEnabled", {"enabled": True, "maxTouchPoints": 1})
        self._touch.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [{"x": x, "y": y}]})
        self._touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})

    def set_cookie(self, address: str, name: str, value: str) -> None:
        home = urlsplit(address)
        self._page.context.add_cookies([{"name": name, "value": value, "url": f"{home.scheme}://{home.netloc}"}])

    def resize(self, width: int, height: int) -> None:
        self._page.set_viewport_size({"width": width, "height": height})

    def picture(self, file: Path) -> None:
        self._page.screenshot(path=file)


@contextmanager
def chromium(profile: Path | None = None) -> Iterator[Window]:
    """A Chromium of its own, without a face; what it stores is in `profile`, if any. Raises BrowserMissing."""
    try:
        program = find_browser()
    except FileNotFoundError as missing:
        raise BrowserMissing(str(missing)) from missing
    with pytest.MonkeyPatch.context() as patched, sync_playwright() as playwright:
        # Playwright keeps a loop in this thread as long as the browser is open, but no query runs within it.
        patched.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        if profile is not None:
            kept = playwright.chromium.launch_persistent_context(
                profile, executable_path=program, args=FLAGS, viewport=_SIZE
            )
            yield ChromiumWindow(kept.new_page())
            kept.close()
            connections.close_all()
            return
        launched = playwright.chromium.launch(executable_path=program, args=FLAGS)
        yield ChromiumWindow(launched.new_page(viewport=_SIZE))
        launched.close()
        connections.close_all()  # those made while the loop ran: no teardown outside it would find them
