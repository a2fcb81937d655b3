"""What a page carries itself is what the content security policy allows, and nothing else."""

from __future__ import annotations

import base64
import hashlib
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

from common import critical_css
from tests.factories.accounts import make_author
from tests.factories.publishing import make_published_edition

# Every way the search page has of coming to its sheet: with books, with people, narrowed to none, with nothing.
SEARCHES = ("/search/", "/search/?q=lamp", "/search/?q=none", "/search/?q=marit", "/search/?q=lamp&language=fr")
LISTS = ("/books/", "/books/?price=0", *SEARCHES)
CARRIERS = ("/", *LISTS, "/books/the-lamp/")


def test_nothing_is_allowed_where_nothing_was_written(tmp_path: Path) -> None:
    empty = critical_css.read(tmp_path)

    assert empty.style_sources == empty.script_sources == []


def test_the_first_screen_names_no_address() -> None:
    assert settings.CRITICAL_CSS.styles.keys() == set(critical_css.PAGES)
    assert all(text and "url(" not in text for text in settings.CRITICAL_CSS.styles.values())


@pytest.mark.django_db
@pytest.mark.parametrize("path", CARRIERS)
def test_the_policy_allows_what_these_pages_carry(client: Client, path: str) -> None:
    make_published_edition(slug="the-lamp", title="The Lamp", owner=make_author(display_name="Marit S."))
    response = client.get(path)
    policy, page = response["Content-Security-Policy"], response.content.decode()

    carried = re.findall(r"<style>(.*?)</style>", page, re.DOTALL) + re.findall(
        r"<script>(.*?)</script>", page, re.DOTALL
    )
    assert len(carried) == 2
    for text in carried:
        assert base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() in policy
    assert "unsafe-inline" not in policy
    assert page.count('rel="stylesheet"') == 1  # and in the body, after what the page dresses itself
    assert page.index("</head>") < page.index('rel="stylesheet"')
