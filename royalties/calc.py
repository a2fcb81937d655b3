"""From paid price to royalty: pure integer arithmetic, no database. Amounts are minor units of one currency.

Every function rounds once, half up, at the place its docstring names. Nothing is lost to rounding, because the last
part is always a difference.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from common.money import BPS, allocate, apply_bps, divide_half_up

_KB = 1024
_SAFE_ROYALTY = 4
_HIGHEST_MINIMUM = 1_000_000


@dataclass(frozen=True, slots=True)
class ProcessorFees:
    """The provider's fee for one payment: rate_bps of the total plus a fixed part."""

    rate_bps: int
    fixed_minor: int


@dataclass(frozen=True, slots=True)
class OctavoTerms:
    """Royalty = price - tax - processor fee as quoted - platform fee on the price without tax."""

    platform_fee_bps: int


@dataclass(frozen=True, slots=True)
class FlatTerms:
    """Royalty = royalty_bps of the price without tax, less a fixed part."""

    royalty_bps: int
    fixed_minor: int = 0


@dataclass(frozen=True, slots=True)
class Band:
    """A price band: its list-price limits (both inclusive), its rate, and whether delivery is deducted first."""

    from_minor: int
    to_minor: int
    rate_bps: int
    has_delivery: bool


@dataclass(frozen=True, slots=True)
class RateBandTerms:
    """Royalty = the band's rate on (list - tax - delivery), never below zero."""

    bands: tuple[Band, ...]
    delivery_per_mb_minor: int


type Terms = OctavoTerms | FlatTerms | RateBandTerms


@dataclass(frozen=True, slots=True)
class PriceBreakdown:
    """paid + promotion = tax + processor_fee + platform_fee + royalty, exactly."""

    paid: int
    tax: int
    processor_fee: int
    platform_fee: int
    royalty: int
    promotion: int = 0


@dataclass(frozen=True, slots=True)
class PricedLine:
    """What the reader would pay for one line, tax included, and what `calc` needs to know about it.

    `full` and `full_tax` are given when the platform makes up the difference to a higher price.
    """

    paid: int
    tax: int
    terms: Terms
    list_price: int
    size_bytes: int = 0
    full: int | None = None
    full_tax: int = 0


def tax_in(paid: int, rate_bps: int) -> int:
    """Return the tax inside a price that includes it, rounded half up."""
    return paid - divide_half_up(paid * BPS, BPS + rate_bps)


def processor_fee(total: int, fees: ProcessorFees) -> int:
    """Return the provider's fee for one payment of `total`; 0 when nothing is paid.

    The rate and the fixed part are rounded together.
    """
    if total == 0:
        return 0
    return divide_half_up(total * fees.rate_bps + fees.fixed_minor * BPS, BPS)


def quote(lines: Sequence[PricedLine], fees: ProcessorFees) -> list[PriceBreakdown]:
    """Return where the price of each line of one cart goes, in the lines' order.

    The one processor fee of the cart is allocated over its lines by price, so that they share its fixed part.
    """
    shares = allocate(processor_fee(sum(line.paid for line in lines), fees), [line.paid for line in lines])
    return [_parts(line, share) for line, share in zip(lines, shares, strict=True)]


def _parts(line: PricedLine, fee_share: int) -> PriceBreakdown:
    if line.full is None:
        return _parts_of(line, line.paid - line.tax, fee_share)
    # Everybody gets what the full price would bring; tax is due only on what the reader pays.
    whole = _parts_of(replace(line, paid=line.full, tax=line.full_tax), line.full - line.full_tax, fee_share)
    promotion = line.tax + whole.processor_fee + whole.platform_fee + whole.royalty - line.paid
    return replace(whole, paid=line.paid, tax=line.tax, promotion=promotion)


def _parts_of(line: PricedLine, net: int, fee_share: int) -> PriceBreakdown:
    match line.terms:
        case OctavoTerms(platform_fee_bps):
            # Prices that are too low are refused when set; if a tax rate has risen since, the platform bears it.
            fee = min(fee_share, net)
            platform = min(apply_bps(net, platform_fee_bps), net - fee)
            return PriceBreakdown(line.paid, line.tax, fee, platform, net - fee - platform)
        case FlatTerms() as flat:
            royalty = flat_royalty(net, flat)
        case RateBandTerms() as bands:
            royalty = min(rate_band_royalty(line.list_price, line.tax, line.size_bytes, bands), net)
    # Under these terms the platform bears the card fee out of its own part.
    return PriceBreakdown(line.paid, line.tax, 0, net - royalty, royalty)


def allocate_return(paid: int, paid_left: int, promotion_left: int, parts_left: Sequence[int]) -> tuple[int, list[int]]:
    """Return what a return of `paid` out of `paid_left` takes from what is left: (promotion, parts in their order).

    paid_left + promotion_left = sum of parts_left, and the same holds for what is returned. Amounts are allocated over
    what is *left*, never over the whole: doing it cumulatively gives negative steps. Raises ValueError for more than is
    left.
    """
    if not 0 < paid <= paid_left or paid_left + promotion_left != sum(parts_left):
        raise ValueError("more than is left, or parts that do not add up")
    promotion = divide_half_up(promotion_left * paid, paid_left)
    return promotion, allocate(paid + promotion, parts_left)


def flat_royalty(net: int, terms: FlatTerms) -> int:
    """Return the share of the price without tax, rounded once, less the fixed part; never below zero."""
    return max(apply_bps(net, terms.royalty_bps) - terms.fixed_minor, 0)


def delivery_fee(size_bytes: int, per_mb_minor: int) -> int:
    """Return the delivery fee: per megabyte of 1024 KB, the size rounded up to the next KB.

    At least 1 when there is a fee at all.
    """
    if per_mb_minor == 0:
        return 0
    kilobytes = -(-size_bytes // _KB)
    return max(divide_half_up(per_mb_minor * kilobytes, _KB), 1)


def rate_band_royalty(list_price: int, tax: int, size_bytes: int, terms: RateBandTerms) -> int:
    """Return the list-price band's rate on (list - tax - delivery), rounded once; 0 outside all bands."""
    band = next((b for b in terms.bands if b.from_minor <= list_price <= b.to_minor), None)
    if band is None:
        return 0
    delivery = delivery_fee(size_bytes, terms.delivery_per_mb_minor) if band.has_delivery else 0
    return band_royalty(list_price, tax, delivery, band.rate_bps)


def band_royalty(list_price: int, tax: int, delivery: int, rate_bps: int) -> int:
    """Return the rate on (list - tax - delivery), never below zero."""
    return max(apply_bps(list_price - tax - delivery, rate_bps), 0)


def minimum_price(terms: Terms, fees: ProcessorFees, tax_rate_bps: int) -> int:
    """Return the lowest list price, tax included, at which a sale alone in its cart leaves a royalty of at least 1.

    From a royalty of 4 on no higher price falls below 1, because the three roundings together can lower the royalty of
    a higher price by less than 3. Raises ValueError when no price up to 10,000 units of 100 leaves anything.
    """
    last_too_low = 0
    for price in range(1, _HIGHEST_MINIMUM):
        royalty = _royalty_alone(price, terms, fees, tax_rate_bps)
        if royalty < 1:
            last_too_low = price
        elif royalty >= _SAFE_ROYALTY:
            return last_too_low + 1
    raise ValueError("these terms leave no royalty at any price")


def _royalty_alone(price: int, terms: Terms, fees: ProcessorFees, tax_rate_bps: int) -> int:
    line = PricedLine(paid=price, tax=tax_in(price, tax_rate_bps), terms=terms, list_price=price)
    return quote([line], fees)[0].royalty


@dataclass(frozen=True, slots=True)
class FeeRates:
    """Our fee on what is released to a provider, as frozen with a milestone.

    Up to `full_minor` of the milestone's releases cost `bps`, what is beyond it `lasting_bps`: `full_minor` is what
    this pair still had to go when the rates were read (`selectors.milestones.fee_rates`). The fee includes VAT at
    `vat_bps`, owed to `vat_country`; 0 until that is decided.
    """

    bps: int
    lasting_bps: int
    full_minor: int
    vat_bps: int = 0
    vat_country: str = ""


def contract_fee(released: int, rates: FeeRates) -> int:
    """Return our fee when that much of a milestone has been released in all: each part of it rounded half up.

    The fee of one release is the difference to what was taken before, so that parts cost what the whole costs.
    """
    full = min(released, rates.full_minor)
    return apply_bps(full, rates.bps) + apply_bps(released - full, rates.lasting_bps)


def vat_in_fee(fee: int, rates: FeeRates) -> int:
    """Return the VAT that a fee includes, rounded half up."""
    return divide_half_up(fee * rates.vat_bps, BPS + rates.vat_bps)
