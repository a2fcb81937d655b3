"""In a browser without scripts: a file is added on a phone and read; the pages break no rule of accessibility."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, FilePayload, expect
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from conversion.models import ConversionJob, JobState
from storefront.own_books.models import OwnBook
from tests.factories.own_books import add_own_book, convert, epub
from tests.support.reading import DOCUMENT
from tests.support.sessions import logged_in

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.journey]

_AXE = Path(__file__).resolve().parents[3] / "node_modules/axe-core/axe.min.js"


def test_a_file_is_added_and_opened_without_scripts(browser: Browser, live_server: LiveServer, owner: User) -> None:
    phone = {"width": 360, "height": 800}
    context = logged_in(browser, live_server, owner, java_script_enabled=False, viewport=phone)
    page = context.new_page()
    page.goto(f"{live_server.url}/library/")
    page.get_by_role("link", name="Add your own books").click()
    file = FilePayload(name="moth.epub", mimeType="application/epub+zip", buffer=epub().getvalue())
    page.get_by_label("EPUB file").set_input_files(files=[file])
    page.get_by_label("This is for my own reading").check()
    page.get_by_role("button", name="Add to your library").click()
    expect(page.get_by_role("heading", name="Zanzibar Moth Ledger")).to_be_visible(timeout=20_000)
    expect(page.get_by_text("Only you can see it.")).to_be_visible(timeout=20_000)
    context.close()


def test_a_kept_one_offers_no_way_to_report_typos(browser: Browser, live_server: LiveServer, owner: User) -> None:
    """The page that devices keep is the same for all books; of an own book nobody would read the report."""
    slug = convert(add_own_book(owner)).edition.work.slug
    context = logged_in(browser, live_server, owner)
    page = context.new_page()
    address = f"{live_server.url}/read/{slug}/"
    kept = context.request.get(f"{live_server.url}/read/shell.html")
    page.route(address, lambda route: route.fulfill(response=kept))
    page.goto(address)
    page.wait_for_function(f"() => {{ try {{ return {DOCUMENT}.querySelector('p'); }} catch {{ return false; }} }}")
    words = f"{DOCUMENT}.querySelector('p').firstChild"
    page.evaluate(f"{DOCUMENT}.getSelection().setBaseAndExtent({words}, 0, {words}, 9)")
    expect(page.locator("[data-selection] [data-act=note]")).to_be_visible()
    assert page.locator("[data-panel=typo]").count() == 1
    expect(page.locator("[data-selection] [data-act=typo]")).to_be_hidden()
    context.close()


def test_pages_fit_and_break_no_rule(browser: Browser, live_server: LiveServer, owner: User) -> None:
    ready = add_own_book(owner).edition.work.public_id
    long = "A Field Guide to Small Hours, Being an Account of Everything after Midnight"
    other = add_own_book(owner, long, name="small_hours.epub")
    failed = {"state": JobState.FAILED, "failure_code": "source.encrypted"}
    ConversionJob.objects.filter(pk=other.edition.job_id).update(**failed)
    OwnBook.objects.filter(pk=other.pk).update(ready_at=None)
    addresses = ["/library/own/", "/library/", f"/library/{ready}/", f"/library/own/{ready}/remove/"]
    addresses.append(f"/library/own/{other.edition.work.public_id}/")
    wrong = []
    for width, theme in ((360, "light"), (768, "dark"), (1440, "light")):
        context = logged_in(browser, live_server, owner, color_scheme=theme, viewport={"width": width, "height": 800})
        page = context.new_page()
        for address in addresses:
            page.goto(f"{live_server.url}{address}")
            page.evaluate(_AXE.read_text(encoding="utf-8"))
            broken = [one["id"] for one in page.evaluate("axe.run()")["violations"]]
            if broken or page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
                wrong.append((width, theme, address, broken))
        context.close()
    assert wrong == []
