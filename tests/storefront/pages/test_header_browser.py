"""The shop's header in German, whose words are longer: account and cart stay on one line at every width."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser
from pytest_django.live_server_helper import LiveServer

from tests.factories.accounts import make_author
from tests.factories.buying import fill_cart, make_book

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.journey]

WIDTHS = (360, 479, 480, 768, 1023, 1024, 1440)
_LINES = """new Set([...document.querySelectorAll('.corner li')]
  .filter((one) => one.checkVisibility()).map((one) => one.offsetTop)).size"""
_WIDTH = "document.documentElement.scrollWidth"


def test_account_and_cart_stay_on_one_line(live_server: LiveServer, browser: Browser) -> None:
    author = make_author()
    fill_cart(author, *(make_book() for _ in range(2)))
    client = Client()
    client.force_login(author)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME]
    page = browser.new_page()
    page.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": live_server.url}])
    page.goto(f"{live_server.url}/de-de/books/")
    page.wait_for_selector(".corner .badge")
    lines = {}
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 700})
        lines[width] = (page.evaluate(_LINES), page.evaluate(_WIDTH))
    page.close()
    assert lines == {width: (1, width) for width in WIDTHS}
