"""Books that are kept on a device, with a server that is really gone: nothing listens at its address.

The browsers' own offline modes do not cut what a service worker asks for, so they would prove nothing.
"""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from django.conf import settings
from pytest_django.live_server_helper import LiveServer

from storefront.reading.models import Note
from tests.storefront.reading.conftest import ENGINES
from tests.support.line import Line
from tests.support.offline import BOOK_CACHES, IS_SHELL, keep, press
from tests.support.reading import DOCUMENT, PAGE, PLACE, drawn_picture, log_in, publish, read
from tests.support.windows import ARROW_RIGHT, Window, opened, until

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.journey,
    pytest.mark.skipif(
        not (settings.BASE_DIR / "static/vendor/foliate/view.js").exists(), reason="script/vendor has not run"
    ),
]

PICTURE = '<p id="p">A ship lies at the quay.</p><img src="../assets/ship.png" alt="A ship"/>'


def test_a_kept_book_opens_without_a_server(window: Window, line: Line) -> None:
    site = f"http://localhost:{line.port}"
    log_in(window, publish(first=PICTURE, assets={"ship.png": drawn_picture()}), site)
    read(window, site)
    keep(window)
    line.cut()
    window.open("about:blank")
    read(window, site)
    assert window.run(IS_SHELL)
    assert window.run("document.title").startswith("The Lighthouse ·")
    until(window, f"{DOCUMENT}.querySelector('img').naturalWidth === 320")
    window.press("]")
    until(window, f"{PLACE} === 'Lamp'")
    line.mend()
