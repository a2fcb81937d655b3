"""A book in a frame on another website."""

from __future__ import annotations

import pytest
from django.test import Client

from insight.events.models import Event
from publishing.models import Edition
from storefront.catalogue.models import Listing
from tests.factories.insight import make_link
from tests.factories.publishing import make_published_edition

pytestmark = pytest.mark.both


@pytest.fixture
def lamp(db: None) -> Edition:
    edition = make_published_edition(slug="the-lamp", title="The <Lamp>")
    make_link(edition.work)
    return edition


@pytest.mark.parametrize("kind", ["card", "button"])
def test_any_site_may_show_it(client: Client, lamp: Edition, kind: str) -> None:
    response = client.get(f"/l/abcdefgh/{kind}/")
    policy = response["Content-Security-Policy"]
    assert "frame-ancestors *" in policy
    assert "script-src" not in policy
    assert "X-Frame-Options" not in response
    assert not response.cookies
    assert "public" in response["Cache-Control"]
    page = response.content.decode()
    assert 'href="/l/abcdefgh/"' in page
    assert "The &lt;Lamp&gt;" in page
    assert "$4.99" in page
    assert not Event.objects.exists()


def test_no_other_page_may_be_framed(client: Client, lamp: Edition) -> None:
    response = client.get("/books/the-lamp/")
    assert response["X-Frame-Options"] == "DENY"
    assert "frame-ancestors 'none'" in response["Content-Security-Policy"]


@pytest.mark.parametrize("address", ["/l/nothing1/card/", "/l/abcdefgh/banner/"])
def test_there_is_nothing_else(client: Client, lamp: Edition, address: str) -> None:
    assert client.get(address).status_code == 404


def test_a_book_that_is_not_on_sale_is_not_shown(client: Client, lamp: Edition) -> None:
    Listing.objects.update(is_on_sale=False)
    assert client.get("/l/abcdefgh/card/").status_code == 404


def test_the_snippet_is_shown_as_text(client: Client, lamp: Edition) -> None:
    client.force_login(lamp.work.owner)
    page = client.get(f"/desk/works/{lamp.work.public_id}/figures/").content.decode()
    assert "/l/abcdefgh/card/" in page
    assert "&lt;iframe src=" in page
    assert "<iframe" not in page
    assert "title=&quot;A book at Octavo&quot;" in page
