"""Reading in Chromium, Firefox and WebKit: a book opens, turns, jumps, closes, and opens again where it was closed."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.test import Client
from pytest_django.live_server_helper import LiveServer

from common import clock
from publishing.models import Edition
from storefront.models import Entitlement
from tests.factories.accounts import make_reader
from tests.factories.conversion import make_artifact, make_done_job, web_zip
from tests.factories.publishing import make_published_edition
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
PLACE = "document.querySelector('[data-reader-place]').textContent"


@pytest.fixture(scope="module", params=ENGINES)
def window(request: pytest.FixtureRequest) -> Iterator[Window]:
    """A window of each browser, for all journeys of this module; every journey has a site and a log-in of its own."""
    with opened(request.param, ENGINES[request.param]) as found:
        yield found


def chapter(title: str, paragraphs: int = 60) -> str:
    """Paragraphs that tell themselves apart."""
    lines = (
        f"<p>{title}, line {n}: nobody came down to the quay that day, and rain fell.</p>" for n in range(paragraphs)
    )
    return f"<h1>{title}</h1>{''.join(lines)}"


def publish(titles: tuple[str, ...] = ("Harbour", "Lamp", "Letter"), **more: object) -> Edition:
    job = make_done_job()
    job.artifacts.filter(kind__in=["web", "sample-web"]).delete()
    bodies = {f"c{n}": chapter(title) for n, title in enumerate(titles, 1)}
    make_artifact(job, kind="web", content=web_zip(titles, **bodies))
    make_artifact(job, kind="sample-web", content=web_zip(titles[:1], c1=bodies["c1"]))
    return make_published_edition(job=job, **({"slug": "lighthouse"} | more))


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
    until(window, OPEN)


class TestAnyBrowser:
    def test_opens_turns_jumps_closes_and_comes_back(self, window: Window, live_server: LiveServer) -> None:
        log_in(window, publish(), live_server.url)
        read(window, live_server.url)
        assert window.run(PLACE) == "Harbour"
        before = window.run(PERCENT)
        window.press(ARROW_RIGHT)
        until(window, f"{PERCENT} > {before}")
        time.sleep(0.2)
        window.run("document.querySelector('[data-open=contents]').click()")
        window.run("document.querySelectorAll('[data-reader-toc] a')[1].click()")
        until(window, f"{PLACE} === 'Lamp'")
        time.sleep(0.2)
        window.press(ARROW_RIGHT)
        window.open(f"{live_server.url}/library/")
        read(window, live_server.url)
        assert window.run(PLACE) == "Lamp"
