"""Turning pages by touch: quick taps over the borders of chapters. In WebKit they are a mouse's clicks."""

from __future__ import annotations

import time
from itertools import pairwise

import pytest
from django.conf import settings
from pytest_django.live_server_helper import LiveServer

from tests.support.hands import Finger
from tests.support.reading import PLACE, log_in, publish, read
from tests.support.windows import Window, until

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.journey,
    pytest.mark.skipif(
        not (settings.BASE_DIR / "static/vendor/foliate/view.js").exists(), reason="script/vendor has not run"
    ),
]
NIGHTS = tuple(f"Night {n}" for n in range(1, 11))
LOG = """(() => {
  window.places = [];
  const view = document.querySelector('foliate-view');
  view.addEventListener('relocate', ({ detail }) => window.places.push(detail.section.current));
  return true;
})()"""


def test_no_tap_skips_or_stops_at_a_border(window: Window, live_server: LiveServer) -> None:
    log_in(window, publish(NIGHTS, paragraphs=1), live_server.url)
    window.resize(Finger.width, Finger.height)
    read(window, live_server.url)
    window.run(LOG)
    finger = Finger(window)
    for is_left, last in ((False, "Night 9"), (True, "Night 1")):
        for _ in range(8):
            finger.turn(is_left=is_left)
            time.sleep(0.03)
        until(window, f"{PLACE} === '{last}'")
        time.sleep(0.5)
        assert window.run(PLACE) == last
    steps = {abs(after - before) for before, after in pairwise(window.run("window.places"))}
    assert steps == {0, 1}
