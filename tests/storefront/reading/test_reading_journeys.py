"""Reading in Chromium, Firefox and WebKit: a book opens, turns, jumps, closes, and opens again where it was closed."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.test import Client
from pytest_django.live_server_helper import LiveServer

from common import clock
from publishing.models import Edition, EditionState
from storefront.checkout.models import Entitlement
from storefront.reading.models import ReadingPosition
from tests.factories.accounts import make_reader
from tests.factories.conversion import make_artifact, make_done_job, web_zip
from tests.factories.publishing import make_published_edition
from tests.support.line import Line, line_to
from tests.support.windows import ARROW_RIGHT, Window, opened, until
from tests.support.windows.chromium import chromium
from tests.support.windows.firefox import firefox
from tests.support.windows.webkit import webkit

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.journey,
    pytest.mark.skipif(
        not (settings.BASE_DIR / "static/vendor/foliate/view.js").exists(), reason="script/vendor has not run"
    ),
]

ENGINES = {"chromium": chromium, "firefox": firefox, "webkit": webkit}
OPEN = "document.documentElement.dataset.reader === 'open'"
PERCENT = "parseInt(document.querySelector('[data-reader-percent]').value)"
RENDERER = "document.querySelector('foliate-view').renderer"
PAGE = f"{RENDERER}.page"  # of the chapter
DOCUMENT = f"{RENDERER}.getContents()[0].doc"
WORDS = "document.querySelector('foliate-view').lastLocation.range.toString().slice(0, 60)"
PLACE = "document.querySelector('[data-reader-place]').textContent"


HOSTILE = """<h1>Harbour</h1><p id="p" onclick="parent.document.title='ran'">Rain.</p>
<img src="../assets/none.png" alt="" onerror="parent.document.title='ran'"/>
<script>parent.document.title = 'ran'; window.ran = true</script>
<p><a href="javascript:parent.document.title='ran'">away</a></p>"""


def shows(selector: str) -> str:
    return f"document.querySelector('{selector}').checkVisibility()"


@pytest.fixture(scope="module", params=ENGINES)
def browser_window(request: pytest.FixtureRequest) -> Iterator[Window]:
    """A window of each browser, for all journeys of this module."""
    with opened(request.param, ENGINES[request.param]) as found:
        yield found


@pytest.fixture
def window(browser_window: Window) -> Iterator[Window]:
    """Left with an empty page: what the last journey's page still had to send arrives before its session is gone, or
    the answer would take the next journey's cookie away."""
    yield browser_window
    browser_window.open("about:blank")
    time.sleep(0.5)


def chapter(title: str, paragraphs: int = 60) -> str:
    """Paragraphs that tell themselves apart."""
    lines = (
        f"<p>{title}, line {n}: nobody came down to the quay that day, and rain fell.</p>" for n in range(paragraphs)
    )
    return f"<h1>{title}</h1>{''.join(lines)}"


def publish(
    titles: tuple[str, ...] = ("Harbour", "Lamp", "Letter"), *, first: str = "", paragraphs: int = 60, **more: object
) -> Edition:
    job = make_done_job()
    job.artifacts.filter(kind__in=["web", "sample-web"]).delete()
    bodies = {f"c{n}": chapter(title, paragraphs) for n, title in enumerate(titles, 1)}
    if first:
        bodies["c1"] = first
    make_artifact(job, kind="web", content=web_zip(titles, **bodies))
    make_artifact(job, kind="sample-web", content=web_zip(titles[:1], c1=bodies["c1"]))
    return make_published_edition(job=job, **(more or {"slug": "lighthouse"}))


def log_in(window: Window, edition: Edition, address: str) -> None:
    """As somebody who bought the book."""
    reader = make_reader()
    Entitlement.objects.create(user=reader, work=edition.work, edition=edition, granted_at=clock.now())
    client = Client()
    client.force_login(reader)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME]
    window.set_cookie(address, cookie.key, cookie.value)


def read(window: Window, address: str) -> None:
    window.open(f"{address}/read/lighthouse/")
    until(window, OPEN, seconds=30)


def wait_for_place(chapter_id: str) -> None:
    """A page that is left sends its place when the next one is already asked for."""
    deadline = time.monotonic() + 10
    while not ReadingPosition.objects.filter(chapter_id=chapter_id).exists():
        assert time.monotonic() < deadline
        time.sleep(0.05)


@pytest.fixture
def line(live_server: LiveServer) -> Iterator[Line]:
    """To the shop, and to be cut: a stopped server, which browsers take for one, unlike their own offline modes."""
    with line_to(live_server.thread.host, live_server.thread.port) as made:
        yield made


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
        wait_for_place("c2")
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

    def test_goes_offline_and_back(self, window: Window, live_server: LiveServer, line: Line) -> None:
        site = f"http://localhost:{line.port}"
        log_in(window, publish(), site)
        read(window, site)
        last = window.run(f"{RENDERER}.pages - 2")
        window.press(*[ARROW_RIGHT] * (last - 1))
        until(window, f"{PAGE} === {last}")
        time.sleep(0.5)  # the next chapter comes meanwhile
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
        before = window.run(PERCENT)
        for go_back in ("document.querySelector('[data-reader-return]').click()", "history.back()"):
            window.run("document.querySelectorAll('[data-reader-toc] a')[2].click()")
            until(window, f"{PLACE} === 'Letter'")
            assert window.run("document.querySelector('[data-reader-return]').innerText") == f"Back to {before} %"
            window.run(go_back)
            until(window, f"{PLACE} === 'Harbour' && {PAGE} === 2")
            assert not window.run(shows("[data-reader-return]"))

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
        wait_for_place("c3")
        Edition.objects.update(state=EditionState.SUPERSEDED)
        publish(("Foreword", "Harbour", "Lamp", "Letter"), work=edition.work)
        read(window, live_server.url)
        assert (window.run(PLACE), window.run(WORDS)) == ("Letter", words)
