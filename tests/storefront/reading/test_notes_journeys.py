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
