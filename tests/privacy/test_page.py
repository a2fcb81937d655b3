"""The page about privacy says what the schedule says, and what it says of cookies is true."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from accounts import retention_schedule
from tests.factories.accounts import make_reader
from tests.factories.guests import confirm
from tests.factories.publishing import make_published_edition

pytestmark = pytest.mark.django_db
PASSWORD = "bees beside a river"


def test_it_has_every_line_of_the_schedule(client: Client) -> None:
    page = client.get(reverse("privacy")).content.decode()
    for rule in retention_schedule.rules():
        assert str(rule.holds) in page
        assert str(rule.kept) in page
        assert str(rule.left) in page


def test_it_names_whom_to_write_to(client: Client) -> None:
    page = client.get(reverse("privacy")).content.decode()
    assert "Octavo Tests" in page
    assert "mailto:books@example.org" in page


def test_it_is_the_same_for_everybody_and_keeps_no_session(client: Client) -> None:
    answer = client.get(reverse("privacy"))
    assert answer["Cache-Control"].startswith("public")
    assert not answer.cookies


def test_it_is_in_german(client: Client) -> None:
    page = client.get("/de-de/privacy/").content.decode()
    assert "<h1>Datenschutz</h1>" in page
    assert "Wo Sie aufgehört haben zu lesen" in page
    assert "As long as" not in page


def test_every_page_leads_to_it(client: Client) -> None:
    assert 'href="/privacy/"' in client.get("/books/").content.decode()


def test_who_pays_is_said_where_money_is_real(client: Client, settings) -> None:  # type: ignore[no-untyped-def]
    assert "Stripe" not in client.get(reverse("privacy")).content.decode()
    settings.PAYMENTS_SANDBOX = False
    assert "Stripe" in client.get(reverse("privacy")).content.decode()


def test_there_are_two_cookies(client: Client) -> None:
    book = make_published_edition(slug="the-lamp")
    reader = make_reader()
    reader.set_password(PASSWORD)
    reader.save()
    confirm(reader)
    for path in ("/", "/books/", "/books/the-lamp/", "/privacy/", "/legal-notice/"):
        assert not client.get(path).cookies
    form = {"edition": book.public_id, "currency": "USD"}
    client.post(reverse("checkout:cart-add"), form, headers={"sec-fetch-site": "same-origin"})
    client.get("/accounts/login/")
    client.post("/accounts/login/", {"login": reader.email, "password": PASSWORD})
    client.post(reverse("profile"), {"display_name": "Another", "language": "en"})
    for name in ("account", "your-data", "library:books", "pages:cart"):
        client.get(reverse(name))
    assert set(client.cookies) == {"sessionid", "csrftoken"}
