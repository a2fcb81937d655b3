"""The table of what authors get: to the cent what the peers publish, and the same in the README as in the program."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from royalties.other_stores import PEERS
from royalties.services.net_per_sale import net_per_sale
from tests.royalties.factories import NOON

README = Path(__file__).resolve().parent.parent.parent / "README.md"
pytestmark = pytest.mark.django_db


def said(*options: str) -> str:
    out = StringIO()
    call_command("net_per_sale", *options, stdout=out)
    return out.getvalue().strip()


def test_ours_are_the_figures_promised():
    rows = {row.name: row.net_minor for row in net_per_sale(at=NOON)}
    assert rows["Octavo"] == (415, 58)
    assert rows["Octavo, three books in one cart"] == (435, 78)


@pytest.mark.parametrize("peer", PEERS, ids=lambda peer: peer.name)
def test_their_rules_give_their_published_figures(peer):
    rows = {row.name: row.net_minor for row in net_per_sale(at=NOON)}
    assert rows[peer.name] == peer.published


def test_the_readme_says_what_the_command_says():
    begin, end = "<!-- manage.py net_per_sale -->\n", "\n<!-- end -->"
    told = README.read_text(encoding="utf-8").partition(begin)[2].partition(end)[0]
    assert told == said()


def test_as_json():
    report = json.loads(said("--json"))
    assert report["prices_minor"] == [499, 99]
    assert report["rows"][0]["net_minor"] == [415, 58]


def test_what_nobody_checked_is_said():
    sources = {row.name: row.source for row in net_per_sale(at=NOON)}
    assert sources["Amazon KDP, 1 MB"].endswith("as of 2026-11, not checked")
    assert sources["Gumroad, own link"].endswith("the card fee on top not checked")
    assert "not checked" not in sources["Payhip, free plan"]
