"""The guide to hiring says what the contracts do."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("region", ["", "/en-gb", "/de-at"])
def test_tells_the_clocks_and_the_fee_of_the_tables(region: str) -> None:
    page = Client().get(f"{region}{reverse('contracts:guide')}")
    assert page.status_code == 200
    assert "public" in page["Cache-Control"]
    text = " ".join(page.content.decode().split())
    assert {fee.currency for fee in page.context["fees"]} == {"USD", "EUR", "GBP"}
    days = page.context["days"]
    if not region.startswith("/de"):
        assert f"After a delivery you have {days.review} days to accept it" in text
        assert f"you have {days.clearing_after_silence} more days to object" in text
        assert "8%" in text
        assert "4%" in text


@pytest.mark.parametrize("name", ["offers:search", "help", "faq"])
def test_is_found_where_people_look(name: str) -> None:
    assert reverse("contracts:guide") in Client().get(reverse(name)).content.decode()
