"""Notes in Chromium, Firefox and WebKit: words are highlighted, a note is written, both are there again, one goes."""

from __future__ import annotations

import pytest
from django.conf import settings
from pytest_django.live_server_helper import LiveServer

from tests.support.reading import DOCUMENT, log_in, publish, read
from tests.support.windows import Window, until

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
    read(window, live_server.url)
    until(window, f"{KINDS} === '{both}'")
    press(window, "[data-notes-open]")
    until(window, "document.querySelectorAll('[data-panel=notes] [data-remove]').length === 2")
    press(window, "[data-panel=notes] [data-remove]")
    until(window, f"{KINDS} === 'yellow exact has-body'")
    press(window, "[data-notes-undo]")
    until(window, f"{KINDS} === '{both}'")
