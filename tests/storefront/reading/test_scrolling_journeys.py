"""Scrolling through a book in Chromium, Firefox and WebKit: over the borders of chapters, without a jump."""

from __future__ import annotations

import time
from itertools import pairwise

import pytest
from django.conf import settings
from pytest_django.live_server_helper import LiveServer

from tests.support.reading import PERCENT, PLACE, RENDERER, WORDS, log_in, publish, read, wait_for_place
from tests.support.windows import ARROW_DOWN, ARROW_RIGHT, PAGE_DOWN, Window, until

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.journey,
    pytest.mark.skipif(
        not (settings.BASE_DIR / "static/vendor/foliate/view.js").exists(), reason="script/vendor has not run"
    ),
]
NIGHTS = tuple(f"Night {n}" for n in range(1, 9))
# Where the first heading of a chapter is on the screen.
HEADING = """(() => {{
  const {{ doc }} = {renderer}.getContents().find(({{ index }}) => index === {index});
  return doc.defaultView.frameElement.getBoundingClientRect().top + doc.querySelector('h1').getBoundingClientRect().top;
}})()"""


def heading(index: int) -> str:
    return HEADING.format(renderer=RENDERER, index=index)


def open_scrolling(window: Window, address: str) -> None:
    log_in(window, publish(NIGHTS, paragraphs=40), address)
    window.open(f"{address}/robots.txt")
    window.run("localStorage.setItem('reader', JSON.stringify({flow: 'scrolled'}))")
    read(window, address)


class TestScrolling:
    def test_keys_work_at_once_and_lead_over_a_border(self, window: Window, live_server: LiveServer) -> None:
        open_scrolling(window, live_server.url)
        assert window.run("document.activeElement === document.body")
        window.press(ARROW_DOWN)
        until(window, f"{RENDERER}.start > 0")
        window.press(*[PAGE_DOWN] * 8, pause_ms=30)
        until(window, f"parseInt({PLACE}.slice(6)) >= 3")
        assert window.run(f"{RENDERER}.getContents().length") >= 3

    def test_scrolling_up_over_a_border_does_not_jump(self, window: Window, live_server: LiveServer) -> None:
        open_scrolling(window, live_server.url)
        window.run("document.querySelectorAll('[data-reader-toc] a')[5].click()")
        until(window, f"{PLACE} === 'Night 6'")
        until(window, f"{RENDERER}.getContents().some(({{ index }}) => index === 4)")
        tops = []
        for _ in range(12):
            tops.append(window.run(heading(5)))
            window.run(f"{RENDERER}.scrollLines(-1)")
            time.sleep(0.05)
        steps = [after - before for before, after in pairwise(tops)]
        assert all(abs(step - 48) <= 1 for step in steps), steps
        until(window, f"{PLACE} === 'Night 5'")

    def test_a_place_is_found_again(self, window: Window, live_server: LiveServer) -> None:
        open_scrolling(window, live_server.url)
        window.run("document.querySelectorAll('[data-reader-toc] a')[3].click()")
        until(window, f"{PLACE} === 'Night 4'")
        window.press(ARROW_RIGHT)
        until(window, f"!{WORDS}.includes('line 0:')")
        words, percent = window.run(WORDS), window.run(PERCENT)
        window.open(f"{live_server.url}/library/")
        wait_for_place(3750)  # in the fourth of eight
        read(window, live_server.url)
        until(window, f"{WORDS} === {words!r}")
        assert abs(window.run(PERCENT) - percent) <= 1  # the line that was cut begins the page now

    def test_the_end_of_the_book_is_reached(self, window: Window, live_server: LiveServer) -> None:
        open_scrolling(window, live_server.url)
        for _ in range(12):
            window.press(*[PAGE_DOWN] * 6, pause_ms=30)
            if window.run("document.querySelector('[data-reader-end]').checkVisibility()"):
                break
        assert window.run("document.querySelector('[data-reader-end]').checkVisibility()")
        assert (window.run(PLACE), window.run(PERCENT)) == ("Night 8", 100)

    def test_the_way_of_reading_changes_at_the_same_words(self, window: Window, live_server: LiveServer) -> None:
        open_scrolling(window, live_server.url)
        window.run("document.querySelectorAll('[data-reader-toc] a')[2].click()")
        until(window, f"{PLACE} === 'Night 3'")
        for flow in ("paginated", "scrolled"):
            window.run(f"document.querySelector('[name=flow][value={flow}]').click()")
            until(window, f"{RENDERER}.localName.includes('{'paginator' if flow == 'paginated' else 'scroller'}')")
            until(window, f"{PLACE} === 'Night 3' && {WORDS}.startsWith('Night 3')")
