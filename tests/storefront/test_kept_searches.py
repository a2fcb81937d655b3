"""Pages of searches that a web process keeps: each only for what was found, and for the address that asked."""

from __future__ import annotations

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from publishing.models import Edition
from storefront.models import Listing
from storefront.views import kept
from storefront.views import search as search_views
from tests.factories.accounts import make_author
from tests.factories.publishing import make_published_edition

pytestmark = [pytest.mark.django_db, pytest.mark.both]
PATH = "/search/?q=lamp"


@pytest.fixture
def lamp() -> Edition:
    return make_published_edition(slug="the-lamp", title="The Lamp", owner=make_author(display_name="Marit S."))


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The templates rendered since."""
    found: list[str] = []
    render = search_views.render

    def counted(request, template, context):
        found.append(template)
        return render(request, template, context)

    monkeypatch.setattr(search_views, "render", counted)
    return found


def test_are_rendered_once_and_asked_each_time(
    client: Client, lamp: Edition, made: list[str], django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    first = client.get(PATH).content
    with django_assert_num_queries(3):
        assert client.get(PATH).content == first
    assert len(made) == 1


def test_show_what_is_found_anew(client: Client, lamp: Edition) -> None:
    assert b"A Second Lamp" not in client.get(PATH).content
    make_published_edition(title="A Second Lamp")
    assert b"A Second Lamp" in client.get(PATH).content
    Listing.objects.filter(slug="the-lamp").update(prices={"USD": 1234})
    assert b"12.34" in client.get(PATH).content


@pytest.mark.parametrize("other", ["/de-at/search/?q=lamp", "/search/?q=LAMP", "/search/?q=lamp&adult", PATH + "&a=b"])
def test_an_address_has_its_own(client: Client, lamp: Edition, other: str) -> None:
    for path in (PATH, other, PATH):
        shown = client.get(path).content
        kept.forget_pages()
        assert client.get(path).content == shown
    assert client.get(other).content != client.get(PATH).content


def test_drive_no_book_out(client: Client, lamp: Edition, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept._searches, "_most", 1)
    client.get("/books/the-lamp/")
    client.get(PATH)
    assert len(kept._books._values) == 1
    assert len(kept._searches._values) == 0
