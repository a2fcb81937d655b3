"""The editor in Chromium, more closely: axe, the content policy, touch, forms, refusals, and what others suggest."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.conf import settings
from playwright.sync_api import Browser, Page, expect

from tests.publishing.editor.chapters import EVERYTHING
from tests.publishing.editor.test_browsers import TWO, wait_for
from tests.support.chapter_server import ChapterServer, Json, chapter, chapter_server, paragraph

pytestmark = [
    pytest.mark.journey,
    pytest.mark.skipif(
        not (settings.BASE_DIR / "static/vendor/editor.js").exists(), reason="script/vendor has not run"
    ),
]

AXE = settings.BASE_DIR / "node_modules/axe-core/axe.min.js"
SUGGESTION = {
    "id": "1",
    "block": "b2",
    "author": "Mara Quill",
    "before": ["came down"],
    "after": ["came"],
    "reason": "Shorter.",
    "accept_url": "/suggestions/1/accept",
    "decline_url": "/suggestions/1/decline",
}


@contextmanager
def editing(browser: Browser, document: Json, **context: Any) -> Iterator[tuple[Page, ChapterServer]]:
    """The editor with a chapter. Nothing may be reported on the console, but for what the test says."""
    with chapter_server(document) as server:
        opened = browser.new_context(viewport={"width": 1280, "height": 900}, **context)
        page = opened.new_page()
        page.set_default_timeout(15_000)
        reports: list[str] = []
        page.on("console", lambda message: reports.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: reports.append(str(error)))
        page.goto(server.address)
        page.wait_for_selector("[data-editor-state=open]")
        yield page, server
        opened.close()
    assert [report for report in reports if "Failed to load resource" not in report] == []


def click_into(page: Page, block: str) -> None:
    page.locator(f".editor-text [data-id={block}]").click()
    page.keyboard.press("End")


def save(page: Page) -> None:
    page.keyboard.press("ControlOrMeta+s")
    page.wait_for_selector(".editor-status[data-state=saved]")


class TestPage:
    @pytest.mark.parametrize(("width", "scheme"), [(360, "dark"), (768, "light"), (1440, "dark")])
    def test_axe_has_nothing_to_say(self, browser: Browser, width: int, scheme: Any) -> None:
        document = {**EVERYTHING, "suggestions": [SUGGESTION]}
        # axe is no part of the page, and its policy would not let it in.
        with editing(browser, document, color_scheme=scheme, bypass_csp=True) as (page, _server):
            page.set_viewport_size({"width": width, "height": 900})
            page.add_script_tag(path=AXE)
            found = page.evaluate(
                "axe.run().then(({violations}) => violations.map(({id, nodes}) => [id, nodes[0].html]))"
            )
            assert [row for row in found if row[0] != "heading-order"] == []  # the headings of a book are its author's
            assert page.evaluate("document.documentElement.scrollWidth") <= width

    def test_the_pages_own_forms_stay_if_the_chapter_does_not_come(self, browser: Browser) -> None:
        with chapter_server(TWO) as server:
            page = browser.new_page()
            page.route("**/document", lambda route: route.fulfill(status=500))
            page.goto(server.address)
            page.wait_for_selector("[data-editor-state=failed]", state="attached")
            expect(page.get_by_text("A form for each block.")).to_be_visible()
            page.close()


class TestTouch:
    def test_one_block_at_a_time_with_the_tools_at_the_lower_edge(self, browser: Browser) -> None:
        phone = {"has_touch": True, "is_mobile": True}
        with editing(browser, TWO, **phone) as (page, server):
            page.set_viewport_size({"width": 360, "height": 640})
            bar = page.locator(".editor-bar").bounding_box()
            assert bar is not None
            assert bar["y"] + bar["height"] == pytest.approx(640, abs=1)
            assert (page.locator(".editor-tool").first.bounding_box() or bar)["width"] >= 44
            page.locator("[data-id=b2]").tap()
            expect(page.locator("[data-id=b2]")).to_have_class("is-active")
            page.keyboard.press("ControlOrMeta+a")
            page.keyboard.insert_text("Gone.")  # as a phone's keyboard does, without a key
            expect(page.get_by_text("one paragraph at a time")).to_be_visible()
            page.locator("[data-id=b2]").tap()
            page.keyboard.press("Home")
            page.keyboard.insert_text("Still, ")
            wait_for(lambda: server.texts == ["Rain fell on the water.", "Still, Nobody came down to the quay."])


class TestForms:
    def test_what_a_picture_shows_a_table_heads_and_a_passage_speaks(self, browser: Browser) -> None:
        with editing(browser, EVERYTHING) as (page, server):
            page.get_by_role("button", name="Describe the picture").click()
            page.get_by_label("Description").fill("A tower\nin rain")
            page.get_by_role("button", name="Apply").click()
            page.get_by_role("button", name="Header rows").focus()
            page.keyboard.press("Enter")
            page.get_by_label("Number of header rows").fill("7")
            page.keyboard.press("Enter")
            expect(page.get_by_role("alert").filter(has_text="from 0 to 2")).to_be_visible()
            page.get_by_label("Number of header rows").fill("2")
            page.keyboard.press("Enter")
            page.locator("ruby", has_text="灯").dblclick()
            page.get_by_label("Reading above them").fill("ひ")
            page.keyboard.press("Enter")
            click_into(page, "b22")
            page.keyboard.press("Home")
            page.keyboard.press("ControlOrMeta+Shift+L")
            page.get_by_role("combobox", name="Language").fill("not a language")
            page.keyboard.press("Enter")
            expect(page.get_by_role("alert").filter(has_text="language code")).to_be_visible()
            page.keyboard.press("Escape")
            expect(page.locator("dialog")).to_have_count(0)
            page.locator("[data-id=b22]").focus()
            save(page)
            wanted = copy.deepcopy(EVERYTHING["blocks"])
            wanted[9]["attributes"]["alt"] = "A tower in rain"
            wanted[8]["attributes"]["header_rows"] = 2
            wanted[13]["text"][2][1][1][1] = "ひ"
            assert server.document["blocks"] == wanted

    def test_a_cell_and_a_note_are_edited_in_place(self, browser: Browser) -> None:
        with editing(browser, EVERYTHING) as (page, server):
            click_into(page, "b16")
            page.keyboard.type(" a.m.")
            page.keyboard.press("Enter")
            page.keyboard.type("about")
            click_into(page, "b26")
            page.keyboard.type(" Or the next.")
            save(page)
            cell = server.document["blocks"][8]["blocks"][2]["blocks"][1]
            assert [block["text"] for block in cell["blocks"]] == [["5.12 a.m."], ["about"]]
            assert server.document["notes"][0]["blocks"][0]["text"] == ["In the log of that year. Or the next."]


class TestRefusals:
    def test_a_block_that_the_server_refuses_is_marked_and_tried_again_when_it_changes(self, browser: Browser) -> None:
        with editing(browser, TWO) as (page, server):
            server.answers = [(422, {"code": "too_long", "block": "b2", "message": "This paragraph is too long."})]
            click_into(page, "b2")
            page.keyboard.type(" So.")
            page.keyboard.press("ControlOrMeta+s")
            expect(page.locator(".editor-banner")).to_contain_text("This paragraph is too long.")
            expect(page.locator("[data-id=b2]")).to_have_class("is-refused")
            page.keyboard.press("Backspace")
            save(page)
            assert server.texts[1] == "Nobody came down to the quay. So"
            expect(page.locator(".is-refused")).to_have_count(0)
            expect(page.locator(".editor-banner")).to_be_hidden()

    @pytest.mark.parametrize(("status", "words"), [(403, "Log in again"), (404, "no longer here"), (413, "too large")])
    def test_what_is_typed_stays_here_where_it_may_not_be_saved(
        self, browser: Browser, status: int, words: str
    ) -> None:
        with editing(browser, TWO) as (page, server):
            server.answers = [(status, {})]
            click_into(page, "b1")
            page.keyboard.type(" So.")
            page.keyboard.press("ControlOrMeta+s")
            expect(page.locator(".editor-banner")).to_contain_text(words)
            assert "water. So." in page.evaluate("JSON.stringify(Object.values(localStorage))")
            save(page)
            assert server.texts[0] == "Rain fell on the water. So."

    def test_a_save_that_removes_much_asks_first(self, browser: Browser) -> None:
        long = chapter(*(paragraph(f"b{n}", "Rain and rain. " * 20) for n in range(8)))
        with editing(browser, long) as (page, server):
            click_into(page, "b0")
            page.keyboard.press("ControlOrMeta+a")
            page.keyboard.press("Delete")
            page.keyboard.press("ControlOrMeta+s")
            expect(page.locator(".editor-banner")).to_contain_text("This removes 480 of 480 words")
            assert server.saves == []
            page.locator(".editor-banner").get_by_role("button", name="Undo").click()
            expect(page.locator(".editor-status")).to_have_attribute("data-state", "saved")
            assert server.document == long
            page.keyboard.press("ControlOrMeta+a")
            page.keyboard.press("Delete")
            page.keyboard.press("ControlOrMeta+s")
            page.get_by_role("button", name="Save anyway").click()
            wait_for(lambda: "".join(server.texts) == "")


class TestSuggestions:
    def test_they_stand_beside_the_text_and_are_accepted(self, browser: Browser) -> None:
        with editing(browser, {**TWO, "suggestions": [SUGGESTION]}) as (page, server):
            panel, text = page.locator(".editor-suggestions"), page.locator(".editor-text")
            assert (panel.bounding_box() or {})["x"] > (text.bounding_box() or {})["x"]
            expect(panel).to_contain_text("Mara Quill")
            click_into(page, "b1")
            page.keyboard.type(" Mine.")
            server.change("b2", "Nobody came to the quay.")
            server.document["suggestions"] = []
            panel.get_by_role("button", name="Accept").click()
            expect(text).to_contain_text("Nobody came to the quay.")
            expect(text).to_contain_text("Rain fell on the water. Mine.")
            expect(panel).to_be_hidden()
            assert server.posts == ["/suggestions/1/accept"]
            expect(page.locator(".editor-status")).to_have_attribute("data-state", "saved")
            save(page)
            assert server.texts == ["Rain fell on the water. Mine.", "Nobody came to the quay."]

    def test_what_is_taken_back_is_saved(self, browser: Browser) -> None:
        with editing(browser, TWO) as (page, server):
            before = list(server.texts)
            page.locator(".editor-text p").first.click()
            page.keyboard.type("x")
            expect(page.locator(".editor-status")).to_have_attribute("data-state", "typing")
            page.keyboard.press("Control+z")
            expect(page.locator(".editor-status")).to_have_attribute("data-state", "saved")
            assert server.texts == before
