"""Notes in Chromium, Firefox and WebKit: words are highlighted, a note is written, both are there again, one goes."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from django.conf import settings
from pytest_django.live_server_helper import LiveServer

from storefront.reading.models import Note
from tests.support.reading import DOCUMENT, PAGE, log_in, publish, read
from tests.support.windows import ARROW_RIGHT, Window, until

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.journey,
    pytest.mark.skipif(
        not (settings.BASE_DIR / "static/vendor/foliate/view.js").exists(), reason="script/vendor has not run"
    ),
]

BAR = "document.querySelector('[data-selection]')"
KINDS = f"[...{DOCUMENT}.querySelectorAll('svg.octavo-notes g')].map((one) => one.getAttribute('class')).join()"


def press(window: Window, selector: str) -> None:
    window.run(f"document.querySelector('{selector}').click()")


def select(window: Window, paragraph: int) -> None:
    """The first twelve characters of a paragraph of the chapter."""
    words = f"{DOCUMENT}.querySelectorAll('p')[{paragraph}].firstChild"
    window.run(f"{DOCUMENT}.getSelection().setBaseAndExtent({words}, 0, {words}, 12)")
    until(window, f"!{BAR}.hidden")


def wait_for_notes(count: int) -> None:
    """Notes are sent a little later."""
    deadline = time.monotonic() + 10
    while Note.objects.live().count() != count:
        assert time.monotonic() < deadline
        time.sleep(0.05)


def become_another_browser(window: Window, address: str) -> None:
    """Forget all that this one keeps of the reader, except who is logged in."""
    window.open(f"{address}/library/")
    names = window.run("indexedDB.databases().then((all) => all.map(({ name }) => name))")
    assert names
    for name in names:
        done = (
            "(done, failed) => { request.onsuccess = () => done(true); request.onblocked = request.onerror = failed; }"
        )
        window.run(f"(() => {{ const request = indexedDB.deleteDatabase('{name}'); return new Promise({done}); }})()")
    window.run("localStorage.clear()")


def test_highlights_notes_comes_back_and_deletes(window: Window, live_server: LiveServer) -> None:
    log_in(window, publish(), live_server.url)
    read(window, live_server.url)
    select(window, 1)
    press(window, "[data-selection] [data-colour=green]")
    until(window, f"{KINDS} === 'green exact'")
    select(window, 3)
    press(window, "[data-selection] [data-act=note]")
    until(window, "document.querySelector('[data-panel=note-editor]').open")
    window.run("document.querySelector('#note-body').value = 'Seen there.'")
    press(window, "[data-note-form] [value=save]")
    both = "green exact,yellow exact has-body"
    until(window, f"{KINDS} === '{both}'")
    wait_for_notes(2)
    become_another_browser(window, live_server.url)
    read(window, live_server.url)
    until(window, f"{KINDS} === '{both}'")
    press(window, "[data-notes-open]")
    until(window, "document.querySelectorAll('[data-panel=notes] [data-remove]').length === 2")
    press(window, "[data-panel=notes] [data-remove]")
    until(window, f"{KINDS} === 'yellow exact has-body'")
    wait_for_notes(1)
    press(window, "[data-notes-undo]")
    until(window, f"{KINDS} === '{both}'")


def test_looks_up_a_word_and_reads_on(window: Window, live_server: LiveServer, dictionaries: Path) -> None:
    log_in(window, publish(), live_server.url)
    read(window, live_server.url)
    words = f"{DOCUMENT}.querySelectorAll('p')[0].firstChild"
    start = window.run(f"{words}.data.indexOf('quay')")
    window.run(f"{DOCUMENT}.getSelection().setBaseAndExtent({words}, {start}, {words}, {start + 4})")
    until(window, f"!{BAR}.hidden")
    press(window, "[data-selection] [data-act=define]")
    until(window, "document.querySelector('.define-entry')?.innerText.includes('wharf')")
    press(window, "[data-panel=dictionary] [data-close]")
    until(window, f"{DOCUMENT}.getSelection().isCollapsed")
    before = window.run(PAGE)
    window.press(ARROW_RIGHT)
    until(window, f"{PAGE} === {before + 1}")


CELLS = "".join(f"<td>Cell{number}withoutblanks</td>" for number in range(12))
BOX = f"{DOCUMENT}.querySelector('[data-scrolls]')"
# Where the highlight is drawn beside its word, and how far it reaches out of the table; null if nothing of it is drawn.
DRAWN_IN_TABLE = f"""(() => {{
  const rect = {DOCUMENT}.querySelector('svg.octavo-notes rect');
  if (!rect || !{BOX}) return null;
  const [drawn, box] = [rect.getBoundingClientRect(), {BOX}.getBoundingClientRect()];
  const word = {DOCUMENT}.createRange();
  word.selectNodeContents({DOCUMENT}.querySelectorAll('td')[1]);
  const {{ left, right }} = word.getBoundingClientRect();
  const shown = [Math.max(left, box.left), Math.min(right, box.right)];
  return Math.abs(drawn.left - shown[0]) < 2 && Math.abs(drawn.right - shown[1]) < 2 ? 'right' : 'wrong';
}})()"""


def test_a_highlight_in_a_wide_table_scrolls_with_it_and_is_cut_at_its_edge(
    window: Window, live_server: LiveServer
) -> None:
    edition = publish(first=f"<h1>Tides</h1><table><tr>{CELLS}</tr></table>")
    log_in(window, edition, live_server.url)
    window.resize(360, 740)
    read(window, live_server.url)
    until(window, f"Boolean({BOX})")
    word = f"{DOCUMENT}.querySelectorAll('td')[1].firstChild"
    window.run(f"{DOCUMENT}.getSelection().setBaseAndExtent({word}, 0, {word}, {word}.length)")
    until(window, f"!{BAR}.hidden")
    press(window, "[data-selection] [data-colour=green]")
    until(window, f"{DRAWN_IN_TABLE} === 'right'")
    for far in (60, 140):  # part of the word, and another part of it
        window.run(f"{BOX}.scrollLeft = {far}")
        until(window, f"{DRAWN_IN_TABLE} === 'right'")
    window.run(f"{BOX}.scrollLeft = 100000")
    until(window, f"{DRAWN_IN_TABLE} === null")
    window.run(f"{BOX}.scrollLeft = 0")
    until(window, f"{DRAWN_IN_TABLE} === 'right'")
    read(window, live_server.url)  # measured and drawn in whichever order they come
    until(window, f"{DRAWN_IN_TABLE} === 'right'")
