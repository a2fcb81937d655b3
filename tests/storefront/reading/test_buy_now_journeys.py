"""From the end of the sample into the book where one stopped, in four presses, without an account: in Chromium, Firefox
and WebKit. It took eight: the book's page, add to cart, check out, consent, order, pay, the order's book, read."""

from __future__ import annotations

import time

import pytest
from django.conf import settings
from pytest_django.live_server_helper import LiveServer

from storefront.checkout.models import Order, OrderState
from tests.support.reading import OPEN, PAGE, PLACE, WORDS, publish, shows
from tests.support.windows import ARROW_RIGHT, Window, until

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.journey,
    pytest.mark.skipif(
        not (settings.BASE_DIR / "static/vendor/foliate/view.js").exists(), reason="script/vendor has not run"
    ),
]

PRESSES = 4
NEW_PAGE = "document.readyState === 'complete' && location.pathname.includes('{}')"


class Hand:
    """Presses what it is told to and counts; types where nothing is pressed."""

    def __init__(self, window: Window) -> None:
        self.window, self.presses = window, 0

    def press(self, selector: str) -> None:
        self.presses += 1
        self.window.run(f"document.querySelector({selector!r}).click()")

    def fill(self, name: str, value: str) -> None:
        self.window.run(f"document.querySelector('[name={name}]').value = {value!r}")


@pytest.mark.parametrize("width", [360, *(pytest.param(width, marks=pytest.mark.nightly) for width in (768, 1440))])
def test_from_the_end_of_the_sample_into_the_book(window: Window, live_server: LiveServer, width: int) -> None:
    publish()
    window.resize(width, 740)
    window.open(f"{live_server.url}/read/lighthouse/sample/")
    until(window, OPEN, seconds=30)
    until(window, "document.documentElement.dataset.readerFeatures === 'all'")
    stopped = _read_to_the_end(window)

    hand = Hand(window)
    hand.press("[data-reader-end] .button-primary")
    until(window, NEW_PAGE.format("/books/lighthouse/buy/"))
    assert window.run("document.querySelectorAll('form :checked:not(option)').length") == 0
    assert window.run("document.documentElement.scrollWidth") <= width
    hand.fill("email", "ann@example.org")
    hand.fill("country", "US")
    hand.press("[name=consent]")
    hand.press(".checkout-form .button-primary")
    until(window, NEW_PAGE.format("/payments/sandbox/"))
    hand.fill("country", "US")
    hand.press("main .button-primary")

    until(window, NEW_PAGE.format("/read/lighthouse/"), seconds=30)
    until(window, OPEN, seconds=30)
    until(window, f"{WORDS} !== ''")
    assert (window.run(PLACE), window.run(PAGE), window.run(WORDS)) == stopped
    assert hand.presses == PRESSES
    assert Order.objects.get().state == OrderState.PAID


def _read_to_the_end(window: Window) -> tuple[str, int, str]:
    """Turn pages until the sample ends; the last page's chapter, number and first words."""
    for _ in range(60):
        if window.run(shows("[data-reader-end]")):
            break
        window.press(ARROW_RIGHT)
        time.sleep(0.15)
    until(window, shows("[data-reader-end]"))
    time.sleep(1)  # the place is stored a moment later
    found: tuple[str, int, str] = (window.run(PLACE), window.run(PAGE), window.run(WORDS))
    assert found[1] > 1
    return found
