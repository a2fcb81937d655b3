"""The scripted reader in Chromium: it reads, remembers, and never runs what a book holds."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, Page, Response, expect
from pytest_django.live_server_helper import LiveServer

from common import clock
from storefront.checkout.models import Entitlement
from storefront.reading.models import Device, LastPlace
from tests.factories.accounts import make_reader
from tests.factories.conversion import CHAPTERS, make_artifact, make_done_job, web_zip
from tests.factories.publishing import make_published_edition

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.journey,
    pytest.mark.skipif(
        not (settings.BASE_DIR / "static/vendor/foliate/view.js").exists(), reason="script/vendor has not run"
    ),
]

LONG = "<h1>The Harbour</h1>" + "<p>Rain fell on the water, and nobody came down to the quay that day.</p>" * 80
HOSTILE = """<h1>The Harbour</h1><p id="p" onclick="parent.document.title='ran'">Rain.</p>
<img src="../assets/none.png" alt="" onerror="parent.document.title='ran'"/>
<script>parent.document.title = 'ran'; window.ran = true</script>
<p><a href="javascript:parent.document.title='ran'">away</a> <a href="https://example.org/">abroad</a></p>"""


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1200, "height": 800})
    context.set_default_timeout(15_000)
    yield context.new_page()
    context.close()


def publish(body: str, titles: tuple[str, ...] = CHAPTERS) -> Client:
    """A published book with this first chapter, and somebody logged in who bought it."""
    job = make_done_job()
    job.artifacts.filter(kind__in=["web", "sample-web"]).delete()
    make_artifact(job, kind="web", content=web_zip(titles, c1=body))
    make_artifact(job, kind="sample-web", content=web_zip(("The Harbour",), c1=body))
    edition = make_published_edition(slug="lighthouse", job=job)
    reader = make_reader()
    Entitlement.objects.create(user=reader, work=edition.work, edition=edition, granted_at=clock.now())
    client = Client()
    client.force_login(reader)
    return client


@pytest.fixture
def hostile_book() -> Client:
    return publish(HOSTILE)


@pytest.fixture
def long_book() -> Client:
    return publish(LONG)


RENDERER = "document.querySelector('foliate-view').renderer"
SHIFT = """new Promise((done) => {
    let sum = 0;
    new PerformanceObserver((list) => { for (const entry of list.getEntries()) sum += entry.value; })
      .observe({ type: "layout-shift", buffered: true });
    setTimeout(() => done(sum), 500);
})"""


def go_to_reader(page: Page, live_server: LiveServer, client: Client) -> None:
    cookie = client.cookies[settings.SESSION_COOKIE_NAME]
    page.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": live_server.url}])
    page.goto(f"{live_server.url}/read/lighthouse/")


def open_reader(page: Page, live_server: LiveServer, client: Client) -> None:
    go_to_reader(page, live_server, client)
    page.wait_for_selector("[data-reader=open]", state="attached")


def go_to_the_last_page(page: Page) -> None:
    """Of the first chapter."""
    page.evaluate(f"{RENDERER}.goTo({{ index: 0, anchor: 1 }})")


def saves_a_place(answer: Response) -> bool:
    return answer.url.endswith("/reading/sync/") and '"type":"place"' in (answer.request.post_data or "")


def shown_place(page: Page) -> str:
    return page.text_content("[data-reader-percent]") or ""


class TestReader:
    def test_runs_nothing_of_the_book(self, hostile_book: Client, live_server: LiveServer, page: Page) -> None:
        open_reader(page, live_server, hostile_book)
        frame = next(one for one in page.frames if one.url.startswith("blob:"))
        frame.wait_for_selector("#p").click()
        frame.get_by_text("away").click()
        expect(page.locator("[data-reader-range]")).to_be_visible()
        assert frame.evaluate("window.ran") is None
        assert "ran" not in page.title()

    def test_opens_links_to_the_web_only(self, hostile_book: Client, live_server: LiveServer, page: Page) -> None:
        open_reader(page, live_server, hostile_book)
        page.evaluate("globalThis.opened = []; globalThis.open = (address) => opened.push(address); 0")
        frame = next(one for one in page.frames if one.url.startswith("blob:"))
        for words in ("away", "abroad"):
            frame.get_by_text(words).click()
        page.wait_for_function("opened.length > 0")
        assert page.evaluate("opened") == ["https://example.org/"]

    def test_turns_pages_by_keys_and_returns_to_the_place(
        self, long_book: Client, live_server: LiveServer, page: Page
    ) -> None:
        open_reader(page, live_server, long_book)
        place = page.locator("[data-reader-percent]")
        before = shown_place(page)
        with page.expect_response(saves_a_place) as saved:
            page.keyboard.press("ArrowRight")
            expect(place).not_to_have_text(before)
        assert saved.value.status == 200
        after = shown_place(page)
        page.reload()
        page.wait_for_selector("[data-reader=open]", state="attached")
        expect(place).to_have_text(after)

    def test_offers_plain_chapters_when_no_script_comes(
        self, long_book: Client, live_server: LiveServer, page: Page
    ) -> None:
        page.route("**/reader/reader.js", lambda route: route.abort())
        page.clock.install()
        go_to_reader(page, live_server, long_book)
        chapter = page.get_by_role("link", name="The Lamp")
        expect(chapter).to_be_hidden()
        page.clock.run_for(5000)
        expect(page.get_by_text("The book did not open.")).to_be_visible()
        chapter.click()
        expect(page.get_by_role("heading", name="The Lamp")).to_be_visible()

    def test_offers_plain_chapters_when_the_book_does_not_open(
        self, long_book: Client, live_server: LiveServer, page: Page
    ) -> None:
        """As when a browser keeps the chapter's frame blank: nothing errs, nothing comes."""
        page.route("**/files/**", lambda route: None)
        page.clock.install()
        go_to_reader(page, live_server, long_book)
        page.clock.run_for(5000)
        expect(page.get_by_role("link", name="The Lamp")).to_be_visible()
        expect(page.locator("[data-open=contents]")).to_be_hidden()

    def test_nothing_jumps_while_the_book_opens(self, long_book: Client, live_server: LiveServer, page: Page) -> None:
        open_reader(page, live_server, long_book)
        expect(page.locator("foliate-view")).to_be_visible()
        assert page.evaluate(SHIFT) == 0

    def test_panels_close_by_escape_and_the_look_is_kept(
        self, long_book: Client, live_server: LiveServer, page: Page
    ) -> None:
        open_reader(page, live_server, long_book)
        page.click("[data-open=appearance]")
        page.locator("label", has_text="Sepia").click()
        page.keyboard.press("Escape")
        assert page.locator("dialog[open]").count() == 0
        page.reload()
        page.wait_for_selector("html[data-reader-theme=sepia]", state="attached")

    def test_its_letter_can_be_switched_off_and_arrows_stay(
        self, long_book: Client, live_server: LiveServer, page: Page
    ) -> None:
        open_reader(page, live_server, long_book)
        page.keyboard.press("t")
        expect(page.locator("dialog[open]")).to_have_count(1)
        page.keyboard.press("Escape")
        page.click("[data-open=appearance]")
        page.get_by_text("More", exact=True).click()
        page.get_by_role("group", name="Single-key shortcuts").locator("label", has_text="Off").click()
        page.keyboard.press("Escape")
        for _ in range(2):  # also when the book is opened again
            page.keyboard.press("t")
            expect(page.locator("dialog[open]")).to_have_count(0)
            page.reload()
            page.wait_for_selector("[data-reader=open]", state="attached")
        before = shown_place(page)
        page.keyboard.press("ArrowRight")
        expect(page.locator("[data-reader-percent]")).not_to_have_text(before)

    def test_opens_with_what_books_of_pages_have_kept(
        self, long_book: Client, live_server: LiveServer, page: Page
    ) -> None:
        page.goto(live_server.url)
        page.evaluate("""localStorage.setItem("reader", '{"pair": "never", "theme": "sepia"}')""")
        open_reader(page, live_server, long_book)
        expect(page.locator("html[data-reader-theme=sepia]")).to_have_count(1)

    def test_contents_lead_to_chapters(self, long_book: Client, live_server: LiveServer, page: Page) -> None:
        open_reader(page, live_server, long_book)
        page.click("[data-open=contents]")
        page.locator("[data-reader-toc] a", has_text="The Letter").click()
        expect(page.locator("[data-reader-place]")).to_have_text("The Letter")

    def test_contents_open_at_the_chapter_being_read(self, live_server: LiveServer, page: Page) -> None:
        titles = tuple(f"Night {n}" for n in range(1, 61))
        open_reader(page, live_server, publish(LONG, titles))
        page.click("[data-open=contents]")
        page.locator("[data-reader-toc] a", has_text="Night 60").click()
        expect(page.locator("[data-reader-place]")).to_have_text("Night 60")
        page.click("[data-open=contents]")
        current = page.locator("[data-reader-toc] [aria-current]")
        expect(current).to_have_text(re.compile("^Night 60 [0-9]+$"))  # with its page
        expect(current).to_be_in_viewport()
        expect(current).to_be_focused()

    def test_in_mid_book_a_failure_is_not_the_end(self, long_book: Client, live_server: LiveServer, page: Page) -> None:
        """The shop answers 503; then it answers again."""
        page.route("**/chapters/c2.xhtml*", lambda route: route.fulfill(status=503))
        open_reader(page, live_server, long_book)
        go_to_the_last_page(page)
        page.keyboard.press("ArrowRight")
        trouble = page.locator("[data-reader-trouble]")
        expect(trouble.get_by_text("There is no connection, or the shop is not responding.")).to_be_visible()
        expect(page.locator("[data-reader-end]")).to_be_hidden()
        expect(trouble.get_by_role("link", name="Open it as a plain page")).to_have_attribute(
            "href", "/read/lighthouse/c2/"
        )
        page.unroute("**/chapters/c2.xhtml*")
        trouble.get_by_role("button", name="Try again").click()
        expect(page.locator("[data-reader-place]")).to_have_text("The Lamp")
        expect(trouble).to_be_hidden()

    def test_a_wipe_over_the_edge_leads_back_from_a_failure(
        self, long_book: Client, live_server: LiveServer, page: Page
    ) -> None:
        """The paginator goes on by itself then: it waits for the chapter, and keeps its page when there is none."""
        page.route("**/chapters/c2.xhtml*", lambda route: route.fulfill(status=503))
        open_reader(page, live_server, long_book)
        go_to_the_last_page(page)
        last = page.evaluate(f"{RENDERER}.page")
        page.evaluate(f"{RENDERER}.snap(10, 0)")
        trouble = page.locator("[data-reader-trouble]")
        trouble.get_by_role("button", name="Back to the last page").click()
        expect(trouble).to_be_hidden()
        assert page.evaluate(f"[{RENDERER}.page, {RENDERER}.getContents()[0].index]") == [last, 0]
        page.unroute("**/chapters/c2.xhtml*")
        page.keyboard.press("ArrowRight")
        expect(page.locator("[data-reader-place]")).to_have_text("The Lamp")

    def test_a_chapter_that_hangs_is_offered_as_a_plain_page(
        self, long_book: Client, live_server: LiveServer, page: Page
    ) -> None:
        page.route("**/chapters/c2.xhtml*", lambda route: None)
        open_reader(page, live_server, long_book)
        go_to_the_last_page(page)
        page.keyboard.press("ArrowRight")
        trouble = page.locator("[data-reader-trouble]")
        expect(trouble.get_by_text("This is taking longer than usual.")).to_be_visible(timeout=15_000)
        page.keyboard.press("ArrowRight")
        trouble.get_by_role("link", name="Open it as a plain page").click()
        expect(page.get_by_role("heading", name="The Lamp")).to_be_visible()

    def test_the_end_is_the_last_chapters(self, long_book: Client, live_server: LiveServer, page: Page) -> None:
        open_reader(page, live_server, long_book)
        page.click("[data-open=contents]")
        page.locator("[data-reader-toc] a", has_text="The Letter").click()
        expect(page.locator("[data-reader-place]")).to_have_text("The Letter")
        page.keyboard.press("ArrowRight")
        expect(page.get_by_role("heading", name="The end")).to_be_visible()

    @pytest.mark.parametrize(("answer", "chapter"), [("Go there", "The Letter"), ("Stay here", "The Harbour")])
    def test_a_stale_tab_asks_before_it_writes(
        self, long_book: Client, live_server: LiveServer, page: Page, answer: str, chapter: str
    ) -> None:
        open_reader(page, live_server, long_book)
        page.wait_for_timeout(2000)  # its place is kept
        other = page.context.new_page()
        other.goto(f"{live_server.url}/read/lighthouse/")
        other.wait_for_selector("[data-reader=open]", state="attached")
        with other.expect_response(saves_a_place):
            other.click("[data-open=contents]")
            other.locator("[data-reader-toc] a", has_text="The Letter").click()
        page.keyboard.press("ArrowRight")
        question = page.locator("[data-reader-further]")
        expect(question).to_contain_text("in another tab")
        question.get_by_role("button", name=answer).click()
        expect(question).to_be_hidden()
        expect(page.locator("[data-reader-place]")).to_have_text(chapter)
        page.wait_for_timeout(2000)
        page.reload()
        page.wait_for_selector("[data-reader=open]", state="attached")
        expect(page.locator("[data-reader-place]")).to_have_text(chapter)

    def test_a_tab_that_comes_to_the_front_asks(self, long_book: Client, live_server: LiveServer, page: Page) -> None:
        with page.expect_response(saves_a_place):
            open_reader(page, live_server, long_book)
        kept = LastPlace.objects.get()
        phone = Device.objects.create(
            user=kept.device.user, key="phone", kind="browser", name="Firefox on Android", seen_at=clock.now()
        )
        LastPlace.objects.create(device=phone, work=kept.work, share_bps=9000, at=clock.now())
        page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
        expect(page.locator("[data-reader-further]")).to_contain_text("on Firefox on Android this minute.")
