"""Prices in other currencies, suggested from one: by the day's rate, tax custom and ladder, never below what pays."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from common import clock
from common.money import Money
from publishing import services
from royalties.models import ExchangeRate
from royalties.models.exchange import RateState
from royalties.services import terms
from storefront.catalogue.services.price_suggestions import suggested, suggestions
from tests.conftest import NOON
from tests.factories.publishing import make_edition, make_work

pytestmark = pytest.mark.django_db


def make_rate(base, quote, rate, *, true_at=NOON, state=RateState.APPROVED):
    return ExchangeRate.objects.create(
        base=base,
        quote=quote,
        rate=Decimal(rate),
        true_at=true_at,
        source="ECB",
        state=state,
        proposed_at=true_at,
        external_id=f"{base}{quote}{true_at}" if state == RateState.APPROVED else "",
    )


class TestSuggested:
    @pytest.mark.parametrize(
        ("minor", "euro"),
        [
            (499, 499),  # 4.99 x 0.90 x 1.07 = 4.81
            (999, 999),  # 9.62
            (299, 299),  # 2.88
            (149, 99),  # 1.43
            (156, 199),  # 1.50, halfway
            (1, 99),
            (0, 0),
        ],
    )
    def test_is_the_nearest_step_with_the_tax_that_is_usual_there(self, minor, euro):
        make_rate("USD", "EUR", "0.90")
        assert suggested(Money(minor, "USD"), "EUR", at=NOON) == Money(euro, "EUR")

    def test_tax_goes_where_it_is_added(self):
        make_rate("USD", "EUR", "0.90")
        assert suggested(Money(1070, "EUR"), "USD", at=NOON) == Money(1099, "USD")  # 10.70 / 1.07 / 0.90 = 11.11

    def test_yen_come_in_tens(self):
        make_rate("USD", "JPY", "151.00")
        found = suggested(Money(499, "USD"), "JPY", at=NOON)
        assert found.amount_minor % 10 == 0
        assert 740 <= found.amount_minor <= 840

    def test_never_below_what_pays(self, monkeypatch):
        make_rate("USD", "EUR", "0.90")
        monkeypatch.setattr(terms, "minimum_price", lambda **_: Money(230, "EUR"))
        assert suggested(Money(99, "USD"), "EUR", at=NOON) == Money(299, "EUR")

    def test_only_approved_rates_count(self):
        make_rate("USD", "EUR", "0.90", state=RateState.PROPOSED)
        assert suggested(Money(499, "USD"), "EUR", at=NOON) is None

    def test_only_recent_rates_count(self, settings):
        make_rate("USD", "EUR", "0.90", true_at=NOON - settings.EXCHANGE_RATE_MAX_AGE - timedelta(seconds=1))
        assert suggested(Money(499, "USD"), "EUR", at=NOON) is None

    def test_names_every_other_currency(self, settings):
        found = suggestions(Money(499, "USD"), at=NOON)
        assert [one.currency for one in found] == [code for code in settings.CURRENCIES if code != "USD"]
        assert all(one.price is None for one in found)


class TestPage:
    @pytest.fixture
    def work(self, client):
        found = make_work(prices={"USD": 499})
        client.force_login(found.owner)
        return found

    def test_fills_in_the_fields_and_saves_nothing(self, client, work):
        make_rate("USD", "EUR", "0.90")
        make_edition(work=work)
        html = client.get(f"/desk/works/{work.public_id}/price/suggestions/?currency=USD&price=9.99").content.decode()
        assert "€9.99" in html
        href = f"/desk/works/{work.public_id}/price/?USD=9.99&amp;EUR=9.99"
        assert href in html
        page = client.get(href.replace("&amp;", "&")).content.decode()
        assert 'name="EUR" value="9.99"' in " ".join(page.split())
        assert dict(work.prices.values_list("currency", "list_price_minor")) == {"USD": 499}

    @pytest.mark.parametrize(
        "query", ["", "?currency=XXX&price=1", "?currency=USD&price=much", "?currency=USD&price=-1"]
    )
    def test_asks_for_a_price(self, client, work, query):
        make_edition(work=work)
        html = client.get(f"/desk/works/{work.public_id}/price/suggestions/{query}").content.decode()
        assert "Suggest prices" in html

    def test_a_later_rate_moves_nothing(self, client, work):
        make_rate("USD", "EUR", "0.90")
        services.set_prices(actor=work.owner, work=work, prices={"EUR": 499}, at=clock.now())
        make_rate("USD", "EUR", "1.50", true_at=NOON - timedelta(hours=1))
        assert work.prices.get(currency="EUR").list_price_minor == 499
