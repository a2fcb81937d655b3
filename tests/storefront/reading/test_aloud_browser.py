"""Reading aloud in Chromium, by a voice that tests bring: none of our browsers has one."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from common import clock
from publishing.models import Edition
from storefront.checkout.models import Entitlement
from tests.factories.accounts import make_reader
from tests.support.reading import DOCUMENT, publish, use_tool

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.journey,
    pytest.mark.skipif(
        not (settings.BASE_DIR / "static/vendor/foliate/view.js").exists(), reason="script/vendor has not run"
    ),
]

FAKE = Path(__file__).with_name("fake_speech.js").read_text(encoding="utf-8").replace("export ", "")
ADA = {"name": "Ada", "lang": "en-GB", "voiceURI": "ada", "localService": True, "default": True}
ANNA = {"name": "Anna", "lang": "de-DE", "voiceURI": "anna", "localService": True, "default": False}
SAID = "speechSynthesis.said.map(({ text }) => text)"
MARKED = f"""['sentence', 'word'].map((name) =>
    [...({DOCUMENT}.defaultView.CSS.highlights.get(name) ?? [])].map((range) => range.toString())[0] ?? '')"""
SLOW = 1000  # milliseconds a letter: nothing ends while a test looks


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 360, "height": 700})
    context.set_default_timeout(15_000)
    yield context.new_page()
    context.close()


def open_book(page: Page, live_server: LiveServer, edition: Edition, **voice: Any) -> None:
    speech = json.dumps({"voices": [ADA, ANNA], **voice})
    page.add_init_script(f"""{FAKE}
        const speech = makeFakeSpeech({speech});
        Object.defineProperty(window, "speechSynthesis", {{ value: speech.synth }});
        window.SpeechSynthesisUtterance = speech.Utterance;""")
    reader = make_reader()
    Entitlement.objects.create(user=reader, work=edition.work, edition=edition, granted_at=clock.now())
    client = Client()
    client.force_login(reader)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME]
    page.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": live_server.url}])
    page.goto(f"{live_server.url}/read/lighthouse/")
    page.wait_for_selector("[data-reader=open]", state="attached")


def wait_for(page: Page, expression: str) -> Any:
    deadline = time.monotonic() + 15
    while not (found := page.evaluate(expression)):
        assert time.monotonic() < deadline, expression
        page.wait_for_timeout(50)
    return found


class TestReadingAloud:
    def test_reads_to_the_end_of_the_book(self, live_server: LiveServer, page: Page) -> None:
        note = '<div><aside role="doc-footnote"><p>A note is not read.</p></aside></div>'
        first = f'<h1>Harbour</h1><p>One.<a role="doc-noteref" href="#n">1</a> Mr. Two.</p>{"<p>Rain.</p>" * 30}{note}'
        open_book(page, live_server, publish(("Harbour", "Lamp"), first=first, paragraphs=20), perLetter=0.2)
        use_tool(page, "[data-aloud]")
        expect(page.get_by_role("heading", name="The end")).to_be_visible(timeout=30_000)
        said = page.evaluate(SAID)
        assert said[:4] == ["Harbour", "One.", "Mr. Two.", "Rain."]
        assert said[33:35] == ["Lamp", "Lamp, line 0: nobody came down to the quay that day, and rain fell."]
        assert len(said) == 33 + 21
        expect(page.locator("[data-aloud-bar]")).to_be_hidden()

    def test_scrolls_to_the_end_of_the_book(self, live_server: LiveServer, page: Page) -> None:
        page.add_init_script('localStorage.reader = JSON.stringify({ flow: "scrolled" })')
        first = f"<h1>Harbour</h1>{'<p>Rain.</p>' * 3}"  # the next chapter is on the same screen
        open_book(page, live_server, publish(("Harbour", "Lamp"), first=first, paragraphs=20), perLetter=0.2)
        use_tool(page, "[data-aloud]")
        expect(page.get_by_role("heading", name="The end")).to_be_visible(timeout=30_000)
        said = page.evaluate(SAID)
        assert said[:5] == ["Harbour", "Rain.", "Rain.", "Rain.", "Lamp"]
        assert len(said) == 4 + 21

    def test_the_sentence_is_marked_and_the_word_if_the_voice_tells_it(
        self, live_server: LiveServer, page: Page
    ) -> None:
        open_book(page, live_server, publish(), perLetter=SLOW)
        use_tool(page, "[data-aloud]")
        expect(page.locator("[data-aloud-play]")).to_be_focused()
        wait_for(page, f'JSON.stringify({MARKED}) === \'["Harbour","Harbour"]\'')
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        line = "Harbour, line 0: nobody came down to the quay that day, and rain fell."
        wait_for(page, f'JSON.stringify({MARKED}) === \'["{line}","Harbour,"]\'')
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
        page.keyboard.press("Escape")
        expect(page.locator("[data-aloud-bar]")).to_be_hidden()
        assert page.evaluate(MARKED) == ["", ""]
        assert not page.evaluate("speechSynthesis.speaking")

    def test_a_voice_without_boundaries_marks_sentences(self, live_server: LiveServer, page: Page) -> None:
        open_book(page, live_server, publish(), perLetter=SLOW, hasBoundaries=False)
        use_tool(page, "[data-aloud]")
        wait_for(page, f'JSON.stringify({MARKED}) === \'["Harbour",""]\'')

    def test_a_page_turned_by_hand_is_read_from_its_beginning(self, live_server: LiveServer, page: Page) -> None:
        open_book(page, live_server, publish(), perLetter=SLOW)
        use_tool(page, "[data-aloud]")
        wait_for(page, f"{SAID}.length === 1")
        page.locator("foliate-view").click(position={"x": 340, "y": 300})
        wait_for(page, f"{SAID}.length === 2")
        said = page.evaluate(SAID)[1]
        assert said.startswith("Harbour, line ") and "line 0:" not in said
        first = "document.querySelector('foliate-view').lastLocation.range.toString().trim()"
        assert page.evaluate(first).find(said) < len(said)
        assert page.evaluate(MARKED)[0] == said

    def test_a_pause_begins_the_sentence_again(self, live_server: LiveServer, page: Page) -> None:
        open_book(page, live_server, publish(), perLetter=SLOW)
        use_tool(page, "[data-aloud]")
        wait_for(page, f"{SAID}.length === 1")
        page.get_by_role("button", name="Pause").click()
        assert not page.evaluate("speechSynthesis.speaking")
        page.locator("[data-aloud-bar]").get_by_role("button", name="Read aloud").click()
        wait_for(page, f'JSON.stringify({SAID}) === \'["Harbour","Harbour"]\'')

    def test_speed_and_voice_are_kept(self, live_server: LiveServer, page: Page) -> None:
        other = {**ADA, "name": "Bea", "voiceURI": "bea"}
        open_book(page, live_server, publish(), perLetter=SLOW, voices=[ADA, other])
        use_tool(page, "[data-aloud]")
        page.select_option("[data-aloud-rate]", "1.5")
        page.select_option("[data-aloud-voice]", "bea")
        last = "speechSynthesis.said.at(-1)"
        wait_for(page, f"{last}?.voice === 'Bea' && {last}.rate === 1.5")
        page.reload()
        page.wait_for_selector("[data-reader=open]", state="attached")
        use_tool(page, "[data-aloud]")
        wait_for(page, f"{last}?.voice === 'Bea' && {last}.rate === 1.5")

    def test_says_that_no_voice_speaks_the_language(self, live_server: LiveServer, page: Page) -> None:
        open_book(page, live_server, publish(), perLetter=SLOW, voices=[ANNA])
        use_tool(page, "[data-aloud]")
        expect(page.get_by_text("This device has no voice for English.")).to_be_visible()
        assert page.evaluate(SAID) == []
        page.select_option("[data-aloud-voice]", "anna")
        wait_for(page, "speechSynthesis.said[0]?.voice === 'Anna'")

    def test_a_passage_in_another_language_has_its_own_voice(self, live_server: LiveServer, page: Page) -> None:
        first = '<h1>One</h1><p lang="de">Guten Tag.</p><p>He said <i lang="de">Guten Tag</i>.</p>'
        open_book(page, live_server, publish(first=first), perLetter=1)
        use_tool(page, "[data-aloud]")
        wait_for(page, f"{SAID}.length > 2")
        voices = page.evaluate("speechSynthesis.said.slice(0, 3).map(({ voice }) => voice)")
        assert voices == ["Ada", "Anna", "Ada"]
