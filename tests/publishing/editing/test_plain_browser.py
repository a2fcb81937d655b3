"""The text of a book corrected by keyboard in a browser without scripts, and what axe says of its pages."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from publishing.editing.models import Correction, WorkText
from publishing.editing.selectors import chapters
from tests.factories.editing import make_correction, make_text, patch_of
from tests.storefront.reading.test_notes_browser import AXE

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.journey,
]


def open_page(browser: Browser, live_server: LiveServer, text: WorkText, *, scripts: bool) -> Page:
    client = Client()
    client.force_login(text.work.owner)
    context = browser.new_context(viewport={"width": 1200, "height": 800}, java_script_enabled=scripts)
    context.set_default_timeout(15_000)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME]
    context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": live_server.url}])
    page = context.new_page()
    page.goto(f"{live_server.url}{reverse('work-text', args=[text.work.public_id])}")
    return page


def press(page: Page, role: str, name: str) -> None:
    """Follow a link or press a button by keyboard."""
    page.get_by_role(role, name=name).first.focus()  # type: ignore[arg-type]
    page.keyboard.press("Enter")


def test_a_typo_is_corrected_and_undone_by_keyboard_without_scripts(browser: Browser, live_server: LiveServer) -> None:
    text = make_text()
    page = open_page(browser, live_server, text, scripts=False)
    try:
        press(page, "link", "The Harbour")
        chapter = chapters.chapter_document(text, chapters.chapter_lines(text)[0].id)
        block = next(one["id"] for one in chapter["blocks"] if "keeper" in str(one["text"]))
        page.locator(f"#block-{block} a.text-edit").focus()
        page.keyboard.press("Enter")
        field = page.get_by_label("Text", exact=True)
        field.focus()
        field.fill(field.input_value().replace("keeper", "warden"))
        page.keyboard.press("Tab")
        press(page, "button", "Save")
        expect(page.locator(f"#block-{block}")).to_contain_text("warden")
        press(page, "link", "1 correction")
        expect(page.locator(".text-correction ins")).to_have_text("warden")
        press(page, "button", "Undo")
        expect(page.get_by_text("The text is as it was before")).to_be_visible()
        assert Correction.objects.get().decision == "reverted"
    finally:
        page.context.close()


@pytest.mark.skipif(not AXE.exists(), reason="npm ci has not run")
def test_axe_finds_nothing(browser: Browser, live_server: LiveServer) -> None:
    text = make_text()
    make_correction(text, patch_of(text, "keeper", "warden"))
    chapter = chapters.chapter_document(text, chapters.chapter_lines(text)[0].id)
    form = f"{chapter['chapter']}/blocks/{chapter['blocks'][1]['id']}/"
    page = open_page(browser, live_server, text, scripts=True)
    try:
        start = page.url
        for path in ("", f"{chapter['chapter']}/", form, "corrections/", "descriptions/"):
            page.goto(start + path)
            page.evaluate(AXE.read_text(encoding="utf-8"))
            assert page.evaluate("axe.run(document)")["violations"] == [], path
    finally:
        page.context.close()
