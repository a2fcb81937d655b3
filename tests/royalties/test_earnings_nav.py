"""The earnings pages in the author dashboard's side navigation."""

from __future__ import annotations

import re

import pytest
from django.template import Context, Template
from django.test import RequestFactory

from accounts import regions


def current(path: str) -> list[str]:
    """Return the links that are marked on a page, by their URLs."""
    template = Template("{% load earnings_nav %}{% earnings_nav %}")
    html = template.render(Context({"request": RequestFactory().get(path)}))
    return re.findall(r'href="([^"]*)" aria-current="page"', html)


@pytest.mark.parametrize(
    ("path", "marked"),
    [
        ("/earnings/", []),
        ("/earnings/sales/", ["/earnings/sales/"]),
        ("/earnings/sales/lin_x/", ["/earnings/sales/"]),
        ("/earnings/what-if/", ["/earnings/what-if/"]),
        ("/earnings/account/bank/", ["/earnings/account/"]),
    ],
)
def test_marks_the_page_and_what_is_below_it(path, marked):
    assert current(path) == marked


def test_marks_the_page_in_every_region():
    region, rest = regions.split("/de-at/earnings/tax/")
    assert region is not None
    with regions.active(region):
        assert current(rest) == ["/de-at/earnings/tax/"]
