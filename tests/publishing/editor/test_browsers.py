"""The editor in three browsers: typing and saving, keys, what is pasted, two tabs, and a line that is cut."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings

from tests.publishing.editor.chapters import TABLE
from tests.support.chapter_server import ChapterServer, chapter, chapter_server, paragraph, plain
from tests.support.line import line_to
from tests.support.windows import ALT, BACKSPACE, CONTROL, ENTER, ESCAPE, F10, SHIFT, TAB, Window, until

pytestmark = [
    pytest.mark.journey,
    pytest.mark.skipif(
        not (settings.BASE_DIR / "static/vendor/editor.js").exists(), reason="script/vendor has not run"
    ),
]

TWO = chapter(paragraph("b1", "Rain fell on the water."), paragraph("b2", "Nobody came down to the quay."))
OPEN = "document.querySelector('[data-editor-state=open] .editor-text') !== null"
STATE = "document.querySelector('.editor-status').dataset.state"
TEXT = "document.querySelector('.editor-text').innerText"
PUT = """(() => {
  const text = document.querySelector(".editor-text");
  text.focus();
  const walk = document.createTreeWalker(text.querySelector('[data-id="%s"]'), NodeFilter.SHOW_TEXT);
  let [node, left] = [walk.nextNode(), %d];
  while (left > node.length) [left, node] = [left - node.length, walk.nextNode()];
  getSelection().setBaseAndExtent(node, left, node, left + %d);
  return new Promise((done) => setTimeout(() => done(true), 60));
})()"""
PASTE = """(() => {
  const data = %s;
  const event = new Event("paste", { bubbles: true, cancelable: true });
  const given = { getData: (type) => data[type] ?? "", types: Object.keys(data), files: [], items: [] };
  Object.defineProperty(event, "clipboardData", { value: given });
  document.querySelector(".editor-text").dispatchEvent(event);
  return true;
})()"""
WATCH = """(window.violations = [], document.addEventListener(
  "securitypolicyviolation", (event) => window.violations.push(event.violatedDirective)), true)"""
HOSTILE = """<meta charset="utf-8"><script>window.harmed = 1</script><style>p { color: red }</style>
<p onclick="window.harmed = 1" style="font-weight: 700">Bold <a href="javascript:window.harmed=1">lure</a>
<img src="x" onerror="window.harmed = 1"><svg onload="window.harmed = 1"><text>drawn</text></svg></p>
<iframe src="javascript:window.harmed=1"></iframe><p data-id="b1"><em>Thin</em> <font color="red">air</font></p>
<table data-id="t9"><tr><td>stolen</td></tr></table><template><p>hidden</p></template>"""


def open_chapter(window: Window, address: str) -> None:
    window.open(address)
    until(window, OPEN)
    window.run(WATCH)


def put(window: Window, block: str, offset: int, length: int = 0) -> None:
    """Put the cursor into a block, or select letters of it."""
    assert window.run(PUT % (block, offset, length))


def wait_for(true: Callable[[], Any]) -> Any:
    deadline = time.monotonic() + 15
    while not (found := true()):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    return found


def wait_for_saved(window: Window, server: ChapterServer, *texts: str) -> None:
    """The text is saved at once, by the key for it."""
    window.chord(CONTROL, "s")
    wait_for(lambda: server.texts == list(texts))
    until(window, f"{STATE} === 'saved'")


def test_what_is_typed_is_saved_with_its_marks_and_can_be_undone(window: Window) -> None:
    with chapter_server(TWO) as server:
        open_chapter(window, server.address)
        put(window, "b1", 4)
        window.write(" softly")
        put(window, "b2", 0, 6)
        window.chord(CONTROL, "b")
        window.chord(CONTROL, "i")
        assert window.run("document.querySelector('[data-tool=strong]').getAttribute('aria-pressed')") == "true"
        wait_for(lambda: server.texts == ["Rain softly fell on the water.", "Nobody came down to the quay."])
        until(window, f"{STATE} === 'saved'")  # by itself
        assert server.document["blocks"][1]["text"][0] == ["Nobody", [["emphasis"], ["strong"]]]
        assert [save["revision"] for save in server.saves] == list(range(1, len(server.saves) + 1))
        for _ in range(4):
            window.chord(CONTROL, "z")
        window.chord(CONTROL, "s")
        wait_for(lambda: server.document["blocks"] == TWO["blocks"])
        assert window.run("window.violations") == []


def test_blocks_are_split_joined_and_moved_by_keys(window: Window) -> None:
    with chapter_server(TWO) as server:
        open_chapter(window, server.address)
        put(window, "b1", 10)
        window.press(ENTER)
        window.write("Then ")
        wait_for_saved(window, server, "Rain fell ", "Then on the water.", "Nobody came down to the quay.")
        assert server.saves[-1]["document"]["blocks"][1]["from"] == "b1"
        given = server.document["blocks"][1]["id"]
        until(window, f"document.querySelector('[data-id=\"{given}\"]') !== null")
        window.write("at last ")  # the cursor is where it was, in the block that has its id now
        wait_for_saved(window, server, "Rain fell ", "Then at last on the water.", "Nobody came down to the quay.")
        assert server.document["blocks"][1]["id"] == given
        window.chord(ALT, "\ue013")
        wait_for_saved(window, server, "Then at last on the water.", "Rain fell ", "Nobody came down to the quay.")
        put(window, "b2", 0)
        window.press(BACKSPACE)
        wait_for_saved(window, server, "Then at last on the water.", "Rain fell Nobody came down to the quay.")
        assert server.document["blocks"][1]["id"] == "b1"


def test_what_is_pasted_brings_words_and_nothing_else(window: Window) -> None:
    document = chapter(*TWO["blocks"], TABLE)
    with chapter_server(document) as server:
        open_chapter(window, server.address)
        put(window, "b2", 29)
        window.run(PASTE % json.dumps({"text/html": HOSTILE, "text/plain": "plain"}))
        window.chord(CONTROL, "s")
        wait_for(lambda: "air" in "".join(server.texts))
        kinds = [block["kind"] for block in server.document["blocks"][:-1]]
        assert kinds == ["paragraph", "paragraph", "paragraph", "table"], "a table comes in with the words of its cells"
        pasted = server.document["blocks"][1:-1]
        words = "".join(map(plain, pasted))
        assert "Bold lure" in words
        assert not [word for word in ("harmed", "color", "hidden", "drawn") if word in words]
        marks = json.dumps(pasted)
        assert '["strong"]' in marks
        assert '["emphasis"]' in marks
        assert "javascript" not in marks
        assert server.document["blocks"][0] == TWO["blocks"][0]
        assert server.document["blocks"][-1] == TABLE
        assert window.run("window.harmed ?? 0") == 0
        assert window.run("window.violations") == []
        assert (
            window.run("document.querySelectorAll('.editor-text :is(script, style, iframe, img, font, svg)').length")
            == 0
        )


def test_two_tabs_are_merged_and_where_they_meet_the_author_chooses(window: Window) -> None:
    with chapter_server(TWO) as server:
        open_chapter(window, server.address)
        server.change("b2", "Somebody came.")
        put(window, "b1", 4)
        window.write(" hard")
        wait_for_saved(window, server, "Rain hard fell on the water.", "Somebody came.")
        until(window, f"{TEXT}.includes('Somebody came.')")
        server.change("b1", "Snow fell.")
        put(window, "b1", 4)
        window.write("drops")
        window.chord(CONTROL, "s")
        until(window, "document.querySelector('.editor-conflict') !== null")
        shown = window.run("document.querySelector('.editor-conflict').innerText")
        for version in ("Rain hard fell on the water.", "Raindrops hard fell on the water.", "Snow fell."):
            assert version in shown
        assert "Raindrops" in window.run(TEXT)
        assert server.texts[0] == "Snow fell."
        window.run("document.querySelector('.editor-conflict button').click()")
        wait_for_saved(window, server, "Raindrops hard fell on the water.", "Somebody came.")
        server.change("b1", "Hail fell.")
        put(window, "b1", 0)
        window.write("Hard ")
        window.chord(CONTROL, "s")
        until(window, "document.querySelector('.editor-conflict') !== null")
        window.run("document.querySelectorAll('.editor-conflict button')[1].click()")
        until(window, f"{TEXT}.includes('Hail fell.') && {STATE} === 'saved'")
        assert server.texts[0] == "Hail fell."


def test_without_a_line_the_text_is_kept_here_and_saved_when_it_is_back(window: Window) -> None:
    with chapter_server(TWO) as server, line_to("127.0.0.1", int(server.address.rpartition(":")[2])) as line:
        address = f"http://127.0.0.1:{line.port}"
        open_chapter(window, address)
        line.cut()
        put(window, "b1", 4)
        window.write(" here")
        window.chord(CONTROL, "s")
        until(window, f"{STATE} === 'offline'")
        assert "Saved on this device" in window.run("document.querySelector('.editor-banner').innerText")
        assert "Rain here" in window.run("JSON.stringify(Object.values(localStorage))")
        line.mend()
        window.run("dispatchEvent(new Event('online'))")
        wait_for_saved(window, server, "Rain here fell on the water.", "Nobody came down to the quay.")
        assert window.run("Object.keys(localStorage).filter((key) => key.startsWith('octavo-editor')).length") == 0
        # The page is left while the line is cut; another tab saves; the page comes back.
        line.cut()
        put(window, "b1", 4)
        window.write(" and hail")
        window.chord(CONTROL, "s")
        until(window, f"{STATE} === 'offline'")
        window.open(f"{server.address}/blank")
        line.mend()
        server.change("b2", "Somebody came.")
        open_chapter(window, address)
        window.chord(CONTROL, "s")
        wait_for(lambda: server.texts == ["Rain and hail here fell on the water.", "Somebody came."])
        # The page that was left may have saved it itself as soon as the line was there: nothing was left to save then.
        until(window, f"['saved', 'ready'].includes({STATE})")


def test_a_keyboard_is_enough(window: Window) -> None:
    with chapter_server(TWO) as server:
        open_chapter(window, server.address)
        put(window, "b2", 0, 6)
        window.chord(ALT, F10)
        until(window, "document.activeElement.closest('[role=toolbar]') !== null")
        focused = "document.activeElement.dataset.tool"
        window.press("\ue014", "\ue014")
        assert window.run(focused) == "strong"
        window.press(ENTER)
        until(window, "document.activeElement.matches('.editor-text')")
        window.chord(ALT, F10)
        assert window.run(focused) == "strong"  # where it was left
        window.press(ESCAPE)
        until(window, "document.activeElement.matches('.editor-text')")
        put(window, "b2", 7)
        window.chord(CONTROL, ENTER)
        put(window, "b1", 22)
        window.chord(CONTROL, "k")
        until(window, "document.querySelector('dialog[open] input') !== null")
        window.write("example.org")
        window.press(ENTER)
        until(window, "document.querySelector('dialog [aria-invalid=true]') === document.activeElement")
        window.chord(CONTROL, "a")
        window.write("https://example.org/")
        window.press(ENTER)
        wait_for_saved(window, server, "Rain fell on the water.", "Nobody came down to the quay.", "")
        first, second, scene = server.document["blocks"]
        assert first["text"][1] == ["water", [["link", "https://example.org/"]]]
        assert second["text"][0] == ["Nobody", [["strong"]]]
        assert scene["kind"] == "scene_break"
        window.press(TAB)  # leaves the text: no trap
        until(window, "!document.activeElement.matches('.editor-text')")
        window.chord(SHIFT, TAB)
        until(window, "document.activeElement.matches('.editor-text')")
