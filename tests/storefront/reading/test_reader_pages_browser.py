"""The reader of books of pages in Chromium: spreads, sides, keys, zoom, the place that is kept, words over pictures."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from common import clock
from conversion.engine.web import write_web
from storefront.checkout.models import Entitlement
from tests.conversion.readers.fixed_sources import page_book
from tests.factories.accounts import make_reader
from tests.factories.conversion import make_artifact, make_done_job
from tests.factories.publishing import make_published_edition
from tests.storefront.reading.test_reader_browser import saves_a_place

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.journey]


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    opened = browser.new_page(viewport={"width": 1200, "height": 800})
    opened.set_default_timeout(15_000)
    yield opened
    opened.close()


def publish(folder: Path, direction: str = "ltr") -> Client:
    """A published book of six pages, and somebody logged in who bought it."""
    job = make_done_job()
    job.artifacts.filter(kind__in=["web", "sample-web"]).delete()
    write_web(page_book(direction=direction), folder / "web.zip")
    content = (folder / "web.zip").read_bytes()
    make_artifact(job, kind="web", content=content)
    make_artifact(job, kind="sample-web", content=content)
    edition = make_published_edition(slug="sun", job=job)
    reader = make_reader()
    Entitlement.objects.create(user=reader, work=edition.work, edition=edition, granted_at=clock.now())
    client = Client()
    client.force_login(reader)
    return client


@pytest.fixture
def sun(tmp_path: Path) -> Client:
    return publish(tmp_path)


@pytest.fixture
def sun_from_the_right(tmp_path: Path) -> Client:
    return publish(tmp_path, "rtl")


def open_reader(page: Page, live_server: LiveServer, client: Client) -> None:
    cookie = client.cookies[settings.SESSION_COOKIE_NAME]
    page.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": live_server.url}])
    page.goto(f"{live_server.url}/read/sun/")
    page.wait_for_selector("[data-reader=open]", state="attached")


def shown(page: Page) -> list[str]:
    """The pages on the stage from left to right."""
    leaves = page.locator(".leaf").all()
    placed = [((leaf.bounding_box() or {"x": 0.0})["x"], leaf.get_attribute("aria-label") or "") for leaf in leaves]
    return [label for _, label in sorted(placed)]


class TestPagesReader:
    def test_shows_pairs_where_there_is_room_and_turns_by_keys(
        self, sun: Client, live_server: LiveServer, page: Page
    ) -> None:
        open_reader(page, live_server, sun)
        assert shown(page) == ["Page 1"]
        page.keyboard.press("ArrowRight")
        assert shown(page) == ["Page 2", "Page 3"]
        page.keyboard.press("ArrowLeft")
        assert shown(page) == ["Page 1"]

    def test_pages_that_turn_the_other_way(
        self, sun_from_the_right: Client, live_server: LiveServer, page: Page
    ) -> None:
        open_reader(page, live_server, sun_from_the_right)
        page.keyboard.press("ArrowLeft")
        assert shown(page) == ["Page 3", "Page 2"]

    def test_one_page_at_a_time_on_a_phone(self, sun: Client, live_server: LiveServer, page: Page) -> None:
        page.set_viewport_size({"width": 360, "height": 740})
        open_reader(page, live_server, sun)
        page.keyboard.press("ArrowRight")
        assert shown(page) == ["Page 2"]
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")

    def test_returns_to_the_place(self, sun: Client, live_server: LiveServer, page: Page) -> None:
        open_reader(page, live_server, sun)
        with page.expect_response(saves_a_place) as saved:
            page.keyboard.press("End")
        assert saved.value.status == 200
        page.reload()
        page.wait_for_selector("[data-reader=open]", state="attached")
        assert shown(page) == ["Page 6"]

    def test_words_lie_over_the_picture(self, sun: Client, live_server: LiveServer, page: Page) -> None:
        open_reader(page, live_server, sun)
        leaf = page.locator(".leaf").first
        line = leaf.locator(".leaf-words span").first
        expect(line).to_have_text("The sun went up,")
        whole, part = leaf.bounding_box(), line.bounding_box()
        assert whole is not None and part is not None
        assert (part["x"] - whole["x"]) / whole["width"] == pytest.approx(60 / 600, abs=0.01)
        assert part["width"] / whole["width"] == pytest.approx(300 / 600, abs=0.01)
        assert leaf.locator("img").get_attribute("alt") == "A sun over a field."

    def test_zoom_enlarges_and_arrows_then_scroll(self, sun: Client, live_server: LiveServer, page: Page) -> None:
        open_reader(page, live_server, sun)
        before = page.locator(".leaf").first.bounding_box()
        page.keyboard.press("+")
        after = page.locator(".leaf").first.bounding_box()
        assert before is not None and after is not None
        assert after["width"] == pytest.approx(1.5 * before["width"], rel=0.01)
        page.keyboard.press("ArrowRight")
        assert shown(page) == ["Page 1"]
        page.keyboard.press("0")
        page.keyboard.press("ArrowRight")
        assert shown(page) == ["Page 2", "Page 3"]

    def test_letters_and_signs_can_be_switched_off_and_arrows_stay(
        self, sun: Client, live_server: LiveServer, page: Page
    ) -> None:
        open_reader(page, live_server, sun)
        page.click("[data-open=appearance]")
        page.locator("label", has_text="Off").click()
        page.keyboard.press("Escape")
        for key in ("t", "+"):
            page.keyboard.press(key)
        expect(page.locator("dialog[open]")).to_have_count(0)
        expect(page.locator("[data-zoom-output]")).to_have_text("100 %")
        page.keyboard.press("ArrowRight")
        assert shown(page) == ["Page 2", "Page 3"]

    def test_contents_lead_to_pages(self, sun: Client, live_server: LiveServer, page: Page) -> None:
        open_reader(page, live_server, sun)
        page.click("[data-open=contents]")
        page.locator("[data-reader-toc] a", has_text="Evening").click()
        expect(page.locator("[data-reader-place]")).to_have_text("Evening")
        assert "Page 4" in shown(page)

    def test_the_end_follows_the_last_page(self, sun: Client, live_server: LiveServer, page: Page) -> None:
        open_reader(page, live_server, sun)
        page.keyboard.press("End")
        page.keyboard.press("ArrowRight")
        expect(page.locator("[data-reader-end]")).to_be_visible()
        page.keyboard.press("Escape")
        expect(page.locator("[data-reader-end]")).to_be_hidden()

    def test_goes_to_a_page_by_its_number(self, sun: Client, live_server: LiveServer, page: Page) -> None:
        open_reader(page, live_server, sun)
        page.click("[data-open=contents]")
        page.fill("[name=page]", "7")
        page.keyboard.press("Enter")
        expect(page.get_by_text("Enter a page from 1 to 6.")).to_be_visible()
        page.fill("[name=page]", "5")
        page.keyboard.press("Enter")
        expect(page.locator("[data-reader-percent]")).to_contain_text("5")
