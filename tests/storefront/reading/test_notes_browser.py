"""Notes in the book, in Chromium: by mouse, keyboard and touch; the bar, the list, what undoes a slip."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.conf import settings
from playwright.sync_api import Browser, Frame, Locator, Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.storefront.reading.test_reader_browser import RENDERER, go_to_reader, publish

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.journey,
    pytest.mark.skipif(
        not (settings.BASE_DIR / "static/vendor/foliate/view.js").exists(), reason="script/vendor has not run"
    ),
]

LINE = "<p>Line {}. Rain fell on the water, and nobody came down to the quay. The lamp was <em>lit</em> again.</p>"
BODY = "<h1>The Harbour</h1>" + "".join(LINE.format(n) for n in range(60))
AXE = settings.BASE_DIR / "node_modules/axe-core/axe.min.js"


@pytest.fixture
def page(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    """The reader's page, left in the end as a reader leaves it; `more` are options of the browser's context."""
    more = getattr(request, "param", {"viewport": {"width": 1200, "height": 800}})
    context = browser.new_context(permissions=["clipboard-read", "clipboard-write"], **more)
    context.set_default_timeout(15_000)
    shown = context.new_page()
    yield shown
    shown.goto("about:blank")
    shown.wait_for_timeout(300)
    context.close()


@pytest.fixture
def book(page: Page, live_server: LiveServer) -> Frame:
    """The first chapter, open."""
    go_to_reader(page, live_server, publish(BODY))
    return opened(page)


PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}


def opened(page: Page) -> Frame:
    page.wait_for_selector("html[data-reader=open]")
    frame = page.frames[1]
    frame.wait_for_selector("svg.octavo-notes", state="attached")
    return frame


def select(frame: Frame, first: int, start: int, last: int, end: int) -> None:
    """From a character of one paragraph to one of another."""
    frame.evaluate(
        """([first, start, last, end]) => {
            const [from, to] = [first, last].map((number) => document.querySelectorAll("p")[number].firstChild);
            document.getSelection().setBaseAndExtent(from, start, to, end);
        }""",
        [first, start, last, end],
    )


def page_shown(page: Page) -> int:
    """The page of the chapter."""
    found: int = page.evaluate(f"{RENDERER}.page")
    return found


def wait_for_page(page: Page, number: int) -> None:
    for _ in range(100):
        if page_shown(page) == number:
            return
        page.wait_for_timeout(50)
    raise AssertionError(page_shown(page))


def highlights(frame: Frame) -> Locator:
    return frame.locator("svg.octavo-notes g")


def bar(page: Page) -> Locator:
    return page.get_by_role("toolbar")


def lines(page: Page) -> Locator:
    return page.locator("[data-panel=notes] .note-words")


def highlight(page: Page, frame: Frame, first: int = 0, last: int | None = None, colour: str = "Green") -> None:
    select(frame, first, 0, first if last is None else last, 6)
    bar(page).get_by_role("button", name=colour).click()


class TestHighlight:
    def test_selected_words_take_a_colour(self, page: Page, book: Frame) -> None:
        book.locator("p").nth(1).dblclick()
        bar(page).get_by_role("button", name="Blue").click()
        expect(highlights(book)).to_have_attribute("class", "blue exact")
        expect(page.locator("[data-notes-live]")).to_have_text("Highlighted")
        expect(bar(page)).to_be_hidden()

    def test_it_goes_over_blocks_and_columns_without_their_blanks(self, page: Page, book: Frame) -> None:
        select(book, 5, 5, 9, 6)
        bar(page).get_by_role("button", name="Pink").click()
        expect(highlights(book)).to_have_count(1)
        columns = (
            highlights(book)
            .locator("rect")
            .evaluate_all("(rects) => new Set(rects.map((r) => r.x.baseVal.value > 560)).size")
        )
        assert columns == 2
        page.get_by_role("button", name="Notes").click()
        words = lines(page).inner_text()
        assert words.startswith("5. Rain fell")
        assert words.endswith("again.\nLine 9")

    def test_a_click_on_it_opens_it_and_turns_no_page(self, page: Page, book: Frame) -> None:
        highlight(page, book)
        place = page_shown(page)
        box = highlights(book).locator("rect").first.bounding_box()
        assert box
        page.mouse.click(box["x"] + 5, box["y"] + 5)
        expect(bar(page).get_by_role("button", name="Green")).to_have_attribute("aria-pressed", "true")
        bar(page).get_by_role("button", name="Purple").click()
        expect(highlights(book)).to_have_attribute("class", "purple exact")
        page.mouse.click(box["x"] + 5, box["y"] + 5)
        page.mouse.click(1190, 400)  # closes the bar
        expect(bar(page)).to_be_hidden()
        assert page_shown(page) == place

    def test_it_is_deleted_and_comes_back(self, page: Page, book: Frame) -> None:
        highlight(page, book)
        box = highlights(book).locator("rect").first.bounding_box()
        assert box
        page.mouse.click(box["x"] + 5, box["y"] + 5)
        bar(page).get_by_role("button", name="Delete").click()
        expect(highlights(book)).to_have_count(0)
        page.get_by_role("button", name="Undo").click()
        expect(highlights(book)).to_have_count(1)
        expect(page.locator("[data-notes-live]")).to_have_text("Note restored")

    def test_copies_words_as_they_are_read(self, page: Page, book: Frame) -> None:
        select(book, 2, 0, 3, 6)
        bar(page).get_by_role("button", name="Copy").click()
        expect(page.locator("[data-notes-live]")).to_have_text("Copied")
        assert page.evaluate("navigator.clipboard.readText()").endswith("lit again.\nLine 3")

    def test_stays_on_its_words_at_another_size(self, page: Page, book: Frame) -> None:
        highlight(page, book, 3)
        page.locator("[data-open=appearance]").click()
        page.locator("[name=size]").fill("200")
        page.keyboard.press("Escape")
        words = "document.querySelectorAll('p')[3].getClientRects()[0].top"
        for _ in range(50):
            top = highlights(book).locator("rect").first.evaluate("(rect) => rect.y.baseVal.value")
            if abs(top - book.evaluate(words)) < 30:
                return
            page.wait_for_timeout(100)
        raise AssertionError((top, book.evaluate(words)))


class TestKeyboard:
    def test_a_note_without_a_mouse(self, page: Page, book: Frame) -> None:
        page.keyboard.press("h")
        expect(bar(page)).to_contain_text("Enter opens the tools")
        page.keyboard.press("ArrowDown")
        page.keyboard.press("ArrowDown")
        page.keyboard.press("ArrowRight")
        page.keyboard.press("Shift+ArrowLeft")
        expect(page.locator("[data-notes-live]")).to_have_text(
            "Selected: fell on the water, and nobody came down to the quay"
        )
        page.keyboard.press("Enter")
        expect(bar(page).get_by_role("button", name="Yellow")).to_be_focused()
        bar(page).get_by_role("button", name="Note", exact=True).press("Enter")
        page.keyboard.type("I was there.")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        expect(highlights(book)).to_have_attribute("class", "yellow exact has-body")
        expect(page.locator("[data-notes-live]")).to_have_text("Note saved")

    def test_a_link_that_has_the_focus_does_not_take_the_keys(self, page: Page, book: Frame) -> None:
        book.evaluate("""() => {
            const link = document.querySelector("p").appendChild(document.createElement("a"));
            link.href = "#elsewhere";
            link.focus();
        }""")
        page.keyboard.press("h")
        expect(bar(page)).to_contain_text("Enter opens the tools")
        page.keyboard.press("Enter")
        expect(bar(page).get_by_role("button", name="Yellow")).to_be_focused()

    def test_escape_gives_the_arrows_back_to_the_pages(self, page: Page, book: Frame) -> None:
        before = page_shown(page)
        page.keyboard.press("h")
        expect(bar(page)).to_be_visible()
        page.keyboard.press("ArrowRight")
        assert page_shown(page) == before
        page.keyboard.press("Escape")
        page.keyboard.press("ArrowRight")
        wait_for_page(page, before + 1)

    def test_single_keys_can_be_switched_off(self, page: Page, book: Frame) -> None:
        page.locator("[data-open=appearance]").click()
        page.get_by_text("More", exact=True).click()
        page.locator("[name=keys][value=off]").check(force=True)
        page.keyboard.press("Escape")
        page.keyboard.press("h")
        page.keyboard.press("b")
        expect(page.locator("[data-bookmark]")).to_have_attribute("aria-pressed", "false")
        expect(bar(page)).to_be_hidden()


class TestNote:
    def test_what_was_typed_survives_escape_but_not_cancel(self, page: Page, book: Frame) -> None:
        select(book, 0, 0, 0, 6)
        bar(page).get_by_role("button", name="Note", exact=True).click()
        page.get_by_role("textbox", name="Your note").fill("Kept.")
        page.keyboard.press("Escape")
        page.get_by_role("button", name="Notes").click()
        expect(page.locator(".note-body").first).to_have_text("Kept.")
        page.get_by_role("button", name="Edit note").click()
        page.get_by_role("textbox", name="Your note").fill("Thought better of it.")
        page.get_by_role("button", name="Cancel").click()
        expect(page.locator(".note-body").first).to_have_text("Kept.")

    def test_the_list_is_there_again_after_an_edit(self, page: Page, book: Frame) -> None:
        select(book, 0, 0, 0, 6)
        bar(page).get_by_role("button", name="Note", exact=True).click()
        page.get_by_role("textbox", name="Your note").fill("First.")
        page.get_by_role("button", name="Save").click()
        page.get_by_role("button", name="Notes").click()
        page.get_by_role("button", name="Edit note").click()
        page.get_by_role("textbox", name="Your note").fill("Second.")
        page.get_by_role("button", name="Save").click()
        expect(page.get_by_role("dialog", name="Notes")).to_be_visible()
        expect(page.locator(".note-body").first).to_have_text("Second.")


class TestBookmark:
    def test_a_key_sets_and_takes_it(self, page: Page, book: Frame) -> None:
        button = page.get_by_role("button", name="Bookmark")
        page.keyboard.press("ArrowRight")
        page.keyboard.press("b")
        expect(button).to_have_attribute("aria-pressed", "true")
        expect(page.locator("[data-bookmark-ribbon]")).to_be_visible()
        page.keyboard.press("ArrowLeft")
        expect(button).to_have_attribute("aria-pressed", "false")
        page.keyboard.press("ArrowRight")
        expect(button).to_have_attribute("aria-pressed", "true")
        button.click()
        expect(page.locator("[data-notes-live]")).to_have_text("Bookmark removed")


class TestList:
    def test_leads_to_the_words_and_back(self, page: Page, book: Frame) -> None:
        highlight(page, book)
        before = page_shown(page)
        page.keyboard.press("ArrowRight")
        page.keyboard.press("ArrowRight")
        page.keyboard.press("n")
        lines(page).click()
        wait_for_page(page, before)
        page.locator("[data-reader-return]").click()
        wait_for_page(page, before + 2)

    def test_shows_what_is_asked_for(self, page: Page, book: Frame) -> None:
        highlight(page, book, 0, colour="Green")
        highlight(page, book, 1, colour="Pink")
        page.keyboard.press("b")
        page.get_by_role("button", name="Notes").click()
        expect(lines(page)).to_have_count(3)
        for choice, count in (("pink", 1), ("bookmark", 1), ("noted", 0), ("", 3)):
            page.locator(f"[name=notes-filter][value='{choice}']").check(force=True)
            expect(lines(page)).to_have_count(count)

    def test_undoes_inside_the_open_list(self, page: Page, book: Frame) -> None:
        highlight(page, book)
        page.get_by_role("button", name="Notes").click()
        page.locator("[data-panel=notes]").get_by_role("button", name="Delete").click()
        expect(lines(page)).to_have_count(0)
        page.get_by_role("button", name="Undo").click()
        expect(lines(page)).to_have_count(1)


@pytest.mark.parametrize("page", [PHONE], indirect=True)
class TestPhone:
    def test_the_bar_lies_at_the_edge_and_fits(self, page: Page, book: Frame) -> None:
        select(book, 1, 0, 1, 20)
        expect(bar(page)).to_be_visible()
        box = bar(page).bounding_box()
        assert box
        assert (box["x"], box["width"], box["y"] + box["height"]) == (0, 360, 740)
        sizes = (
            bar(page)
            .get_by_role("button")
            .evaluate_all("(all) => all.map((one) => [one.offsetWidth, one.offsetHeight])")
        )
        assert all(width >= 44 and height >= 44 for width, height in sizes)
        assert page.evaluate("document.documentElement.scrollWidth") == 360

    def test_a_tap_turns_no_page_while_words_are_selected(self, page: Page, book: Frame) -> None:
        before = page_shown(page)
        select(book, 1, 0, 1, 20)
        expect(bar(page)).to_be_visible()
        page.touchscreen.tap(340, 300)
        expect(bar(page)).to_be_hidden()
        assert page_shown(page) == before


@pytest.mark.skipif(not AXE.exists(), reason="npm ci has not run")
@pytest.mark.parametrize("theme", ["paper", "sepia", "dark"])
def test_axe_finds_nothing(page: Page, book: Frame, theme: str) -> None:
    page.evaluate(f"document.documentElement.dataset.readerTheme = '{theme}'")
    highlight(page, book)
    select(book, 2, 0, 2, 20)
    expect(bar(page)).to_be_visible()
    for open_next in ("", "Note", "Notes"):
        if open_next:
            page.get_by_role("button", name=open_next, exact=True).click()
        source = AXE.read_text(encoding="utf-8")
        page.evaluate(source)
        options = "{ iframes: false }"
        found = page.evaluate(f"axe.run(document, {options})")["violations"]
        assert found == []
        page.keyboard.press("Escape")
