"""The reader's settings in Chromium: what they do to a chapter, what they leave alone, and the panel itself."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from common import clock
from conversion.engine import ASSETS
from storefront.checkout.models import Entitlement
from tests.factories.accounts import make_reader
from tests.factories.conversion import make_artifact, make_done_job, web_zip
from tests.factories.publishing import make_published_edition

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.journey,
    pytest.mark.skipif(
        not (settings.BASE_DIR / "static/vendor/foliate/view.js").exists(), reason="script/vendor has not run"
    ),
]

PROSE = "".join(
    f"<p>Line {n}: nobody came down to the quay that day, and extraordinary rain fell.</p>" for n in range(90)
)
ALL_KINDS = f"""<h1>The Lighthousekeepers</h1>
<p id="first">Rain fell on the water.</p><p id="second">Nobody came down to the quay that day.</p>
<p id="centred" class="center">* * *</p>
<div class="verse"><p id="verse" class="stanza"><span class="line">The lamp is lit,</span><br/>
<span class="line in8">the boat is gone.</span></p></div>
<table><tbody><tr><td><p id="cell">Low water</p></td><td>5.12</td></tr></tbody></table>
<pre id="code"><code>for lamp in lamps: lamp.light()</code></pre>
<p id="arabic" lang="ar" dir="rtl">كان المطر يهطل</p><img id="picture" src="../assets/dot.png" alt="Dot"/>{PROSE}"""
ARABIC = "<h1>المنارة</h1>" + "<p>كان المطر يهطل على الماء، ولم يأت أحد إلى الرصيف في ذلك اليوم.</p>" * 30
JAPANESE = "<h1>灯台</h1>" + "<p>雨が水の上に降り、その日は誰も波止場に来なかった。</p>" * 60

EVERYTHING = {
    "size": "150", "leading": "20", "letter": "10", "word": "20", "paragraph": "100", "align": "justify",
    "font": "atkinson", "width": "short", "margin": "narrow", "columns": "1", "hyphens": "on",
}  # fmt: skip
THEMES = ("paper", "sepia", "night", "white", "black")

RENDERER = "document.querySelector('foliate-view').renderer"
DOCUMENT = f"{RENDERER}.getContents()[0].doc"
WORDS = "document.querySelector('foliate-view').lastLocation.range.toString().slice(0, 40)"
AXE = Path(settings.BASE_DIR) / "node_modules/axe-core/axe.min.js"


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    opened = browser.new_page(viewport={"width": 1200, "height": 800})
    opened.set_default_timeout(15_000)
    yield opened
    opened.close()


def open_book(page: Page, live_server: LiveServer, body: str, look: dict[str, str] | None = None, **about: Any) -> None:
    """A published book with this chapter opens for somebody who bought it, and has these settings on this device."""
    job = make_done_job()
    job.artifacts.filter(kind__in=["web", "sample-web"]).delete()
    style = (ASSETS / "epub.css").read_text("utf-8")
    make_artifact(job, kind="web", content=web_zip(("Harbour", "Lamp"), style=style, c1=body, **about))
    edition = make_published_edition(slug="lighthouse", job=job)
    reader = make_reader()
    Entitlement.objects.create(user=reader, work=edition.work, edition=edition, granted_at=clock.now())
    client = Client()
    client.force_login(reader)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME]
    page.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": live_server.url}])
    page.goto(f"{live_server.url}/privacy/")
    page.evaluate("(look) => localStorage.setItem('reader', JSON.stringify(look))", look or {})
    reopen(page, live_server)


def reopen(page: Page, live_server: LiveServer) -> None:
    page.goto(f"{live_server.url}/read/lighthouse/")
    page.wait_for_selector("[data-reader-features=all]", state="attached")


def style_of(page: Page, selector: str) -> dict[str, str]:
    found: dict[str, str] = page.evaluate(
        f"""(selector) => {{ const doc = {DOCUMENT};
        const found = doc.defaultView.getComputedStyle(doc.querySelector(selector));
        return Object.fromEntries([...found].map((name) => [name, found.getPropertyValue(name)])); }}""",
        selector,
    )
    return found


def pixels(style: dict[str, str], name: str) -> float:
    return float(style[name].removesuffix("px"))


def set_range(page: Page, name: str, value: int) -> None:
    page.locator(f".reader-appearance input[name={name}]").fill(str(value))
    page.wait_for_timeout(150)


def choose(page: Page, words: str) -> None:
    page.locator(".reader-appearance label:visible", has_text=words).click()


def open_panel(page: Page) -> None:
    page.click("[data-open=appearance]")
    page.get_by_text("More", exact=True).click()


class TestChapters:
    def test_every_setting_applies_to_running_text(self, live_server: LiveServer, page: Page) -> None:
        open_book(page, live_server, ALL_KINDS, EVERYTHING)
        text = style_of(page, "#second")
        size = pixels(text, "font-size")
        assert size == pytest.approx(16 * 1.16 * 1.5, abs=0.1)
        assert pixels(text, "line-height") == pytest.approx(2 * size, abs=0.2)
        assert pixels(text, "letter-spacing") == pytest.approx(0.1 * size, abs=0.1)
        assert pixels(text, "word-spacing") == pytest.approx(0.2 * size, abs=0.1)
        assert pixels(text, "margin-top") == pytest.approx(2 * size, abs=0.2)
        assert (text["text-indent"], text["text-align"], text["hyphens"]) == ("0px", "justify", "auto")
        assert text["font-family"].startswith('"Atkinson Hyperlegible Next"')
        assert page.evaluate(f"{RENDERER}.getAttribute('max-column-count')") == "1"

    def test_the_books_own_shapes_stay(self, live_server: LiveServer, page: Page) -> None:
        open_book(page, live_server, ALL_KINDS, EVERYTHING)
        assert style_of(page, "#centred")["text-align"] == "center"
        verse, cell, code = style_of(page, "#verse"), style_of(page, "#cell"), style_of(page, "#code")
        assert (verse["text-align"], verse["hyphens"], verse["margin-top"]) == ("start", "none", "0px")
        assert (cell["text-align"], cell["margin-top"]) == ("start", "0px")
        assert (code["letter-spacing"], code["word-spacing"]) == ("normal", "0px")
        assert "monospace" in code["font-family"]
        assert style_of(page, "h1")["hyphens"] == "none"
        assert style_of(page, "#arabic")["letter-spacing"] == "normal"

    def test_arabic_letters_stay_joined(self, live_server: LiveServer, page: Page) -> None:
        open_book(page, live_server, ARABIC, EVERYTHING, language="ar", direction="rtl")
        text = style_of(page, "p + p")
        assert (text["letter-spacing"], text["text-align"]) == ("normal", "justify")
        assert pixels(text, "word-spacing") > 0
        open_panel(page)
        expect(page.get_by_label("Space between letters")).to_be_hidden()
        expect(page.get_by_label("Space between words")).to_be_visible()

    def test_vertical_lines_have_more_room_and_end_evenly(self, live_server: LiveServer, page: Page) -> None:
        open_book(page, live_server, JAPANESE, language="ja", direction="rtl", vertical=True)
        text = style_of(page, "p + p")
        size = pixels(text, "font-size")
        assert text["writing-mode"] == "vertical-rl"
        assert pixels(text, "line-height") == pytest.approx(1.8 * size, abs=0.2)
        assert text["text-align"] == "justify"
        open_panel(page)
        set_range(page, "paragraph", 100)
        spaced = style_of(page, "p + p")
        assert pixels(spaced, "margin-right") == pytest.approx(1.8 * size, abs=0.2)
        assert pixels(spaced, "text-indent") == pytest.approx(size, abs=0.1)
        expect(page.get_by_role("group", name="Hyphenation")).to_be_hidden()

    def test_hyphenates_only_known_languages(self, live_server: LiveServer, page: Page) -> None:
        open_book(page, live_server, PROSE, language="")
        assert style_of(page, "p")["hyphens"] == "manual"
        open_panel(page)
        expect(page.get_by_role("group", name="Hyphenation")).to_be_hidden()

    @pytest.mark.parametrize(
        ("body", "about"),
        [
            (ALL_KINDS, {}),
            (ARABIC, {"language": "ar", "direction": "rtl"}),
            (JAPANESE, {"language": "ja", "direction": "rtl", "vertical": True}),
        ],
        ids=["kinds", "arabic", "vertical"],
    )
    def test_at_300_percent_nothing_is_cut_on_a_phone(
        self, live_server: LiveServer, page: Page, body: str, about: dict[str, Any]
    ) -> None:
        page.set_viewport_size({"width": 360, "height": 720})
        open_book(page, live_server, body, {"size": "300", "align": "justify", "columns": "2"}, **about)
        text = style_of(page, "p + p")
        assert pixels(style_of(page, "h1"), "font-size") <= 1.2 * pixels(text, "font-size") + 0.1
        assert text["text-align"] == ("justify" if about.get("language") == "ja" else "start")
        assert page.evaluate(f"{RENDERER}.getAttribute('max-column-count')") == "1"
        wider = page.evaluate(f"""(() => {{ const {{ size }} = {RENDERER}; const doc = {DOCUMENT};
            const side = {str(bool(about.get("vertical"))).lower()} ? "height" : "width";
            const isCut = (one) => [...one.getClientRects()].some((box) => box[side] > size);
            return [...doc.querySelectorAll("p, h1, .line, td, pre, img")].filter(isCut).map((one) => one.outerHTML);
            }})()""")
        assert wider == []
        assert page.evaluate("document.documentElement.scrollWidth") <= 360

    def test_makes_two_columns_where_asked_also_upright(self, live_server: LiveServer, page: Page) -> None:
        page.set_viewport_size({"width": 820, "height": 1100})
        open_book(page, live_server, PROSE)
        column = f"{DOCUMENT}.querySelector('p').getBoundingClientRect().width"
        assert page.evaluate(column) > 500
        open_panel(page)
        choose(page, "Two")
        page.wait_for_timeout(200)
        assert 250 < page.evaluate(column) < 400


class TestPlace:
    def test_the_same_page_comes_back_with_the_same_size(self, live_server: LiveServer, page: Page) -> None:
        open_book(page, live_server, PROSE * 4)
        slider = page.locator("[data-reader-range]")
        slider.fill("430")
        slider.dispatch_event("change")
        page.wait_for_timeout(300)
        before = page.evaluate(f"[{RENDERER}.page, {WORDS}]")
        assert before[0] > 3
        open_panel(page)
        for size in (300, 70, 200):
            set_range(page, "size", size)
            assert page.evaluate(f"""document.querySelector('foliate-view').lastLocation.range.toString()
                .includes({before[1][5:20]!r})"""), size
        choose(page, "Scrolling")
        page.wait_for_timeout(400)
        choose(page, "Pages")
        choose(page, "OpenDyslexic")
        page.wait_for_timeout(400)
        choose(page, "Literata")
        set_range(page, "size", 100)
        page.wait_for_timeout(300)
        assert page.evaluate(f"[{RENDERER}.page, {WORDS}]") == before

    def test_a_finger_that_turns_no_page_does_not_move_the_place(self, live_server: LiveServer, page: Page) -> None:
        """It lets a page go that it moved a little: between sizes, that was a page further back each time."""
        open_book(page, live_server, PROSE * 4)
        for _ in range(5):
            page.keyboard.press("ArrowRight")
        page.wait_for_timeout(300)
        before = page.evaluate(f"[{RENDERER}.page, {WORDS}]")
        open_panel(page)
        for size in (300, 130, 250, 90):
            set_range(page, "size", size)
            page.evaluate(NUDGE)
            page.wait_for_timeout(500)
        set_range(page, "size", 100)
        page.wait_for_timeout(300)
        assert page.evaluate(f"[{RENDERER}.page, {WORDS}]") == before

    def test_a_new_size_is_no_news_of_the_place(self, live_server: LiveServer, page: Page) -> None:
        open_book(page, live_server, PROSE * 4)
        for _ in range(3):
            page.keyboard.press("ArrowRight")
        page.wait_for_timeout(1500)  # the place is kept
        before = page.evaluate(f"[{RENDERER}.page, {WORDS}]")
        open_panel(page)
        set_range(page, "size", 300)
        page.wait_for_timeout(1500)
        reopen(page, live_server)
        open_panel(page)
        set_range(page, "size", 100)
        assert page.evaluate(f"[{RENDERER}.page, {WORDS}]") == before


# A finger that slowly moves a page by a few pixels and lets it go.
NUDGE = f"""(async () => {{
  const doc = {DOCUMENT};
  const finger = (x) => [new Touch({{ identifier: 1, target: doc.body, clientX: x, screenX: x, screenY: 9 }})];
  const tell = (name, x) => doc.body.dispatchEvent(new TouchEvent(name, {{
    bubbles: true, cancelable: true, changedTouches: finger(x), touches: name === "touchend" ? [] : finger(x) }}));
  tell("touchstart", 200);
  await new Promise((done) => setTimeout(done, 300));
  tell("touchmove", 196);
  tell("touchend", 196);
}})()"""
CONTRASTS = """() => {
  const pairs = [["--ink", "--paper"], ["--ink-soft", "--paper"], ["--ink-faint", "--paper"], ["--accent", "--paper"],
    ["--accent-strong", "--paper"], ["--ink", "--paper-raised"], ["--ink-soft", "--paper-raised"],
    ["--ink-faint", "--paper-raised"], ["--accent", "--paper-raised"], ["--ink", "--paper-sunk"],
    ["--ink-soft", "--paper-sunk"], ["--on-accent", "--accent"], ["--danger", "--paper"], ["--caution", "--paper"],
    ["--success", "--paper"], ["--reader-link", "--paper"], ["--ink", "--reader-selection"]];
  const probe = document.body.appendChild(document.createElement("i"));
  const light = (name) => {
    probe.style.color = `var(${name})`;
    const parts = getComputedStyle(probe).color.match(/[\\d.]+/g).slice(0, 3).map((part) => part / 255);
    const [r, g, b] = parts.map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  return pairs.map(([one, other]) => {
    const [dark, bright] = [light(one), light(other)].sort((a, b) => a - b);
    return [`${one} on ${other}`, (bright + 0.05) / (dark + 0.05)];
  });
}"""


class TestThemes:
    def test_text_stands_out_in_every_theme(self, live_server: LiveServer, page: Page) -> None:
        open_book(page, live_server, PROSE)
        for theme in THEMES:
            least = 7 if theme in ("white", "black") else 4.5
            page.evaluate("(theme) => (document.documentElement.dataset.readerTheme = theme)", theme)
            weak = [(theme, pair, round(ratio, 2)) for pair, ratio in page.evaluate(CONTRASTS) if ratio < least]
            assert weak == []

    def test_no_theme_breaks_a_rule_of_accessibility(self, live_server: LiveServer, page: Page) -> None:
        page.set_viewport_size({"width": 360, "height": 720})
        open_book(page, live_server, "<h1>Harbour</h1><p>Rain, and <a href='#x' id='x'>more rain</a>.</p>")
        open_panel(page)
        page.evaluate(AXE.read_text(encoding="utf-8"))
        for choice, dark in (
            ("Paper", False),
            ("Sepia", False),
            ("Night", False),
            ("High contrast", False),
            ("High contrast", True),
        ):
            page.emulate_media(color_scheme="dark" if dark else "light")
            choose(page, choice)
            page.wait_for_timeout(200)  # colours change slowly
            found = page.evaluate("axe.run()")["violations"]
            assert [(choice, one["id"], one["nodes"][0]["html"]) for one in found] == []

    def test_automatic_follows_the_device(self, live_server: LiveServer, page: Page) -> None:
        open_book(page, live_server, ALL_KINDS)
        theme = page.locator("html")
        expect(theme).to_have_attribute("data-reader-theme", "paper")
        assert style_of(page, "#picture")["filter"] == "none"
        page.emulate_media(color_scheme="dark")
        expect(theme).to_have_attribute("data-reader-theme", "night")
        assert style_of(page, "#picture")["filter"] == "brightness(0.86)"
        page.emulate_media(color_scheme="dark", contrast="more")
        expect(theme).to_have_attribute("data-reader-theme", "black")


class TestFonts:
    def test_a_font_is_loaded_when_it_is_chosen(self, live_server: LiveServer, page: Page) -> None:
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url.rsplit("/", 1)[-1]))
        open_book(page, live_server, ALL_KINDS)
        open_panel(page)
        assert not [file for file in asked if file.startswith(("atkinson", "opendyslexic"))]
        with page.expect_response(lambda answer: "/opendyslexic-latin-400-normal" in answer.url) as came:
            choose(page, "OpenDyslexic")
        assert came.value.ok
        assert not [file for file in asked if file.startswith("atkinson")]


class TestPanel:
    def test_works_by_keyboard_and_says_its_values(self, live_server: LiveServer, page: Page) -> None:
        open_book(page, live_server, PROSE)
        page.locator("[data-open=appearance]").focus()
        page.keyboard.press("Enter")
        size = page.get_by_role("slider", name="Text size")
        for _ in range(12):
            if size.evaluate("(one) => one === document.activeElement"):
                break
            page.keyboard.press("Tab")
        page.keyboard.press("ArrowRight")
        expect(size).to_have_attribute("aria-valuetext", "110 %")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        expect(page.locator("[data-appearance-status]")).to_have_text("120 %")
        assert pixels(style_of(page, "p"), "font-size") == pytest.approx(16 * 1.16 * 1.2, abs=0.1)
        page.get_by_role("button", name="Reset").press("Enter")
        expect(page.locator("[data-appearance-status]")).to_have_text("All settings are reset.")
        expect(size).to_have_value("100")
        page.keyboard.press("Escape")
        expect(page.locator("[data-open=appearance]")).to_be_focused()

    def test_fits_a_phone_and_its_controls_a_finger(self, live_server: LiveServer, page: Page) -> None:
        page.set_viewport_size({"width": 360, "height": 640})
        open_book(page, live_server, PROSE, {"size": "300"})
        open_panel(page)
        panel = page.locator(".reader-appearance")
        assert panel.evaluate("(one) => one.scrollWidth <= one.clientWidth")
        controls = panel.locator(".segments label:visible, input[type=range]:visible, form button:visible, summary")
        assert controls.count() > 25
        low = [one.inner_text() for one in controls.all() if (one.bounding_box() or {"height": 0.0})["height"] < 44]
        assert low == []

    def test_a_swipe_over_a_slider_leaves_it_as_it_was(self, live_server: LiveServer, browser: Browser) -> None:
        page = browser.new_context(viewport={"width": 360, "height": 640}, has_touch=True, is_mobile=True).new_page()
        open_book(page, live_server, ALL_KINDS)
        open_panel(page)
        size = page.locator("[name=size]")
        box = size.bounding_box()
        assert box
        x, y = box["x"] + box["width"] * 0.8, box["y"] + box["height"] / 2
        touch = page.context.new_cdp_session(page)
        finger: dict[str, Any]
        for step in range(12):
            finger = {"touchPoints": [{"x": x, "y": y - 20 * step}]}
            touch.send("Input.dispatchTouchEvent", {"type": "touchMove" if step else "touchStart"} | finger)
        touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
        page.wait_for_function("document.querySelector('[data-panel=appearance]').scrollTop > 0")
        expect(size).to_have_value("100")

    def test_what_another_version_has_set_is_kept(self, live_server: LiveServer, page: Page) -> None:
        open_book(page, live_server, PROSE, {"sparkle": "much", "font": "one of tomorrow", "theme": "sepia"})
        open_panel(page)
        set_range(page, "size", 150)
        kept = page.evaluate("JSON.parse(localStorage.getItem('reader'))")
        assert kept == {"sparkle": "much", "font": "one of tomorrow", "theme": "sepia", "size": "150"}


# The synchronisation's part: it tells what the account has, and is told what to store there.
OWNERS = """async () => {
  const { makePreferences } = await import("/static/js/reader/preferences.js");
  const { openAppearance } = await import("/static/js/reader/appearance-panel.js");
  const dialog = document.querySelector("[data-panel=appearance]").cloneNode(true);
  document.querySelector("[data-panel=appearance]").remove();
  document.body.append(dialog);
  dialog.showModal();
  const preferences = makePreferences({ language: "en", vertical: false });
  window.stored = {};
  window.preferences = preferences;
  const form = dialog.querySelector("form");
  const store = (name, value) => (window.stored[name] = value);
  const show = openAppearance({ form, preferences, book: { language: "en" }, changed() {}, store });
  window.useAccount = (values) => {
    preferences.useAccount(values);
    show();
  };
}"""


class TestOwners:
    def test_a_device_differs_from_the_account_until_told_otherwise(self, live_server: LiveServer, page: Page) -> None:
        open_book(page, live_server, PROSE, {"theme": "sepia"})
        page.evaluate(OWNERS)
        share, usual = (
            page.get_by_role("button", name=name) for name in ("Use on all my devices", "Back to my usual settings")
        )
        expect(share).to_be_hidden()  # nobody is known to be logged in
        page.evaluate("useAccount({ size: '150', theme: 'night', newer: 'kept' })")
        assert page.evaluate("[preferences.look.size, preferences.look.theme]") == ["150", "sepia"]
        usual.click()
        assert page.evaluate("preferences.look.theme") == "night"
        assert page.evaluate("localStorage.getItem('reader')") == "{}"
        expect(usual).to_be_hidden()
        choose(page, "Source Sans")
        share.click()
        assert page.evaluate("stored") == {"font": "source"}
        assert page.evaluate("localStorage.getItem('reader')") == "{}"
        page.evaluate("useAccount({ font: 'system' })")  # from another device
        assert page.evaluate("preferences.look.font") == "system"

    def test_settings_for_all_devices_reach_another_browser(
        self, live_server: LiveServer, page: Page, browser: Browser
    ) -> None:
        open_book(page, live_server, PROSE, {"theme": "sepia", "size": "150"})
        page.click("[data-open=appearance]")
        with page.expect_response(
            lambda answer: answer.url.endswith("/reading/sync/") and "theme" in (answer.request.post_data or "")
        ):
            page.get_by_role("button", name="Use on all my devices").click()
        expect(page.locator("[data-appearance-status]")).to_have_text("Used on all your devices.")
        other = browser.new_context(storage_state={"cookies": page.context.cookies(), "origins": []})
        elsewhere = other.new_page()
        reopen(elsewhere, live_server)
        expect(elsewhere.locator("html")).to_have_attribute("data-reader-theme", "sepia")
        assert pixels(style_of(elsewhere, "p"), "font-size") == pytest.approx(16 * 1.16 * 1.5, abs=0.1)
        other.close()
