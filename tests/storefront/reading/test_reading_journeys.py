"""Reading in Chromium, Firefox and WebKit: a book opens, turns, jumps, closes, and opens again where it was closed."""

from __future__ import annotations

import time

import pytest
from django.conf import settings
from pytest_django.live_server_helper import LiveServer

from publishing.models import Edition, EditionState
from tests.support.line import Line
from tests.support.reading import (
    DOCUMENT,
    FIGURE,
    PAGE,
    PERCENT,
    PLACE,
    RENDERER,
    WORDS,
    drawn_picture,
    log_in,
    publish,
    read,
    shows,
    wait_for_place,
)
from tests.support.windows import ARROW_LEFT, ARROW_RIGHT, Window, until

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.journey,
    pytest.mark.skipif(
        not (settings.BASE_DIR / "static/vendor/foliate/view.js").exists(), reason="script/vendor has not run"
    ),
]

NEXT_HAS_COME = "performance.getEntriesByType('resource').some((one) => one.name.endsWith('?ahead') && one.responseEnd)"
HOSTILE = """<h1>Harbour</h1><p id="p" onclick="parent.document.title='ran'">Rain.</p>
<img src="../assets/none.png" alt="" onerror="parent.document.title='ran'"/>
<script>parent.document.title = 'ran'; window.ran = true</script>
<p><a href="javascript:parent.document.title='ran'">away</a></p>"""


class TestAnyBrowser:
    def test_opens_turns_jumps_closes_and_comes_back(self, window: Window, live_server: LiveServer) -> None:
        log_in(window, publish(), live_server.url)
        read(window, live_server.url)
        assert window.run(PLACE) == "Harbour"
        before = window.run(PERCENT)
        window.press(ARROW_RIGHT)
        until(window, f"{PERCENT} > {before}")
        window.run("document.querySelector('[data-open=contents]').click()")
        window.run("document.querySelectorAll('[data-reader-toc] a')[1].click()")
        until(window, f"{PLACE} === 'Lamp'")
        window.press(ARROW_RIGHT)
        until(window, f"{PAGE} === 2")
        place = window.run(PERCENT)
        window.open(f"{live_server.url}/library/")
        wait_for_place(3333)
        read(window, live_server.url)
        assert (window.run(PLACE), window.run(PAGE), window.run(PERCENT)) == ("Lamp", 2, place)

    def test_runs_nothing_of_the_book(self, window: Window, live_server: LiveServer) -> None:
        log_in(window, publish(first=HOSTILE), live_server.url)
        read(window, live_server.url)
        window.run(f"{DOCUMENT}.getElementById('p').click()")
        window.run(f"{DOCUMENT}.querySelector('a').click()")
        time.sleep(0.3)
        assert "ran" not in window.run("document.title")
        assert window.run(f"{DOCUMENT}.defaultView.ran ?? 'no'") == "no"

    def test_a_chapter_carries_its_pictures_and_style(self, window: Window, live_server: LiveServer) -> None:
        """A document that is a blob asks for nothing that a service worker could answer."""
        body = '<p id="p">A ship.</p><img src="../assets/ship.png" alt="A ship"/><img src="../assets/none.png" alt=""/>'
        log_in(window, publish(first=body, assets={"ship.png": drawn_picture()}), live_server.url)
        read(window, live_server.url)
        picture = f"{DOCUMENT}.querySelector('img')"
        until(window, f"{picture}.naturalWidth === 320")
        assert window.run(f"{picture}.src").startswith("blob:")
        assert window.run(f"{DOCUMENT}.querySelectorAll('link, img[src]').length") == 1
        assert window.run(f"{DOCUMENT}.defaultView.getComputedStyle({DOCUMENT}.getElementById('p')).marginTop") == "0px"

    def test_turns_a_page_for_each_press(self, window: Window, live_server: LiveServer) -> None:
        log_in(window, publish(paragraphs=200), live_server.url)
        read(window, live_server.url)
        window.press(*[ARROW_RIGHT] * 8, pause_ms=30)
        time.sleep(0.5)
        assert window.run(PAGE) == 9

    def test_a_press_while_a_chapter_opens_waits_for_it(self, window: Window, live_server: LiveServer) -> None:
        log_in(window, publish(), live_server.url)
        read(window, live_server.url)
        last = window.run(f"{RENDERER}.pages - 2")
        window.press(*[ARROW_RIGHT] * (last - 1))
        until(window, f"{PAGE} === {last}")
        window.press(ARROW_RIGHT, ARROW_RIGHT)
        until(window, f"{PLACE} === 'Lamp'")
        time.sleep(0.5)
        assert window.run(PAGE) == 2

    def test_no_press_is_lost_at_borders(self, window: Window, live_server: LiveServer) -> None:
        """Eight presses in 240 ms: through chapters of one page each, and as many back."""
        log_in(window, publish(tuple(f"Night {n}" for n in range(1, 11)), paragraphs=3), live_server.url)
        read(window, live_server.url)
        window.press(*[ARROW_RIGHT] * 8, pause_ms=30)
        until(window, f"{PLACE} === 'Night 9'")
        window.press(*[ARROW_LEFT] * 8, pause_ms=30)
        until(window, f"{PLACE} === 'Night 1'")

    def test_a_key_leads_to_the_next_chapter(self, window: Window, live_server: LiveServer) -> None:
        log_in(window, publish(), live_server.url)
        read(window, live_server.url)
        window.press("]")
        until(window, f"{PLACE} === 'Lamp'")
        window.press("[")
        until(window, f"{PLACE} === 'Harbour'")

    def test_goes_offline_and_back(self, window: Window, live_server: LiveServer, line: Line) -> None:
        site = f"http://localhost:{line.port}"
        log_in(window, publish(), site)
        read(window, site)
        last = window.run(f"{RENDERER}.pages - 2")
        window.press(*[ARROW_RIGHT] * (last - 1))
        until(window, f"{PAGE} === {last}")
        until(window, NEXT_HAS_COME)
        time.sleep(0.2)  # its text is read
        line.cut()
        window.press(ARROW_RIGHT)
        until(window, f"{PLACE} === 'Lamp'")
        window.press(*[ARROW_RIGHT] * window.run(f"{RENDERER}.pages - 2"))
        until(window, f"{shows('[data-reader-trouble]')} && !{shows('[data-reader-end]')}")
        assert "no connection" in window.run("document.querySelector('[data-reader-trouble]').innerText")
        window.run("document.querySelector('[data-back]').click()")
        assert window.run(PLACE) == "Lamp"
        window.press(ARROW_RIGHT)
        until(window, shows("[data-reader-trouble]"))
        line.mend()
        until(window, f"{PLACE} === 'Letter' && !{shows('[data-reader-trouble]')}", seconds=20)
        window.press(ARROW_RIGHT)
        until(window, f"{PAGE} === 2")

    def test_a_jump_has_a_way_back(self, window: Window, live_server: LiveServer) -> None:
        log_in(window, publish(), live_server.url)
        read(window, live_server.url)
        window.press(ARROW_RIGHT)
        until(window, f"{PAGE} === 2")
        until(window, f"{FIGURE}.startsWith('Page')")
        before = window.run(FIGURE).split()[1]
        for go_back in ("document.querySelector('[data-reader-return]').click()", "history.back()"):
            window.run("document.querySelectorAll('[data-reader-toc] a')[2].click()")
            until(window, f"{PLACE} === 'Letter'")
            assert window.run("document.querySelector('[data-reader-return]').innerText") == f"Back to page {before}"
            window.run(go_back)
            until(window, f"{PLACE} === 'Harbour' && {PAGE} === 2")
            assert not window.run(shows("[data-reader-return]"))

    def test_back_to_a_picture_that_has_not_come(self, window: Window, live_server: LiveServer) -> None:
        log_in(window, publish(first='<figure><img src="../assets/none.png" alt="Harbour"/></figure>'), live_server.url)
        read(window, live_server.url)
        window.run("document.querySelectorAll('[data-reader-toc] a')[2].click()")
        until(window, f"{PLACE} === 'Letter'")
        window.run("document.querySelector('[data-reader-return]').click()")
        until(window, f"{PLACE} === 'Harbour'")

    def test_a_foreword_in_front_does_not_move_the_place(self, window: Window, live_server: LiveServer) -> None:
        edition = publish()
        log_in(window, edition, live_server.url)
        read(window, live_server.url)
        window.run("document.querySelectorAll('[data-reader-toc] a')[2].click()")
        until(window, f"{PLACE} === 'Letter'")
        window.press(ARROW_RIGHT)
        until(window, f"{PAGE} === 2")
        words = window.run(WORDS)
        window.open(f"{live_server.url}/library/")
        wait_for_place(6666)
        Edition.objects.update(state=EditionState.SUPERSEDED)
        publish(("Foreword", "Harbour", "Lamp", "Letter"), work=edition.work)
        read(window, live_server.url)
        assert (window.run(PLACE), window.run(WORDS)) == ("Letter", words)
