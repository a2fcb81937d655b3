"""All remarks fixed at once in a browser, and undone at one place and everywhere; and what axe says of the pages."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from publishing.editing.models import Correction, Decision, WorkText
from publishing.editing.selectors import fixes
from tests.factories.conversion import make_finding
from tests.factories.editing import make_untidy_text
from tests.factories.publishing import make_edition
from tests.storefront.reading.test_notes_browser import AXE

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.journey,
]

SPACES, COMMAS = "text.double-spaces", "text.space-before-punctuation"


@pytest.fixture
def text() -> WorkText:
    edition = make_edition()
    for code in (SPACES, COMMAS):
        make_finding(edition.job, code=code, facts={"count": 3})
    return make_untidy_text(edition=edition)


def open_remarks(browser: Browser, live_server: LiveServer, text: WorkText, *, scripts: bool) -> Page:
    client = Client()
    client.force_login(text.work.owner)
    context = browser.new_context(viewport={"width": 360, "height": 740}, java_script_enabled=scripts)
    context.set_default_timeout(15_000)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME]
    context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": live_server.url}])
    page = context.new_page()
    page.goto(f"{live_server.url}{reverse('work-remarks', args=[text.work.public_id])}")
    return page


@pytest.mark.parametrize("scripts", [False, True])
def test_all_is_fixed_and_undone_place_by_place(
    browser: Browser, live_server: LiveServer, text: WorkText, scripts: bool
) -> None:
    offered = fixes.place_fixes(text.work).proposed
    page = open_remarks(browser, live_server, text, scripts=scripts)
    try:
        page.get_by_role("button", name="Fix what we can: 2 kinds of remarks").click()
        expect(page.get_by_text(f"{offered[SPACES] + offered[COMMAS]} places fixed")).to_be_visible()
        expect(page.get_by_role("button", name="Fix this")).to_have_count(0)
        page.get_by_role("link", name="See each place").first.click()
        rows = page.locator(".text-correction")
        expect(rows).to_have_count(offered[SPACES])
        undone = rows.first.get_attribute("id")
        rows.first.get_by_role("button", name="Undo").click()
        expect(rows).to_have_count(offered[SPACES] - 1)
        assert Correction.objects.get(public_id=undone).decision == Decision.REVERTED
        page.get_by_role("button", name="Undo everywhere").click()
        expect(page.locator(".text-fix")).to_have_count(1)
        assert {one.code for one in Correction.objects.accepted()} == {COMMAS}
        page.goto(f"{live_server.url}{reverse('work-remarks', args=[text.work.public_id])}")
        expect(page.get_by_role("button", name="Fix this")).to_have_count(0)
    finally:
        page.context.close()


@pytest.mark.skipif(not AXE.exists(), reason="npm ci has not run")
def test_axe_finds_nothing(browser: Browser, live_server: LiveServer, text: WorkText) -> None:
    page = open_remarks(browser, live_server, text, scripts=True)
    try:
        page.get_by_role("button", name="Fix what we can").click()
        expect(page.locator("#fixed-title")).to_be_visible()
        corrections = f"{live_server.url}{reverse('work-corrections', args=[text.work.public_id])}"
        for address in (page.url, corrections, f"{corrections}?fix={SPACES}"):
            page.goto(address)
            page.evaluate(AXE.read_text(encoding="utf-8"))
            assert page.evaluate("axe.run(document)")["violations"] == [], address
    finally:
        page.context.close()
