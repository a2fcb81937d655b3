"""The page that says what publishing here is like."""

from __future__ import annotations

import pytest
from django.test import Client

from common import clock
from common.money import Money
from royalties.models import RoyaltyTerms
from royalties.services import net_per_sale

pytestmark = pytest.mark.django_db


def test_shows_what_an_author_gets_as_the_ledger_counts_it(client: Client) -> None:
    page = client.get("/publish/").content.decode()
    for row in net_per_sale.net_per_sale(at=clock.now()):
        assert row.name in page
        for minor in row.net_minor:
            assert Money(minor, "USD").format("en") in page


def test_is_public_and_sets_no_cookie(client: Client) -> None:
    answer = client.get("/publish/")
    assert "public" in answer["Cache-Control"]
    assert not answer.cookies


def test_a_shop_without_terms_promises_no_figures(client: Client) -> None:
    RoyaltyTerms.objects.all().delete()
    page = client.get("/publish/").content.decode()
    assert "Five steps" in page
    assert 'id="net"' not in page


def test_the_header_leads_there(client: Client) -> None:
    assert 'href="/publish/"' in client.get("/").content.decode()
