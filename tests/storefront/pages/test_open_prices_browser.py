"""The slider beside an open price in Chromium: it moves the field and the author's net, and follows what is typed."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from common import clock
from publishing import services as publishing_services
from publishing.services import OpenPrice
from storefront.checkout.models import CartLine
from tests.factories.publishing import make_published_edition, make_work

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.journey]


def publish() -> None:
    edition = make_published_edition(work=make_work(slug="lamp", title="Lamp"))
    prices = {currency: OpenPrice(299, 700) for currency in ("USD", "EUR")}
    publishing_services.set_prices(actor=edition.work.owner, work=edition.work, prices=prices, at=clock.now())


def slide(page: Page, key: str, times: int = 1) -> None:
    page.get_by_role("slider", name="Your price").focus()
    for _ in range(times):
        page.keyboard.press(key)


def test_moves_the_field_and_the_net_and_follows_what_is_typed(live_server: LiveServer, browser: Browser) -> None:
    publish()
    page = browser.new_page()
    errors: list[object] = []
    page.on("pageerror", lambda error: errors.append(error))  # noqa: PLW0108 - Playwright marks its handlers
    page.goto(f"{live_server.url}/books/lamp/")
    slider, field = page.get_by_role("slider", name="Your price"), page.locator("#amount")
    net = page.locator("[data-net-of]")
    expect(slider).to_have_attribute("aria-valuetext", "$7.00")
    slide(page, "ArrowRight", 2)
    expect(field).to_have_value("8.00")
    expect(slider).to_have_attribute("aria-valuetext", "$8.00")
    expect(net).to_contain_text("of $8.00 goes to the author")
    slide(page, "Home")
    expect(field).to_have_value("2.99")  # between two steps, and the least
    field.fill("$12.34")
    expect(slider).to_have_attribute("aria-valuetext", "$12.34")
    assert slider.input_value() == "12.5"
    expect(net).to_contain_text("of $12.34 goes to the author")
    field.fill("much")
    expect(net).to_contain_text("is not a valid amount in USD")
    field.fill("5")
    page.get_by_role("button", name="Add to cart").click()
    expect(page).to_have_url(re.compile("/cart/$"))
    expect(slider).to_have_attribute("aria-valuetext", "$5.00")  # the cart's, and its script is there
    slide(page, "ArrowRight")
    page.get_by_role("button", name="Check out").click()
    expect(page).to_have_url(re.compile("/checkout/$"))
    assert CartLine.objects.get().chosen_minor == 550
    assert errors == []


def test_writes_as_the_language_does(live_server: LiveServer, browser: Browser) -> None:
    publish()
    page = browser.new_page()
    page.goto(f"{live_server.url}/de-de/books/lamp/")
    page.get_by_role("slider").press("ArrowRight")
    expect(page.locator("#amount")).to_have_value("7,50")
    expect(page.get_by_role("slider")).to_have_attribute("aria-valuetext", "7,50\xa0€")
    expect(page.locator("[data-net-of]")).to_contain_text("7,50")


def test_is_not_there_without_scripts(live_server: LiveServer, browser: Browser) -> None:
    publish()
    page = browser.new_context(java_script_enabled=False).new_page()
    page.goto(f"{live_server.url}/books/lamp/")
    expect(page.locator(".slide")).to_be_hidden()
    page.locator("#amount").fill("$8")
    page.get_by_role("button", name="Add to cart").click()
    expect(page).to_have_url(re.compile("/cart/$"))
    page.get_by_role("textbox", name="Your price").fill("9")
    page.get_by_role("button", name="Check out").click()
    expect(page.get_by_role("button", name="Order and pay $9.00")).to_be_visible()
