"""Keeping books in a browser's window, and what its caches hold."""

from __future__ import annotations

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
