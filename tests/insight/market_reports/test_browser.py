"""Market reports in a browser: subscribed to, read, and nothing for axe to say."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser
from pytest_django.live_server_helper import LiveServer

from common.periods import Quarter
from tests.insight.market_reports.factories import QUARTER, made, published_week, published_words, sold
from tests.insight.test_browser import opened
from tests.publishing.editing.conftest import browser  # noqa: F401 (a fixture)
from tests.royalties.factories import payable, user
from tests.storefront.reading.test_notes_browser import AXE

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.journey]


def test_subscribed_to_read_and_cancelled(browser: Browser, live_server: LiveServer) -> None:  # noqa: F811
    for number in range(12):
        sheet = published_week(
            date(2026, 7, 6) + timedelta(weeks=number), FF_de=(25, 10), FL_en=(40, 5), DC_fr=(15, 15)
        )
        published_words(sheet, "nordsee", 20, 5)
    sold(4, 3, 2, 2, 1)
    made(Quarter(2026, 2))
    made(QUARTER)
    session = Client()
    session.force_login(payable(user(is_author=True), paid=5000))
    context = opened(browser)
    cookie = session.cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}])
    try:
        page = context.new_page()
        page.goto(f"{live_server.url}/desk/market/")
        assert page.get_by_role("link", name="2026-Q3").count() == 0
        page.get_by_role("button", name="Subscribe in USD").click()
        assert page.get_by_text("You can read all market reports now.").is_visible()
        for width in (360, 768, 1440):
            page.set_viewport_size({"width": width, "height": 900})
            for address in ("", "2026-Q3/"):
                page.goto(f"{live_server.url}/desk/market/{address}")
                assert page.evaluate("document.documentElement.scrollWidth") <= width
                page.evaluate(AXE.read_text(encoding="utf-8"))
                assert page.evaluate("axe.run()")["violations"] == []
        assert page.get_by_role("row", name="Crime and mystery, German").first.is_visible()
        with page.expect_download() as download:
            page.get_by_role("link", name="Download all tables (CSV)").click()
        assert download.value.suggested_filename == "market-2026-Q3.csv"
        page.goto(f"{live_server.url}/desk/market/")
        page.get_by_role("button", name="Cancel the subscription").click()
        assert page.get_by_text("nothing more is charged").first.is_visible()
    finally:
        context.close()
