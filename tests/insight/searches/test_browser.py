"""In a browser: search pages tell what was asked, without a cookie, and a book that is opened from there counts."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser
from pytest_django.live_server_helper import LiveServer

from insight.searches.models import SearchEvent
from insight.searches.services import sheets
from tests.conftest import NOON
from tests.factories.accounts import make_author
from tests.factories.insight import FIREFOX
from tests.factories.publishing import make_published_edition
from tests.insight.searches.factories import MONDAY, searched_by
from tests.insight.test_browser import opened, seen
from tests.publishing.editing.conftest import browser  # noqa: F401 (a fixture)
from tests.storefront.reading.test_notes_browser import AXE

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.journey,
    pytest.mark.skipif(not (settings.STATICFILES_DIRS[0] / "vendor/octavo.js").exists(), reason="script/vendor"),
]


def test_a_search_and_the_book_it_found(browser: Browser, live_server: LiveServer) -> None:  # noqa: F811
    make_published_edition(slug="the-lamp", title="The Lamp", subject="FF")
    context = opened(browser, user_agent=FIREFOX)
    context.add_init_script("Object.defineProperty(navigator, 'webdriver', { get: () => false })")
    try:
        page = context.new_page()
        seen(page, f"{live_server.url}/search/?q=Lamp")
        row = SearchEvent.objects.get()
        assert (row.words, row.results, row.is_opened) == ("lamp", 1, False)
        with page.expect_response(lambda response: response.url.endswith("/count/")):
            page.get_by_role("link", name="The Lamp").first.click()
        row.refresh_from_db()
        assert row.is_opened
        seen(page, f"{live_server.url}/books/?subject=FF")
        assert SearchEvent.objects.filter(subject="FF", words="", results=1).exists()
        seen(page, f"{live_server.url}/hire/?kind=translation&target=de")
        assert SearchEvent.objects.filter(service="translation", language="de", results=0).exists()
        assert context.cookies() == []
    finally:
        context.close()


def test_what_readers_look_for_is_accessible(browser: Browser, live_server: LiveServer) -> None:  # noqa: F811
    searched_by(30, results=1)
    searched_by(20, first=100, service="translation", subject="", results=0)
    sheets.make_sheet(week=MONDAY, at=NOON)
    session = Client()
    session.force_login(make_author())
    context = opened(browser)
    cookie = session.cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}])
    try:
        page = context.new_page()
        for width in (360, 1440):
            page.set_viewport_size({"width": width, "height": 900})
            page.goto(f"{live_server.url}/desk/wanted/")
            assert page.get_by_role("row", name="Crime and mystery, German").is_visible()
            assert page.evaluate("document.documentElement.scrollWidth") <= width
            page.evaluate(AXE.read_text(encoding="utf-8"))
            assert page.evaluate("axe.run()")["violations"] == []
    finally:
        context.close()
