from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.money import Money
from storefront.catalogue import vat_rates
from storefront.catalogue.vat_rates import TaxRate, price_with_tax, rate_for

TODAY = date(2026, 11, 24)
TABLE = Path(vat_rates.__file__).parent.joinpath("data", "vat_rates.csv").read_text().splitlines()[1:]


class TestRateFor:
    @pytest.mark.parametrize(
        ("country", "day", "bps"),
        [
            ("DE", TODAY, 700),
            ("FR", TODAY, 550),
            ("HU", TODAY, 2700),
            ("GB", TODAY, 0),
            ("US", TODAY, 0),
            ("CZ", date(2023, 12, 31), 1000),
            ("CZ", date(2024, 1, 1), 0),
            ("FI", date(2024, 12, 31), 1000),
            ("FI", date(2025, 1, 1), 1400),
            ("RO", date(2025, 7, 31), 500),
            ("RO", date(2025, 8, 1), 1100),
        ],
    )
    def test_holds_on_its_day(self, country, day, bps):
        assert rate_for(country=country, at=day).rate_bps == bps

    def test_no_tax_where_none_is_collected(self):
        assert rate_for(country="BR", at=TODAY) == TaxRate("BR", 0, True, "not collected")

    def test_every_member_of_the_union_has_a_rate_and_a_source(self):
        union = {row.split(",")[0] for row in TABLE} - {"GB", "NO", "CH", "US"}
        assert len(union) == 27
        rates = [rate_for(country=country, at=TODAY) for country in union]
        assert all(rate.source != "not collected" and rate.is_included for rate in rates)


class TestPriceWithTax:
    def test_included_tax_is_part_of_the_price(self):
        price = price_with_tax(list_price=Money(499, "EUR"), rate=TaxRate("DE", 700, True, ""))
        assert (price.paid, price.tax) == (Money(499, "EUR"), Money(33, "EUR"))

    def test_other_tax_comes_on_top(self):
        price = price_with_tax(list_price=Money(499, "USD"), rate=TaxRate("US", 825, False, ""))
        assert (price.paid, price.tax) == (Money(540, "USD"), Money(41, "USD"))

    @given(st.integers(0, 10**9), st.integers(0, 10_000), st.booleans())
    def test_tax_lies_between_nothing_and_the_price(self, amount, bps, is_included):
        price = price_with_tax(list_price=Money(amount, "EUR"), rate=TaxRate("DE", bps, is_included, ""))
        assert 0 <= price.tax.amount_minor <= price.paid.amount_minor
        assert is_included is (price.paid.amount_minor == amount) or price.tax.amount_minor == 0
