"""One window of a browser, the same to a test whichever browser it is: Chromium, Debian's Firefox, or WebKitGTK.

Chromium is driven by Playwright, Firefox by WebDriver BiDi and WebKit by WebDriver: none speaks what another does.
`script/bootstrap --tests` installs them.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path
from typing import Any, Protocol

import pytest

ARROW_LEFT, ARROW_RIGHT, ARROW_DOWN, PAGE_DOWN, ESCAPE = "\ue012", "\ue014", "\ue015", "\ue00f", "\ue00c"  # WebDriver's
ENTER, TAB = "\ue006", "\ue004"
ARROW_UP, HOME, END, BACKSPACE, DELETE, F10 = "\ue013", "\ue011", "\ue010", "\ue003", "\ue017", "\ue03a"
CONTROL, SHIFT, ALT = "\ue009", "\ue008", "\ue00a"
NOT_HAD = "a browser cannot be had"  # begins the reason of what is skipped for it; the summary shows these
_PATIENCE_S = 20.0


class Window(Protocol):
    """What a reading journey needs of a browser."""

    def open(self, address: str) -> None: ...

    def run(self, expression: str) -> Any:
        """The value of the expression on the page, which may be a promise."""

    def press(self, *keys: str, pause_ms: int = 0) -> None:
        """Keys as a hand presses them, one after the other."""

    def chord(self, *keys: str) -> None:
        """Keys that are held together, the last one pressed while the others are down."""

    def write(self, text: str) -> None:
        """Type the text where the focus is, in whatever script."""

    def tap(self, x: float, y: float) -> None:
        """A finger's tap on a point of the window. WebKitGTK's driver has no touch and makes a mouse's click of it."""

    def set_cookie(self, address: str, name: str, value: str) -> None: ...

    def resize(self, width: int, height: int) -> None: ...

    def picture(self, file: Path) -> None: ...


class BrowserMissing(Exception):
    """The browser is not installed here."""


def until(window: Window, expression: str, *, seconds: float = _PATIENCE_S) -> Any:
    """The first true value of the expression on the page. Fails when there is none in time."""
    deadline = time.monotonic() + seconds
    while not (found := window.run(expression)):
        if time.monotonic() > deadline:
            pytest.fail(f"in {seconds} s this was never true: {expression}\n{window.run('document.body.innerText')}")
        time.sleep(0.05)
    return found


@contextmanager
def opened(name: str, start: Callable[[], AbstractContextManager[Window]]) -> Iterator[Window]:
    """The browser's window. Where it cannot be had the journeys are skipped, but not on Debian, which packages all."""
    with ExitStack() as open_until_then:
        try:
            window = open_until_then.enter_context(start())
        except BrowserMissing as missing:
            if _is_debian():
                pytest.fail(str(missing))
            pytest.skip(f"{NOT_HAD}, so these journeys did not run in {name}: {missing}")
        yield window


def _is_debian() -> bool:
    about = Path("/etc/os-release")
    return about.exists() and "ID=debian" in about.read_text(encoding="utf-8").splitlines()
