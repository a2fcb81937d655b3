"""The first chapter of the money story: everything that readers buy, and how."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from common import clock
from demo.money_journal import Step
from demo.money_setup import ALMANAC, MAP, PRICE_MINOR, SAW, Stage, stranger
from demo.shop import Visit, finance_people
from storefront.checkout.coupons import services as coupons
from storefront.checkout.coupons.services import CouponTerms
from storefront.checkout.entitlements.services import access_log
from storefront.checkout.gifts.services import gifts

GENEROUS_MINOR, DEAR_MINOR = 100_000, 10_000
_CODE, _OFF_BPS = "HARVEST", 2000


def tell(stage: Stage) -> Iterator[Step]:
    """Make seven purchases on eight days."""
    yield from _full_price(stage)
    yield _with_coupon(stage)
    yield from _as_gift(stage)
    yield from _open_price(stage)


def _full_price(stage: Stage) -> Iterator[Step]:
    stage.buy("Rosa", stage.day(1), MAP)
    yield stage.step(stage.day(1), f"Rosa buys “{MAP}” alone, with a card issued in the US.")
    stage.buy("Sam", stage.day(2), MAP, SAW, ALMANAC)
    yield stage.step(stage.day(2), "Sam buys all three in one cart: one card payment, so one fee for three books.")


def _with_coupon(stage: Stage) -> Step:
    at = stage.day(3)
    terms = CouponTerms(
        code=_CODE,
        percent_bps=_OFF_BPS,
        amounts={},
        begins_at=at,
        ends_at=at + timedelta(days=7),
        uses_limit=None,
        uses_per_person=1,
    )
    coupons.create_platform_coupon(actor=finance_people()[0], terms=terms, works=(), at=at)
    stage.buy("Tess", at, MAP, code=_CODE)
    return stage.step(
        at,
        f"Tess buys “{MAP}” with a 20 % coupon from the platform: she pays 3.99, and Anna is paid from 4.99. The "
        "difference is the platform's promotion.",
    )


def _as_gift(stage: Stage) -> Iterator[Step]:
    at = stage.day(4)
    with clock.frozen(at):
        gift = stage.shop.sell_gift(Visit(at, stranger("Uma"), (stage.editions[ALMANAC],)), "grete@example.org")
    yield stage.step(
        at, f"Uma buys “{ALMANAC}” as a gift. Nobody knows yet where it will be read, so it is neither sold nor taxed."
    )
    at = stage.day(5)
    token = gifts.link_of(gift).rstrip("/").rpartition("/")[2]
    with clock.frozen(at):
        gifts.redeem(actor=stranger("Grete", "DE"), token=token, country="DE", has_consented=True, at=at)
        stage.orders["Uma"] = gift.line.order
        stage.shop.work_off()
    yield stage.step(at, "Grete redeems it in Germany: now it is a sale, and what Uma paid includes 7 % German tax.")


def _open_price(stage: Stage) -> Iterator[Step]:
    at = stage.day(6)
    stage.buy("Vera", at, ALMANAC, chosen_minor=GENEROUS_MINOR)
    yield stage.step(at, f"Vera pays 1,000.00 for “{ALMANAC}”, whose readers choose their price.")
    at = stage.day(7)
    stage.buy("Will", at, MAP)
    with clock.frozen(at):
        will = stage.orders["Will"].buyer
        work = stage.editions[MAP].work
        access_log.record_download(actor=will, work=work, detail="epub", address="192.0.2.7", at=at)
    yield stage.step(at, f"Will buys “{MAP}” at {PRICE_MINOR // 100}.{PRICE_MINOR % 100:02} and downloads it.")
    at = stage.day(8)
    stage.buy("Xenia", at, ALMANAC, chosen_minor=DEAR_MINOR)
    yield stage.step(at, f"Xenia pays 100.00 for “{ALMANAC}”.")
