"""Whose kept books are opened, and when they leave: in Chromium, with a server that is really gone where it says so."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as project
from django.test import Client

from accounts.models import User
from common import clock
from publishing.models import Edition, EditionState
from storefront.checkout.models import Entitlement
from storefront.reading.models import Note
from tests.factories.accounts import make_reader
from tests.storefront.reading.test_reader_pages_browser import publish as publish_pages
from tests.support.line import Line
from tests.support.offline import BOOK_CACHES, IS_SHELL, KEPT_TITLES, STATE, arrive, keep, open_shelf, press
from tests.support.reading import OPEN, PLACE, publish, read
from tests.support.windows import Window, opened, until
from tests.support.windows.chromium import ChromiumWindow, chromium

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.journey,
    pytest.mark.skipif(
        not (project.BASE_DIR / "static/vendor/foliate/view.js").exists(), reason="script/vendor has not run"
    ),
]

AXE = project.BASE_DIR / "node_modules/axe-core/axe.min.js"
DATABASES = "indexedDB.databases().then((all) => all.map(({name}) => name).filter((name) => name.includes('usr_')))"
FAILS = "fetch({address}).then(() => false, () => true)"
WHO = "caches.match('/read/who.json').then((one) => one.text())"
SIGNED_IN = "fetch('/account/', {redirect: 'manual'}).then(({type}) => type !== 'opaqueredirect')"
NO_SYNC = """void (window.fetch = ((ask) => (address, more) =>
  String(address).includes('/reading/sync/') ? Promise.reject(new TypeError('cut')) : ask(address, more))(fetch))"""
REGISTRATIONS = "navigator.serviceWorker.getRegistrations().then((all) => all.length)"


@pytest.fixture(scope="module")
def browser() -> Iterator[Window]:
    with opened("chromium", chromium) as found:
        yield found


@pytest.fixture
def window(browser: ChromiumWindow) -> Iterator[Window]:
    """A window of its own for each rule: a worker outlives the pages of a journey."""
    found = browser.anew()
    yield found
    found.open("about:blank")
    time.sleep(0.5)  # for what the last page still sends
    found.close()


@pytest.fixture
def site(line: Line) -> str:
    return f"http://localhost:{line.port}"


def enter(window: Window, site: str, user: User) -> None:
    """As this person, who may be somebody else than before."""
    client = Client()
    client.force_login(user)
    cookie = client.cookies[project.SESSION_COOKIE_NAME]
    window.set_cookie(site, cookie.key, cookie.value)


def owner_of(edition: Edition) -> User:
    reader = make_reader()
    Entitlement.objects.create(user=reader, work=edition.work, edition=edition, granted_at=clock.now())
    return reader


def kept(window: Window, site: str) -> tuple[Edition, User]:
    """A book that its owner keeps."""
    edition = publish()
    owner = owner_of(edition)
    enter(window, site, owner)
    read(window, site)
    keep(window)
    return edition, owner


class TestAnotherPerson:
    def test_sees_and_opens_nothing_of_the_first(self, window: Window, line: Line, site: str) -> None:
        edition, _ = kept(window, site)
        enter(window, site, owner_of(edition))  # who bought the same book, and keeps nothing
        read(window, site)
        assert not window.run(IS_SHELL)
        open_shelf(window, site)
        assert window.run(KEPT_TITLES) == []

    def test_is_known_without_a_line_from_any_page_of_the_shop(self, window: Window, line: Line, site: str) -> None:
        kept(window, site)
        other = make_reader()
        enter(window, site, other)
        window.open(f"{site}/books/")
        until(window, f"{WHO}.then((told) => told.includes('{other.public_id}'))")
        line.cut()
        open_shelf(window, site)
        assert window.run(KEPT_TITLES) == []
        assert window.run(FAILS.format(address="'/read/lighthouse/book.json'"))

    @pytest.mark.offline
    def test_finds_his_own_again_when_he_is_back(self, window: Window, line: Line, site: str) -> None:
        _, owner = kept(window, site)
        enter(window, site, make_reader())
        open_shelf(window, site)
        assert window.run(KEPT_TITLES) == []
        enter(window, site, owner)
        open_shelf(window, site)
        until(window, f"({KEPT_TITLES}).length === 1")


class TestLeaving:
    @pytest.mark.offline
    def test_a_session_that_ran_out_is_no_sign_out(self, window: Window, site: str) -> None:
        kept(window, site)
        window.set_cookie(site, project.SESSION_COOKIE_NAME, "gone")
        read(window, site)
        assert window.run(IS_SHELL)

    def test_logging_out_leaves_nothing(self, window: Window, site: str) -> None:
        kept(window, site)
        window.open(f"{site}/account/")
        assert window.run(DATABASES)
        press(window, "[data-log-out] button")
        arrive(window, "location.pathname === '/'")
        assert (window.run(DATABASES), window.run(BOOK_CACHES)) == ([], [])
        assert not window.run(SIGNED_IN)

    def test_logging_out_asks_before_notes_are_lost(self, window: Window, line: Line, site: str) -> None:
        kept(window, site)
        line.cut()
        press(window, "[data-bookmark]")
        until(window, "document.querySelector('[data-bookmark]').ariaPressed === 'true'")
        line.mend()
        window.open(f"{site}/books/")  # whose page sends nothing
        Note.objects.all().delete()
        window.open(f"{site}/account/")
        window.run(NO_SYNC)
        press(window, "[data-log-out] button")
        until(window, "document.querySelector('[data-leaving]').open")
        assert "One note is not saved" in window.run("document.querySelector('[data-leaving]').innerText")
        press(window, "[data-leaving] [value=stay]")
        assert window.run(DATABASES)
        assert window.run(SIGNED_IN)
        press(window, "[data-log-out] button")
        until(window, "document.querySelector('[data-leaving]').open")
        press(window, "[data-leaving] [value=leave]")
        arrive(window, "location.pathname === '/'")
        assert window.run(DATABASES) == []
        assert not window.run(SIGNED_IN)

    @pytest.mark.offline
    def test_logging_out_saves_what_waits(self, window: Window, line: Line, site: str) -> None:
        kept(window, site)
        line.cut()
        press(window, "[data-bookmark]")
        until(window, "document.querySelector('[data-bookmark]').ariaPressed === 'true'")
        window.open("about:blank")
        line.mend()
        window.open(f"{site}/account/")
        press(window, "[data-log-out] button")
        arrive(window, "location.pathname === '/'")
        assert Note.objects.count() == 1

    def test_a_book_that_was_given_back_leaves_at_the_next_contact(self, window: Window, site: str) -> None:
        kept(window, site)
        Entitlement.objects.update(ended_at=clock.now())
        window.open(f"{site}/read/lighthouse/")
        arrive(window, "location.pathname === '/read/lighthouse/sample/'")
        assert window.run(BOOK_CACHES) == []
        open_shelf(window, site)
        assert window.run(KEPT_TITLES) == []

    @pytest.mark.offline
    def test_a_book_that_is_removed_is_the_servers_again(self, window: Window, site: str) -> None:
        kept(window, site)
        press(window, "[data-open=keep]")
        press(window, "[data-keep=kept] [data-keep-remove]")
        until(window, f"{STATE} === 'offer'")
        assert window.run(BOOK_CACHES) == []
        read(window, site)
        assert not window.run(IS_SHELL)

    @pytest.mark.offline
    def test_cleared_storage_is_as_if_nothing_was_kept(self, window: Window, line: Line, site: str) -> None:
        kept(window, site)
        window.open(f"{site}/books/")
        window.run("caches.keys().then((all) => Promise.all(all.map((name) => caches.delete(name))))")
        read(window, site)
        assert not window.run(IS_SHELL)
        open_shelf(window, site)
        assert window.run(KEPT_TITLES) == []


class TestRelease:
    def test_waits_under_an_open_book(self, window: Window, line: Line, site: str, settings: Any) -> None:
        kept(window, site)
        settings.SITE_NAME = "Another Release"
        read(window, site)
        until(window, "navigator.serviceWorker.getRegistration('/read/').then((one) => Boolean(one.waiting))")
        assert window.run("document.title").endswith("Octavo")
        line.cut()
        assert window.run("import('/static/js/reader/aloud.js').then(() => true)")
        window.press("]")
        until(window, f"{PLACE} === 'Lamp'")
        line.mend()
        open_shelf(window, site)
        until(window, "document.querySelector('[data-shelf-release]').checkVisibility()")
        press(window, "[data-shelf-release]")
        arrive(window, "document.title.endsWith('Another Release')")
        line.cut()
        read(window, site)
        assert window.run("document.title").endswith("Another Release")

    def test_takes_all_away_by_the_kill_switch(self, window: Window, site: str, settings: Any) -> None:
        kept(window, site)
        settings.READER_OFFLINE = False
        window.open(f"{site}/read/lighthouse/")
        until(window, f"{REGISTRATIONS}.then((count) => count === 0)")
        until(window, "caches.keys().then((all) => all.length === 0)")
        read(window, site)
        assert not window.run(IS_SHELL)


class TestNewEdition:
    def test_is_offered_and_takes_the_place_of_the_old_one(self, window: Window, site: str) -> None:
        edition, _ = kept(window, site)
        Edition.objects.update(state=EditionState.SUPERSEDED)
        newer = publish(("Harbour", "Lighthouse"), work=edition.work)
        read(window, site)
        until(window, f"!document.querySelector('[data-keep-news]').hidden && {STATE} === 'update'")
        press(window, "[data-open=keep]")
        press(window, "[data-keep=update] [data-keep-start]")
        until(window, f"{STATE} === 'updated'")
        press(window, "[data-keep-reload]")
        arrive(window, f"document.documentElement.dataset.reader === 'open' && {STATE} === 'kept'")
        names = window.run("document.querySelectorAll('[data-reader-toc] a')[1].firstChild.data")
        assert names == "Lighthouse"
        open_shelf(window, site)
        until(window, f"{BOOK_CACHES}.then((all) => all.length === 1 && all[0].includes('{newer.public_id}'))")


class TestBookOfPages:
    def test_opens_without_a_server(self, window: Window, line: Line, site: str, tmp_path: Path) -> None:
        cookie = publish_pages(tmp_path).cookies[project.SESSION_COOKIE_NAME]
        window.set_cookie(site, cookie.key, cookie.value)
        window.open(f"{site}/read/sun/")
        until(window, OPEN)
        keep(window)
        line.cut()
        window.open("about:blank")
        window.open(f"{site}/read/sun/")
        until(window, OPEN)
        assert window.run(IS_SHELL)
        until(window, "document.querySelector('.leaf img').naturalWidth > 0")
        until(window, "document.querySelector('.leaf-words').textContent.length > 0")


class TestRoom:
    def test_is_asked_for_and_nothing_half_stays(self, window: Window, site: str) -> None:
        edition = publish()
        enter(window, site, owner_of(edition))
        read(window, site)
        full = "new DOMException('full', 'QuotaExceededError')"
        check = f"if (String(key).includes('c3')) throw {full}"
        fails = f"function (key, value) {{ {check}; return put.call(this, key, value); }}"
        window.run(f"void ((put) => (Cache.prototype.put = {fails}))(Cache.prototype.put)")
        press(window, "[data-open=keep]")
        until(window, f"{STATE} === 'offer'")
        press(window, "[data-keep=offer] [data-keep-start]")
        until(window, "document.querySelector('[data-keep-error]').textContent.includes('not enough room')")
        assert window.run(STATE) == "offer"
        assert window.run(BOOK_CACHES) == []
        open_shelf(window, site)
        until(window, "!document.querySelector('[data-shelf-empty]').hidden")


class TestLook:
    @pytest.mark.parametrize("theme", [pytest.param("paper", marks=pytest.mark.offline), "night"])
    def test_axe_finds_nothing(self, window: Window, site: str, theme: str) -> None:
        edition = publish()
        enter(window, site, owner_of(edition))
        window.open(f"{site}/robots.txt")
        window.run(f"localStorage.setItem('reader', JSON.stringify({{theme: '{theme}'}}))")
        window.run(f"localStorage.setItem('theme', '{'dark' if theme == 'night' else 'light'}')")
        window.resize(360, 720)
        read(window, site)
        press(window, "[data-open=contents]")
        assert violations(window) == []
        press(window, "[data-open=keep]")
        until(window, f"{STATE} === 'offer'")
        assert violations(window) == []
        press(window, "[data-keep=offer] [data-keep-start]")
        until(window, f"{STATE} === 'kept'", seconds=30)
        assert violations(window) == []
        open_shelf(window, site)
        until(window, f"({KEPT_TITLES}).length === 1")
        assert violations(window) == []
        assert window.run("document.documentElement.scrollWidth") <= 360


def violations(window: Window) -> object:
    """What axe finds, by its rules; run by the browser's own means, because pages allow no inline script."""
    window.run(f"void (0, Function)({json.dumps(AXE.read_text(encoding='utf-8'))})()")
    named = "({violations}) => violations.map(({id, nodes}) => [id, nodes[0].html])"
    return window.run(f"axe.run(document, {{iframes: false}}).then({named})")
