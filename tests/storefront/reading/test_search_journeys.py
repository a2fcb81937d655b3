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
