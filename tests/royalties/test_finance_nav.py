"""The finance office's side navigation: everything in a group, the current place marked once."""

from __future__ import annotations

import re

import pytest
from django.template import Context, Template
from django.test import RequestFactory

from royalties.templatetags.finance_nav import _GROUPS

pytestmark = pytest.mark.django_db  # the places of some pages are counted


def shown(path: str) -> str:
    template = Template("{% load finance_nav %}{% finance_nav %}")
    return template.render(Context({"request": RequestFactory().get(path)}))


def test_every_group_has_a_heading_that_names_its_list():
    html = shown("/finance/")
    for number, (label, _places) in enumerate(_GROUPS, start=1):
        assert f'<h2 id="places-{number}">{label}</h2>' in html
        assert f'<ul aria-labelledby="places-{number}">' in html
    assert html.count("<li>") == sum(len(places) for _label, places in _GROUPS)


@pytest.mark.parametrize(
    ("path", "label", "current"),
    [
        ("/finance/", "Overview", "page"),
        ("/finance/sales/", "Sales", "page"),
        ("/finance/sales/lin_x/", "Sales", "true"),
        ("/finance/reconciliation/7/", "Reconciliation", "true"),
        ("/finance/gifts/", "Unredeemed gifts", "page"),
        ("/finance/payouts/held/x/", "Payouts", "true"),
    ],
)
def test_marks_the_place_of_the_page_and_says_it_where_it_is_folded(path, label, current):
    html = shown(path)
    assert re.findall(r'aria-current="(\w+)">\s*([^<]+?)\s*<', html) == [(current, label)]
    assert re.search(rf"Finance: {label}\s*</span>\s*</summary>", html)


def test_marks_nothing_on_a_page_of_no_place():
    html = shown("/finance/provider/ch_1/")
    assert "aria-current" not in html
    assert re.search(r"Finance\s*</span>\s*</summary>", html)


def test_leaves_out_what_is_not_there(settings):
    settings.ROOT_URLCONF = "royalties.urls.finance"
    assert "Simulate the provider" not in shown("/")
