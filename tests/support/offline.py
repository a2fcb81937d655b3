"""Keeping books in a browser's window, and what its caches hold."""

from __future__ import annotations

import time

from tests.support.windows import Window, until

STATE = "[...document.querySelectorAll('[data-keep]')].find((one) => !one.hidden)?.dataset.keep"
BOOK_CACHES = "caches.keys().then((all) => all.filter((name) => name.startsWith('octavo-book-')))"
KEPT_TITLES = "[...document.querySelectorAll('[data-shelf] [data-title]')].map((one) => one.textContent)"
IS_SHELL = "document.querySelector('#reader-settings') === null"


def press(window: Window, selector: str) -> None:
    window.run(f"document.querySelector('{selector}').click()")


def keep(window: Window) -> None:
    """Keep the open book by its panel."""
    press(window, "[data-open=keep]")
    until(window, f"{STATE} === 'offer'")
    press(window, "[data-keep=offer] [data-keep-start]")
    until(window, f"{STATE} === 'kept'", seconds=30)
    press(window, ".reader-keep [data-close]")


def open_shelf(window: Window, address: str) -> None:
    window.open(f"{address}/read/")
    until(window, "document.querySelector('[data-shelf-scripts]').hidden")


def arrive(window: Window, expression: str) -> None:
    """Wait until it is true on the page that comes: while one page follows another, none can be asked."""
    deadline = time.monotonic() + 15
    while True:
        try:
            if window.run(expression):
                return
        except Exception:  # each browser has its own
            if time.monotonic() > deadline:
                raise
        assert time.monotonic() < deadline, f"{expression}\n{window.run('document.body.innerText')}"
        time.sleep(0.1)
