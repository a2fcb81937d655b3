"""The arithmetic against published examples and the product's own table."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from common.money import allocate
from royalties import calc

ORACLES = Path(__file__).resolve().parents[3] / "shared" / "oracles"
OCTAVO = calc.OctavoTerms(platform_fee_bps=800)
US_CARD = calc.ProcessorFees(rate_bps=290, fixed_minor=30)

needs_oracles = pytest.mark.skipif(not ORACLES.exists(), reason="the published examples are not here")


def cart(*prices: int, terms: calc.Terms = OCTAVO, tax: int = 0) -> list[calc.PriceBreakdown]:
    return calc.quote([calc.PricedLine(paid=p, tax=tax, terms=terms, list_price=p) for p in prices], US_CARD)


class TestOctavoTerms:
    @pytest.mark.parametrize(("price", "royalty"), [(499, 415), (99, 58)])
    def test_one_book(self, price, royalty):
        assert cart(price)[0].royalty == royalty

    def test_one_book_in_full(self):
        assert cart(499) == [calc.PriceBreakdown(paid=499, tax=0, processor_fee=44, platform_fee=40, royalty=415)]

    def test_three_books_share_one_card_fee(self):
        assert [parts.royalty for parts in cart(499, 499, 499)] == [434, 435, 435]
        assert [parts.royalty for parts in cart(99, 99, 99)] == [78, 78, 78]

    def test_platform_fee_is_of_the_price_without_tax(self):
        assert cart(499, tax=33)[0] == calc.PriceBreakdown(499, 33, 44, 37, 385)

    def test_free_book_has_no_fee(self):
        assert cart(0) == [calc.PriceBreakdown(0, 0, 0, 0, 0)]

    def test_free_book_beside_a_paid_one_bears_nothing(self):
        assert cart(499, 0)[1] == calc.PriceBreakdown(0, 0, 0, 0, 0)

    @pytest.mark.parametrize("price", [1, 5, 20, 30, 33])
    def test_royalty_is_never_negative(self, price):
        parts = cart(price)[0]
        assert parts.royalty >= 0
        assert parts.paid == parts.tax + parts.processor_fee + parts.platform_fee + parts.royalty

    def test_all_tax_leaves_nothing_but_tax(self):
        assert cart(40, tax=40)[0] == calc.PriceBreakdown(40, 40, 0, 0, 0)


class TestProcessorFee:
    def test_rate_and_fixed_part_are_rounded_together(self):
        assert calc.processor_fee(50, calc.ProcessorFees(rate_bps=100, fixed_minor=0)) == 1

    def test_nothing_paid_no_fee(self):
        assert calc.processor_fee(0, US_CARD) == 0


class TestTaxIn:
    @pytest.mark.parametrize(("paid", "rate", "tax"), [(999, 700, 65), (499, 0, 0), (107, 700, 7), (2999, 2300, 561)])
    def test_inclusive(self, paid, rate, tax):
        assert calc.tax_in(paid, rate) == tax


class TestMinimumPrice:
    @pytest.mark.parametrize("tax_rate", [0, 700, 2000, 2700])
    @pytest.mark.parametrize("fees", [US_CARD, calc.ProcessorFees(150, 25), calc.ProcessorFees(150, 20)])
    def test_it_pays_and_so_does_every_higher_price(self, tax_rate, fees):
        def royalty(price):
            line = calc.PricedLine(price, calc.tax_in(price, tax_rate), OCTAVO, price)
            return calc.quote([line], fees)[0].royalty

        lowest = calc.minimum_price(OCTAVO, fees, tax_rate)
        assert royalty(lowest - 1) < 1
        assert all(royalty(price) >= 1 for price in range(lowest, lowest + 2000))

    def test_in_the_default_terms(self):
        assert calc.minimum_price(OCTAVO, US_CARD, 0) == 35

    def test_terms_that_never_pay_are_refused(self):
        with pytest.raises(ValueError, match="no royalty"):
            calc.minimum_price(calc.FlatTerms(royalty_bps=0), US_CARD, 0)


class TestFlatTerms:
    def test_a_share_of_the_price_without_tax(self):
        assert cart(1000, terms=calc.FlatTerms(8000))[0] == calc.PriceBreakdown(1000, 0, 0, 200, 800)

    def test_never_below_zero(self):
        assert cart(10, terms=calc.FlatTerms(9000, fixed_minor=50))[0].royalty == 0

    @needs_oracles
    def test_published_example(self):
        row = json.loads((ORACLES / "royalty_oracles.json").read_text())["leanpub"][0]
        assert row["verified"] is True
        assert calc.flat_royalty(row["price"], calc.FlatTerms(9000, fixed_minor=50)) == row["royalty"]


class TestRateBandTerms:
    TERMS = calc.RateBandTerms(
        (calc.Band(99, 298, 3500, False), calc.Band(299, 999, 7000, True), calc.Band(1000, 20000, 3500, False)), 15
    )

    @needs_oracles
    def test_published_examples(self):
        rows = json.loads((ORACLES / "royalty_oracles.json").read_text())["kdp_70"]
        assert len(rows) == 4
        for row in rows:
            assert row["verified"] is True
            got = calc.band_royalty(row["list"], row.get("vat", 0), row["delivery"], row["rate"] * 100)
            assert got == row["royalty"], row

    def test_delivery_by_size(self):
        assert calc.delivery_fee(6 * 1024 * 1024, 15) == 90

    def test_delivery_is_at_least_one(self):
        assert calc.delivery_fee(1, 15) == 1

    def test_no_delivery_outside_the_band(self):
        line = calc.PricedLine(99, 0, self.TERMS, 99, size_bytes=50 << 20)
        assert calc.quote([line], US_CARD)[0].royalty == 35

    def test_floor_at_zero(self):
        line = calc.PricedLine(499, 0, self.TERMS, 499, size_bytes=82 << 20)
        assert calc.quote([line], US_CARD)[0] == calc.PriceBreakdown(499, 0, 0, 499, 0)

    def test_outside_all_bands(self):
        assert calc.rate_band_royalty(50, 0, 0, self.TERMS) == 0

    def test_never_more_than_was_paid(self):
        line = calc.PricedLine(100, 0, self.TERMS, 999)
        assert calc.quote([line], US_CARD)[0].royalty == 100


class TestAllocateOracles:
    @needs_oracles
    def test_published_examples_as_multisets(self):
        for total, weights, parts in json.loads((ORACLES / "allocation_oracles.json").read_text())["cases"]:
            assert sorted(allocate(total, weights)) == sorted(parts)
