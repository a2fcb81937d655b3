"""New sizes keep the place in Chromium, Firefox and WebKit: after ten of them the page begins with the same words."""

from __future__ import annotations

import time

import pytest
from django.conf import settings
from pytest_django.live_server_helper import LiveServer

from tests.support.reading import RENDERER, log_in, publish, read
from tests.support.windows import PAGE_DOWN, Window, until

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.journey,
    pytest.mark.skipif(
        not (settings.BASE_DIR / "static/vendor/foliate/view.js").exists(), reason="script/vendor has not run"
    ),
]

SIZES = (130, 300, 70, 220, 90, 180, 110, 260, 80, 150)
SHOWN = "(document.querySelector('foliate-view').lastLocation?.range?.toString() ?? '').trim()"
FIRST = f"{SHOWN}.slice(0, 40)"


def settled(window: Window) -> str:
    """The first words once they stay."""
    before, now = "", window.run(FIRST)
    while before != now:
        time.sleep(0.4)
        before, now = now, window.run(FIRST)
    return str(now)


def set_size(window: Window, size: int) -> None:
    window.run(f"""(() => {{
      const range = document.querySelector("[name=size]");
      range.value = {size};
      for (const name of ["input", "change"]) range.dispatchEvent(new Event(name, {{ bubbles: true }}));
    }})()""")
    style = f"{RENDERER}.getContents()[0].doc.body"
    until(window, f"Math.abs(parseFloat(getComputedStyle({style}).fontSize) - {16 * 1.16 * size / 100}) < 0.2")


@pytest.mark.parametrize("flow", ["paginated", "scrolled"])
def test_the_page_begins_with_the_same_words_after_ten_sizes(
    window: Window, live_server: LiveServer, flow: str
) -> None:
    log_in(window, publish(paragraphs=120), live_server.url)
    window.resize(360, 740)
    window.open(f"{live_server.url}/robots.txt")
    window.run(f"localStorage.setItem('reader', JSON.stringify({{ flow: '{flow}' }}))")
    try:
        read(window, live_server.url)
        until(window, "Boolean(document.querySelector('[name=size]').value)")
        window.press(*[PAGE_DOWN] * 7, pause_ms=250)
        before = settled(window)
        assert "line 0:" not in before
        drifted = []
        for size in SIZES:
            set_size(window, size)
            settled(window)
            if before[:12] not in window.run(SHOWN):
                drifted.append((size, window.run(FIRST)))
        assert drifted == []
        set_size(window, 100)
        assert settled(window) == before
        window.resize(740, 360)
        settled(window)
        window.resize(360, 740)
        assert settled(window) == before
    finally:
        window.run("localStorage.clear()")
