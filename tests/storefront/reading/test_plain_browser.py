"""Plain pages and typos in a browser: what a screen reader is told, without scripts and beside them."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, Locator, Page, expect
from pytest_django.live_server_helper import LiveServer

from common import clock
from storefront.reading.models import TypoReport
from storefront.reading.views.plain_look import THEMES
from tests.factories.conversion import web_zip
from tests.factories.reading import make_note
from tests.storefront.reading.test_notes_browser import AXE, bar, opened, select
from tests.storefront.reading.test_plain_pages import published
from tests.storefront.reading.test_typos import make_typo
from tests.storefront.reading.test_views_reader import buyer_of

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.journey,
    pytest.mark.skipif(
        not (settings.BASE_DIR / "static/vendor/foliate/view.js").exists(), reason="script/vendor has not run"
    ),
]

CHAPTER = (
    '<h1>The Harbour</h1><p>Rain fell on teh water<a class="noteref" id="r1" href="#n1" role="doc-noteref">1</a>.</p>'
    "<h2>Later</h2><p>It stopped.</p>"
    '<aside id="n1" class="note" role="doc-footnote"><p><a class="label" href="#r1" role="doc-backlink">1</a> '
    "All night</p></aside>"
)
PLAIN = """
- main:
  - navigation "Breadcrumbs":
    - list:
      - listitem:
        - link "The Lighthouse"
      - listitem:
        - link "Reader"
      - listitem:
        - link "Contents"
      - listitem: The Harbour
  - article:
    - heading "The Harbour" [level=1]
    - paragraph:
      - text: Rain fell on teh water
      - link "1"
      - text: .
    - paragraph:
      - 'button "Remember this place: Later"'
    - heading "Later" [level=2]
    - paragraph: It stopped.
    - complementary:
      - paragraph:
        - link "1"
        - text: All night
  - button "I have read to here"
  - paragraph:
    - link "Report a typo"
  - navigation "Chapters":
    - link /The Lamp/
  - group: Appearance
"""
CONTROLS = """
- link "Skip to content"
- navigation "Plain pages":
  - link "Read as a plain page"
- banner:
  - link /The Lighthouse/
"""


@pytest.fixture
def client() -> Client:
    client = Client()
    client.force_login(buyer_of(published(web_zip(c1=CHAPTER)), clock.now()))
    return client


def open_page(browser: Browser, live_server: LiveServer, client: Client, path: str, *, scripts: bool) -> Page:
    context = browser.new_context(viewport={"width": 1200, "height": 800}, java_script_enabled=scripts)
    context.set_default_timeout(15_000)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME]
    context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": live_server.url}])
    page = context.new_page()
    page.goto(f"{live_server.url}/read/lighthouse/{path}")
    return page


@pytest.fixture
def plain(browser: Browser, live_server: LiveServer, client: Client) -> Iterator[Page]:
    page = open_page(browser, live_server, client, "c1/", scripts=False)
    yield page
    page.context.close()


@pytest.fixture
def reader(browser: Browser, live_server: LiveServer, client: Client) -> Iterator[Page]:
    page = open_page(browser, live_server, client, "", scripts=True)
    expect(page.locator("html")).to_have_attribute("data-reader", "open")
    yield page
    page.context.close()


def test_a_plain_page_has_headings_controls_and_notes_with_names(plain: Page) -> None:
    expect(plain.locator("body")).to_match_aria_snapshot(PLAIN)


def test_it_saves_the_place_and_offers_it_without_scripts(plain: Page) -> None:
    plain.get_by_role("button", name="Remember this place: Later").click()
    expect(plain.get_by_text("Your place is saved here.")).to_be_visible()
    assert plain.url.endswith("/read/lighthouse/c1/#b-2")
    plain.get_by_role("link", name="Contents", exact=True).click()
    plain.get_by_role("link", name="Continue where you stopped").click()
    expect(plain.locator("#b-2")).to_be_in_viewport()


def test_its_look_is_chosen_without_scripts(plain: Page) -> None:
    plain.get_by_text("Appearance").click()
    plain.get_by_label("Background").select_option("contrast")
    plain.get_by_label("Text size").select_option("200")
    plain.get_by_role("button", name="Apply").click()
    plain.get_by_role("link", name="The Lamp").click()
    found = plain.evaluate("[getComputedStyle(document.body).backgroundColor, getComputedStyle(document.body).color]")
    assert found == ["rgb(255, 255, 255)", "rgb(0, 0, 0)"]
    assert plain.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("theme", list(THEMES))
def test_axe_finds_nothing(browser: Browser, live_server: LiveServer, theme: str) -> None:
    edition = published(web_zip(c1=CHAPTER))
    reader = buyer_of(edition, clock.now())
    make_note(reader, edition, "Rain fell", body="All day?")
    make_note(reader, edition, "stopped", colour="purple")
    made = make_typo(edition, "teh", "the", reader=reader, remark="Here.")
    pages = {
        reader: ["c1/", "plain/", "typo/?chapter=c1"],
        edition.work.owner: [f"../../desk/typos/{made.work.public_id}/"],
    }
    for person, paths in pages.items():
        client = Client()
        client.force_login(person)
        page = open_page(browser, live_server, client, f"c1/?theme={theme}", scripts=True)
        for path in paths:
            page.goto(f"{live_server.url}/read/lighthouse/{path}")
            page.evaluate(AXE.read_text(encoding="utf-8"))
            assert page.evaluate("axe.run(document)")["violations"] == [], path
        page.context.close()


def test_the_reader_tells_each_chapter_and_leads_to_its_plain_page(reader: Page) -> None:
    expect(reader.locator("body")).to_match_aria_snapshot(CONTROLS)
    live, link = reader.locator("[data-reader-live]"), reader.locator("a.skip-link[data-plain-link]")
    expect(live).to_have_text("The Harbour")
    reader.keyboard.press("ArrowRight")
    expect(live).to_have_text("The Lamp")
    expect(link).to_have_attribute("href", re.compile(r"^/read/lighthouse/c2/#b-\d+$"))
    place = (link.get_attribute("href") or "").partition("#")[2]
    reader.goto(reader.url.partition("/read/")[0] + f"/read/lighthouse/c2/#{place}")
    expect(reader.locator(f"#{place}")).to_be_visible()


def open_typo(page: Page, last: tuple[int, int] = (0, 16)) -> Locator:
    """Select words from the slip on and open the dialog."""
    select(opened(page), 0, 13, *last)
    bar(page).get_by_role("button", name="Typo").click()
    return page.get_by_role("dialog", name="Report a typo")


def test_the_dialog_reports_a_typo(reader: Page) -> None:
    dialog = open_typo(reader)
    field = dialog.get_by_label("How they should be")
    expect(field).to_be_focused()
    expect(dialog.locator("blockquote")).to_have_text("teh")
    dialog.get_by_role("button", name="Send").click()
    expect(dialog.get_by_role("status")).to_contain_text("This is what the book says already.")
    field.fill("the")
    dialog.get_by_role("button", name="Send").click()
    expect(dialog.get_by_role("status")).to_contain_text("Thank you.")
    expect(field).to_be_hidden()
    assert list(TypoReport.objects.values_list("exact", "replacement", "block")) == [("teh", "the", 1)]


def test_it_says_why_it_cannot(reader: Page) -> None:
    dialog = open_typo(reader, (1, 2))
    expect(dialog.get_by_role("status")).to_contain_text("Select words in one paragraph only")
    expect(dialog.get_by_role("button", name="Send")).to_be_hidden()
    dialog.get_by_role("button", name="Close").click()
    open_typo(reader)
    reader.route("**/typo/", lambda route: route.abort())
    dialog.get_by_label("How they should be").fill("the")
    dialog.get_by_role("button", name="Send").click()
    expect(dialog.get_by_role("status")).to_contain_text("There is no connection.")
    expect(dialog.get_by_label("How they should be")).to_have_value("the")
