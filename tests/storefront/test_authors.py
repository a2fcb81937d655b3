"""A person's page goes on as long as their books do."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client

from storefront.models import Listing
from storefront.selectors import authors
from tests.conftest import NOON
from tests.factories.accounts import make_author, make_reader
from tests.factories.publishing import make_published_edition

pytestmark = [pytest.mark.django_db, pytest.mark.both]


def test_the_page_has_a_next_one_until_all_were_shown(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(authors, "PAGE_SIZE", 2)
    author = make_author()
    for number in range(5):
        edition = make_published_edition(owner=author, slug=f"lamp-{number}")
        # Two of them at the same moment: the key decides.
        at = NOON + timedelta(days=number // 2)
        Listing.objects.filter(work=edition.work).update(published_at=at)
    page, seen = f"/authors/{author.public_id}/", []
    for _ in range(3):
        text = client.get(page).content.decode()
        seen.append(re.findall(r'<a href="/books/(lamp-\d)/"', text))
        following = re.search(r'rel="next" href="([^"]+)"', text)
        page = f"/authors/{author.public_id}/{following[1]}" if following else ""
    assert [list(dict.fromkeys(one)) for one in seen] == [["lamp-4", "lamp-3"], ["lamp-2", "lamp-1"], ["lamp-0"]]
    assert not page


def test_pages_behind_the_first_are_not_for_search_engines(client: Client) -> None:
    author = make_author()
    make_published_edition(owner=author)
    here = f"/authors/{author.public_id}/"
    assert "noindex" not in client.get(here).content.decode()
    assert "noindex" in client.get(here, {"after": "zz-zz"}).content.decode()


@pytest.mark.parametrize("after", ["", "nobody-gave-this-out", "-1-2", "9" * 40])
def test_a_cursor_that_nobody_gave_out_shows_the_first_page(client: Client, after: str) -> None:
    author = make_author()
    make_published_edition(owner=author, slug="the-lamp")
    assert b"/books/the-lamp/" in client.get(f"/authors/{author.public_id}/", {"after": after}).content


def test_readers_have_none(client: Client) -> None:
    assert client.get(f"/authors/{make_reader().public_id}/").status_code == 404
