"""The way of a book over the shelf to an e-reader, in three browsers: at one width in each run, at three at night."""

from __future__ import annotations

import json

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from tests.factories.conversion import make_artifact
from tests.storefront.shelf.test_shelf import owned
from tests.support.reading import log_in_as
from tests.support.windows import Window, until

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.journey]

WIDTHS = [360, pytest.param(768, marks=pytest.mark.nightly), pytest.param(1440, marks=pytest.mark.nightly)]
_FITS = "document.documentElement.scrollWidth <= window.innerWidth"
_VISIBLE = "[...document.querySelectorAll('main a, main button, main summary')].filter(one => one.checkVisibility())"


def click(window: Window, words: str) -> None:
    """Click what has these words, once it is there, and is whole on the page."""
    found = f"{_VISIBLE}.find(one => one.textContent.trim().startsWith({json.dumps(words)}))"
    until(window, f"Boolean({found})")
    assert window.run(_FITS)
    window.run(f"{found}.click()")


def type_into(window: Window, selector: str, text: str) -> None:
    """Type into the field and send its form."""
    until(window, f"Boolean(document.querySelector({json.dumps(selector)}))")
    window.run(f"document.querySelector({json.dumps(selector)}).focus()")
    window.write(text)
    window.run(f"document.querySelector({json.dumps(selector)}).form.requestSubmit()")


@pytest.mark.parametrize("width", WIDTHS)
def test_a_book_is_found_put_away_and_sent(
    window: Window, live_server: LiveServer, reader: User, width: int, settings: object
) -> None:
    edition = owned(reader, "The Tide Clerk", read=42)
    owned(reader, "Salt")
    make_artifact(edition.job, kind="kepub", content=b"a kepub")
    log_in_as(reader, window, live_server.url)
    window.resize(width, 800)

    window.open(live_server.url + reverse("library:books"))
    type_into(window, ".library-search input[type=search]", "clerk")
    until(window, "location.search.includes('clerk') && !document.body?.innerText.includes('Salt')")
    click(window, "The Tide Clerk")
    click(window, "Finished")
    until(window, "document.querySelector('button[value=finished]')?.ariaPressed === 'true'")
    type_into(window, "#new-collection", "Winter")
    until(window, f"{_VISIBLE}.some(one => one.textContent.trim() === 'Winter')")

    window.open(live_server.url + reverse("sending:start"))
    code = window.run("document.querySelector('h2').textContent")
    assert window.run("document.scripts.length") == 0
    phone = Client()
    phone.force_login(reader)
    phone.post(reverse("sending:give", args=[edition.work.public_id]), {"code": code})
    until(window, "document.body?.innerText.includes('The Tide Clerk')", seconds=30)  # it asks again by itself
    assert window.run("document.querySelector('a[href$=\".epub\"]').href").startswith("http")
