"""Books that are kept on a device, with a server that is really gone: nothing listens at its address.

The browsers' own offline modes do not cut what a service worker asks for, so they would prove nothing.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

from accounts.models import User
from common import clock
from publishing.models import Edition
from storefront.checkout.models import Entitlement
from storefront.reading.models import LastPlace, Note
from tests.factories.accounts import make_reader
from tests.storefront.conftest import ENGINES
from tests.storefront.reading.test_notes_journeys import select
from tests.support.line import Line
from tests.support.offline import IS_SHELL, KEPT_TITLES, keep, open_shelf, press
from tests.support.reading import DOCUMENT, FIGURE, PERCENT, PLACE, drawn_picture, publish, read
from tests.support.windows import ARROW_RIGHT, Window, opened, until

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.journey,
    pytest.mark.skipif(
        not (settings.BASE_DIR / "static/vendor/foliate/view.js").exists(), reason="script/vendor has not run"
    ),
]

PICTURE = '<h1>Harbour</h1><p id="p">A ship lies at the quay.</p><img src="../assets/ship.png" alt="A ship"/>'
NOTES = "document.querySelectorAll('[data-notes-list] .note-line').length"


def buyer_of(edition: Edition) -> User:
    reader = make_reader()
    Entitlement.objects.create(user=reader, work=edition.work, edition=edition, granted_at=clock.now())
    return reader


def enter(window: Window, site: str, user: User) -> None:
    client = Client()
    client.force_login(user)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME]
    window.set_cookie(site, cookie.key, cookie.value)


def test_a_kept_book_opens_without_a_server(window: Window, line: Line) -> None:
    site = f"http://localhost:{line.port}"
    enter(window, site, buyer_of(publish(first=PICTURE, assets={"ship.png": drawn_picture()})))
    read(window, site)
    keep(window)
    line.cut()
    window.open("about:blank")
    read(window, site)
    assert window.run(IS_SHELL)
    assert window.run("document.title").startswith("The Lighthouse ·")
    until(window, f"{DOCUMENT}.querySelector('img').naturalWidth === 320")
    window.press("]")
    until(window, f"{PLACE} === 'Lamp'")
    line.mend()


def highlight(window: Window, paragraph: int) -> None:
    select(window, paragraph)
    press(window, "[data-selection] [data-colour=green]")
    until(window, "document.querySelector('[data-selection]').hidden")


def read_without_a_line(window: Window, site: str) -> None:
    """A picture, a search, three notes, and fifty pages."""
    read(window, site)
    assert window.run(IS_SHELL)
    until(window, f"{DOCUMENT}.querySelector('img').naturalWidth === 320")
    press(window, "[data-open=search]")
    window.run("document.querySelector('[data-search-box]').value = 'letter, line 7:'")
    window.run("document.querySelector('.reader-search-form').requestSubmit()")
    until(window, "document.querySelector('[data-search-status]').textContent === '1 result'")
    press(window, ".reader-search [data-close]")
    window.press("]")
    until(window, f"{PLACE} === 'Lamp'")
    for paragraph in (0, 1, 2):
        highlight(window, paragraph)
    until(window, f"{FIGURE}.startsWith('Page')")
    before = window.run(PERCENT)
    for _ in range(50):
        window.press(ARROW_RIGHT, pause_ms=30)
    until(window, f"{PERCENT} > {before} + 20")


@pytest.mark.offline
@pytest.mark.parametrize("name", ["chromium", "firefox"])
def test_is_read_in_a_new_browser_and_goes_up_when_the_server_is_back(name: str, line: Line, tmp_path: Path) -> None:
    site = f"http://localhost:{line.port}"
    reader = buyer_of(
        publish(("Harbour", "Lamp", "Letter"), first=PICTURE, paragraphs=200, assets={"ship.png": drawn_picture()})
    )
    start: Callable[[Path], AbstractContextManager[Window]] = ENGINES[name]  # type: ignore[assignment]
    (tmp_path / "profile").mkdir()
    with opened(name, lambda: start(tmp_path / "profile")) as window:
        enter(window, site, reader)
        read(window, site)
        keep(window)
        window.open("about:blank")
    line.cut()
    with opened(name, lambda: start(tmp_path / "profile")) as window:
        read_without_a_line(window, site)
        place = window.run(PERCENT)
        open_shelf(window, site)
        until(window, f"({KEPT_TITLES})[0] === 'The Lighthouse'")
        assert not Note.objects.exists()
        line.mend()
        enter(window, site, reader)
        read(window, site)
        until(window, "(document.dispatchEvent(new Event('visibilitychange')), true)")
        is_saved(3)
        window.open("about:blank")
    assert LastPlace.objects.get().share_bps > 3000
    with opened(name, ENGINES[name]) as second:
        enter(second, site, reader)
        read(second, site)
        assert not second.run(IS_SHELL)
        assert second.run(PERCENT) == place
        press(second, "[data-notes-open]")
        until(second, f"{NOTES} === 3")


@pytest.mark.offline
def test_is_read_in_webkit_and_goes_up_when_the_server_is_back(line: Line) -> None:
    """In a page that is left and opened again: its automated sessions store nothing beyond themselves."""
    site = f"http://localhost:{line.port}"
    reader = buyer_of(
        publish(("Harbour", "Lamp", "Letter"), first=PICTURE, paragraphs=200, assets={"ship.png": drawn_picture()})
    )
    with opened("webkit", ENGINES["webkit"]) as window:
        enter(window, site, reader)
        read(window, site)
        keep(window)
        line.cut()
        window.open("about:blank")
        read_without_a_line(window, site)
        line.mend()
        window.open("about:blank")
        read(window, site)
        is_saved(3)
        window.open("about:blank")


def is_saved(count: int) -> None:
    deadline = time.monotonic() + 20
    while Note.objects.live().count() != count:
        assert time.monotonic() < deadline
        time.sleep(0.1)
