"""A book of one's own from the file to the page, in three browsers: at one width in each run, at three at night."""

from __future__ import annotations

import base64
import json

import pytest
from django.conf import settings
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from tests.factories.own_books import epub
from tests.support.reading import DOCUMENT, OPEN, log_in_as
from tests.support.windows import Window, until

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.journey,
    pytest.mark.skipif(
        not (settings.BASE_DIR / "static/vendor/foliate/view.js").exists(), reason="script/vendor has not run"
    ),
]

WIDTHS = [360, *(pytest.param(width, marks=pytest.mark.nightly) for width in (768, 1440))]
_FITS = "document.documentElement.scrollWidth <= window.innerWidth"
# Drivers give a file by its path, each in its own way; a script gives it the same way in all.
_CHOOSE = """(() => {{
  const bytes = Uint8Array.from(atob({content}), one => one.charCodeAt(0)), chosen = new DataTransfer();
  chosen.items.add(new File([bytes], "moth.epub", {{ type: "application/epub+zip" }}));
  document.querySelector("main input[type=file]").files = chosen.files;
}})()"""


@pytest.mark.parametrize("width", WIDTHS)
def test_a_file_is_added_and_read(window: Window, live_server: LiveServer, owner: User, width: int) -> None:
    log_in_as(owner, window, live_server.url)
    window.resize(width, 800)
    window.open(f"{live_server.url}/library/own/")
    assert window.run(_FITS)
    content = base64.b64encode(epub(words="A moth went up.").getvalue()).decode()
    window.run(_CHOOSE.format(content=json.dumps(content)))
    window.run("document.querySelector('main input[type=checkbox]').click()")
    window.run("document.querySelector('main input[type=file]').form.requestSubmit()")

    link = "document.querySelector('main a[href^=\"/read/\"]')"
    until(window, f"Boolean({link})", seconds=30)  # the page asks again by itself until the book is ready
    assert window.run(_FITS)
    window.run(f"{link}.click()")
    until(window, f"location.pathname.startsWith('/read/') && {OPEN}", seconds=30)
    until(window, f"{DOCUMENT}.body.textContent.includes('A moth went up.')")
    assert window.run(f"{DOCUMENT}.scripts.length") == 0
