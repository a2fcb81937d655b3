"""Search in the whole book in three browsers."""

from __future__ import annotations

import pytest
from django.conf import settings
from pytest_django.live_server_helper import LiveServer

from tests.support.reading import DOCUMENT, PAGE, PLACE, log_in, publish, read, shows
from tests.support.windows import ARROW_RIGHT, Window, until

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.journey,
    pytest.mark.skipif(
        not (settings.BASE_DIR / "static/vendor/foliate/view.js").exists(), reason="script/vendor has not run"
    ),
]

STATUS = "document.querySelector('[data-search-status]').innerText"
HITS = "document.querySelectorAll('.reader-hit').length"
COUNT = "document.querySelector('[data-hit-count]').value"
MARKED = f"""['hit', 'hit-now'].map((name) =>
    [...({DOCUMENT}.defaultView.CSS.highlights.get(name) ?? [])].map((range) => range.toString()))"""

ROWS = "".join(
    f"<tr>{''.join(f'<td>Row {row} column {column} withoutblanks</td>' for column in range(12))}</tr>"
    for row in range(60)
)
TABLE = f"<h1>Plates</h1><p>Tides:</p><table>{ROWS}</table>"
# The words of the hit if nothing is above them, neither another page nor the edge of a table that scrolls.
SEEN = """(() => {
  for (const { doc } of document.querySelector('foliate-view').renderer.getContents()) {
    const [range] = doc.defaultView.CSS.highlights.get('hit-now') ?? [];
    if (!range) continue;
    const frame = doc.defaultView.frameElement.getBoundingClientRect();
    const { left, right, top, bottom } = range.getClientRects()[0];
    const [x, y] = [(left + right) / 2, (top + bottom) / 2];
    const isInWidth = frame.left + x > 0 && frame.left + x < innerWidth;
    const isInHeight = frame.top + y > 0 && frame.top + y < innerHeight;
    const isOnTop = doc.elementFromPoint(x, y) === range.startContainer.parentElement;
    return isInWidth && isInHeight && isOnTop && range.toString();
  }
})()"""


def search(window: Window, words: str) -> None:
    window.run("document.querySelector('[data-open=search]').click()")
    window.run(f"""(() => {{
        const box = document.querySelector('[data-search-box]');
        box.value = {words!r};
        box.dispatchEvent(new Event('input', {{ bubbles: true }}));
    }})()""")


class TestAnyBrowser:
    def test_words_are_found_marked_and_left_again(self, window: Window, live_server: LiveServer) -> None:
        log_in(window, publish(), live_server.url)
        read(window, live_server.url)
        window.press(ARROW_RIGHT)
        until(window, f"{PAGE} === 2")
        search(window, "LINE 7: Nobody")
        until(window, f"{STATUS} === '3 results' && {HITS} === 3")
        window.run("document.querySelectorAll('.reader-hit')[1].click()")
        until(window, f"{PLACE} === 'Lamp' && {COUNT} === '2 of 3'")
        until(window, f"({MARKED})[1][0] === 'line 7: nobody'")
        window.run("document.querySelector('[data-hit-step=\"1\"]').click()")
        until(window, f"{PLACE} === 'Letter' && {COUNT} === '3 of 3'")
        window.run("document.querySelector('[data-reader-return]').click()")
        until(window, f"{PLACE} === 'Harbour' && {PAGE} === 2")
        until(window, f"JSON.stringify({MARKED}) === '[[\"line 7: nobody\"],[]]'")
        window.run("document.querySelector('[data-hits-close]').click()")
        assert window.run(MARKED) == [[], []]
        assert not window.run(shows("[data-hits]"))

    @pytest.mark.parametrize("flow", ["paginated", "scrolled"])
    def test_hits_far_apart_in_a_wide_table_are_seen(self, window: Window, live_server: LiveServer, flow: str) -> None:
        log_in(window, publish(first=TABLE), live_server.url)
        window.resize(360, 740)
        window.open(f"{live_server.url}/robots.txt")
        window.run(f"localStorage.setItem('reader', JSON.stringify({{ flow: {flow!r} }}))")
        try:
            read(window, live_server.url)
            for words, number in (("Row 44 column 7", 0), ("column 3 without", 55), ("column 11 without", 55)):
                search(window, words)
                until(window, f"document.querySelectorAll('.reader-hit mark')[{number}]?.textContent === {words!r}")
                window.run(f"document.querySelectorAll('.reader-hit')[{number}].click()")
                until(window, f"{SEEN} === {words!r}")
        finally:
            window.run("localStorage.clear()")
            window.resize(1280, 720)
