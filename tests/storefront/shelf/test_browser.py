"""In a browser: the pages of the library break no rule of accessibility, fit every width, and need no scripts."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.urls import reverse
from playwright.sync_api import Browser, expect
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from common import clock
from storefront.shelf.models import Collection
from storefront.shelf.services import choices, collections, wish_links
from tests.storefront.shelf.test_shelf import owned
from tests.support.sessions import logged_in

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.journey]

_AXE = Path(__file__).resolve().parents[3] / "node_modules/axe-core/axe.min.js"


def test_pages_fit_and_break_no_rule(browser: Browser, live_server: LiveServer, reader: User) -> None:
    edition = owned(reader, "The Tide Clerk", read=42)
    owned(reader, "A Field Guide to Small Hours, Being an Account of Everything that Happened after Midnight", read=7)
    owned(reader, "Salt")
    work_id = edition.work.public_id
    made = collections.create(actor=reader, name="Winter", at=clock.now())
    collections.add_book(actor=reader, collection_id=made.public_id, work_id=work_id, at=clock.now())
    collections.create(actor=reader, name="W" * Collection.MAX_NAME, at=clock.now())
    choices.set_finished_day(actor=reader, work_id=work_id, day=clock.now().date(), at=clock.now())
    link = wish_links.open_link(actor=reader, at=clock.now())
    addresses = [
        reverse("library:books"),
        reverse("library:books") + "?q=tide",
        reverse("library:book", args=[work_id]),
        reverse("library:collection", args=[made.public_id]),
        reverse("library:year"),
        reverse("library:share-wishes"),
        reverse("library:shared-wishes", args=[link.secret]),
        reverse("library:export"),
    ]
    wrong = []
    for width, theme in ((360, "light"), (768, "dark"), (1440, "light")):
        context = logged_in(browser, live_server, reader, color_scheme=theme, viewport={"width": width, "height": 800})
        page = context.new_page()
        for address in addresses:
            page.goto(f"{live_server.url}{address}")
            page.evaluate(_AXE.read_text(encoding="utf-8"))
            broken = [one["id"] for one in page.evaluate("axe.run()")["violations"]]
            if broken or page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
                wrong.append((width, theme, address, broken))
        page.goto(live_server.url + reverse("library:books"))
        tools = page.locator(".library-tools").bounding_box()
        assert tools is not None
        assert tools["height"] < 60, "the tools are one row"
        context.close()
    assert wrong == []


def test_a_status_is_set_without_scripts(browser: Browser, live_server: LiveServer, reader: User) -> None:
    owned(reader, "The Tide Clerk", read=42)
    phone = {"width": 360, "height": 800}
    context = logged_in(browser, live_server, reader, java_script_enabled=False, viewport=phone)
    page = context.new_page()
    page.goto(live_server.url + reverse("library:books"))
    page.locator(".continue-text h2 a").click()
    page.get_by_role("button", name="Finished").click()
    expect(page.get_by_role("button", name="Finished")).to_have_attribute("aria-pressed", "true")
    page.get_by_role("navigation", name="Breadcrumbs").get_by_role("link", name="Your library").click()
    page.get_by_text("Filter and sort").click()
    page.locator(".library-panel").get_by_role("link", name="Finished").click()
    expect(page.get_by_role("heading", name="The Tide Clerk")).to_be_visible()
    context.close()
