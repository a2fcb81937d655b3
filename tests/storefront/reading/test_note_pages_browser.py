"""The pages of notes in Chromium: nothing for axe to find, no sideways scrolling, and the way into the book."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from storefront.reading.models import EditionMap, Note
from storefront.reading.services import edition_maps
from tests.factories.accounts import make_reader
from tests.factories.reading import STORY, give, make_note, publish_text

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.journey]

AXE = settings.BASE_DIR / "node_modules/axe-core/axe.min.js"
FOLIATE = settings.BASE_DIR / "static/vendor/foliate/view.js"
LONG = tuple((heading, *(f"{number}. {text}" for number in range(60) for text in texts)) for heading, *texts in STORY)


@pytest.fixture(autouse=True)
def _rows_beside_playwright(monkeypatch: pytest.MonkeyPatch) -> None:
    """Playwright's own loop runs while a test makes its rows."""
    monkeypatch.setitem(os.environ, "DJANGO_ALLOW_ASYNC_UNSAFE", "true")


@pytest.fixture
def reader(db: None) -> User:
    return make_reader()


@pytest.fixture
def page(browser: Browser, reader: User, live_server: LiveServer, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A page of a phone in the dark, or as the test says."""
    client = Client()
    client.force_login(reader)
    more = getattr(request, "param", {"viewport": {"width": 360, "height": 740}, "color_scheme": "dark"})
    context = browser.new_context(base_url=live_server.url, reduced_motion="reduce", **more)
    context.set_default_timeout(15_000)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME]
    context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": live_server.url}])
    yield context.new_page()
    context.close()


@pytest.mark.skipif(not AXE.exists(), reason="npm ci has not run")
@pytest.mark.parametrize(
    "page",
    [
        {"viewport": {"width": 360, "height": 740}, "color_scheme": "dark"},
        {"viewport": {"width": 1440, "height": 900}, "color_scheme": "light"},
    ],
    indirect=True,
    ids=["phone", "desktop"],
)
def test_axe_finds_nothing(page: Page, reader: User) -> None:
    edition = publish_text()
    give(reader, edition)
    changed = make_note(reader, edition, "counted the boats", colour="green", body="All?", other_body="Not all.")
    gone = make_note(reader, edition, "The last of them was not among them.", colour="pink")
    make_note(reader, edition, "Rain fell", kind="bookmark")
    publish_text((*STORY[:1], ("The Lamp", STORY[1][1], "Only the last boat was missing.")), work=edition.work)
    edition_maps.make(map_id=EditionMap.objects.get().pk)
    book = f"/reading/notes/{edition.work.public_id}/"
    for address in ("/reading/notes/", book, f"{book}{changed.uid}/", f"{book}{gone.uid}/", "/reading/notes/import/"):
        page.goto(address)
        page.evaluate(AXE.read_text(encoding="utf-8"))
        assert page.evaluate("axe.run(document)")["violations"] == [], address
        assert not page.evaluate("document.documentElement.scrollWidth > innerWidth"), address


@pytest.mark.skipif(not FOLIATE.exists(), reason="script/vendor has not run")
def test_a_note_opens_the_book_at_its_words(page: Page, reader: User) -> None:
    """On a device that has never seen the note."""
    edition = publish_text(LONG, slug="lighthouse")
    give(reader, edition)
    make_note(reader, edition, "40. She read it twice")
    page.goto("/reading/notes/")
    page.get_by_role("link", name="Open in the book").click()
    page.wait_for_selector("html[data-reader=open]")
    expect(page.locator("[data-reader-place]")).to_contain_text("The Letter", timeout=15_000)


@pytest.mark.skipif(not FOLIATE.exists(), reason="script/vendor has not run")
def test_a_note_without_a_place_asks_for_it_in_the_book(page: Page, reader: User) -> None:
    edition = publish_text(LONG, slug="lighthouse")
    give(reader, edition)
    note = make_note(reader, edition, "", exact="Words that are not in the book.")
    page.goto(f"/reading/notes/{edition.work.public_id}/{note.uid}/")
    page.get_by_role("link", name="Open the book").click()
    page.wait_for_selector("html[data-reader=open]")
    page.wait_for_selector("text=Select the words")
    assert Note.objects.get().placed is None
