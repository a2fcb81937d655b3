"""Messages that services send, kept instead of sent; a browser."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.support.browser import FLAGS, find_browser

type Messages = list[tuple[str, dict[str, int | str]]]


@pytest.fixture(autouse=True)
def messages_sent(monkeypatch: pytest.MonkeyPatch, sent: list[int]) -> Messages:
    found: Messages = []
    monkeypatch.setattr("common.jobs.enqueue", lambda name, **ids: found.append((name, ids)))
    monkeypatch.setattr("common.jobs.enqueue_later", lambda name, *, delay_s, **ids: found.append((name, ids)))
    return found


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One Chromium for the tests of a module, each of which opens a context of its own."""
    with pytest.MonkeyPatch.context() as patched, sync_playwright() as playwright:
        # Playwright keeps a loop in this thread as long as the browser is open, but no query runs within it.
        patched.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        opened = playwright.chromium.launch(executable_path=find_browser(), args=FLAGS)
        yield opened
        opened.close()
