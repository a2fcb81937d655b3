"""The shop's header in German, whose words are longer: account and cart stay on one line at every width."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from common import clock
from hiring.contracts.process import State
from hiring.conversations.services import messages
from tests.factories.buying import fill_cart, make_book
from tests.factories.collaboration import make_collaborator
from tests.hiring.contracts.factories import in_state

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.journey]

WIDTHS = (360, 479, 480, 768, 1023, 1024, 1279, 1280, 1440)
# A line is 2.25rem high.
_LINES = "Math.round(document.querySelector('.corner > nav > ul').offsetHeight / 36)"
_WIDTH = "document.documentElement.scrollWidth"


@pytest.fixture
def busy_author() -> User:
    """An author with books in the cart, a text that is shared, a contract that waits, and a message."""
    contract = in_state(State.DELIVERED).contract
    author = contract.client
    fill_cart(author, *(make_book() for _ in range(2)))
    make_collaborator(make_book().work, user=author)
    talk = messages.start(members=[contract.provider, author], subject=contract.public_id, title="", at=clock.now())
    messages.post(actor=contract.provider, conversation=talk, body="Here it is.", at=clock.now())
    return author


@pytest.fixture
def page(live_server: LiveServer, browser: Browser, busy_author: User) -> Iterator[Page]:
    client = Client()
    client.force_login(busy_author)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME]
    page = browser.new_page()
    page.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": live_server.url}])
    page.goto(f"{live_server.url}/de-de/books/")
    page.wait_for_selector(".corner summary")
    yield page
    page.close()


def test_account_and_cart_stay_on_one_line(page: Page) -> None:
    lines = {}
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 700})
        lines[width] = (page.evaluate(_LINES), page.evaluate(_WIDTH))
    assert lines == {width: (1, width) for width in WIDTHS}


def test_the_menu_opens_by_keyboard_and_closes_by_escape_or_elsewhere(page: Page) -> None:
    page.set_viewport_size({"width": 360, "height": 700})
    corner = page.locator(".corner")
    contracts = corner.get_by_role("link", name="Verträge")
    expect(contracts).to_be_hidden()
    expect(corner.locator("summary .badge:visible")).to_have_text("2")
    corner.locator("summary").focus()
    page.keyboard.press("Enter")
    expect(contracts).to_be_visible()
    expect(corner.get_by_role("link", name="Posteingang")).to_be_visible()
    assert page.evaluate(_WIDTH) == 360
    page.keyboard.press("Tab")
    page.keyboard.press("Escape")
    expect(contracts).to_be_hidden()
    expect(corner.locator("summary")).to_be_focused()
    page.keyboard.press("Enter")
    page.get_by_role("heading", level=1).click()
    expect(contracts).to_be_hidden()
