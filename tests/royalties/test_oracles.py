"""Published worked examples through our own arithmetic, to the cent.

Every verified row is either checked here or listed with the reason why it says nothing about us; a row that is in
neither list fails the count.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from common.money import Money, allocate
from royalties import calc, tax_forms
from royalties.models import SaleRecord, SaleState, TaxForm, TreatyRate
from royalties.services import clearing
from storefront.catalogue import vat_rates as tax_services
from storefront.catalogue.vat_rates import TaxRate
from tests.royalties.factories import edition, recorded_sale

FOLDER = Path(__file__).resolve().parents[3] / "shared" / "oracles"
if not FOLDER.exists():
    pytest.skip("the published examples are not here", allow_module_level=True)
PUBLISHED = json.loads((FOLDER / "royalty_oracles.json").read_text())
ALLOCATIONS = json.loads((FOLDER / "allocation_oracles.json").read_text())["cases"]


def verified() -> dict[str, dict[str, Any]]:
    """Rows that somebody read at their source, by name: `kdp_70[0]`, `kdp_rules`."""
    found = {}
    for name, content in PUBLISHED.items():
        rows = {name: content} if isinstance(content, dict) else {f"{name}[{n}]": r for n, r in enumerate(content)}
        found.update(
            {
                key: row
                for key, row in rows.items()
                if isinstance(row, dict) and row.get("verified") is True and "do not use" not in row.get("note", "")
            }
        )
    return found


def kdp_bands() -> tuple[calc.Band, ...]:
    low, high = PUBLISHED["kdp_rules"]["price_band_70_usd"]
    return (
        calc.Band(1, low - 1, 3500, has_delivery=False),
        calc.Band(low, high, 7000, has_delivery=True),
        calc.Band(high + 1, 20_000, 3500, has_delivery=False),
    )


def kdp_size(delivery: int) -> int:
    """The largest file, in bytes, for which the published delivery cost is due."""
    per_mb = PUBLISHED["kdp_rules"]["delivery_per_mb"]["usd"]
    return (delivery * 1024 // per_mb) * 1024


def kdp_royalty(row: dict[str, Any]) -> None:
    """The price through the whole quote under rate-band terms: bands, delivery by size, rounding, floor."""
    terms = calc.RateBandTerms(kdp_bands(), PUBLISHED["kdp_rules"]["delivery_per_mb"]["usd"])
    vat, delivery = row.get("vat", 0), row["delivery"]
    line = calc.PricedLine(row["list"] + vat, vat, terms, row["list"] + vat, kdp_size(delivery))
    if delivery:
        assert calc.delivery_fee(line.size_bytes, terms.delivery_per_mb_minor) == delivery
    assert calc.quote([line], calc.ProcessorFees(290, 30))[0].royalty == row["royalty"]
    assert calc.band_royalty(row["list"], vat, delivery, row["rate"] * 100) == row["royalty"]


def kdp_floor(row: dict[str, Any]) -> None:
    """Its size and its fee contradict each other; that delivery never costs more than the royalty is the point."""
    assert calc.band_royalty(row["list"], row["vat"], row["delivery"], row["rate"] * 100) == row["royalty"] == 0


def kdp_delivery(row: dict[str, Any]) -> None:
    """Per megabyte of 1024 KB, rounded up to the next KB, at least one minor unit."""
    for per_mb in row["delivery_per_mb"].values():
        assert calc.delivery_fee(1, per_mb) == 1
        assert calc.delivery_fee(7 << 20, per_mb) == 7 * per_mb
        assert calc.delivery_fee((7 << 20) + 1, per_mb) in {7 * per_mb, 7 * per_mb + 1}


def leanpub_until_2018(row: dict[str, Any]) -> None:
    line = calc.PricedLine(row["price"], 0, calc.FlatTerms(9000, 50), row["price"])
    assert calc.quote([line], calc.ProcessorFees(290, 30))[0].royalty == row["royalty"]


def leanpub_flat(row: dict[str, Any]) -> None:
    """80 % of the price without tax, whatever the price."""
    assert row["rule"].startswith("80% flat")
    for price, tax, royalty in ((1000, 0, 800), (1999, 0, 1599), (1190, 190, 800)):
        line = calc.PricedLine(price, tax, calc.FlatTerms(8000), price)
        assert calc.quote([line], calc.ProcessorFees(290, 30))[0].royalty == royalty


def held_for(row: dict[str, Any]) -> None:
    """A sale clears on the published day and not a moment before."""
    sold_at = datetime.fromisoformat(row["sale"]).replace(tzinfo=UTC)
    matures = datetime.fromisoformat(row["matures"]).replace(tzinfo=UTC)
    made = recorded_sale(of=edition(), sold_at=sold_at)
    SaleRecord.objects.update(clears_at=sold_at + timedelta(days=row["hold_days"]))
    assert clearing.clear_due(at=matures - timedelta(microseconds=1)) == 0
    assert clearing.clear_due(at=matures) == 1
    assert SaleRecord.objects.get(reference=made.reference).state == SaleState.CLEARED


def vat_of_ebooks(row: dict[str, Any]) -> None:
    for country in ("DE", "FR", "ES", "IT"):
        rate = tax_services.rate_for(country=country, at=date(2026, 11, 3))
        assert (rate.rate_bps, rate.is_included) == (round(row[country] * 100), True)


def tax_on_top(row: dict[str, Any]) -> None:
    rate = TaxRate(row["country"], row["rate_pct"] * 100, is_included=False, source=row["source"])
    priced = tax_services.price_with_tax(list_price=Money(row["amount_exclusive"], "EUR"), rate=rate)
    assert priced.tax.amount_minor == row["tax"]
    assert priced.paid.amount_minor == row["amount_exclusive"] + row["tax"]


def withheld_without_and_by_treaty(row: dict[str, Any]) -> None:
    """30 % by default; the treaty's rate with a taxpayer number."""
    assert row["rule"].startswith("30% default") and row["rule"].endswith("treaty rate with TIN")
    treaty_bps = TreatyRate.objects.get(country="IN").rate_bps
    for has_number, rate_bps in ((True, treaty_bps), (False, 3000)):
        stated = tax_forms.Stated(TaxForm.W8BEN, "IN", claims_treaty=True, has_taxpayer_number=has_number)
        assert tax_forms.rate_bps(stated, without_form_bps=3000, treaty_bps=treaty_bps) == rate_bps
    assert tax_forms.rate_bps(None, without_form_bps=3000, treaty_bps=None) == 3000


def w8_expires(row: dict[str, Any]) -> None:
    signed_on = date.fromisoformat(row["w8_signed"])
    assert tax_forms.expires_on(TaxForm.W8BEN, signed_on) == date.fromisoformat(row["valid_through"])


CHECKS: dict[str, Callable[[dict[str, Any]], None]] = {
    **{f"kdp_70[{n}]": kdp_royalty for n in (0, 1, 3)},
    "kdp_70[2]": kdp_floor,
    "kdp_rules": kdp_delivery,
    "leanpub[0]": leanpub_until_2018,
    "leanpub[1]": leanpub_flat,
    "leanpub_hold[0]": held_for,
    "eu_vat_ebooks": vat_of_ebooks,
    "stripe_tax[0]": tax_on_top,
    "withholding[0]": withheld_without_and_by_treaty,
    "withholding[1]": w8_expires,
}
LEFT_OUT = {
    "kdp_pool_rule": "there is no pool of pages read",
    "leanpub_hold[2]": "counts the first day in, which its other rows do not: no rule gives both",
}


class TestPublishedRoyalties:
    def test_every_verified_row_is_accounted_for(self):
        assert verified().keys() == CHECKS.keys() | LEFT_OUT.keys()
        assert not CHECKS.keys() & LEFT_OUT.keys()
        assert (len(CHECKS), len(LEFT_OUT)) == (12, 2)

    @pytest.mark.django_db
    @pytest.mark.parametrize("name", CHECKS)
    def test_comes_out_to_the_cent(self, name):
        CHECKS[name](verified()[name])

    def test_a_wrong_figure_would_show(self):
        for name, figure in (("kdp_70[0]", "royalty"), ("leanpub[0]", "royalty"), ("stripe_tax[0]", "tax")):
            row = verified()[name]
            with pytest.raises(AssertionError):
                CHECKS[name]({**row, figure: row[figure] + 1})


class TestPublishedAllocations:
    def test_none_is_missing(self):
        assert len(ALLOCATIONS) == 6

    @pytest.mark.parametrize(("total", "weights", "parts"), ALLOCATIONS)
    def test_same_parts(self, total, weights, parts):
        """As multisets: who of equals gets the odd cent is a choice; ours goes to the earlier part."""
        assert sorted(allocate(total, weights)) == sorted(parts)
